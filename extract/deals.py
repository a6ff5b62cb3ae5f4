"""From sentences and companies to deals: which agreements an article reports or recalls, and between whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from extract.areas import AreaCue
from extract.company import Company
from extract.encoder import EncoderReading
from extract.grouping import group_parties
from extract.indicators import word_features
from extract.items import read_sections, round_up
from extract.parties import (
    LIMIT,
    deal_features,
    encoder_deal_features,
    encoder_features,
    is_organisation,
    pair_odds,
    party_features,
    spans_of,
)
from extract.recalled import Pair, candidate_pairs, pair_score, told_together, unworded_pairs
from extract.sentences import HEADLINE_KIND, Sentence
from extract.weights import logit, mixed, probability, threshold

# The least probability for the second best company of an article that is surely deal news.
SECOND_PARTY_THRESHOLD = 0.25
SECOND_PARTY_OF_SURE, SURE_BY_WORDS = 0.1, 0.9
# Log-odds of the encoder from which the company that goes with a lone party is the second one.
SURE_PAIR = 0.0
MAX_MAIN_DEALS = 20
MAX_RECALLED_DEALS = 8
MOST_WEIGHED = 80  # companies; press releases name thirty at most
# How sure an older deal is that the news is said to extend, whose parties its sentence does not name.
EXTENDED_CONFIDENCE = 0.6
# The probability of being a party of a name that the encoder does not take for an organisation's.
UNLIKELY_PARTY = 0.02
# From which probability of the encoder a company that is no party acts for one.
SURE_UNIT = 0.5
# How much surer a unit must be than its parent to be the party in its stead.
UNIT_MARGIN = 0.1

_EXTENDS = re.compile(
    r"\b(?:extend\w*|build(?:s|ing)? (?:on|upon)|expand\w*|follow\w*|deepen\w*|widen\w*|broaden\w*|goes? beyond|add(?:s|ing)? to|renew\w*|continu\w+|based on|grew out of|comes? (?:after|on top of))\b",
    re.I,
)
_MEANS_BOTH = re.compile(
    r"\b(?:their|they|the (?:two|pair|companies|partners|groups?|agreement|deal|pact|partnership|accord|tie-up|letter|new)|both|it|this|which|each other|one another|between them)\b",
    re.I,
)
_OLDER = re.compile(
    r"\b(?:(?:19|20)\d\d|last|earlier|ago|previous\w*|in (?:january|february|march|april|may|june|july|august|september|october|november|december)|already|since|former\w*|first)\b",
    re.I,
)


Encode = Callable[[int, int], EncoderReading]
"""Reads a stretch of the text by itself."""


@dataclass(slots=True)
class DraftDeal:
    """A deal before its facts are read: who, whether it is the article's news, and the sentences that speak of it."""

    is_main: bool
    parties: list[Company]
    units: list[Company]
    sentences: list[Sentence]
    confidence: float
    scores: Mapping[str, float] = field(default_factory=dict)
    encoding: EncoderReading | None = None  # of the report that a main deal stands in
    follows: int | None = None  # index of the main deal that this recalled one is extended by


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article was found to say about deals, with what the decisions rest on."""

    party_probability: Mapping[str, float]
    features: Mapping[str, Mapping[str, float]]
    drafts: Sequence[DraftDeal]


def read_deals(
    sentences: Sequence[Sentence],
    companies: Sequence[Company],
    lead_text: str,
    encoding: EncoderReading | None,
    encode: Encode | None = None,
) -> Reading:
    """Decide whether the article reports deals, and between whom; recalled deals come after the main ones.

    The items of a round-up are read each as a report of its own; `encode` reads a stretch of the text for them. If no
    item reports a deal, the article as a whole may, or the sections under its subheadings: where it does not, or where
    they report different deals.
    """
    whole = _read_report(sentences, companies, lead_text, encoding, encode)
    scores = dict(whole.party_probability)
    drafts = _of_items(round_up(sentences), companies, encode, scores)
    if not drafts:
        sections = _of_items(read_sections(sentences), companies, encode, scores)
        if not whole.drafts or _are_different(sections):
            drafts = sections
    drafts = drafts[:MAX_MAIN_DEALS] or list(whole.drafts)
    inside = [c for c in companies if c.id in whole.features]
    drafts += _recalled(sentences, _most_named(inside), drafts, scores, encoding)
    return Reading(scores, whole.features, drafts)


def _of_items(
    items: Sequence[Sequence[Sentence]],
    companies: Sequence[Company],
    encode: Encode | None,
    scores: dict[str, float],
) -> list[DraftDeal]:
    """The main deals of parts of an article, each read as a report of its own; `scores` is brought up to date."""
    drafts: list[DraftDeal] = []
    for item in items:
        start, end = item[0].span.start_char, item[-1].span.end_char
        own = [replace(s, number=s.number - item[0].number) for s in item]
        if len(_inside(own, companies)) < 2:
            continue  # no deal, whatever the encoder would say
        lead = " ".join(s.text for s in own).lower()
        reading = _read_report(own, companies, lead, encode(start, end) if encode else None, encode)
        originals = {id(copy): sentence for copy, sentence in zip(own, item, strict=True)}
        for draft in reading.drafts:
            drafts.append(replace(draft, sentences=[originals[id(s)] for s in draft.sentences]))
            scores.update(draft.scores)
    return drafts


def _inside(sentences: Sequence[Sentence], companies: Sequence[Company]) -> list[Company]:
    """The companies that sentences of the article itself name."""
    named = {i for s in sentences if s.counts for i in s.companies}
    return [c for c in companies if c.id in named]


def _most_named(companies: Sequence[Company]) -> Sequence[Company]:
    """The companies whose parts are weighed: each against each other, which a list of thousands does not allow."""
    if len(companies) <= MOST_WEIGHED:
        return companies
    ranked = sorted(companies, key=lambda c: (-len(c.spans), c.spans[0].start))
    chosen = {c.id for c in ranked[:MOST_WEIGHED]}
    return [c for c in companies if c.id in chosen]


def _are_different(drafts: Sequence[DraftDeal]) -> bool:
    """Whether there are several deals, no two of which have two parties in common."""
    parties = [{c.id for c in d.parties} for d in drafts]
    return len(parties) > 1 and all(len(a & b) < 2 for a, b in combinations(parties, 2))


def _read_report(
    sentences: Sequence[Sentence],
    companies: Sequence[Company],
    lead_text: str,
    encoding: EncoderReading | None,
    encode: Encode | None,
) -> Reading:
    """The main deals of one report."""
    inside = _inside(sentences, companies)
    features = {c.id: party_features(c, sentences, inside) for c in inside}
    weighed = _most_named(inside)
    if encoding is not None:
        encoding.read_pairs([spans_of(c) for c in weighed])
    scores = {c.id: UNLIKELY_PARTY for c in inside} | {
        c.id: mixed("party", probability("party", features[c.id]), encoder_features(c, weighed, encoding))
        for c in weighed
        if is_organisation(c, encoding)
    }
    own = deal_features(sentences, inside, lead_text) | word_features(sentences) | score_features(scores)
    by_words = probability("deal", own)
    deal = mixed("deal", by_words, encoder_deal_features(weighed, encoding))
    drafts: list[DraftDeal] = []
    if deal >= threshold("deal"):
        parties, units = choose_parties(weighed, scores, least_second(by_words), sentences, encoding)
        if len(parties) >= 2:
            drafts = _split(parties, units, sentences, scores, deal, encoding, encode)
    return Reading(scores, features, drafts)


def score_features(scores: Mapping[str, float]) -> dict[str, float]:
    """The two best party scores, as features of the deal model: without two parties there is no deal."""
    ranked = sorted(scores.values(), reverse=True)
    return {
        "party_first": ranked[0] if ranked else 0.0,
        "party_second": ranked[1] if len(ranked) > 1 else 0.0,
    }


def least_second(deal_by_words: float) -> float:
    """From which probability a deal's second party is taken for one, where no other is likelier.

    A deal has two parties, so the surer the words of the text are of a deal, the less the second one needs; where only
    the encoder sees a deal, both must be likely parties.
    """
    if deal_by_words >= SURE_BY_WORDS:
        return SECOND_PARTY_OF_SURE
    return SECOND_PARTY_THRESHOLD if deal_by_words >= threshold("deal") else threshold("party")


def choose_parties(
    companies: Sequence[Company],
    scores: Mapping[str, float],
    second: float,
    sentences: Sequence[Sentence],
    encoding: EncoderReading | None,
) -> tuple[list[Company], list[Company]]:
    """The parties and their units among the companies of an article that is deal news.

    `second` is least_second; who is taken for a party on so little has to be named with one in some sentence or the
    next. Where nobody is, the company is the second that the encoder is sure is in one deal with the first.
    """
    by_id = {c.id: c for c in companies}
    ranked = sorted(companies, key=lambda c: (-scores[c.id], c.spans[0].start))
    least = threshold("party")
    chosen = [c for c in ranked if scores[c.id] >= least]
    chosen = _without_units(chosen, by_id, scores)
    for candidate in ranked:
        if len(chosen) >= 2 or scores[candidate.id] < second:
            break
        if candidate not in chosen and (not chosen or _are_named_together(candidate, chosen, sentences)):
            chosen = _without_units([*chosen, candidate], by_id, scores)
    if len(chosen) == 1 and encoding is not None:
        odds = {
            c.id: pair_odds(chosen[0], c, encoding).get("main", -LIMIT) for c in ranked if c not in chosen
        }
        likeliest = max(odds, key=lambda i: odds[i], default=None)
        if likeliest is not None and odds[likeliest] >= SURE_PAIR:
            chosen = _without_units([*chosen, by_id[likeliest]], by_id, scores)
    chosen.sort(key=lambda c: c.spans[0].start)
    ids = {c.id for c in chosen}
    others = (c for c in companies if c.id not in ids)
    return chosen, [c for c in others if _ancestor_in(c, by_id, ids) or _acts_for_a_party(c, encoding)]


def _acts_for_a_party(company: Company, encoding: EncoderReading | None) -> bool:
    """Whether the encoder takes a company for a unit of a party, though nothing says whose."""
    return encoding is not None and encoding.roles_of(spans_of(company))["unit_of_party"] >= SURE_UNIT


def _are_named_together(company: Company, others: Sequence[Company], sentences: Sequence[Sentence]) -> bool:
    """Whether one sentence, or two in a row, name a company and one of the others."""
    ids = {c.id for c in others}
    named = [set(s.companies) for s in sentences if s.counts]
    near = (one | two for one, two in zip(named, [*named[1:], set()], strict=True))
    return any(company.id in both and ids & both for both in near)


def _without_units(
    chosen: Sequence[Company], by_id: Mapping[str, Company], scores: Mapping[str, float]
) -> list[Company]:
    """Of a unit and its parent keep the one that the text makes the actor: the parent, unless the unit is the surer party."""
    kept = list(chosen)
    for company in chosen:
        parent = _ancestor_in(company, by_id, {c.id for c in kept})
        if parent is not None:
            loser = parent if scores[company.id] > scores[parent] + UNIT_MARGIN else company.id
            kept = [c for c in kept if c.id != loser]
    return kept


def _ancestor_in(company: Company, by_id: Mapping[str, Company], ids: set[str]) -> str | None:
    parent = company.parent
    for _ in range(4):
        if parent is None:
            return None
        if parent in ids:
            return parent
        parent = by_id[parent].parent if parent in by_id else None
    return None


def _split(
    parties: list[Company],
    units: list[Company],
    sentences: Sequence[Sentence],
    scores: Mapping[str, float],
    confidence: float,
    encoding: EncoderReading | None,
    encode: Encode | None,
) -> list[DraftDeal]:
    """One deal, or several where the parties fall into groups."""
    counted = [s for s in sentences if s.counts]
    groups = group_parties(parties, counted, scores, encoding)
    drafts = []
    for group in groups[:MAX_MAIN_DEALS]:
        ids = {c.id for c in group}
        own_units = [
            u
            for u in units
            if u.parent in ids or len(groups) == 1 or _is_nearest(u, group, parties, encoding)
        ]
        own = (
            counted
            if len(groups) == 1
            else [s for s in counted if ids & set(s.companies) or any(u.id in s.companies for u in own_units)]
        )
        own_scores = {i: scores[i] for i in ids}
        apart = _told_apart(own, ids, {c.id for c in parties} - ids) if len(groups) > 1 else None
        opinion = encode(*apart) if apart and encode else encoding
        drafts.append(
            DraftDeal(True, group, own_units, own, _confidence(confidence, own_scores), own_scores, opinion)
        )
    return drafts


def _is_nearest(
    unit: Company, group: Sequence[Company], parties: Sequence[Company], encoding: EncoderReading | None
) -> bool:
    """Whether the party with which the encoder most likely sees a unit in one deal is of this group."""
    if encoding is None or unit.parent is not None:
        return False
    odds = {party.id: pair_odds(unit, party, encoding).get("main", -LIMIT) for party in parties}
    return max(odds, key=lambda i: odds[i]) in {party.id for party in group}


def _told_apart(own: Sequence[Sentence], ids: set[str], others: set[str]) -> tuple[int, int] | None:
    """The characters of the sentences of one deal out of several, if they stand together and name two of its parties.

    `ids` are its parties, `others` those of the other deals alone.
    """
    alone = [s for s in own if s.kind != HEADLINE_KIND and not others & set(s.companies)]
    if not alone or alone[-1].number - alone[0].number >= len(alone):
        return None
    if len({i for s in alone for i in s.companies} & ids) < 2:
        return None
    return alone[0].span.start_char, alone[-1].span.end_char


def _confidence(deal: float, scores: Mapping[str, float]) -> float:
    """How surely a deal is one between its two likeliest parties."""
    return probability("deal_confidence", {"bias": 1.0, **confidence_features(deal, scores)})


def confidence_features(deal: float, scores: Mapping[str, float]) -> dict[str, float]:
    """The log-odds that a report tells a deal, and that its two likeliest parties are parties."""
    first, second = sorted(scores.values(), reverse=True)[:2]
    return {"deal": logit(deal), "first": logit(first), "second": logit(second)}


def _recalled(
    sentences: Sequence[Sentence],
    companies: Sequence[Company],
    main: Sequence[DraftDeal],
    scores: Mapping[str, float],
    encoding: EncoderReading | None,
) -> list[DraftDeal]:
    """Agreements that the article only tells of, each with the sentences that tell it."""
    by_id = {c.id: c for c in companies}
    own = [frozenset(c.id for c in d.parties) for d in main]
    order = list(dict.fromkeys(c.id for d in main for c in d.parties))
    told: dict[int, list[tuple[float, Pair]]] = {}
    worded = list(candidate_pairs(sentences, companies, order))
    for pair in (*worded, *unworded_pairs(sentences, companies, worded, encoding)):
        score = pair_score(pair, own, encoding)
        if score >= threshold("recalled"):
            told.setdefault(id(pair.sentence), []).append((score, pair))
    drafts: list[DraftDeal] = []
    for sentence in sentences:
        groups = [
            (score, ids)
            for score, ids in told_together(told.get(id(sentence), ()))
            if len(_acting(ids, by_id, order)) > 1
        ]
        if not groups and main and _extends_the_news_parties_deal(sentence):
            groups = [(EXTENDED_CONFIDENCE, own[0])]
        for score, ids in groups:
            told_here = _older_deal(score, ids, sentence, by_id, scores, order)
            known = next((d for d in drafts if ids <= {c.id for c in d.parties}), None)
            if known is None:
                drafts.append(told_here)
            else:
                _add(known, told_here)
    return drafts[:MAX_RECALLED_DEALS]


def _older_deal(
    score: float,
    ids: frozenset[str],
    sentence: Sentence,
    by_id: Mapping[str, Company],
    scores: Mapping[str, float],
    main_ids: Sequence[str],
) -> DraftDeal:
    acting = _acting(ids, by_id, main_ids)
    together = sorted((by_id[i] for i in acting), key=lambda c: c.spans[0].start)
    parties = [c for c in together if not _ancestor_in(c, by_id, acting)]
    if len(parties) < 2:
        parties = together
    chosen = {c.id for c in parties}
    here = [by_id[i] for i in sentence.companies if i in by_id and i not in chosen]
    units = [c for c in here if _ancestor_in(c, by_id, chosen)]
    extends = main_ids and (sentence.has("extend") or _EXTENDS.search(sentence.text))
    return DraftDeal(
        False,
        parties,
        units,
        [sentence],
        score,
        {i: scores.get(i, 0.5) for i in chosen},
        follows=0 if extends else None,
    )


def _acting(ids: Iterable[str], by_id: Mapping[str, Company], main_ids: Sequence[str]) -> set[str]:
    """Who acts where these do: a unit of a party of the news acts for it in older deals too. One has no deal with itself."""
    return {_ancestor_in(by_id[i], by_id, set(main_ids)) or i for i in ids}


def _add(known: DraftDeal, told: DraftDeal) -> None:
    """What a further sentence tells of an older deal: of what was doubtful in an earlier one, it may be sure."""
    known.sentences += told.sentences
    known.confidence = max(known.confidence, told.confidence)
    if known.follows is None:
        known.follows = told.follows
    acting = {c.id for c in (*known.parties, *known.units)}
    known.units += [unit for unit in told.units if unit.id not in acting]


def _extends_the_news_parties_deal(sentence: Sentence) -> bool:
    """Whether a sentence tells of an older deal of the parties of the news without naming them ("it extends their ...")."""
    return (
        sentence.counts
        and sentence.kind != HEADLINE_KIND
        and sentence.is_recall
        and sentence.has("noun", "extend", "verb")
        and bool(_MEANS_BOTH.search(sentence.text))
        and bool(_OLDER.search(sentence.text))
    )


def news_sentence(draft: DraftDeal) -> Sentence:
    """The sentence that reports the agreement best: what a value taken by default is claimed on."""
    ids = {c.id for c in draft.parties}

    def rank(sentence: Sentence) -> tuple[float, int]:
        named = len(ids & set(sentence.companies))
        score = (
            2.0 * named
            + (2.0 if sentence.has("noun", "verb", "stake", "talk", "end") else 0.0)
            + (0.5 if sentence.has("use", "extend") else 0.0)
        )
        score += (0.5 if sentence.kind != HEADLINE_KIND else 0.0) - (
            1.5 if sentence.is_recall and draft.is_main else 0.0
        )
        return (-score, sentence.number)

    return min(draft.sentences, key=rank)


def cues_of(draft: DraftDeal, cues: Sequence[AreaCue]) -> list[AreaCue]:
    """The cues of areas in the sentences of a deal."""
    own = {id(s) for s in draft.sentences}
    return [cue for cue in cues if id(cue.sentence) in own]
