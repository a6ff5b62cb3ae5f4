"""Type, instrument and status of a deal, and how it relates to an older one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extract.draft_deal import DraftDeal, news_sentence
from extract.encoder import EncoderReading
from extract.indicators import fact_features, plausible_statuses, word_features
from extract.instruments import (
    NAMED_INSTRUMENTS,
    about_parties,
    instrument_features,
    instrument_words,
    named_instrument,
    possible_instruments,
)
from extract.model import Claim, Deal, DealArea, DealLink
from extract.quotes import Quote, Quoter, claim
from extract.roles import TECH_AREAS
from extract.weights import best_allowed, mixed_shares

# How sure a type is that a trigger or an area decides.
RULED_TYPE = 0.6
_LAUNCHED = re.compile(r"\b(?:launched|went live|rolled out|opened|began|started|introduced|now)\b", re.I)


def read_facts(
    draft: DraftDeal, areas: Sequence[DealArea], quoter: Quoter, encoding: EncoderReading | None
) -> tuple[str, str, str, list[Claim]]:
    """Type, instrument and status with their claims."""
    evidence = news_sentence(draft)
    quote = quoter.sentence(evidence)
    sentences = [
        s for s in draft.sentences if not (draft.is_main and s.is_recall and not s.is_news)
    ] or draft.sentences
    features = fact_features(sentences, draft.parties, [a.area for a in areas])
    features |= word_features(sentences)
    opinion = encoding if draft.is_main else None
    types = mixed_shares("type", features, opinion.shares("type") if opinion else {})
    deal_type, type_score = best_allowed(types, plausible_types(types, [a.area for a in areas]))
    type_rule = "model:type"
    if not draft.is_main:
        deal_type = type_of_recalled(draft, [a.area for a in areas])
        type_score, type_rule = RULED_TYPE, "rule:type_of_recalled"
    statuses = mixed_shares("status", features, opinion.shares("status") if opinion else {})
    status, status_score = best_allowed(statuses, plausible_statuses(statuses, sentences))
    status_rule = "model:status"
    if draft.is_main and any(t.rule.id == "denied" for s in sentences if s.number <= 1 for t in s.triggers):
        status, status_score, status_rule = "denied", 0.9, "cue:denied"
    instrument, instrument_score = "agreement_unspecified", 0.6
    instrument_quote, instrument_rule = quote, "default:agreement"
    own = about_parties(sentences, {c.id for c in (*draft.parties, *draft.units)})
    found = named_instrument(own)
    if found and (found[0] in NAMED_INSTRUMENTS or not draft.is_main):
        instrument, start, end = found
        instrument_quote, instrument_rule, instrument_score = quoter.at(start, end), "cue:instrument", 0.95
    elif draft.is_main:
        shares = mixed_shares(
            "instrument",
            features | instrument_features(own, status),
            opinion.shares("instrument") if opinion else {},
        )
        instrument, instrument_score = best_allowed(shares, possible_instruments(shares, own))
        instrument_rule = "model:instrument"
        place = instrument_words(instrument, own)
        instrument_quote = quoter.at(*place) if place else quote
    if not draft.is_main:
        status, status_score, status_rule = _recalled_status(evidence.text), 0.6, "rule:recalled_status"
    if instrument in ("letter_of_intent", "mou", "term_sheet") and status in (
        "announced",
        "signed",
        "in_talks",
        "launched",
    ):
        status, status_score, status_rule = "intent_signed", 0.9, "rule:intent_of_instrument"
    claims = [
        claim("type", None, deal_type, quote, type_rule, type_score),
        claim("instrument", None, instrument, instrument_quote, instrument_rule, instrument_score),
        claim("status", None, status, quote, status_rule, status_score),
    ]
    return deal_type, instrument, status, claims


def plausible_types(shares: Mapping[str, float], areas: Sequence[str]) -> dict[str, float]:
    """The shares of the types that the areas allow: a strategic alliance spans several, not technology alone."""
    if areas and TECH_AREAS.issuperset(areas):
        return {name: share for name, share in shares.items() if name != "strategic_alliance"}
    return dict(shares)


_TYPE_OF_AREA = (
    ("technology_agreement", TECH_AREAS),
    (
        "service_agreement",
        frozenset({"digital_payments", "financial_services", "last_mile_delivery", "logistics_fulfilment"}),
    ),
    ("distribution_agreement", frozenset({"ecommerce_marketplace"})),
    ("marketing_media_agreement", frozenset({"retail_media_ads", "marketing_content", "loyalty_membership"})),
    ("product_collaboration", frozenset({"product_private_label"})),
)


def type_of_recalled(draft: DraftDeal, areas: Sequence[str]) -> str:
    """The type of a recalled deal: a sentence says too little for the model, so a trigger or else an area decides."""
    named = next(
        (
            t.rule.suggests["type"]
            for s in draft.sentences
            for t in s.triggers
            if t.rule.kind in ("noun", "stake") and "type" in t.rule.suggests
        ),
        None,
    )
    return named or next((name for name, own in _TYPE_OF_AREA if own & set(areas)), "other_partnership")


def _recalled_status(text: str) -> str:
    if re.search(r"\b(?:ended|terminated|scrapped|dissolved|collapsed|expired|stopped)\b", text, re.I):
        return "terminated"
    if re.search(r"\b(?:pilot|trial|test)(?:s|ed|ing)?\b", text, re.I):
        return "pilot"
    if _LAUNCHED.search(text):
        return "launched"
    return "signed"


def link_kind(draft: DraftDeal, main: Deal) -> str:
    """How a main deal relates to an older one of the same parties that it follows."""
    text = " ".join(s.text for s in draft.sentences)
    if main.status == "renewed":
        return "renews"
    if re.search(r"\breplac\w+", text, re.I):
        return "replaces"
    if re.search(r"\b(?:pilot|trial|test)\w*\b", text, re.I) and main.status not in ("pilot",):
        return "follows_pilot"
    return "extends"


def make_link(kind: str, index: int, quote: Quote) -> tuple[DealLink, Claim]:
    """A link to the deal at `index` with its claim."""
    return DealLink(kind=kind, deal=index), claim("link", str(index), kind, quote, "rule:link", 0.7)
