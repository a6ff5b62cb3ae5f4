"""Who there is: the companies of the gazetteer, and those that only the news names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlite_utils import Database

from db.folding import fold_name, slug
from db.reference import TEXT_ALIAS, top_parent
from db.rows import Key, Row
from extract.model import Extraction


@dataclass(slots=True)
class Companies:
    """Rows of `companies` by id, and the aliases of those that only the news names."""

    rows: dict[str, Row]
    known: frozenset[str]
    aliases: dict[str, str]
    text_aliases: dict[Key, Row] = field(default_factory=dict)

    def resolve(self, id: str, name: str | None = None) -> str:
        """The id under which the company is known: its own, or that of the one entry of the gazetteer whose
        name or alias it has."""
        if id in self.known:
            return id
        for text in (name or "", id):
            if found := self.aliases.get(fold_name(text)):
                return found
        return slug(id)

    def top(self, id: str) -> str:
        """The company at the top of the chain of parents; itself where it has none."""
        row = self.rows.get(id)
        return str(row["top_parent"]) if row else id

    def ancestors(self, id: str) -> Iterator[str]:
        """Parents from the nearest to the top."""
        seen = {id}
        while (row := self.rows.get(id)) and row["parent"] and row["parent"] not in seen:
            id = row["parent"]
            seen.add(id)
            yield id


def read_companies(db: Database, documents: Iterable[Extraction]) -> Companies:
    """The gazetteer's companies as the database has them, and a row for every other one that the documents
    name.

    Where documents differ on a company's name, kind, country or parent, what most of them say is taken.
    """
    known, aliases = _gazetteer(db)
    names = [column.name for column in db.table("companies").columns]
    stored = (dict(zip(names, row, strict=True)) for row in db.conn.execute("SELECT * FROM companies"))
    companies = Companies({row["id"]: row for row in stored if row["id"] in known}, known, aliases)
    said: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for document in documents:
        for id, facts in _named(document, companies):
            if id not in known:
                for fact, stated in facts.items():
                    said[id][fact].update([stated] if stated else [])
    for id, told in sorted(said.items()):
        companies.rows[id] = _row(id, told)
    _connect_parents(companies, said)
    companies.text_aliases = _text_aliases(companies, said)
    return companies


def _gazetteer(db: Database) -> tuple[frozenset[str], dict[str, str]]:
    owners = defaultdict(set)
    known = set()
    for alias, company, kind in db.conn.execute(
        "SELECT alias, company, kind FROM company_aliases WHERE kind <> ?", [TEXT_ALIAS]
    ):
        known.add(company)
        # A name that is a common word as well ("Target") does not tell who is meant.
        if kind != "context":
            owners[alias].add(company)
    return frozenset(known), {alias: next(iter(ids)) for alias, ids in owners.items() if len(ids) == 1}


def _named(document: Extraction, companies: Companies) -> Iterator[tuple[str, dict[str, str | None]]]:
    listed = set()
    for company in document.companies:
        id = companies.resolve(company.id, company.name)
        listed.add(id)
        parent = companies.resolve(company.parent) if company.parent else None
        yield id, {"name": company.name, "kind": company.kind, "country": company.country, "parent": parent}
    for deal in document.deals:
        for party in deal.parties:
            if (id := companies.resolve(party.company, party.name)) not in listed:
                yield id, {"name": party.name}
        for unit in deal.units:
            if (id := companies.resolve(unit)) not in listed:
                yield id, {"name": None}


def _row(id: str, told: Mapping[str, Counter[str]]) -> Row:
    return {
        "id": id,
        "name": _most(told["name"]) or id,
        "kind": _most(told["kind"]) or "company",
        "sector": None,
        "country": _most(told["country"]),
        "parent": None,
        "top_parent": id,
        "deals": 0,
        "partners": 0,
        "last_deal": None,
        "website": None,
        "wikidata": None,
    }


def _connect_parents(companies: Companies, said: Mapping[str, Mapping[str, Counter[str]]]) -> None:
    for id in sorted(said):
        parent = _most(said[id]["parent"])
        if parent in companies.rows and parent != id and id not in companies.ancestors(parent):
            companies.rows[id]["parent"] = parent
    parents = {id: row["parent"] for id, row in companies.rows.items()}
    for id, row in companies.rows.items():
        row["top_parent"] = top_parent(id, parents)


def _text_aliases(companies: Companies, said: Mapping[str, Mapping[str, Counter[str]]]) -> dict[Key, Row]:
    rows: dict[Key, Row] = {}
    for id, told in said.items():
        for name in (id, *told["name"]):
            alias = fold_name(name) or name
            rows[alias, id] = {"alias": alias, "company": id, "kind": TEXT_ALIAS}
    return rows


def _most(counted: Counter[str]) -> str | None:
    return min(counted, key=lambda stated: (-counted[stated], stated), default=None)
