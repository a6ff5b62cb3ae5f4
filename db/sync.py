"""The canned query `sync`: how another program copies the knowledge base and keeps its copy current.

It is made here and not in metadata.yml because a document has one definition (documents.sql), the one that
the loader compares before it marks a change.
"""

from __future__ import annotations

from typing import Any

from db.changes import ENTITIES, document_sql

MAX_ROWS = 1000
"""Rows in one answer at most, and where `limit` is empty."""

_SQL = """
-- A cursor is `epoch-seq`. One of another epoch, or ahead of this file, starts from 0 with restarted = 1.
with file(epoch, last) as (
  select (select stated from about where key = 'epoch'), (select coalesce(max(seq), 0) from changes)
),
given(epoch, seq) as (
  select rtrim(rtrim(:cursor, '0123456789'), '-'),
    cast(substr(:cursor, length(rtrim(:cursor, '0123456789')) + 1) as integer)
),
start(epoch, seq, restarted) as (
  select file.epoch, iif(given.epoch = file.epoch and given.seq <= file.last, given.seq, 0),
    :cursor <> '' and not (given.epoch = file.epoch and given.seq <= file.last)
  from file, given
),
page as (
  select start.epoch || '-' || changes.seq as cursor, start.restarted, changes.*
  from start join changes on changes.seq > start.seq
  where :entity = '' or changes.entity = :entity
  order by changes.seq
  limit min(max(coalesce(cast(nullif(:limit, '') as integer), {max_rows}), 1), {max_rows})
)
select c.cursor, c.restarted, c.entity, c.id, c.op, c.replaced_by, c.at,
  iif(c.op = 'upsert', {document}, null) as document
from page c
order by c.seq
"""


def sync_query() -> dict[str, Any]:
    """The query in the form of the hook `canned_queries`."""
    return {
        "title": "What has changed since a cursor? (for programs)",
        "description": (
            "Apply the rows in order and keep the cursor of the last one; no rows: the copy is current. "
            "upsert: replace the whole document. merge: drop id and point at replaced_by. delete: drop id. "
            "restarted = 1: the cursor is of another file; empty the copy and apply from here. Programs ask "
            "/tieup/sync.json?cursor=&limit=1000&_shape=objects&_json=document"
        ),
        "hide_sql": True,
        "params": ["cursor", "entity", "limit"],
        "parameters": {
            "cursor": {"label": "Cursor", "kind": "cursor", "help": "Empty: from the beginning"},
            "entity": {
                "label": "Entity",
                "kind": "choice",
                "choices": list(ENTITIES),
                "help": "Empty: all of them",
            },
            "limit": {"label": "Rows", "kind": "number", "help": f"At most, and if empty, {MAX_ROWS}"},
        },
        "example": {"cursor": "", "limit": "10"},
        "sql": _SQL.format(max_rows=MAX_ROWS, document=document_sql()).strip(),
    }
