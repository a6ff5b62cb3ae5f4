"""Filling the full-text indexes: an entry has the rowid of the row that it indexes (see search.sql)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

_ENTRIES = {
    "articles": "SELECT a.rowid, a.id, a.headline, a.standfirst,"
    " (SELECT text FROM article_texts WHERE version = a.version AND part = 'article_body') FROM articles a",
    "deals": "SELECT d.rowid, d.id, d.title,"
    " (SELECT group_concat(c.name, '; ') FROM deal_parties p JOIN companies c ON c.id = p.company"
    "  WHERE p.deal = d.id),"
    " (SELECT group_concat(c.name, '; ') FROM deal_units u JOIN companies c ON c.id = u.unit"
    "  WHERE u.deal = d.id),"
    " (SELECT group_concat(a.name, '; ') FROM deal_areas x JOIN areas a ON a.id = x.area"
    "  WHERE x.deal = d.id),"
    " (SELECT group_concat(t.name, '; ') FROM deal_areas x, json_each(x.details) j"
    "  JOIN area_details t ON t.id = j.value WHERE x.deal = d.id),"
    " (SELECT group_concat(c.name, '; ') FROM deal_places x JOIN countries c ON c.id = x.country"
    "  WHERE x.deal = d.id),"
    " (SELECT t.name || '; ' || i.name || '; ' || s.name FROM deal_types t, instruments i, statuses s"
    "  WHERE t.id = d.type AND i.id = d.instrument AND s.id = d.status) FROM deals d",
    "companies": "SELECT c.rowid, c.id, c.name,"
    " (SELECT group_concat(alias, '; ') FROM company_aliases WHERE company = c.id) FROM companies c",
}


def index(db: Database, table: str, ids: Iterable[str]) -> None:
    """Index these rows of articles, deals or companies anew; ids that are gone are ignored."""
    for id in ids:
        row = db.conn.execute(f"{_ENTRIES[table]} WHERE id = ?", [id]).fetchone()
        if row is None:
            continue
        db.conn.execute(f"DELETE FROM {table}_fts WHERE rowid = ?", [row[0]])
        marks = ", ".join("?" * len(row))
        db.conn.execute(f"INSERT INTO {table}_fts(rowid, {_columns(db, table)}) VALUES ({marks})", row)


def rebuild(db: Database) -> None:
    """Index everything anew, as is needed after VACUUM, which may give rows other rowids."""
    for table, entries in _ENTRIES.items():
        db.conn.execute(f"DELETE FROM {table}_fts")
        db.conn.execute(f"INSERT INTO {table}_fts(rowid, {_columns(db, table)}) {entries}")


def _columns(db: Database, table: str) -> str:
    return ", ".join(column.name for column in db.table(f"{table}_fts").columns)
