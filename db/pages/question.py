"""The form of a question: what its selects offer."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from db.pages.reading import Record, records, scope

_OPTIONS: Mapping[str, str] = {
    "area": "SELECT id, name FROM areas ORDER BY position",
    "type": "SELECT id, name FROM deal_types ORDER BY position",
    "country": "SELECT id, name FROM countries WHERE id IN (SELECT country FROM deal_places"
    " UNION SELECT country FROM companies WHERE deals > 0) ORDER BY name",
    "role": "SELECT id, name FROM party_roles ORDER BY position",
}


def question_page(conn: sqlite3.Connection) -> Record:
    """What a select offers per kind of parameter, and what was read, for an answer that is empty."""
    return {
        "options": {kind: records(conn, sql) for kind, sql in _OPTIONS.items()},
        "scope": scope(conn),
    }
