"""From a draft deal to the facts of the contract: type, instrument, status, areas, dates and their claims."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extract.areas import (
    AreaCue,
    area_features,
    details_of,
    encoder_area_opinion,
    load_area_rules,
    states_commitment,
)
from extract.commitment import commitment_features, commitment_of, stated_commitment
from extract.company import Company
from extract.deals import DraftDeal, cues_of, news_sentence
from extract.encoder import EncoderReading
from extract.exclusivity import read_exclusivity
from extract.indicators import fact_features, plausible_statuses, word_features
from extract.instruments import (
    NAMED_INSTRUMENTS,
    about_parties,
    instrument_features,
    instrument_words,
    named_instrument,
    possible_instruments,
)
from extract.model import (
    Claim,
    Deal,
    DealArea,
    DealLink,
    DealTerm,
    DealValue,
    Exclusivity,
    Party,
)
from extract.money import read_value
from extract.quotes import Quote, Quoter, claim
from extract.roles import TECH_AREAS, party_roles
from extract.scope import read_scope
from extract.sentences import HEADLINE_KIND, Sentence
from extract.term import read_term
from extract.text import longest_first
from extract.weights import best_allowed, mixed, mixed_shares, probability, threshold

# An area that no word names has to be likelier than not: its quote cannot show it.
LEAST_WITHOUT_CUE = 0.5
# From here on an area is sure enough to take the words that a neighbour of it shares.
SURE_AREA = 0.8
# How sure a type is that a trigger or an area decides.
RULED_TYPE = 0.6
# The share of areas without any cue that hold nevertheless, about.
NO_CUE_SHARE = 0.02
_LAUNCHED = re.compile(r"\b(?:launched|went live|rolled out|opened|began|started|introduced|now)\b", re.I)


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
        least = threshold("area") if rule.area in cued and not is_overshadowed else LEAST_WITHOUT_CUE
        if score < least:
            continue
        of_area = [c for c in own if c.area == rule.area]
        evidence = best_cue(of_area, parties) if rule.area in cued else None
        sentence = evidence.sentence if evidence else news_sentence(draft)
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
    """The probability of an area and what says so; of a recalled deal, which the models do not judge, a strong cue is enough."""
    if not draft.is_main:
        return (0.7 if any(c.is_strong for c in own if c.area == area) else 0.0), "rule:recalled_area"
    features = area_features(area, own, parties, draft.sentences)
    base = probability("area", features) if features else NO_CUE_SHARE
    score = mixed("area", base, encoder_area_opinion(area, encoding))
    is_stated = any(c.area == area and c.is_strong and states_commitment(c, parties) for c in own)
    if is_stated and score < threshold("area"):
        # A party's own "will explore" or "will be able to" is enough, whatever the models expect of such a deal.
        return threshold("area"), "rule:stated_commitment"
    return score, "model:area"


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
    """A unit that is named only for the older deal that the news extends acts in the news too where that deal says how."""
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
    """The cue that shows an area best: a strong one, in a sentence of the body that names a party and says what is done."""

    def rank(cue: AreaCue) -> tuple[float, int]:
        s = cue.sentence
        # The first sentence and the one that names the agreement sum up; what is really done, and how surely, stands further down.
        score = 2.0 * cue.is_strong + bool(parties & set(s.companies)) + 0.5 * bool(s.triggers)
        score += 0.5 * (s.kind != HEADLINE_KIND) - 1.5 * s.is_recall - 1.2 * (s.number == 0 or s.has("noun"))
        return (-score, cue.start)

    return min(cues, key=rank)


_CLAUSE_BREAK = re.compile(
    r"; |, (?:while|whereas|and (?:the |it |they |both |\w+ (?:will|would|may|could))|but|which|who)\b| while | whereas "
)


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


def read_parties(
    draft: DraftDeal, deal_type: str, areas: Sequence[DealArea], quoter: Quoter
) -> tuple[list[Party], list[Claim]]:
    """Parties with roles, and their claims, in order of appearance."""
    parties, claims = [], []
    names = [a.area for a in areas]
    for position, company in enumerate(draft.parties):
        roles = party_roles(company, deal_type, names, position, draft.sentences)
        score = round(draft.scores.get(company.id, 0.5), 3)
        parties.append(Party(company=company.id, name=company.name, roles=roles, confidence=score))
        sentence = _sentence_of(company, draft)
        # "It extends their deal of March": the parties are the news's own, which the sentence does not name again.
        quote = quoter.sentence(sentence or news_sentence(draft))
        rule = f"model:party {score:.2f}" if sentence else "default:parties_of_the_news"
        claims.append(claim("party", None, company.id, quote, rule, score))
        claims.extend(claim("role", company.id, role, quote, "rule:role", 0.6) for role in roles)
    for unit in draft.units:
        sentence = _sentence_of(unit, draft)
        if sentence is not None:
            claims.append(claim("unit", None, unit.id, quoter.sentence(sentence), "rule:unit_of_party", 0.9))
    return parties, claims


def _sentence_of(company: Company, draft: DraftDeal) -> Sentence | None:
    own = [s for s in draft.sentences if company.id in s.companies]
    if not own:
        return None
    return min(
        own, key=lambda s: (-(2 * bool(s.triggers) + (s.kind != HEADLINE_KIND) - 2 * s.is_recall), s.number)
    )


@dataclass(slots=True)
class Extras:
    """Facts that most reports leave out."""

    value: DealValue | None = None
    term: DealTerm | None = None
    exclusive: Exclusivity | None = None
    scope: str | None = None


def read_extras(
    draft: DraftDeal, quoter: Quoter, anchor: str | None, countries: Collection[str] = ()
) -> tuple[Extras, list[Claim]]:
    """Value, term, exclusivity and scope where a sentence of the deal gives them; the first of each counts.

    `anchor` is the day of publication, `countries` names of countries.
    """
    found = Extras()
    claims: list[Claim] = []
    ids = {c.id for c in (*draft.parties, *draft.units)}

    def note(field: str, stated: str, sentence: Sentence, start: int, end: int) -> None:
        offset = sentence.span.start_char
        claims.append(
            claim(field, None, stated, quoter.at(offset + start, offset + end), f"cue:{field}", 0.8)
        )

    for sentence in draft.sentences:
        if (sentence.is_recall and draft.is_main) or not (ids & set(sentence.companies) or sentence.triggers):
            continue
        if found.value is None and sentence.triggers and (value := read_value(sentence.text)):
            found.value = value[0]
            note("value", f"{_plain(found.value.amount)} {found.value.currency}", sentence, *value[1:])
        if found.term is None and sentence.triggers and (term := read_term(sentence.text, anchor)):
            found.term = term[0]
            note("term", str(found.term.months or found.term.end), sentence, *term[1:])
        if found.exclusive is None and (exclusive := read_exclusivity(sentence.text)):
            found.exclusive = exclusive[0]
            note("exclusive", str(found.exclusive.is_exclusive).lower(), sentence, *exclusive[1:])
        if found.scope is None and sentence.triggers and (scope := read_scope(sentence.text, countries)):
            found.scope = scope[0]
            note("scope", scope[0], sentence, *scope[1:])
    return found, claims


def _plain(amount: float) -> str:
    return str(int(amount)) if amount == int(amount) else str(amount)


@lru_cache(maxsize=2)
def _place_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names after a word that says where; longer names first, so that none is cut short."""
    places = longest_first(map(re.escape, names))
    return re.compile(
        rf"\b(?:in|across|into|throughout|to|for|of|and|enters?|from) (?:the )?(?P<place>{places})\b"
    )


def places_of(
    draft: DraftDeal, country_names: Mapping[str, str], quoter: Quoter
) -> tuple[tuple[str, ...], list[Claim]]:
    """Countries where the deal is to work, as its sentences say; else the home countries of its parties."""
    found: dict[str, Claim] = {}
    ids = {c.id for c in (*draft.parties, *draft.units)}
    pattern = _place_pattern(tuple(country_names))
    for sentence in draft.sentences:
        if (
            (sentence.is_recall and draft.is_main)
            or not (sentence.triggers or sentence.number <= 1)
            or not (ids & set(sentence.companies) or sentence.number <= 1)
        ):
            continue
        for match in pattern.finditer(sentence.text):
            code = country_names[match["place"]]
            if code not in found:
                start = sentence.span.start_char
                quote = quoter.at(start + match.start(), start + match.end())
                found[code] = claim("place", None, code, quote, "cue:place", 0.7)
    if found:
        return tuple(sorted(found)), [found[c] for c in sorted(found)]
    homes = sorted({c.country for c in draft.parties if c.country})
    quote = quoter.sentence(news_sentence(draft))
    return tuple(homes), [claim("place", None, code, quote, "default:home_country", 0.5) for code in homes]


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
