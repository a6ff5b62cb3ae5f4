"""A process that is killed between any two statements: the next one completes, as if nothing had happened."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from build import database, load, rows, store
from sqlite_utils import Database
from world import news

from db.digest import digest
from db.merge import merge
from db.store import open_database

SIZE = 6
MOMENTS = 2


def load_bit_by_bit(db: Database) -> None:
    """What `tieup run` does: each article in a transaction of its own, and one merge at the end."""
    for pair in news(5, SIZE):
        store(db, pair)
    merge(db)


def load_at_once(db: Database) -> None:
    load(db, *news(5, SIZE))
    load(db, *news(6, SIZE))


STAGES: dict[str, tuple[Callable[[Database], object], Callable[[Database], object]]] = {
    "load": (lambda db: None, load_bit_by_bit),
    "merge": (lambda db: store(db, *news(5, SIZE)), merge),
    "another load": (load_bit_by_bit, load_at_once),
}
"""What was done before, and what is killed."""


@pytest.mark.parametrize("name", STAGES)
def test_what_is_killed_is_completed_by_the_next(name: str, tmp_path: Path) -> None:
    before, stage = STAGES[name]
    start = tmp_path / "start.db"
    with closing(database(start)) as db:
        before(db)
    statements: list[str] = []
    with closing(copied(start, tmp_path / "undisturbed.db")) as db:
        db.conn.set_trace_callback(statements.append)
        stage(db)
        db.conn.set_trace_callback(None)
        expected = digest(db)
    moments = {len(statements), *random.Random(name).sample(range(1, len(statements)), MOMENTS)}
    for number in sorted(moments):
        path = tmp_path / f"{number}.db"
        copied(start, path).close()
        assert killed_at(number, stage, path) == -signal.SIGKILL, statements[number - 1]
        with closing(open_database(path)) as db:
            assert rows(db, "PRAGMA integrity_check") == [("ok",)]
            assert rows(db, "PRAGMA foreign_key_check") == []
            stage(db)
            assert digest(db) == expected, statements[number - 1]
            assert rows(db, "SELECT count(*) FROM extractions WHERE is_merged = 0") == [(0,)]


def copied(start: Path, path: Path) -> Database:
    shutil.copy(start, path)
    return open_database(path)


def killed_at(number: int, stage: Callable[[Database], object], path: Path) -> int | None:
    """The exit code of a process that is killed when it begins that statement of the stage."""

    def run() -> None:
        db, left = open_database(path), [number]

        def count(_: str) -> None:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

        db.conn.set_trace_callback(count)
        stage(db)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(60)
    return process.exitcode
