"""The agreements that an article only tells of: from likely pairs of companies (extract.recalled) to deals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from extract.company import Company, ancestor_in
from extract.draft_deal import DraftDeal
from extract.encoder import EncoderReading
from extract.indicators import load_patterns
from extract.recalled import Pair, candidate_pairs, pair_score, told_together, unworded_pairs
from extract.sentences import HEADLINE_KIND, Sentence
from extract.weights import threshold

MAX_RECALLED_DEALS = 8
# How sure an older deal is that the news is said to extend, whose parties its sentence does not name.
EXTENDED_CONFIDENCE = 0.6


def recalled_deals(
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
        if (
            not groups
            and main
            and _names_only(main[0], sentence, by_id)
            and _extends_the_news_parties_deal(sentence)
        ):
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
    parties = [c for c in together if not ancestor_in(c, by_id, acting)]
    if len(parties) < 2:
        parties = together
    chosen = {c.id for c in parties}
    here = [by_id[i] for i in sentence.companies if i in by_id and i not in chosen]
    units = [c for c in here if ancestor_in(c, by_id, chosen)]
    extends = main_ids and (sentence.has("extend") or _finds("extends", sentence))
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
    """Who acts where these do: a unit of a party of the news acts for it in older deals too.

    One has no deal with itself.
    """
    return {ancestor_in(by_id[i], by_id, set(main_ids)) or i for i in ids}


def _add(known: DraftDeal, told: DraftDeal) -> None:
    """What a further sentence tells of an older deal: of what was doubtful in an earlier one, it may be sure."""
    known.sentences += told.sentences
    known.confidence = max(known.confidence, told.confidence)
    if known.follows is None:
        known.follows = told.follows
    acting = {c.id for c in (*known.parties, *known.units)}
    known.units += [unit for unit in told.units if unit.id not in acting]


def _names_only(deal: DraftDeal, sentence: Sentence, by_id: Mapping[str, Company]) -> bool:
    """Whether a sentence names nobody but a deal's parties and what is theirs, if anybody at all."""
    acting = {c.id for c in (*deal.parties, *deal.units)}
    return all(
        i in acting or (i in by_id and ancestor_in(by_id[i], by_id, acting)) for i in sentence.companies
    )


def _extends_the_news_parties_deal(sentence: Sentence) -> bool:
    """Whether a sentence tells of an older deal of the news' parties, not by name ("it extends their ...")."""
    return (
        sentence.counts
        and sentence.kind != HEADLINE_KIND
        and sentence.is_recall
        and sentence.has("noun", "extend", "verb")
        and _finds("means_both", sentence)
        and _finds("older", sentence)
    )


def _finds(words: str, sentence: Sentence) -> bool:
    return bool(load_patterns("older_deals")[words].search(sentence.text))
