"""Short ways to make articles with what they say, and to load them: for every test that needs a knowledge
base.

db = database(tmp_path / "tieup.db")
story = article("https://wire.example/1", "Tesco signed a deal with Ocado on Monday.")
load(db, (story, extraction(story, deal(story, {"Tesco": "retailer", "Ocado": "technology_provider"}))))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlite_utils import Database

from crawler.items import Block, NewsArticle, SourceRecord, content_sha256
from db.folding import slug
from db.load import load_reference, store_article
from db.merge import merge
from db.screening import parts_of
from db.store import open_database
from extract.model import (
    Claim,
    CompanyMention,
    DateMention,
    Deal,
    DealArea,
    DealLink,
    DealTerm,
    DealValue,
    Exclusivity,
    Extraction,
    GazetteerCompany,
    Party,
    Span,
)
from extract.vocabularies import load_vocabularies

SOURCES = (
    SourceRecord("wire", "Wire", "wire.example", "wire", "GB", "en"),
    SourceRecord("daily", "Daily", "daily.example", "newspaper", "US", "en"),
    SourceRecord("trade", "Trade", "trade.example", "trade_press", "FR", "en"),
    SourceRecord("blog", "Blog", "blog.example", "blog", None, "en"),
)

GAZETTEER = tuple(
    GazetteerCompany(
        id=slug(name), name=name, kind=kind, sector=sector, country=country, parent=parent, aliases=aliases
    )
    for name, kind, sector, country, parent, aliases in (
        ("Alibaba", "company", "marketplace", "CN", None, ("Alibaba Group", "Alibaba Group Holding Ltd.")),
        ("Tmall", "platform", "marketplace", "CN", "alibaba", ()),
        ("AliExpress", "platform", "marketplace", "CN", "alibaba", ()),
        ("Alibaba Cloud", "business_unit", "technology", "CN", "alibaba", ("Aliyun",)),
        ("Alipay", "platform", "payments_finance", "CN", "alibaba", ()),
        ("El Corte Inglés", "company", "department_store", "ES", None, ()),
        ("Tesco", "company", "grocery", "GB", None, ("Tesco PLC",)),
        ("Ocado", "company", "grocery", "GB", None, ()),
        ("Carrefour", "company", "grocery", "FR", None, ()),
        ("Casino", "company", "grocery", "FR", None, ()),
        ("Google", "company", "technology", "US", None, ()),
        ("Google Cloud", "business_unit", "technology", "US", "google", ()),
        ("Uber", "company", "logistics_delivery", "US", None, ()),
        ("Uber Eats", "platform", "logistics_delivery", "US", "uber", ()),
        ("Walmart", "company", "general_merchandise", "US", None, ()),
        ("Kroger", "company", "grocery", "US", None, ()),
        ("Ford", "company", None, "US", None, ()),
    )
)


def database(path: Path) -> Database:
    """A knowledge base with the project's vocabularies and the sources and companies above."""
    path.write_bytes(_filled())
    return open_database(path)


@cache
def _filled() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tieup.db"
        db = open_database(path)
        load_reference(db, load_vocabularies(), GAZETTEER, SOURCES)
        db.close()
        return path.read_bytes()


def article(
    url: str = "https://wire.example/1",
    body: str = "Tesco signed a deal with Ocado.",
    *,
    headline: str = "",
    published: str | None = "2024-01-10",
    source: str | None = None,
    aside: Iterable[tuple[str, str]] = (),
    **fields: Any,
) -> NewsArticle:
    """An article whose blocks are its paragraphs and then `aside`; its source is the first part of the
    host."""
    if source is None and url.split("/")[2].endswith(".example"):
        source = url.split("/")[2].removesuffix(".example")
    blocks = tuple(Block("paragraph", text) for text in body.split("\n\n")) + tuple(
        Block(k, t) for k, t in aside
    )
    values: dict[str, Any] = {
        "url": url,
        "canonical_url": url,
        "headline": headline,
        "article_body": body,
        "date_published": published,
        "date_published_basis": "json_ld" if published else None,
        "blocks": blocks,
        "source": source,
        "publisher": source,
        "in_language": "en",
        "retrieved_at": "2026-01-01T00:00:00Z",
        "content_sha256": content_sha256(headline, body, blocks),
    }
    return NewsArticle(**(values | fields))


def deal(
    story: NewsArticle,
    parties: Mapping[str, str | tuple[str, ...]],
    *,
    quote: str | None = None,
    main: bool = True,
    type: str = "technology_agreement",
    instrument: str = "agreement_unspecified",
    status: str = "announced",
    announced: str | None = "published",
    units: Iterable[str] = (),
    areas: Mapping[str, str] | None = None,
    places: Iterable[str] = (),
    value: DealValue | None = None,
    term: DealTerm | None = None,
    exclusive: bool | None = None,
    scope: str | None = None,
    links: Iterable[tuple[str, int]] = (),
    dates: Mapping[str, str] | None = None,
    defaults: Iterable[str] = (),
    confidence: float = 0.9,
) -> Deal:
    """A deal each of whose values has a claim on `quote` (the first paragraph of the body, if not given).

    `parties` maps names to their role or roles. `announced` is EDTF, null, or "published" for the day of the
    article, whose claim then is one by default; `defaults` names other fields whose claims are so.
    """
    by_default = set(defaults)
    if announced == "published":
        announced = story.date_published
        by_default.add("announced")
    found = [
        Party(
            company=slug(name),
            name=name,
            roles=(roles,) if isinstance(roles, str) else roles,
            confidence=confidence,
        )
        for name, roles in parties.items()
    ]
    facts: list[tuple[str, str | None, str]] = [("party", None, party.company) for party in found]
    facts += [("role", party.company, role) for party in found for role in party.roles]
    facts += [("unit", None, slug(unit)) for unit in units]
    facts += [("type", None, type), ("instrument", None, instrument), ("status", None, status)]
    facts += [("announced", None, announced)] if announced else []
    for area, commitment in (areas or {}).items():
        facts += [("area", None, area), ("commitment", area, commitment)]
    facts += [("date", role, edtf) for role, edtf in (dates or {}).items()]
    facts += [("place", None, place) for place in places]
    facts += [("value", None, f"{value.amount:.0f} {value.currency}")] if value else []
    facts += [("term", None, str(term.months) if term.months else str(term.end))] if term else []
    facts += [("exclusive", None, str(exclusive).lower())] if exclusive is not None else []
    facts += [("scope", None, scope)] if scope else []
    facts += [("link", str(other), kind) for kind, other in links]
    quote = quote if quote is not None else story.article_body.split("\n\n")[0]
    start = story.article_body.index(quote)
    return Deal(
        main=main,
        type=type,
        instrument=instrument,
        status=status,
        announced=announced,
        confidence=confidence,
        parties=tuple(found),
        units=tuple(slug(unit) for unit in units),
        areas=tuple(
            DealArea(area=area, commitment=commitment, confidence=confidence)
            for area, commitment in (areas or {}).items()
        ),
        places=tuple(sorted(places)),
        value=value,
        term=term,
        exclusive=Exclusivity(is_exclusive=exclusive, text=quote) if exclusive is not None else None,
        scope=scope,
        links=tuple(DealLink(kind=kind, deal=other) for kind, other in links),
        claims=tuple(
            Claim(
                field=field,
                subject=subject,
                stated=stated,
                part="article_body",
                start_char=start,
                end_char=start + len(quote),
                quote=quote,
                rule=f"default:{field}" if field in by_default else f"pattern:{field}",
                confidence=confidence,
            )
            for field, subject, stated in facts
        ),
    )


def extraction(
    story: NewsArticle,
    *deals: Deal,
    named: Mapping[str, str] | None = None,
    dates: Iterable[DateMention] = (),
    relevance: float = 0.9,
) -> Extraction:
    """What the article says: its deals, and every company of them or of `named` (name to role) where it
    stands."""
    roles: dict[str, tuple[str, ...]] = {name: (role,) for name, role in (named or {}).items()}
    kinds = {company.id: company for company in GAZETTEER}
    for found in deals:
        roles |= {kinds[unit].name if unit in kinds else unit: ("unit_of_party",) for unit in found.units}
    for found in deals:
        roles |= {party.name: party.roles for party in found.parties}
    parties = {party.name for found in deals if found.main for party in found.parties}
    companies = tuple(
        CompanyMention(
            id=slug(name),
            name=name,
            kind=kinds[slug(name)].kind if slug(name) in kinds else "company",
            country=kinds[slug(name)].country if slug(name) in kinds else None,
            parent=kinds[slug(name)].parent if slug(name) in kinds else None,
            roles=own,
            is_party=name in parties,
            reason="party of a deal" if name in parties else f"named as {own[0]}",
            mentions=tuple(_mentions(story, name)),
        )
        for name, own in roles.items()
    )
    return Extraction(
        url=story.url,
        relevance=relevance,
        pipeline="tieup_en 0.1.0",
        companies=companies,
        dates=tuple(dates),
        deals=deals,
    )


def _mentions(story: NewsArticle, name: str) -> Iterable[Span]:
    for part, (_, text) in parts_of(story).items():
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield Span(part, match.start(), match.end(), name)


def date(story: NewsArticle, text: str, edtf: str, role: str, deal: int | None = None) -> DateMention:
    """The first place of `text` in the body, read as the day or month `edtf`."""
    start = story.article_body.index(text)
    last = {4: "-12-31", 7: "-31", 10: ""}[len(edtf)]
    first = {4: "-01-01", 7: "-01", 10: ""}[len(edtf)]
    return DateMention(
        part="article_body",
        start_char=start,
        end_char=start + len(text),
        text=text,
        edtf=edtf,
        earliest=edtf + first,
        latest=edtf + last,
        precision={4: "year", 7: "month", 10: "day"}[len(edtf)],
        role=role,
        anchor=story.date_published,
        deal=deal,
    )


Pair = tuple[NewsArticle, Extraction]


def report(
    url: str,
    names: str = "Tesco, Ocado",
    *,
    body: str | None = None,
    published: str = "2024-01-10",
    **facts: Any,
) -> Pair:
    """An article that reports one deal of the companies named, and what it says."""
    parties = dict.fromkeys(names.split(", "), "partner")
    story = article(url, body or f"{' and '.join(parties)} teamed up, said {url}.", published=published)
    return story, extraction(story, deal(story, parties, **facts))


def load(db: Database, *pairs: Pair, run: str | None = None) -> None:
    """Store these articles one by one and merge once."""
    store(db, *pairs, run=run)
    merge(db, run=run)


def store(db: Database, *pairs: Pair, run: str | None = None) -> list[str]:
    """Store these articles without a merge."""
    return [store_article(db, story, said, run=run) for story, said in pairs]


def rows(db: Database, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return list(db.execute(sql, list(parameters)).fetchall())


def without_claim(found: Deal, field: str) -> Deal:
    """The deal without its claims of one field."""
    return replace(found, claims=tuple(claim for claim in found.claims if claim.field != field))
