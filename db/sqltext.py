"""The SQL texts that lie beside this file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent


def read(name: str) -> str:
    """The text of one file, such as `schema.sql`."""
    return (FOLDER / name).read_text(encoding="utf-8")


def statements(text: str) -> Iterator[str]:
    """Single statements: `executescript` would commit the transaction that a migration runs in."""
    pending = ""
    for line in text.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith((";", "*/;")) and sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        yield pending.strip()


def views() -> dict[str, str]:
    """Every view by name: its CREATE VIEW statement, the comment that says what one row is included."""
    return {
        path.stem: path.read_text(encoding="utf-8").strip() for path in sorted(FOLDER.glob("views/*.sql"))
    }
