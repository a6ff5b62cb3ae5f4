"""Last component: deals with their facts and claims, dates with their roles, and what each company is to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc

from extract.areas import AreaCue, find_area_cues
from extract.company import COMPANY_THRESHOLD, Company
from extract.dates.find import find_dates
from extract.dates.tense import Tense
from extract.deal_areas import inherit_units, inherited_areas, read_areas
from extract.deal_dates import Dated, PlacedDate, choose_announced, date_roles
from extract.deal_extras import places_of, read_extras
from extract.deal_facts import link_kind, make_link, read_facts
from extract.deal_parties import read_parties
from extract.deals import Reading, read_deals
from extract.draft_deal import DraftDeal, news_sentence
from extract.encoder import EncoderReading, load_encoder
from extract.extensions import register
from extract.model import CompanyMention, DateMention, Deal, Span
from extract.quotes import Quoter, claim
from extract.relevance import relevance_of
from extract.roles import outsider_role
from extract.sentences import Sentence, mark_older, read_sentences
from extract.vocabularies import load_country_names

register()

LEAD_CHARACTERS = 600
# From which probability the encoder's word on the tense of a date counts for more than the verbs around it.
SURE_TENSE = 0.8


@Language.factory("tieup_deals")
def make_deals(nlp: Language, name: str) -> DealsComponent:
    """Build the component; its models are read from weights.json at the first text."""
    return DealsComponent()


class DealsComponent:
    """Sets `doc._.deals`, `doc._.dates`, `doc._.relevance`, and turns `doc._.companies` into CompanyMentions."""

    def __init__(self) -> None:
        self._countries = load_country_names()

    def __call__(self, doc: Doc) -> Doc:
        companies: list[Company] = list(doc._.companies)
        sentences = read_sentences(doc, companies)
        body_start = doc._.body_start
        text = doc.text
        headline_end = max(0, body_start - 2)
        quoter = Quoter(text, body_start, headline_end)
        lead = text[: body_start + LEAD_CHARACTERS].lower()
        expressions = read_dates(doc, sentences)
        mark_older(sentences, [(e.sentence, e.read.latest) for e in expressions], doc._.anchor)
        encode = partial(_encode, text) if doc._.encoding is not None else None
        reading = read_deals(sentences, companies, lead, doc._.encoding, encode)
        drafts = [d for d in reading.drafts if d.sentences]
        dated = date_roles(expressions, drafts, doc._.anchor, doc._.encoding)
        cues = find_area_cues(sentences)
        inherit_units(drafts, cues)
        deals: list[Deal] = []
        for index, draft in enumerate(drafts):
            deals.append(self._deal(index, draft, cues, dated, doc, quoter))
        deals = _with_links(deals, drafts, cues, quoter)
        doc._.deals = tuple(deals)
        doc._.dates = tuple(_date_mention(d, quoter) for d in dated)
        doc._.companies = tuple(_company_mentions(companies, drafts, deals, reading, sentences, quoter))
        doc._.relevance = relevance_of(text, companies)
        return doc

    def _deal(
        self,
        index: int,
        draft: DraftDeal,
        cues: Sequence[AreaCue],
        dated: Sequence[Dated],
        doc: Doc,
        quoter: Quoter,
    ) -> Deal:
        encoding = draft.encoding or doc._.encoding
        areas, claims = read_areas(draft, cues, quoter, encoding)
        deal_type, instrument, status, fact_claims = read_facts(draft, areas, quoter, encoding)
        parties, party_claims = read_parties(draft, deal_type, areas, quoter, encoding)
        extras, extra_claims = read_extras(draft, quoter, doc._.anchor, tuple(self._countries))
        announced, date_claims = choose_announced(dated, index, draft, doc._.anchor, status, quoter)
        places, place_claims = places_of(draft, self._countries, quoter)
        other_dates = [
            claim(
                "date",
                d.role,
                edtf,
                quoter.at(d.place.start, d.place.end),
                "model:date_role",
                d.shares[d.role],
            )
            for d in dated
            if d.deal == index and (edtf := d.place.read.edtf) and d.role not in ("announced", "prior_deal")
        ]
        return Deal(
            main=draft.is_main,
            type=deal_type,
            instrument=instrument,
            status=status,
            announced=announced,
            confidence=round(draft.confidence, 3),
            parties=tuple(parties),
            units=tuple(u.id for u in draft.units),
            areas=tuple(areas),
            places=places,
            value=extras.value,
            term=extras.term,
            exclusive=extras.exclusive,
            scope=extras.scope,
            claims=(
                *party_claims,
                *fact_claims,
                *date_claims,
                *claims,
                *other_dates,
                *place_claims,
                *extra_claims,
            ),
        )


def _encode(text: str, start: int, end: int) -> EncoderReading:
    """What the encoder says of a stretch of the text by itself."""
    return load_encoder().read(text, start, 0, end)


def read_dates(doc: Doc, sentences: list[Sentence]) -> list[PlacedDate]:
    """The date expressions of headline and body, each with its sentence."""
    found = []
    body_start = doc._.body_start
    whole = doc.text
    parts = [(0, whole[: max(0, body_start - 2)]), (body_start, whole[body_start:])]
    for offset, text in parts:
        for e in find_dates(text, doc._.anchor, partial(_tense, doc._.encoding, offset)):
            start = e.start_char + offset
            sentence = next((s for s in sentences if s.span.start_char <= start < s.span.end_char), None)
            found.append(PlacedDate(start, e.end_char + offset, e, sentence))
    return found


def _tense(encoding: EncoderReading | None, offset: int, start: int, end: int) -> Tense | None:
    """What the encoder says of the tense of a date, where it is sure; `offset` is where the part begins in the text."""
    shares = encoding.tense_shares(offset + start, offset + end) if encoding else {}
    if shares.get("future", 0.0) >= SURE_TENSE:
        return "future"
    return "past" if shares.get("past", 0.0) >= SURE_TENSE else None


def _date_mention(dated: Dated, quoter: Quoter) -> DateMention:
    e = dated.place
    quote = quoter.at(e.start, e.end)
    return DateMention(
        part=quote.part,
        start_char=quote.start,
        end_char=quote.end,
        text=quote.text,
        edtf=e.read.edtf,
        earliest=e.read.earliest,
        latest=e.read.latest,
        precision=e.read.precision,
        role=dated.role,
        anchor=e.read.anchor,
        deal=dated.deal,
    )


def _with_links(
    deals: list[Deal], drafts: list[DraftDeal], cues: Sequence[AreaCue], quoter: Quoter
) -> list[Deal]:
    """Link the first main deal to the older one of its parties that it follows."""
    main = next((i for i, d in enumerate(drafts) if d.is_main), None)
    if main is None:
        return deals
    ids = {c.id for c in drafts[main].parties}
    for index, draft in enumerate(drafts):
        if draft.is_main or draft.follows is None or not {c.id for c in (*draft.parties, *draft.units)} & ids:
            continue
        link, of_link = make_link(link_kind(draft, deals[main]), index, quoter.sentence(news_sentence(draft)))
        areas, claims = inherited_areas(deals[main], draft, cues, quoter)
        deals[main] = replace(
            deals[main],
            links=(*deals[main].links, link),
            areas=(*deals[main].areas, *areas),
            claims=(*deals[main].claims, of_link, *claims),
        )
        break
    return deals


def _company_mentions(
    companies: list[Company],
    drafts: list[DraftDeal],
    deals: list[Deal],
    reading: Reading,
    sentences: list[Sentence],
    quoter: Quoter,
) -> list[CompanyMention]:
    roles = _roles_in_deals(deals)
    noise = {c.id: s.kind for s in reversed(sentences) if not s.counts for c, _ in s.mentions}
    recalled = {c.id for d in drafts if not d.is_main for c in d.parties}
    result = []
    for company in companies:
        own = roles.get(company.id)
        if (
            own is None
            and company.score < COMPANY_THRESHOLD
            and not company.is_known
            and company.id not in recalled
        ):
            continue
        if own is not None:
            names, is_party = own
            reason = (
                f"model:party {reading.party_probability.get(company.id, 0.0):.2f}"
                if is_party
                else "unit of a party of the deal"
            )
        else:
            is_aside = company.id not in reading.features
            role, why = outsider_role(
                reading.features.get(company.id, {}), is_aside, company.id in recalled, noise.get(company.id)
            )
            names, is_party = (role,), False
            reason = (
                f"{why} (model:party {reading.party_probability.get(company.id, 0.0):.2f})"
                if not is_aside
                else why
            )
        spans = [quoter.at(s.start_char, s.end_char) for s in company.spans]
        ordered = sorted(spans, key=lambda q: (q.part == "headline", q.start))
        result.append(
            CompanyMention(
                id=company.id,
                name=company.name,
                kind=company.kind,
                country=company.country,
                parent=company.parent,
                roles=tuple(names),
                is_party=is_party,
                reason=reason,
                mentions=tuple(Span(q.part, q.start, q.end, q.text) for q in ordered),
            )
        )
    return result


def _roles_in_deals(deals: list[Deal]) -> dict[str, tuple[tuple[str, ...], bool]]:
    """For units and parties of main deals: their roles over all those deals, and whether they are parties."""
    main = [deal for deal in deals if deal.main]
    roles: dict[str, tuple[tuple[str, ...], bool]] = {
        unit: (("unit_of_party",), False) for deal in main for unit in deal.units
    }
    for deal in main:
        for party in deal.parties:
            before = roles[party.company][0] if roles.get(party.company, ((), False))[1] else ()
            roles[party.company] = (tuple(dict.fromkeys((*before, *party.roles))), True)
    return roles
