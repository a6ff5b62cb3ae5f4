"""The record of runs and of what went wrong in them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlite_utils import Database

from db.clock import now
from db.store import transaction


def start_run(db: Database, command: str, versions: Mapping[str, str]) -> str:
    """Begin a run of `command`; returns its id. Ids sort in the order of runs, whatever the clock says."""
    with transaction(db):
        (last,) = db.conn.execute("SELECT max(id) FROM runs").fetchone()
        run = f"run-{int(last.removeprefix('run-')) + 1 if last else 1:08d}"
        db.conn.execute(
            "INSERT INTO runs(id, started, command, state, versions) VALUES (?, ?, ?, 'running', ?)",
            [run, now(), command, json.dumps(dict(versions), sort_keys=True)],
        )
    return run


def finish_run(
    db: Database, run: str, *, state: str, pages: int | None = None, articles: int | None = None
) -> None:
    """End a run: its state (such as `ok` or `failed`), what it read, and how many deals and problems there
    are."""
    with transaction(db):
        # A clock that was set back must not give a run a negative duration.
        db.conn.execute(
            "UPDATE runs SET finished = max(started, ?), state = ?, pages = ?, articles = ?,"
            " deals = (SELECT count(*) FROM deals),"
            " problems = (SELECT count(*) FROM problems WHERE run = runs.id)"
            " WHERE id = ?",
            [now(), state, pages, articles, run],
        )


def add_problem(
    db: Database, run: str, *, level: str, source: str | None, url: str | None, message: str
) -> None:
    """Note what went wrong in a run. A source that the database does not know is left out of the row."""
    with transaction(db):
        known = db.conn.execute("SELECT id FROM sources WHERE id = ?", [source]).fetchone()
        db.conn.execute(
            "INSERT INTO problems(run, level, source, url, message, at) VALUES (?, ?, ?, ?, ?, ?)",
            [run, level, known[0] if known else None, _text(url), _text(message) or "", now()],
        )


def _text(text: str | None) -> str | None:
    """Text that SQLite can hold: no NUL, no lone surrogates."""
    return text.replace("\x00", "�").encode("utf-8", "replace").decode() if text is not None else None
