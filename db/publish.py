"""The database file that goes outside: everything but the articles themselves."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from db import search
from db.settings import PUBLIC_QUOTE_CHARS
from db.store import DatabaseError

WORDING = {
    "claims": ("quote", "stated"),
    "deals": ("amount_text", "term_text", "exclusivity", "scope"),
    "articles": ("standfirst",),
    "relevance_decisions": ("headline",),
}
"""Columns with the articles' own words, which a public export cuts short."""
PERSONAL = {"corrections": ("decided_by",)}
"""Columns with names of those who work with the knowledge base, which a public export leaves blank."""
PRIVATE = ("article_texts", "extractions", "problems")
"""Tables that a public export leaves empty: they hold or quote whole articles."""
MACHINERY = ("_copy_texts", "_copy_bands", "_copy_pairs")
"""Hidden tables that are of no use without the texts and could tell something of their words."""


def export_public(db: Database, target: Path) -> None:
    """Write a copy of the database that may be published: no article texts, quotes of at most 300 characters.

    The copy is complete or absent; an existing file is replaced. It has the epoch of the
    original, since its feed has the same numbers. Raises DatabaseError where it cannot be written.
    """
    draft = target.with_name(f".{target.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        db.execute("VACUUM INTO ?", [str(draft)])
        _withhold(draft)
        draft.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"{target}: cannot be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


def _withhold(path: Path) -> None:
    copy = Database(str(path))
    try:
        with copy.atomic():
            for table in (*PRIVATE, *MACHINERY):
                copy.conn.execute(f"DELETE FROM {table}")
            for table, columns in WORDING.items():
                for column in columns:
                    copy.conn.execute(
                        f"UPDATE {table} SET {column} = substr({column}, 1, ?) WHERE length({column}) > ?",
                        [PUBLIC_QUOTE_CHARS, PUBLIC_QUOTE_CHARS],
                    )
            for table, columns in PERSONAL.items():
                for column in columns:
                    copy.conn.execute(f"UPDATE {table} SET {column} = ''")
            search.rebuild(copy)
            for table in ("articles", "deals", "companies"):
                # Deleted words stay in the index until its segments are merged.
                copy.conn.execute(f"INSERT INTO {table}_fts({table}_fts) VALUES ('optimize')")
        # What was deleted is still in free pages of the file.
        copy.vacuum()
        with copy.atomic():
            search.rebuild(copy)
    finally:
        copy.close()
