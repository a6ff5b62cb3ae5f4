"""What people decided of a deal, as its page says it: what, who, when and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from db.corrections import NONE, in_force, merged_into
from db.pages.deal_facts import Fact
from db.pages.reading import names
from db.pages.wording import when

_LABELS: Mapping[str, str] = {
    "type": "Type",
    "instrument": "Instrument",
    "status": "Status",
    "announced": "Announced",
    "exclusive": "Exclusivity",
    "scope": "Scope",
}
_WORDS_OF: Mapping[str, str] = {
    "type": "deal_types",
    "instrument": "instruments",
    "status": "statuses",
    "area": "commitments",
}
_EXCLUSIVE: Mapping[str, str] = {"true": "exclusive", "false": "not exclusive"}


@dataclass(frozen=True, slots=True)
class Decision:
    """One correction in words. `label` is the heading of the fact; `shown` what was decided."""

    label: str
    shown: str
    decided_by: str
    reason: str
    day: str

    @property
    def note(self) -> str:
        """What is said beside the fact."""
        by = f" by {self.decided_by}" if self.decided_by else ""
        return f"Corrected{by}, {self.day}: {self.reason}"


def decisions_on(conn: sqlite3.Connection, deal: str) -> list[Decision]:
    """The corrections of a deal that are in force, those of deals that are part of it now among them."""
    into = merged_into(conn)
    found = in_force(conn, lambda id: into.get(id, id)).get(deal, ())
    return [
        Decision(
            _label(conn, each.field, each.subject),
            _shown(conn, each.field, each.stated),
            each.decided_by,
            each.reason,
            when(each.decided_at[:10]),
        )
        for each in found
    ]


def with_decisions(facts: Sequence[Fact], decisions: Sequence[Decision]) -> list[Fact]:
    """The facts, each with a note of who corrected it."""
    notes = {each.label: each.note for each in decisions}
    return [
        replace(fact, note=" ".join(filter(None, (fact.note, notes[fact.label]))))
        if fact.label in notes
        else fact
        for fact in facts
    ]


def _label(conn: sqlite3.Connection, field: str, subject: str | None) -> str:
    if subject is None:
        return _LABELS.get(field, field)
    table = "areas" if field == "area" else "companies"
    name = conn.execute(f"SELECT name FROM {table} WHERE id = ?", [subject]).fetchone()
    return name[0] if name else subject


def _shown(conn: sqlite3.Connection, field: str, stated: str) -> str:
    if stated == NONE:
        return {"party": "no party", "area": "no area of the deal"}.get(field, "not stated")
    if field in _WORDS_OF:
        return names(conn, _WORDS_OF[field]).get(stated, stated)
    return when(stated) if field == "announced" else _EXCLUSIVE.get(stated, stated)
