"""Examples for the models of facts: what each annotated passage teaches about areas, type, status, dates and the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.areas import area_features, encoder_area_opinion, find_area_cues, load_area_rules
from extract.deal_areas import best_cue, evidence_features
from extract.deal_dates import encoder_opinion, role_features
from extract.deals import confidence_features
from extract.draft_deal import DraftDeal, news_sentence
from extract.indicators import fact_features, word_features
from extract.instruments import about_parties, instrument_features
from extract.party_roles import party_role_features, party_role_opinion
from extract.recalled import (
    candidate_pairs,
    encoder_pair_features,
    pair_features,
    unworded_features,
    unworded_pairs,
)
from extract.roles import base_role
from extract.together import together_features
from extract.training.reading import Read
from extract.weights import logistic

# From which probability an area counts as guessed when the other facts are fitted.
GUESSED_AREA = 0.4
HELD_FOLD = 0  # the fold that the encoder was trained without
RARE_DATE_ROLES = ("approved", "first_reported", "updated")  # too few to learn


@dataclass(frozen=True, slots=True)
class Row:
    """One example of a passage (index); `label` says which area it is about."""

    features: Mapping[str, float]
    truth: Any
    passage: int
    label: str = ""


def _gold_areas(r: Read) -> set[str]:
    mains = [d for d in r.passage.deals if d.is_main]
    return {
        a.split(":")[0].strip() for d in mains for a in d.facts.get("areas", "").split(",") if a.strip()
    } - {"other"}


def area_rows(reads: Sequence[Read]) -> tuple[list[Row], int]:
    """An example for each area with a cue in a deal passage, and how many expected areas have none."""
    rows, missed = [], 0
    for i, r in enumerate(reads):
        if not any(d.is_main for d in r.passage.deals):
            continue
        gold, cues = _gold_areas(r), find_area_cues(r.sentences)
        counted = [s for s in r.sentences if s.counts]
        for rule in load_area_rules():
            features = area_features(rule.area, cues, r.parties, counted)
            if features:
                rows.append(Row(features, rule.area in gold, i, rule.area))
            else:
                missed += rule.area in gold
    return rows, missed


def no_cue_rows(reads: Sequence[Read], areas: Sequence[Row]) -> list[Row]:
    """Areas without any cue, for the encoder to judge alone."""
    have = {(row.passage, row.label) for row in areas}
    return [
        Row(
            {"no_cue": 1.0, **encoder_area_opinion(rule.area, r.encoding)},
            rule.area in _gold_areas(r),
            i,
        )
        for i, r in enumerate(reads)
        if any(d.is_main for d in r.passage.deals)
        for rule in load_area_rules()
        if (i, rule.area) not in have
    ]


def guessed_areas(scored: Sequence[tuple[Row, float]]) -> dict[int, list[str]]:
    """The areas of each passage that a model gives which has not seen it: the facts are read beside such guesses."""
    guessed: dict[int, list[str]] = {}
    for row, share in scored:
        if share >= GUESSED_AREA:
            guessed.setdefault(row.passage, []).append(row.label)
    return guessed


def fact_rows(
    reads: Sequence[Read],
    name: str,
    areas: Mapping[int, Sequence[str]],
    statuses: Mapping[int, str] | None = None,
) -> list[Row]:
    """An example for each passage with one main deal: its type, status or instrument.

    `areas` are guessed_areas; `statuses`, which the instrument is read beside, are guessed too, for so they are read.
    """
    rows = []
    for i, r in enumerate(reads):
        mains = [d for d in r.passage.deals if d.is_main]
        if len(mains) == 1:
            chosen = [c for c in r.companies if c.id in r.parties]
            sentences = [s for s in r.sentences if s.counts and not (s.is_recall and not s.is_news)]
            features = fact_features(sentences, chosen, sorted(areas.get(i, ()))) | word_features(sentences)
            if statuses is not None:
                own = about_parties(sentences, r.parties)
                features |= instrument_features(own, statuses[i])
            rows.append(Row(features, mains[0].facts[name], i))
    return rows


def party_role_rows(
    reads: Sequence[Read], areas: Mapping[int, Sequence[str]], types: Mapping[int, str]
) -> list[tuple[Row, Mapping[str, float]]]:
    """An example for each party of a main deal: its role, with the encoder's opinion; `areas` and `types` are guessed."""
    rows = []
    for i, r in enumerate(reads):
        sentences = [s for s in r.sentences if s.counts and not (s.is_recall and not s.is_news)]
        for deal in r.passage.deals:
            parties = [c for c in r.companies if deal.is_main and c.id in r.parties_of[deal.letter]]
            bases = {c.id: base_role(c, sentences) for c in parties}
            for company in parties:
                role = r.roles_of[deal.letter].get(company.id)
                if role:
                    of = types.get(i, deal.facts["type"])
                    guessed = sorted(areas.get(i, ()))
                    features = party_role_features(company, of, guessed, bases, sentences)
                    opinion = party_role_opinion(company, sentences, r.encoding)
                    rows.append((Row(features, role, i), opinion))
    return rows


def confidence_rows(
    reads: Sequence[Read],
    party_scores: Sequence[Mapping[str, float]],
    deals: Sequence[Row],
    weights: Mapping[str, Any],
    folds: Sequence[int],
) -> list[Row]:
    """An example for each unseen text that would be given a deal: whether its two likeliest parties are parties of one.

    `party_scores` are those of each text's companies by id, `deals` the texts' features of the mix that judges them.
    """
    rows = []
    for row in deals:
        r, scores = reads[row.passage], party_scores[row.passage]
        if folds[row.passage] != HELD_FOLD or len(scores) < 2:
            continue
        deal = logistic(weights["deal_mix"], {"bias": 1.0, **row.features})
        if deal < weights["thresholds"]["deal"]:
            continue
        likeliest = sorted(scores, key=lambda id: -scores[id])[:2]
        rows.append(
            Row(
                {"bias": 1.0, **confidence_features(deal, scores)},
                r.parties.issuperset(likeliest),
                row.passage,
            )
        )
    return rows


def commitment_rows(reads: Sequence[Read]) -> list[Row]:
    """An example for each area of a passage with one main deal: how firmly it commits to it."""
    rows = []
    known = {rule.area for rule in load_area_rules()}
    for i, r in enumerate(reads):
        mains = [d for d in r.passage.deals if d.is_main]
        if len(mains) != 1:
            continue
        chosen = [c for c in r.companies if c.id in r.parties]
        sentences = [s for s in r.sentences if s.counts and not (s.is_recall and not s.is_news)]
        cues = find_area_cues(sentences)
        if not sentences:
            continue
        draft = DraftDeal(True, chosen, [], sentences, 1.0)
        for stated in filter(None, (a.strip() for a in mains[0].facts.get("areas", "").split(","))):
            area, _, commitment = stated.partition(":")
            own = [c for c in cues if c.area == area]
            evidence = best_cue(own, r.parties) if own else None
            sentence = evidence.sentence if evidence else news_sentence(draft)
            if area in known:
                rows.append(Row(evidence_features(evidence, sentence, sentences), commitment, i, area))
    return rows


def name_rows(reads: Sequence[Read], folds: Sequence[int]) -> list[Row]:
    """An example for each name, in a passage that the encoder has not seen, that may be a company's."""
    return [
        Row(features, truth, i)
        for i, r in enumerate(reads)
        if folds[i] == HELD_FOLD and not (i and reads[i - 1].number == r.number)
        for features, truth in r.candidates
    ]


def together_rows(reads: Sequence[Read], folds: Sequence[int]) -> list[Row]:
    """An example for each two parties of the news, in a passage with three or more that the encoder has not seen.

    True is: they are parties of one deal.
    """
    rows = []
    for i, r in enumerate(reads):
        if folds[i] != HELD_FOLD or r.encoding is None or (i and reads[i - 1].number == r.number):
            continue
        main = [r.parties_of[d.letter] for d in r.passage.deals if d.is_main]
        parties = [c for c in r.companies if c.id in r.parties]
        if len(parties) > 2:
            counted = [s for s in r.sentences if s.counts]
            features = together_features(parties, counted, r.encoding)
            rows += [Row(own, any(ids <= deal for deal in main), i) for ids, own in features.items()]
    return rows


def recalled_rows(reads: Sequence[Read]) -> list[tuple[Row, dict[str, float]]]:
    """An example for each pair of companies that a sentence may tell an older agreement of, with the encoder's opinion."""
    rows = []
    for i, r in enumerate(reads):
        if i and reads[i - 1].number == r.number:
            continue  # an item of the passage before
        main = [r.parties_of[d.letter] for d in r.passage.deals if d.is_main]
        older = [d.letter for d in r.passage.deals if not d.is_main]
        dated = {letter: _sentences_dating(r, letter) for letter in older}
        pairs = list(candidate_pairs(r.sentences, r.companies, sorted(r.parties)))
        named = {pair.ids for pair in pairs if pair.is_named}
        for pair in (*pairs, *unworded_pairs(r.sentences, r.companies, pairs, r.encoding)):
            of = [letter for letter in older if pair.ids <= r.parties_of[letter]]
            is_dated = any(id(pair.sentence) in dated[letter] for letter in of)
            if not of:
                truth = False
            elif any(pair.ids <= ids for ids in main):
                truth = is_dated or (pair.sentence.is_recall and not any(dated[letter] for letter in of))
            elif pair.is_named or is_dated or not pair.is_worded:
                truth = True
            elif pair.ids in named:
                continue  # told in another sentence; this one may speak of it or not
            else:
                truth = bool(pair.sentence.triggers)
            features = pair_features(pair, main) if pair.is_worded else unworded_features(pair, main)
            rows.append((Row(features, truth, i), encoder_pair_features(pair, r.encoding)))
    return rows


def _sentences_dating(r: Read, letter: str) -> set[int]:
    """The sentences (by identity) that hold a date of a deal."""
    offset = r.passage.body_start
    marks = [m for m in r.passage.dates if m.deal == letter and m.part == "article_body"]
    return {
        id(s) for s in r.sentences for m in marks if s.span.start_char <= m.start + offset < s.span.end_char
    }


def date_rows(reads: Sequence[Read]) -> list[tuple[Row, Mapping[str, float]]]:
    """An example for each annotated date of a passage that the pipeline finds: its role, with the encoder's opinion."""
    rows = []
    for i, r in enumerate(reads):
        if i and reads[i - 1].number == r.number:
            continue  # an item of the passage before, whose dates are in that already
        offset = r.passage.body_start
        is_deal_news = any(d.is_main for d in r.passage.deals)
        for mark in r.passage.dates:
            shift = offset if mark.part == "article_body" else 0
            place = next(
                (e for e in r.dates if e.start < mark.end + shift and mark.start + shift < e.end), None
            )
            if place is None or place.sentence is None or mark.role in RARE_DATE_ROLES:
                continue
            features = role_features(place, r.passage.published, is_deal_news)
            rows.append((Row(features, mark.role, i), encoder_opinion(place, r.encoding)))
    return rows
