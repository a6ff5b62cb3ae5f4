"""The companies that we know by name, read from companies.yml and checked."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from extract.model import GazetteerCompany
from extract.records import DataFileError, Record, read_data
from extract.text import fold, slug
from extract.vocabularies import load_vocabularies

COMPANIES = Path(__file__).with_name("companies.yml")

KINDS = ("company", "brand", "platform", "business_unit", "joint_venture", "public_body", "person")

_TEXTS = ("id", "name", "kind", "sector", "country", "parent", "wikidata", "website")
_LISTS = ("aliases", "context_aliases")
_REQUIRED = ("id", "name", "sector", "country")
_WIKIDATA_ID = re.compile(r"Q[1-9][0-9]*")


class GazetteerError(DataFileError):
    """A gazetteer that breaks its rules; the message is one line that names the places."""


@cache
def load_gazetteer(path: Path = COMPANIES) -> tuple[GazetteerCompany, ...]:
    """Read and check a gazetteer; entries come in the order of the file.

    Raises GazetteerError for an unknown key, kind, sector, country or parent, an id that stands twice or is
    not the slug of its name, a name that two companies claim, and parents that go round in a circle.
    """
    try:
        content = read_data(path)
    except DataFileError as error:
        raise GazetteerError(str(error)) from error
    if content.keys() != {"companies"} or not isinstance(content["companies"], list):
        raise GazetteerError(f"{path.name}: the file must hold the list 'companies' and nothing else")
    vocabularies = load_vocabularies()
    sectors = frozenset(sector.id for sector in vocabularies.sectors)
    places: dict[str, str] = {}
    companies = []
    for record in content["companies"]:
        if not isinstance(record, Record):
            raise GazetteerError(f"{path.name}: an entry must be a mapping, not {record!r}")
        company = _company(record)
        _check_values(company, record.place, sectors, vocabularies.countries)
        if company.id in places:
            raise GazetteerError(f"{record.place}: id {company.id!r} stands already at {places[company.id]}")
        places[company.id] = record.place
        companies.append(company)
    _check_names(companies, places)
    _check_parents(companies, places)
    return tuple(companies)


def _company(record: Record) -> GazetteerCompany:
    fields: dict[str, Any] = {}
    for key, entry in record.fields.items():
        if key in _TEXTS:
            if not isinstance(entry, str) or not entry:
                raise GazetteerError(f"{record.place}: {key} must be a text")
            fields[key] = entry
        elif key in _LISTS:
            if not isinstance(entry, list) or not all(isinstance(text, str) and text for text in entry):
                raise GazetteerError(f"{record.place}: {key} must be a list of texts")
            fields[key] = tuple(entry)
        else:
            raise GazetteerError(f"{record.place}: unknown key {key!r} (known: {', '.join(_TEXTS + _LISTS)})")
    if missing := [key for key in _REQUIRED if key not in fields]:
        raise GazetteerError(f"{record.place}: missing {', '.join(missing)}")
    return GazetteerCompany(**fields)


def _check_values(
    company: GazetteerCompany, place: str, sectors: Collection[str], countries: Collection[str]
) -> None:
    if company.id != slug(company.name):
        raise GazetteerError(
            f"{place}: id {company.id!r} is not the slug of {company.name!r} ({slug(company.name)!r})"
        )
    if company.kind not in KINDS:
        raise GazetteerError(f"{place}: unknown kind {company.kind!r} (known: {', '.join(KINDS)})")
    if company.sector not in sectors:
        raise GazetteerError(f"{place}: unknown sector {company.sector!r} (see vocabularies.yml)")
    if company.country not in countries:
        raise GazetteerError(f"{place}: unknown country {company.country!r} (ISO 3166-1 alpha-2)")
    if company.wikidata is not None and not _WIKIDATA_ID.fullmatch(company.wikidata):
        raise GazetteerError(f"{place}: {company.wikidata!r} is no Wikidata id")


def _check_names(companies: list[GazetteerCompany], places: dict[str, str]) -> None:
    """No name may mean two companies, unless it counts only in context."""
    owners: dict[str, GazetteerCompany] = {}
    for company in companies:
        in_context = {fold(alias) for alias in company.context_aliases}
        for name in dict.fromkeys(fold(alias) for alias in (company.name, *company.aliases)):
            if name in in_context:
                continue
            owner = owners.setdefault(name, company)
            if owner is not company:
                raise GazetteerError(
                    f"{places[company.id]}: {name!r} of {company.name} names already {owner.name} at"
                    f" {places[owner.id]}; make it a context alias or drop one"
                )


def _check_parents(companies: list[GazetteerCompany], places: dict[str, str]) -> None:
    parents = {company.id: company.parent for company in companies}
    for company in companies:
        path = [company.id]
        while (parent := parents[path[-1]]) is not None:
            if parent not in parents:
                raise GazetteerError(f"{places[path[-1]]}: unknown parent {parent!r}")
            if parent in path:
                raise GazetteerError(
                    f"{places[path[-1]]}: parents go round: {' -> '.join([*path, parent])};"
                    f" {parent} is at {places[parent]}"
                )
            path.append(parent)
