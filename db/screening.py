"""Checks on what is to be stored: text that SQLite can hold, spans that re-read exactly, ids that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sqlite_utils import Database

from crawler.items import NewsArticle
from extract.model import ARTICLE_BODY, HEADLINE, CompanyMention, Deal, Extraction

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""NUL as JSON writes it; after an odd number of backslashes it would be plain text."""

_STATED = {
    "type": "deal_types",
    "instrument": "instruments",
    "status": "statuses",
    "area": "areas",
    "commitment": "commitments",
    "role": "party_roles",
    "place": "countries",
}
"""The vocabulary that the stated value of a claim is from, by field."""


def parts_of(article: NewsArticle) -> dict[str, tuple[str | None, str]]:
    """Every part of an article that a span can name: its kind and text."""
    parts: dict[str, tuple[str | None, str]] = {
        HEADLINE: (None, article.headline),
        ARTICLE_BODY: (None, article.article_body),
    }
    for number, block in enumerate(article.blocks):
        parts[f"blocks/{number}"] = (block.kind, block.text)
    return parts


def storable(document: str) -> bool:
    """Whether SQLite holds every text of a JSON document unchanged.

    Its `substr` stops at NUL, and lone surrogates are no UTF-8.
    """
    try:
        document.encode()
    except UnicodeEncodeError:
        return False
    return not _NUL.search(document)


class Screen:
    """Takes out of an extraction what must not be stored and says why: `problems` has one line for each."""

    def __init__(self, db: Database, article: NewsArticle) -> None:
        self.problems: list[str] = []
        self._texts = {part: text for part, (_, text) in parts_of(article).items()}
        self._db = db
        self._ids: dict[str, frozenset[str]] = {}

    def check(self, extraction: Extraction) -> Extraction:
        """The extraction without spans that do not re-read and without entries that no vocabulary has."""
        places = {old: new for new, old in enumerate(self._good_deals(extraction))}
        deals = tuple(self._deal(extraction.deals[old], old, places) for old in places)
        dates = tuple(
            replace(date, deal=places.get(date.deal) if date.deal is not None else None)
            for date in extraction.dates
            if self._reads(f"date {date.text!r}", date.part, date.start_char, date.end_char, date.text)
            and self._known("date_roles", date.role)
        )
        companies = tuple(self._company(company) for company in extraction.companies)
        return replace(extraction, companies=companies, dates=dates, deals=deals)

    def _good_deals(self, extraction: Extraction) -> Iterator[int]:
        for number, deal in enumerate(extraction.deals):
            checks = (("deal_types", deal.type), ("instruments", deal.instrument), ("statuses", deal.status))
            if all(self._known(table, id) for table, id in checks):
                yield number

    def _deal(self, deal: Deal, number: int, places: dict[int, int]) -> Deal:
        claims = tuple(
            replace(claim, subject=str(places[int(claim.subject or "")])) if claim.field == "link" else claim
            for claim in deal.claims
            if self._reads(
                f"claim of {claim.field} {claim.stated!r} of deal {number}",
                claim.part,
                claim.start_char,
                claim.end_char,
                claim.quote,
            )
            and (claim.field != "link" or self._link_target(claim.subject, places))
            and self._known(_STATED.get(claim.field), claim.stated)
            and self._known("date_roles" if claim.field == "date" else None, claim.subject)
        )
        return replace(
            deal,
            claims=claims,
            parties=tuple(replace(party, roles=self._roles(party.roles)) for party in deal.parties),
            areas=tuple(
                replace(area, details=tuple(d for d in area.details if self._known("area_details", d)))
                for area in deal.areas
                if self._known("areas", area.area) and self._known("commitments", area.commitment)
            ),
            places=tuple(place for place in deal.places if self._known("countries", place)),
            links=tuple(replace(link, deal=places[link.deal]) for link in deal.links if link.deal in places),
        )

    def _company(self, company: CompanyMention) -> CompanyMention:
        return replace(
            company,
            roles=self._roles(company.roles),
            country=company.country if company.country in self._entries("countries") else None,
            mentions=tuple(
                span
                for span in company.mentions
                if self._reads(
                    f"mention of {company.id}", span.part, span.start_char, span.end_char, span.text
                )
            ),
        )

    def _roles(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(role for role in roles if self._known("party_roles", role))

    def _link_target(self, subject: str | None, places: dict[int, int]) -> bool:
        return bool(subject and subject.isdecimal() and int(subject) in places)

    def _reads(self, what: str, part: str, start: int, end: int, quote: str) -> bool:
        text = self._texts.get(part)
        if text is not None and 0 <= start < end and text[start:end] == quote:
            return True
        self.problems.append(f"{what}: the span {part} {start}-{end} does not re-read; left out")
        return False

    def _known(self, vocabulary: str | None, id: str | None) -> bool:
        if vocabulary is None or id in self._entries(vocabulary):
            return True
        self.problems.append(f"{id!r} is not in {vocabulary}; left out")
        return False

    def _entries(self, vocabulary: str) -> frozenset[str]:
        if vocabulary not in self._ids:
            self._ids[vocabulary] = frozenset(
                id for (id,) in self._db.conn.execute(f"SELECT id FROM {vocabulary}")
            )
        return self._ids[vocabulary]
