"""The areas that a deal is about, how firmly it commits to each, and the sentences that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.areas import (
    AreaCue,
    area_features,
    details_of,
    encoder_area_opinion,
    load_area_rules,
    states_commitment,
)
from extract.commitment import commitment_features, commitment_of, stated_commitment
from extract.draft_deal import DraftDeal, cues_of, news_sentence
from extract.encoder import EncoderReading
from extract.model import Claim, Deal, DealArea
from extract.quotes import Quoter, claim
from extract.sentences import HEADLINE_KIND, Sentence
from extract.weights import mixed, probability, threshold

# From here on an area is sure enough to take the words that a neighbour of it shares.
SURE_AREA = 0.8
_CLAUSE_BREAK = re.compile(
    r"; |, (?:while|whereas|and (?:the |it |they |both |\w+ (?:will|would|may|could))|but|which|who)\b"
    r"| while | whereas "
)


def read_areas(
    draft: DraftDeal, cues: Sequence[AreaCue], quoter: Quoter, encoding: EncoderReading | None
) -> tuple[list[DealArea], list[Claim]]:
    """The areas of a deal with their claims, in the order of their evidence in the text."""
    parties = frozenset(c.id for c in (*draft.parties, *draft.units))
    own = cues_of(draft, cues)
    areas: list[DealArea] = []
    claims: list[Claim] = []
    # What only an older deal's sentence names is not shown by it for the news.
    cued = {c.area for c in own if not (draft.is_main and c.sentence.is_recall and not c.sentence.is_news)}
    starts: list[int] = []
    scored = {r.area: _area_score(r.area, draft, own, parties, encoding) for r in load_area_rules()}
    for rule in load_area_rules():
        score, said_by = scored[rule.area]
        is_overshadowed = (
            rule.near is not None
            and scored[rule.near][0] >= SURE_AREA
            and _share_a_sentence(rule.area, rule.near, own)
        )
        if score < (SURE_AREA if is_overshadowed else threshold("area")):
            continue
        of_area = [c for c in own if c.area == rule.area]
        evidence = best_cue(of_area, parties) if rule.area in cued else None
        sentence = evidence.sentence if evidence else telling_sentence(rule.area, draft, encoding)
        # What an older agreement already does is committed, however it is worded ("can pay with").
        commitment, surety, ruled_by = "committed", 0.7, "rule:commitment"
        stated = stated_commitment(clause_around(evidence) if evidence else sentence.text, sentence)
        if draft.is_main and not sentence.is_recall and stated:
            commitment = stated
        elif draft.is_main and not sentence.is_recall:
            commitment, surety = commitment_of(
                rule.area, evidence_features(evidence, sentence, draft.sentences), encoding
            )
            ruled_by = "model:commitment"
        text = " ".join(c.sentence.text for c in of_area if c.is_strong)
        areas.append(
            DealArea(
                area=rule.area,
                details=details_of(rule.area, text),
                commitment=commitment,
                confidence=round(score, 3),
            )
        )
        starts.append(evidence.start if evidence else sentence.span.end_char)
        quote = quoter.sentence(sentence)
        cue = f", cue '{evidence.text}'" if evidence else ""
        claims.append(claim("area", None, rule.area, quote, said_by + cue, score))
        claims.append(claim("commitment", rule.area, commitment, quote, ruled_by, surety))
    order = sorted(range(len(areas)), key=lambda i: (starts[i], areas[i].area))
    return [areas[i] for i in order], claims


def telling_sentence(area: str, draft: DraftDeal, encoding: EncoderReading | None) -> Sentence:
    """The sentence of a deal by which the encoder takes it to be about an area."""
    if encoding is None:
        return news_sentence(draft)
    own = [s for s in draft.sentences if not (draft.is_main and s.is_recall and not s.is_news)]
    shown = {
        id(s): encoding.area_evidence(area, s.span.start_char, s.span.end_char)
        for s in own or draft.sentences
    }
    return max(own or draft.sentences, key=lambda s: (shown[id(s)], -s.number))


def inherited_cues(draft: DraftDeal, cues: Sequence[AreaCue]) -> list[AreaCue]:
    """Strong cues of an older deal's sentences that say what is done, not merely a unit's name ("a deal on Alipay")."""
    names = {span.text.casefold() for s in draft.sentences for _, span in s.mentions}
    return [c for c in cues_of(draft, cues) if c.is_strong and c.text.casefold() not in names]


def inherited_areas(
    main: Deal, older: DraftDeal, cues: Sequence[AreaCue], quoter: Quoter
) -> tuple[list[DealArea], list[Claim]]:
    """Areas of the older deal that the news extends: they go on, committed, as parts of the news."""
    have = {a.area for a in main.areas}
    areas: list[DealArea] = []
    claims: list[Claim] = []
    for cue in inherited_cues(older, cues):
        if cue.area in have:
            continue
        have.add(cue.area)
        quote = quoter.sentence(cue.sentence)
        areas.append(
            DealArea(
                area=cue.area,
                details=details_of(cue.area, cue.sentence.text),
                commitment="committed",
                confidence=0.6,
            )
        )
        claims.append(claim("area", None, cue.area, quote, f"rule:extended_deal, cue '{cue.text}'", 0.6))
        claims.append(claim("commitment", cue.area, "committed", quote, "rule:extended_deal", 0.6))
    return areas, claims


def inherit_units(drafts: Sequence[DraftDeal], cues: Sequence[AreaCue]) -> None:
    """A unit named only for the older deal that the news extends acts in the news too where that deal says how."""
    main = next((d for d in drafts if d.is_main), None)
    for older in drafts:
        if main is None or older.is_main or older.follows is None:
            continue
        inside = {id(s) for s in older.sentences}
        acts = bool(inherited_cues(older, cues))
        only_there = [
            u for u in main.units if all(id(s) in inside for s in main.sentences if u.id in s.companies)
        ]
        if not acts:
            main.units = [u for u in main.units if u not in only_there]


def best_cue(cues: Sequence[AreaCue], parties: frozenset[str]) -> AreaCue:
    """The cue that shows an area best: strong, in a sentence of the body that names a party and says what is done."""

    def rank(cue: AreaCue) -> tuple[float, int]:
        s = cue.sentence
        # The first sentence and the one that names the agreement sum up; what is really done, and how surely, stands
        # further down.
        score = 2.0 * cue.is_strong + bool(parties & set(s.companies)) + 0.5 * bool(s.triggers)
        score += 0.5 * (s.kind != HEADLINE_KIND) - 1.5 * s.is_recall - 1.2 * (s.number == 0 or s.has("noun"))
        return (-score, cue.start)

    return min(cues, key=rank)


def clause_around(cue: AreaCue) -> str:
    """The clause of a cue's sentence that holds it."""
    text, position = cue.sentence.text, cue.start - cue.sentence.span.start_char
    start, end = 0, len(text)
    for match in _CLAUSE_BREAK.finditer(text):
        if match.end() <= position:
            start = match.start()
        elif match.start() >= position:
            end = match.start()
            break
    return text[start:end]


def evidence_features(
    evidence: AreaCue | None, sentence: Sentence, sentences: Sequence[Sentence]
) -> dict[str, float]:
    """The features of the commitment to an area whose evidence is a cue, or only a sentence."""
    clause = clause_around(evidence) if evidence else sentence.text
    return commitment_features(clause, sentence, evidence.start if evidence else None, sentences)


def _share_a_sentence(area: str, other: str, cues: Sequence[AreaCue]) -> bool:
    """Whether some sentence has cues of both areas."""
    sentences = {id(c.sentence) for c in cues if c.area == area}
    return any(id(c.sentence) in sentences for c in cues if c.area == other)


def _area_score(
    area: str,
    draft: DraftDeal,
    own: Sequence[AreaCue],
    parties: frozenset[str],
    encoding: EncoderReading | None,
) -> tuple[float, str]:
    """The probability of an area and what says so.

    Of a recalled deal, which the models do not judge, a strong cue is enough.
    """
    if not draft.is_main:
        return (0.7 if any(c.is_strong for c in own if c.area == area) else 0.0), "rule:recalled_area"
    features = area_features(area, own, parties, draft.sentences)
    opinion = encoder_area_opinion(area, encoding)
    if not features:
        return probability(
            "area_mix", {"bias": 1.0, "no_cue": 1.0, **opinion}
        ) if opinion else 0.0, "model:area"
    score = mixed("area", probability("area", features), opinion)
    is_stated = any(c.area == area and c.is_strong and states_commitment(c, parties) for c in own)
    if is_stated and score < threshold("area"):
        # A party's own "will explore" or "will be able to" is enough, whatever the models expect of such a deal.
        return threshold("area"), "rule:stated_commitment"
    return score, "model:area"
