"""What the data files say, as rows: vocabularies, countries, sources, and the companies of the gazetteer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from crawler.items import SourceRecord
from db import changes, search
from db.folding import fold_name
from db.rows import Key, Row, replace_all, upsert
from db.store import transaction
from extract.model import ConfidenceBand, GazetteerCompany, Vocabularies

TEXT_ALIAS = "text"
"""Kind of the aliases of a company that only the news names; the gazetteer's have other kinds."""

HELD_OUT = "held-out passages"
"""The `run` of the bands of confidence that were measured where the models were fitted."""

_OWN_COLUMNS = {
    "deal_types": ("is_partnership",),
    "instruments": ("is_binding",),
    "statuses": ("phase",),
    "party_roles": ("is_party", "side"),
    "date_roles": (),
    "commitments": (),
    "sectors": (),
}


def load_reference(
    db: Database,
    vocabularies: Vocabularies,
    gazetteer: Iterable[GazetteerCompany],
    sources: Iterable[SourceRecord],
    calibration: Iterable[ConfidenceBand] = (),
) -> None:
    """Bring vocabularies, countries, sources, companies and their aliases to what the data files say.

    `calibration` is how often confidences were right where the models were fitted.

    Rows that are already so are not touched. Entries that a vocabulary no longer has stay, since deals may
    use them; a company that the gazetteer no longer has stays until the next merge finds that nothing names
    it.
    """
    companies = tuple(gazetteer)
    with transaction(db):
        _load_vocabularies(db, vocabularies)
        upsert(db, "sources", (_source(db, source) for source in sources), keep=("articles", "last_article"))
        replace_all(db, "calibration", _bands(calibration), where=f"run = '{HELD_OUT}'")
        before = changes.snapshot(db, ["company"])
        upsert(db, "companies", company_rows(companies), keep=("deals", "partners", "last_deal"))
        replace_all(db, "company_aliases", _aliases(companies), where=f"kind <> '{TEXT_ALIAS}'")
        marked = changes.record(db, before, changes.snapshot(db, ["company"]))
        search.index(db, "companies", [id for _, id in marked])


def _bands(calibration: Iterable[ConfidenceBand]) -> dict[Key, Row]:
    return {
        (HELD_OUT, band.field, band.number): {
            "run": HELD_OUT,
            "field": band.field,
            "bin": band.number,
            "n": band.n,
            "predicted": band.predicted,
            "observed": band.observed,
        }
        for band in calibration
    }


def company_rows(companies: Iterable[GazetteerCompany]) -> list[Row]:
    """Rows of `companies`, parents' parents followed to the top; a parent that is no entry is left out."""
    by_id = {company.id: company for company in companies}
    return [
        {
            "id": company.id,
            "name": company.name,
            "kind": company.kind,
            "sector": company.sector,
            "country": company.country,
            "parent": company.parent if company.parent in by_id else None,
            "top_parent": top_parent(company.id, {id: c.parent for id, c in by_id.items()}),
            "deals": 0,
            "partners": 0,
            "last_deal": None,
            "website": company.website,
            "wikidata": company.wikidata,
        }
        for company in by_id.values()
    ]


def top_parent(company: str, parents: Mapping[str, str | None]) -> str:
    """The end of the chain of parents; the company itself if it has none. A circle ends where it closes."""
    seen = {company}
    while (parent := parents.get(company)) and parent in parents and parent not in seen:
        company = parent
        seen.add(parent)
    return company


def _load_vocabularies(db: Database, vocabularies: Vocabularies) -> None:
    upsert(db, "countries", ({"id": id, "name": name} for id, name in vocabularies.countries.items()))
    upsert(db, "areas", (_entry(area) for area in vocabularies.areas))
    upsert(
        db,
        "area_details",
        (
            {"id": id, "area": area.id, "name": name}
            for area in vocabularies.areas
            for id, name in area.details
        ),
    )
    for table, own in _OWN_COLUMNS.items():
        upsert(db, table, (_entry(entry, own) for entry in getattr(vocabularies, table)))
    version = {"key": "vocabulary_version", "stated": vocabularies.version}
    upsert(db, "about", [version])


def _entry(entry: Any, own: Iterable[str] = ()) -> Row:
    row = {name: getattr(entry, name) for name in ("id", "name", "definition", "position")}
    for name in own:
        stated = getattr(entry, name)
        if name in ("is_partnership", "is_party"):
            # Left out in the data file means: a partnership, no party.
            stated = int(name == "is_partnership") if stated is None else int(stated)
        row[name] = int(stated) if isinstance(stated, bool) else stated
    return row


def _source(db: Database, source: SourceRecord) -> Row:
    known = db.conn.execute("SELECT id FROM countries WHERE id = ?", [source.country]).fetchone()
    return {
        "id": source.id,
        "name": source.name,
        "domain": source.domain,
        "kind": source.kind,
        "country": known[0] if known else None,
        "in_language": source.in_language,
        "articles": 0,
        "last_article": None,
    }


def _aliases(companies: Iterable[GazetteerCompany]) -> dict[tuple[str, str], Row]:
    rows: dict[tuple[str, str], Row] = {}
    for company in companies:
        names = [("name", company.name), ("id", company.id)]
        names += [("alias", alias) for alias in company.aliases]
        names += [("context", alias) for alias in company.context_aliases]
        for kind, name in names:
            alias = fold_name(name) or name
            rows.setdefault((alias, company.id), {"alias": alias, "company": company.id, "kind": kind})
    return rows
