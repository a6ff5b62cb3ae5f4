"""What the merge works from: each deal of each article as one report, with company ids resolved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

from db.edtf import Period, narrowed
from db.merging.companies import Companies
from db.settings import RELEVANCE_THRESHOLD
from extract.model import Claim, DateMention, Deal, Extraction, extraction_from_json


@dataclass(frozen=True, slots=True)
class Document:
    """The extraction of one version of an article. `independent` names the group of copies, by its likely
    original, else the publisher."""

    article: str
    version: str
    is_current: bool
    published: str | None
    independent: str
    extraction: Extraction


@dataclass(frozen=True, slots=True)
class Report:
    """One deal of one version of an article; `number` is its place among the article's deals."""

    document: Document
    number: int
    deal: Deal
    dates: tuple[DateMention, ...]
    tops: frozenset[str]
    period: Period | None

    @property
    def key(self) -> tuple[str, int]:
        """Identity: version and number."""
        return self.document.version, self.number

    @property
    def order(self) -> tuple[str, str, int]:
        """Sorts the earliest report first; those without a date come last."""
        return self.document.published or "9999", self.document.article, self.number

    def claims(self, field: str) -> Iterator[Claim]:
        """The claims of one field."""
        return (claim for claim in self.deal.claims if claim.field == field)


def is_default(claim: Claim) -> bool:
    """Whether a claim states a value that the text implies and does not say."""
    return claim.rule.startswith("default:")


def read_documents(db: Database, groups: Mapping[str, str]) -> list[Document]:
    """The extractions of all versions, in a fixed order."""
    rows = db.conn.execute(
        "SELECT a.id, v.id, v.is_current, a.date_published, a.source, e.document FROM extractions e"
        " JOIN article_versions v ON v.id = e.version JOIN articles a ON a.id = v.article ORDER BY a.id, v.id"
    )
    return [
        Document(
            article,
            version,
            bool(is_current),
            published,
            groups.get(article, source),
            extraction_from_json(json.loads(text)),
        )
        for article, version, is_current, published, source, text in rows
    ]


def reports_of(documents: Iterable[Document], companies: Companies) -> list[Report]:
    """Every deal of at least two parties in an article that is relevant enough."""
    reports = []
    for document in documents:
        if document.extraction.relevance < RELEVANCE_THRESHOLD:
            continue
        for number, said in enumerate(document.extraction.deals):
            deal = _resolved(said, document.extraction, companies)
            if len(deal.parties) >= 2:
                dates = tuple(date for date in document.extraction.dates if date.deal == number)
                reports.append(
                    Report(document, number, deal, dates, party_key(deal, companies), _announced(deal, dates))
                )
    return reports


def party_key(deal: Deal, companies: Companies) -> frozenset[str]:
    """Who is in the deal, as groups of companies; the parties themselves if all belong to one group."""
    parties = [party.company for party in deal.parties]
    tops = frozenset(companies.top(party) for party in parties)
    return tops if len(tops) >= 2 else frozenset(parties)


def _announced(deal: Deal, dates: Iterable[DateMention]) -> Period | None:
    for date in dates:
        if date.edtf == deal.announced and date.edtf:
            return narrowed(date.edtf, date.earliest, date.latest)
    return narrowed(deal.announced, None, None)


def _resolved(deal: Deal, extraction: Extraction, companies: Companies) -> Deal:
    names = {company.id: company.name for company in extraction.companies}
    names |= {party.company: party.name for party in deal.parties}

    def known(id: str) -> str:
        return companies.resolve(id, names.get(id))

    parties = {known(party.company): replace(party, company=known(party.company)) for party in deal.parties}
    return replace(
        deal,
        parties=tuple(parties.values()),
        units=tuple(dict.fromkeys(known(unit) for unit in deal.units)),
        claims=tuple(_resolved_claim(claim, known) for claim in deal.claims),
    )


def _resolved_claim(claim: Claim, known: Callable[[str], str]) -> Claim:
    if claim.field in ("party", "unit"):
        return replace(claim, stated=known(claim.stated))
    if claim.field == "role" and claim.subject:
        return replace(claim, subject=known(claim.subject))
    return claim
