"""Corrections: what a person decided of a deal. Rows are only added, and every merge applies them anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from db.clock import now
from db.edtf import period
from db.screening import storable
from db.store import DatabaseError, transaction

NONE = "none"
"""What is stated of something that the deal does not have, as a person sees it."""
MAX_CHARS = 500
"""Longest name, reason or scope."""

_VOCABULARY_OF = {
    "type": "deal_types",
    "instrument": "instruments",
    "status": "statuses",
    "area": "commitments",
}
_SUBJECT_OF = {"party": "companies", "area": "areas"}
_MAY_BE_NONE = frozenset({"deal", "party", "area", "announced", "exclusive", "scope"})
FIELDS = ("deal", "party", "type", "instrument", "status", "announced", "exclusive", "scope", "area")
"""What may be corrected. A party, or the whole deal, can only be taken out."""


class CorrectionError(DatabaseError):
    """A correction that cannot be made; the message says in one line why, and what could be."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision that is in force. `subject` is the company of a party or the area; `stated` an id of the
    vocabulary, an EDTF date, true or false, text, or `none`."""

    deal: str
    field: str
    subject: str | None
    stated: str
    decided_by: str
    reason: str
    decided_at: str

    @property
    def fact(self) -> tuple[str, str | None]:
        """What of the deal it is about."""
        return self.field, self.subject


def correct(
    db: Database,
    deal: str,
    field: str,
    stated: str | None,
    *,
    subject: str | None = None,
    decided_by: str,
    reason: str,
) -> None:
    """Note a decision, which the next merge applies; None in `stated` withdraws the one before.

    Raises CorrectionError for an unknown deal, field or value, and where nobody or no reason is named.
    """
    by, why = _line(decided_by, "who decided"), _line(reason, "why")
    if field not in FIELDS or (subject is None) == (field in _SUBJECT_OF):
        raise CorrectionError(f"{field}: cannot be corrected; there are {', '.join(map(_shown, FIELDS))}")
    with transaction(db):
        known = in_force(db.conn, lambda id: id)
        if stated is None:
            if (field, subject) not in {each.fact for each in known.get(deal, ())}:
                raise CorrectionError(f"{deal}: no correction of {_named(field, subject)} is in force")
        else:
            # A deal that was taken out is none any more, and what was said of it may be corrected all the same.
            if deal not in known and not _has(db.conn, "deals", deal):
                raise CorrectionError(f"{deal}: there is no such deal")
            if subject is not None and not _has(db.conn, _SUBJECT_OF[field], subject):
                raise CorrectionError(f"{subject}: is no id of the table {_SUBJECT_OF[field]}")
            stated = _checked(db.conn, field, stated)
            _check_parties(db.conn, deal, field, subject)
        db.conn.execute(
            "INSERT INTO corrections(deal, field, subject, stated, decided_by, reason, decided_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [deal, field, subject, stated, by, why, now()],
        )


def in_force(
    conn: sqlite3.Connection, deal_of: Callable[[str], str | None]
) -> dict[str, tuple[Correction, ...]]:
    """What was decided last of each fact and not withdrawn, by deal.

    `deal_of` gives for the deal that a row names the one that it is part of now; None leaves the row out.
    """
    last: dict[tuple[str, str, str | None], Correction | None] = {}
    for deal, field, subject, stated, *who in conn.execute(
        "SELECT deal, field, subject, stated, decided_by, reason, decided_at FROM corrections ORDER BY id"
    ):
        if (current := deal_of(deal)) is not None:
            key = current, field, subject
            last.pop(key, None)
            last[key] = None if stated is None else Correction(deal, field, subject, stated, *who)
    found: dict[str, tuple[Correction, ...]] = {}
    for (current, _, _), correction in last.items():
        if correction is not None:
            found[current] = (*found.get(current, ()), correction)
    return found


def merged_into(conn: sqlite3.Connection) -> dict[str, str]:
    """Deals that are part of another one now: old id -> new one."""
    sql = "SELECT id, replaced_by FROM changes WHERE entity = 'deal' AND op = 'merge'"
    return dict(conn.execute(sql).fetchall())


def _checked(conn: sqlite3.Connection, field: str, stated: str) -> str:
    """The value, if it is one that the field can have."""
    if stated == NONE and field in _MAY_BE_NONE:
        return stated
    if field in _VOCABULARY_OF:
        ids = [id for (id,) in conn.execute(f"SELECT id FROM {_VOCABULARY_OF[field]} ORDER BY position")]
        allowed = [*ids, NONE] if field in _MAY_BE_NONE else ids
        is_right = stated in ids
    elif field == "announced":
        allowed, is_right = ["a date such as 2021-04-27, 2021-04 or 2021", NONE], period(stated) is not None
    elif field == "exclusive":
        allowed, is_right = ["true", "false", NONE], stated in ("true", "false")
    elif field == "scope":
        return _line(stated, "the scope")
    else:
        allowed, is_right = [NONE], False
    if not is_right:
        raise CorrectionError(f"{stated!a}: is no value of {field}; there are {', '.join(allowed)}")
    return stated


def _check_parties(conn: sqlite3.Connection, deal: str, field: str, subject: str | None) -> None:
    if field != "party":
        return
    parties = [id for (id,) in conn.execute("SELECT company FROM deal_parties WHERE deal = ?", [deal])]
    if subject not in parties:
        raise CorrectionError(f"{subject}: is no party of {deal}; there are {', '.join(parties) or 'none'}")
    if len(parties) <= 2:
        raise CorrectionError(
            f"{deal}: has two parties only, so without {subject} it is none; take out the deal"
        )


def _line(text: str, what: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > MAX_CHARS or not storable(line):
        raise CorrectionError(f"say {what} in a line of at most {MAX_CHARS} characters")
    return line


def _has(conn: sqlite3.Connection, table: str, id: str) -> bool:
    return conn.execute(f"SELECT 1 FROM {table} WHERE id = ?", [id]).fetchone() is not None


def _shown(field: str) -> str:
    return f"{field}:ID" if field in _SUBJECT_OF else field


def _named(field: str, subject: str | None) -> str:
    return field if subject is None else f"{field}:{subject}"
