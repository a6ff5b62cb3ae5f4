"""Reading rows for pages."""

from __future__ import annotations

import sqlite3
from typing import Any

Record = dict[str, Any]


def records(conn: sqlite3.Connection, sql: str, *parameters: object) -> list[Record]:
    """The rows of a query, each as a mapping from column to content."""
    cursor = conn.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, tuple(row), strict=True)) for row in cursor]


def record(conn: sqlite3.Connection, sql: str, *parameters: object) -> Record | None:
    """The first row of a query, or None."""
    found = records(conn, sql, *parameters)
    return found[0] if found else None


def one(conn: sqlite3.Connection, sql: str, *parameters: object) -> Any:
    """The first column of the first row, or None."""
    row = conn.execute(sql, parameters).fetchone()
    return row[0] if row else None


def names(conn: sqlite3.Connection, vocabulary: str) -> dict[str, str]:
    """Id to name of a vocabulary table; `vocabulary` is one of our table names, never a reader's word."""
    return {row[0]: row[1] for row in conn.execute(f"SELECT id, name FROM {vocabulary}")}


def scope(conn: sqlite3.Connection) -> Record:
    """What was read, for every answer that is empty: articles, sources that have any, the oldest date."""
    return records(
        conn,
        "SELECT count(*) AS articles, count(DISTINCT source) AS sources, min(date_published) AS since"
        " FROM articles",
    )[0]
