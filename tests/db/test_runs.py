"""The record of runs and problems."""

from __future__ import annotations

import json

import pytest
from build import load, report, rows
from sqlite_utils import Database

from db.runs import add_problem, finish_run, start_run


def test_a_run_is_recorded_with_its_problems(db: Database) -> None:
    run = start_run(db, "run", {"tieup": "0.1.0", "pipeline": "tieup_en 0.1.0"})
    assert rows(db, "SELECT id, command, state, finished FROM runs") == [(run, "run", "running", None)]
    load(db, report("https://wire.example/1"), run=run)
    add_problem(
        db, run, level="error", source="wire", url="https://wire.example/2", message="404 \x00 \ud83d"
    )
    add_problem(db, run, level="warning", source="nobody", url=None, message="odd")
    finish_run(db, run, state="ok", pages=7, articles=1)
    assert rows(db, "SELECT command, state, pages, articles, deals, problems FROM runs") == [
        ("run", "ok", 7, 1, 1, 2)
    ]
    assert json.loads(rows(db, "SELECT versions FROM runs")[0][0]) == {
        "tieup": "0.1.0",
        "pipeline": "tieup_en 0.1.0",
    }
    assert rows(db, "SELECT run, level, source, url, message FROM problems ORDER BY id") == [
        (run, "error", "wire", "https://wire.example/2", "404 � ?"),
        (run, "warning", None, None, "odd"),
    ]
    assert rows(db, "SELECT DISTINCT run FROM claims") == [(run,)]
    assert rows(db, "SELECT state, problems, articles, deals, companies_with_deals FROM freshness") == [
        ("ok", 2, 1, 1, 2)
    ]


def test_a_clock_that_is_set_back_gives_no_negative_duration_and_ids_stay_in_order(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start_run(db, "run", {})
    monkeypatch.setattr("db.runs.now", lambda: "2001-01-01T00:00:00.000000Z")
    finish_run(db, first, state="ok")
    second = start_run(db, "run", {})
    assert rows(db, "SELECT id FROM runs WHERE finished < started") == []
    assert first < second
    assert [id for (id,) in rows(db, "SELECT id FROM runs ORDER BY id")] == [first, second]
