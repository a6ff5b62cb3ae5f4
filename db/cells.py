"""Table cells: ids become links, JSON arrays of ids become lists of links.

Columns of views and queries that are named deal, partner, area ... always hold ids. Everything is
escaped, and every link is built from an id: a text from the web never becomes an address here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from datasette.utils import tilde_encode
from markupsafe import Markup, escape

from db.names import DATABASE

_TABLE_OF_COLUMN: Mapping[str, str] = {
    "deal": "deals",
    "other_deal": "deals",
    "company": "companies",
    "partner": "companies",
    "unit": "companies",
    "company_top_parent": "companies",
    "partner_top_parent": "companies",
    "article": "articles",
    "syndication_group": "articles",
    "area": "areas",
    "claim": "claims",
    "home": "countries",
    "market": "countries",
}
_TABLE_OF_FOREIGN_KEY: Mapping[str, str] = {
    **_TABLE_OF_COLUMN,
    "status": "statuses",
    "type": "deal_types",
    "instrument": "instruments",
    "commitment": "commitments",
    "sector": "sectors",
    "country": "countries",
    "parent": "companies",
    "top_parent": "companies",
    "party": "companies",
    "source": "sources",
}
_TABLE_OF_ARRAY: Mapping[str, str] = {
    "party_ids": "companies",
    "area_ids": "areas",
    "country_ids": "countries",
    "details": "area_details",
    "roles": "party_roles",
    "deals": "deals",
}
_TABLE_OF_ENTITY: Mapping[str, str] = {"deal": "deals", "company": "companies", "article": "articles"}
_LABEL_OF_ROW: Mapping[str, str] = {"deals": "title", "articles": "headline", "companies": "name"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Markup | None:
    """The HTML of one cell of the knowledge base, or None to leave it to Datasette."""
    if isinstance(value, dict):  # a foreign key with its label: the label alone is what people read
        target = _TABLE_OF_FOREIGN_KEY.get(column)
        return _link(datasette, target, value["value"], str(value["label"])) if target else None
    if not isinstance(value, str) or not value:
        return None
    if table is not None and _LABEL_OF_ROW.get(table) == column:
        return _link(datasette, table, _field(row, "id"), value)
    if column in _TABLE_OF_ARRAY and value.startswith("["):
        return _links(datasette, _TABLE_OF_ARRAY[column], value)
    target = _TABLE_OF_COLUMN.get(column)
    if column == "replaced_by":
        target = _TABLE_OF_ENTITY.get(_field(row, "entity") or "deal")
    elif column == "id" and _field(row, "entity"):
        target = _TABLE_OF_ENTITY.get(_field(row, "entity")) if _field(row, "op") == "upsert" else None
    return _link(datasette, target, value, value) if target else None


def _link(datasette: Any, table: str, identifier: Any, label: str) -> Markup | None:
    if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
        return None
    address = f"{datasette.urls.table(DATABASE, table)}/{tilde_encode(identifier)}"
    return Markup('<a href="{}">{}</a>').format(address, label)


def _links(datasette: Any, table: str, array: str) -> Markup | None:
    try:
        identifiers = json.loads(array)
    except ValueError:
        return None
    if not isinstance(identifiers, list) or not all(isinstance(entry, str) for entry in identifiers):
        return None
    return Markup(", ").join(_each(datasette, table, identifiers)) or None


def _each(datasette: Any, table: str, identifiers: Iterable[str]) -> Iterable[Markup]:
    for identifier in identifiers:
        yield _link(datasette, table, identifier, identifier) or escape(identifier)


def _field(row: Any, name: str) -> Any:
    """A column of a row by name, None where the query does not have it."""
    return row[name] if name in row.keys() else None  # noqa: SIM118 - a row iterates over values
