"""The timeline of a deal: statuses, dates that are no statuses, in the order in which they happened."""

from __future__ import annotations

import sqlite3

from db.pages.evidence import Claims, Evidence
from db.pages.reading import Record, records

_EVENTS = """
SELECT e.status AS what, s.name AS label, s.phase, e.happened AS edtf, e.happened_earliest AS earliest,
  e.reported, e.article, a.headline, p.name AS publisher
FROM deal_events e JOIN statuses s ON s.id = e.status LEFT JOIN articles a ON a.id = e.article
  LEFT JOIN sources p ON p.id = a.source
WHERE e.deal = ? ORDER BY e.reported, e.id
"""
_DATES = """
SELECT x.role AS what, r.name AS label, x.edtf, x.earliest, x.is_chosen, x.basis FROM deal_dates x
  JOIN date_roles r ON r.id = x.role
WHERE x.deal = ?1 AND NOT EXISTS (
  SELECT 1 FROM deal_events e WHERE e.deal = x.deal AND e.status = x.role AND e.happened = x.edtf)
ORDER BY x.earliest, x.role, x.edtf
"""


def timeline(conn: sqlite3.Connection, deal: str, claims: Claims) -> list[Record]:
    """One entry per status and day, with its reports, and per other date; what has no date comes last."""
    entries: dict[tuple[str, str | None], Record] = {}
    for event in records(conn, _EVENTS, deal):
        entry = entries.setdefault(
            (event["what"], event["edtf"]),
            {**event, "kind": "status", "is_chosen": 1, "evidence": _status(claims, event), "reports": []},
        )
        entry["reports"].append(event)
    for date in records(conn, _DATES, deal):
        evidence = claims.of(("date", date["what"], date["edtf"]))
        if date["what"] == "announced":
            evidence = evidence or claims.of(("announced", None, date["edtf"]))
        entries["date " + date["what"], date["edtf"]] = {
            **date,
            "kind": "date",
            "evidence": evidence,
            "reports": [],
        }
    return sorted(entries.values(), key=lambda entry: (entry["earliest"] is None, entry["earliest"] or ""))


def _status(claims: Claims, event: Record) -> tuple[Evidence, ...]:
    found = claims.of(("status", None, event["what"]))
    return tuple(entry for entry in found if entry.article == event["article"]) or found
