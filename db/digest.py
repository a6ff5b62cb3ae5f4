"""The digest: one sha256 that is the same for databases with the same content, however they came about."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from sqlite_utils import Database

from db import sqltext

NO_CONTENT = frozenset(
    {
        "changes",
        "runs",
        "problems",
        "metrics",
        "calibration",
        "about",
        "relevance_decisions",
        "extractions",
        "deal_ids",
        "corrections",
    }
)
VOLATILE = frozenset({"retrieved_at", "first_seen", "updated", "run"})
"""Columns that say when and by which run, not what."""


def digest(db: Database) -> str:
    """Hex sha256 over the content: the rows of the tables of schema.sql in its order, each table in key
    order.

    A row is one line, a compact JSON array of its columns without the volatile ones.
    """
    total = hashlib.sha256()
    for line in content(db):
        total.update(line.encode())
        total.update(b"\n")
    return total.hexdigest()


def content(db: Database) -> Iterator[str]:
    """The lines that the digest is taken of."""
    for table in content_tables():
        columns = [column.name for column in db.table(table).columns if column.name not in VOLATILE]
        keys = [column.name for column in db.table(table).columns if column.is_pk]
        for row in db.conn.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(keys)}"):
            yield json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def content_tables() -> list[str]:
    """The tables of the public shape that hold content, in the order of schema.sql."""
    names = re.findall(r"^CREATE TABLE (\w+)", sqltext.read("schema.sql"), re.MULTILINE)
    return [name for name in names if name not in NO_CONTENT]
