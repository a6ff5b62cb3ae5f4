"""Migrations of the knowledge base: append-only, each in a transaction of its own, in this order for ever."""

from __future__ import annotations

import uuid

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from db import sqltext
from db.settings import SCHEMA_VERSION

migrations = Migrations("tieup")


@migrations()
def create_schema(db: Database) -> None:
    """Tables, indexes, full-text search, and the epoch that tells this file's sync cursors from another's."""
    for name in ("schema.sql", "indexes.sql", "search.sql"):
        for statement in sqltext.statements(sqltext.read(name)):
            db.execute(statement)
    about = {
        "schema_version": str(SCHEMA_VERSION),
        "epoch": uuid.uuid4().hex[:16],
        "data_version": "0",
        "vocabulary_version": "",
        "deprecations": "[]",
    }
    for key, stated in about.items():
        db.execute("INSERT INTO about VALUES (?, ?)", [key, stated])


@migrations()
def recognise_copies(db: Database) -> None:
    """What the merge keeps of texts to find copies of them; it is filled by the next merge."""
    for statement in sqltext.statements(sqltext.read("syndication.sql")):
        db.execute(statement)


@migrations()
def tell_what_was_read(db: Database) -> None:
    """Whether a page was read, beside whether it was fetched."""
    _add_columns(db, "relevance_decisions", is_read="INTEGER")


@migrations()
def tell_why_modified(db: Database) -> None:
    """Where the date of a change was read."""
    _add_columns(db, "article_versions", date_modified_raw="TEXT", date_modified_basis="TEXT")


@migrations()
def let_people_correct(db: Database) -> None:
    """What a person decides of a deal stays, whatever is read later; a new file has the table from schema.sql."""
    if not db.table("corrections").exists():
        every = sqltext.statements(sqltext.read("schema.sql"))
        db.execute(next(statement for statement in every if "CREATE TABLE corrections(" in statement))


def _add_columns(db: Database, table: str, **types: str) -> None:
    """Columns at the right end of a table; a new file has them from schema.sql."""
    there = {column.name for column in db.table(table).columns}
    for name, kind in types.items():
        if name not in there:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


def stale_views(db: Database) -> dict[str, str]:
    """The views whose text in the file is not the one that we ship: name and CREATE VIEW statement."""
    stored = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
    ours = {name: text[text.index("CREATE VIEW") :].rstrip(";") for name, text in sqltext.views().items()}
    return {name: create for name, create in ours.items() if stored.get(name) != create}


def refresh_views(db: Database) -> None:
    """Make each view as its file says; a view whose text is unchanged is left alone."""
    for name, create in stale_views(db).items():
        db.execute(f'DROP VIEW IF EXISTS "{name}"')
        db.execute(create)
