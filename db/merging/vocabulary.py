"""Names, order and phases of the vocabularies, as the merge needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`names` and `positions` by table and id; `phases` by status."""

    names: Mapping[str, Mapping[str, str]]
    positions: Mapping[str, Mapping[str, int]]
    phases: Mapping[str, str]


def read_vocabulary(db: Database) -> Vocabulary:
    """Read what the reference data put into the database."""
    names: dict[str, dict[str, str]] = {}
    positions: dict[str, dict[str, int]] = {}
    for table in ("areas", "deal_types", "instruments", "statuses", "commitments"):
        rows = db.conn.execute(f"SELECT id, name, position FROM {table} ORDER BY position, id").fetchall()
        names[table] = {id: name for id, name, _ in rows}
        positions[table] = {id: number for number, (id, _, _) in enumerate(rows)}
    phases = dict(db.conn.execute("SELECT id, phase FROM statuses").fetchall())
    return Vocabulary(names, positions, phases)
