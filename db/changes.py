"""The feed that other programs sync from: one row for each deal, company and article that exists or ever
existed.

`document_sql()` is the one definition of a document: comparing before and after a write uses it, and so does
the `sync` query. It is an SQL expression over an outer row `c` with columns entity and id, so over the feed
itself:

    SELECT c.seq, c.entity, c.id, c.op, c.replaced_by, c.at, <document_sql()> AS document FROM changes c ORDER
    BY c.seq

Whoever changes a deal, company or article takes a `snapshot` before, another after, in the same transaction,
and hands both to `record`, which marks exactly those that differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlite_utils import Database

from db import sqltext
from db.clock import now

ENTITIES = {"deal": "deals", "company": "companies", "article": "articles"}
VOLATILE = ("$.retrieved_at", "$.updated", "$.first_seen")
"""Fields of a document that do not count as a change by themselves."""

Snapshot = dict[tuple[str, str], bytes]


@cache
def document_sql() -> str:
    """The SQL expression that gives the document of `c.entity`, `c.id` as JSON text, or null."""
    branches = " ".join(f"WHEN '{entity}' THEN {_document_of(entity)}" for entity in ENTITIES)
    return f"CASE c.entity {branches} END"


@cache
def _document_of(entity: str) -> str:
    text = sqltext.read(f"documents/{entity}.sql")
    return f"({' '.join(line for line in text.splitlines() if not line.startswith('--'))})"


def document(db: Database, entity: str, id: str) -> dict[str, Any] | None:
    """One thing's document: the row, and for a deal its parts as arrays; None where it does not exist."""
    (text,) = db.execute(
        f"SELECT {document_sql()} FROM (SELECT ? AS entity, ? AS id) c", [entity, id]
    ).fetchone()
    return json.loads(text) if text else None


def snapshot(db: Database, entities: Iterable[str] = tuple(ENTITIES), *, id: str | None = None) -> Snapshot:
    """A fingerprint of every document of these entities, or of the one with `id`; a deal's covers its
    claims."""
    fields = ", ".join(f"'{path}'" for path in VOLATILE)
    only, parameters = ("WHERE id = ?", [id]) if id else ("", [])
    prints: Snapshot = {}
    for entity in entities:
        query = f"SELECT c.id, json_remove({_document_of(entity)}, {fields}) FROM {ENTITIES[entity]} c {only}"
        claims = _claims(db) if entity == "deal" else {}
        for found, text in db.conn.execute(query, parameters):
            prints[entity, found] = hashlib.sha256((text + claims.get(found, "")).encode()).digest()
    return prints


def record(
    db: Database,
    before: Snapshot,
    after: Snapshot,
    *,
    replaced_by: Mapping[tuple[str, str], str] | None = None,
) -> list[tuple[str, str]]:
    """Mark what differs; returns it. `replaced_by` names, for a thing that is gone, the one that took it
    over."""
    moved = replaced_by or {}
    gone = before.keys() - after.keys()
    for entity, id in sorted(gone):
        target = moved.get((entity, id))
        mark(db, entity, id, "merge" if target else "delete", target)
    changed = sorted(key for key, fingerprint in after.items() if before.get(key) != fingerprint)
    for entity, id in changed:
        mark(db, entity, id, "upsert")
    return sorted(gone) + changed


def mark(db: Database, entity: str, id: str, op: str, replaced_by: str | None = None) -> None:
    """Give a thing's row of the feed a new number. Rows that point at a thing that is gone follow it, so that
    a chain of merges is one step long and never ends at nothing."""
    db.conn.execute("DELETE FROM changes WHERE entity = ? AND id = ?", [entity, id])
    cursor = db.conn.execute(
        "INSERT INTO changes(entity, id, op, replaced_by, at) VALUES (?, ?, ?, ?, ?)",
        [entity, id, op, replaced_by, now()],
    )
    db.conn.execute("UPDATE about SET stated = ? WHERE key = 'data_version'", [str(cursor.lastrowid)])
    if op == "upsert":
        return
    pointing = "SELECT id FROM changes WHERE entity = ? AND replaced_by = ? ORDER BY seq"
    for (other,) in db.conn.execute(pointing, [entity, id]).fetchall():
        mark(db, entity, other, op, replaced_by)


def last_seq(db: Database) -> int:
    """The number of the newest row of the feed; 0 when it is empty."""
    (seq,) = db.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()
    return int(seq)


def _claims(db: Database) -> dict[str, str]:
    return dict(
        db.conn.execute(
            "SELECT deal, group_concat(id || is_chosen || coalesce(chosen_by, ''), ' ')"
            " FROM (SELECT * FROM claims ORDER BY deal, id) GROUP BY deal"
        ).fetchall()
    )
