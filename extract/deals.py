"""From sentences and companies to deals: which agreements an article reports or recalls, and between whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from extract.among import party_scores
from extract.company import Company, ancestor_in
from extract.draft_deal import DraftDeal
from extract.encoder import EncoderReading
from extract.grouping import group_parties
from extract.indicators import word_features
from extract.items import read_sections, round_up
from extract.older_deals import recalled_deals
from extract.parties import (
    LIMIT,
    deal_features,
    encoder_deal_features,
    is_organisation,
    pair_odds,
    party_features,
    spans_of,
)
from extract.sentences import Sentence
from extract.told_apart import sentences_of, stretch_of
from extract.weights import logit, mixed, probability, threshold

# The least probability for the second best company of an article that is deal news, and from which probability of the
# words alone it is so low.
SECOND_PARTY_THRESHOLD, LIKELY_BY_WORDS = 0.25, 0.55
SECOND_PARTY_OF_SURE, SURE_BY_WORDS = 0.1, 0.9
# Log-odds of the encoder from which the company that goes with a lone party is the second one.
SURE_PAIR = 0.0
# Most deals have two parties: up to which probability a third is one only if the encoder's log-odds do not say that the
# first two are partners and it is neither's.
SURE_THIRD, SURE_PARTNERS, DOUBTFUL_PARTNERS = 0.8, 2.0, 1.0
MAX_MAIN_DEALS = 20
MOST_WEIGHED = 80  # companies; press releases name thirty at most
# Log-odds of the encoder from which a company and its unit, named alone, are partners: one takes over the other.
SURE_TAKEOVER = 4.0
# The probability of being a party of a name that the encoder does not take for an organisation's.
UNLIKELY_PARTY = 0.02
# From which probability of the encoder a company that is no party acts for one.
SURE_UNIT = 0.5
# How much surer a unit must be than its parent to be the party in its stead.
UNIT_MARGIN = 0.1


Encode = Callable[[int, int], EncoderReading]
"""Reads a stretch of the text by itself."""


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
    drafts = _of_items(round_up(sentences), companies, encode)
    if not drafts:
        sections = _of_items(read_sections(sentences), companies, encode)
        if not whole.drafts or _are_different(sections):
            drafts = sections
    drafts = drafts[:MAX_MAIN_DEALS] or list(whole.drafts)
    scores = dict(whole.party_probability)
    for draft in drafts:
        scores.update(draft.scores)
    inside = [c for c in companies if c.id in whole.features]
    drafts += recalled_deals(sentences, _most_named(inside), drafts, scores, encoding)
    return Reading(scores, whole.features, drafts)


def _of_items(
    items: Sequence[Sequence[Sentence]], companies: Sequence[Company], encode: Encode | None
) -> list[DraftDeal]:
    """The main deals of parts of an article, each read as a report of its own."""
    drafts: list[DraftDeal] = []
    for item in items:
        start, end = item[0].span.start_char, item[-1].span.end_char
        own = [replace(s, number=s.number - item[0].number) for s in item]
        if len(_inside(own, companies)) < 2:
            continue  # no deal, whatever the encoder would say
        lead = " ".join(s.text for s in own).lower()
        reading = _read_report(own, companies, lead, encode(start, end) if encode else None, encode)
        originals = {id(copy): sentence for copy, sentence in zip(own, item, strict=True)}
        drafts.extend(replace(d, sentences=[originals[id(s)] for s in d.sentences]) for d in reading.drafts)
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
    organisations = [c for c in weighed if is_organisation(c, encoding)]
    by_words = [probability("party", features[c.id]) for c in organisations]
    judged = party_scores(organisations, weighed, by_words, features, encoding)
    scores = {c.id: UNLIKELY_PARTY for c in inside} | {
        c.id: score for c, score in zip(organisations, judged, strict=True)
    }
    own = deal_features(sentences, inside, lead_text) | word_features(sentences) | score_features(scores)
    deal_by_words = probability("deal", own)
    deal = mixed("deal", deal_by_words, encoder_deal_features(weighed, encoding))
    drafts: list[DraftDeal] = []
    if deal >= threshold("deal"):
        parties, units = choose_parties(weighed, scores, least_second(deal_by_words), sentences, encoding)
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
    return SECOND_PARTY_THRESHOLD if deal_by_words >= LIKELY_BY_WORDS else threshold("party")


def choose_parties(
    companies: Sequence[Company],
    scores: Mapping[str, float],
    second: float,
    sentences: Sequence[Sentence],
    encoding: EncoderReading | None,
) -> tuple[list[Company], list[Company]]:
    """The parties and their units among the companies of an article that is deal news.

    `second` is least_second; who is taken for a party on so little has to be named with one in some sentence or the
    next. Where nobody is, the company is the second that the encoder is sure is in one deal with the first. A unit and
    its parent are both parties only where they are alone and surely partners: the unit was bought by its parent.
    """
    by_id = {c.id: c for c in companies}
    ranked = sorted(companies, key=lambda c: (-scores[c.id], c.spans[0].start))
    least = threshold("party")
    likely = [c for c in ranked if scores[c.id] >= least]
    chosen = _without_units(likely, by_id, scores)
    if (
        len(likely) == 2
        and len(chosen) == 1
        and encoding is not None
        and _is_takeover(likely[0], likely[1], encoding)
    ):
        chosen = likely
    for candidate in ranked:
        if len(chosen) >= 2 or scores[candidate.id] < second:
            break
        if candidate not in chosen and (not chosen or _are_named_together(candidate, chosen, sentences)):
            chosen = _without_units([*chosen, candidate], by_id, scores)
    if len(chosen) == 3 and encoding is not None and _is_odd_one(chosen, scores, encoding):
        chosen.pop()
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
    return chosen, [c for c in others if ancestor_in(c, by_id, ids) or _acts_for_a_party(c, encoding)]


def _is_takeover(one: Company, two: Company, encoding: EncoderReading) -> bool:
    """Whether one of two companies, the parent of the other today, surely is its partner in the deal: it buys it."""
    return pair_odds(one, two, encoding).get("main", -LIMIT) >= SURE_TAKEOVER


def _is_odd_one(chosen: Sequence[Company], scores: Mapping[str, float], encoding: EncoderReading) -> bool:
    """Whether of three companies, likeliest first, two surely are partners and the third hardly is anybody's."""
    first, second, third = chosen
    partners, *others = (
        pair_odds(one, two, encoding).get("main", -LIMIT)
        for one, two in ((first, second), (first, third), (second, third))
    )
    return scores[third.id] < SURE_THIRD and partners >= SURE_PARTNERS and max(others) < DOUBTFUL_PARTNERS


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
        parent = ancestor_in(company, by_id, {c.id for c in kept})
        if parent is not None:
            loser = parent if scores[company.id] > scores[parent] + UNIT_MARGIN else company.id
            kept = [c for c in kept if c.id != loser]
    return kept


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
    groups = group_parties(parties, counted, scores, encoding)[:MAX_MAIN_DEALS]
    own_units = [
        [u for u in units if len(groups) == 1 or _is_of(u, group, parties, encoding)] for group in groups
    ]
    told = [counted]
    if len(groups) > 1:
        told = sentences_of(
            [{c.id for c in (*group, *own)} for group, own in zip(groups, own_units, strict=True)], counted
        )
    drafts = []
    for group, group_units, own in zip(groups, own_units, told, strict=True):
        ids = {c.id for c in group}
        own_scores = {i: scores[i] for i in ids}
        apart = stretch_of(own, ids, {c.id for c in parties} - ids) if len(groups) > 1 else None
        opinion = encode(*apart) if apart and encode else encoding
        drafts.append(
            DraftDeal(True, group, group_units, own, _confidence(confidence, own_scores), own_scores, opinion)
        )
    return drafts


def _is_of(
    unit: Company, group: Sequence[Company], parties: Sequence[Company], encoding: EncoderReading | None
) -> bool:
    """Whether a unit is of a party of this group.

    Without a parent that is known, it is of the party with which the encoder most likely sees it in one deal.
    """
    ids = {party.id for party in group}
    if unit.parent is not None or encoding is None:
        return unit.parent in ids
    odds = {party.id: pair_odds(unit, party, encoding).get("main", -LIMIT) for party in parties}
    return max(odds, key=lambda i: odds[i]) in ids


def _confidence(deal: float, scores: Mapping[str, float]) -> float:
    """How surely a deal is one between its two likeliest parties."""
    return probability("deal_confidence", {"bias": 1.0, **confidence_features(deal, scores)})


def confidence_features(deal: float, scores: Mapping[str, float]) -> dict[str, float]:
    """The log-odds that a report tells a deal, and that its two likeliest parties are parties."""
    first, second = sorted(scores.values(), reverse=True)[:2]
    return {"deal": logit(deal), "first": logit(first), "second": logit(second)}
