"""The system clock is set back between two loads: nothing ends before it began, and what is newer still comes last."""

from __future__ import annotations

from pathlib import Path

import pytest
from build import database, load, report, rows
from served import ask, get, served
from sqlite_utils import Database

from db.digest import digest
from db.runs import add_problem, finish_run, start_run

EARLIER = "2001-01-01T00:00:00.000000Z"


def set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("runs", "merge", "changes", "load"):
        monkeypatch.setattr(f"db.{module}.now", lambda: EARLIER)


def test_no_age_is_negative_and_what_came_later_is_told_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tieup.db"
    db = database(path)
    first = a_run(db, report("https://wire.example/1"), report("https://wire.example/2", "Casino, Ocado"))
    seq = rows(db, "SELECT max(seq) FROM changes")[0][0]
    set_back(monkeypatch)
    second = a_run(
        db,
        report("https://daily.example/3", instrument="mou"),
        report("https://daily.example/4", "Kroger, Uber"),
    )
    for table, begun, ended in (("runs", "started", "finished"), ("deals", "first_seen", "updated")):
        assert rows(db, f"SELECT * FROM {table} WHERE {ended} < {begun}") == []
    # The order of runs, of their problems and of changes is that of what happened, whatever the clock says.
    assert [id for (id,) in rows(db, "SELECT id FROM runs ORDER BY id")] == [first, second]
    assert [run for (run,) in rows(db, "SELECT run FROM problems ORDER BY id")] == [first, second]
    add_problem(db, second, level="warning", source=None, url=None, message="odd again")
    finish_run(db, second, state="ok")
    assert rows(db, "SELECT problems FROM freshness") == [(2,)]
    changed = rows(db, "SELECT id FROM changes WHERE seq > ? AND entity = 'deal' ORDER BY seq", seq)
    assert changed == [("kroger-uber-2024",), ("ocado-tesco-2024",)]
    before = digest(db)
    db.close()
    cursor = ask(served(path), "sync", entity="deal", limit=2)[-1]["cursor"]
    rest = ask(served(path), "sync", entity="deal", limit=1000, cursor=cursor)
    assert [row["id"] for row in rest] == ["ocado-tesco-2024"]
    for address in ("/", "/news", "/tieup/deals/ocado-tesco-2024", "/-/feed.atom"):
        assert get(served(path), address).status_code == 200, address
    assert "2 problems" in get(served(path), "/").text
    monkeypatch.undo()
    # The same articles with a clock that was never set back are the same knowledge base.
    undisturbed = database(tmp_path / "undisturbed.db")
    load(
        undisturbed,
        report("https://wire.example/1"),
        report("https://wire.example/2", "Casino, Ocado"),
        report("https://daily.example/3", instrument="mou"),
        report("https://daily.example/4", "Kroger, Uber"),
    )
    assert digest(undisturbed) == before
    undisturbed.close()


def a_run(db: Database, *pairs: object) -> str:
    run = start_run(db, "run", {})
    load(db, *pairs, run=run)  # type: ignore[arg-type]
    add_problem(db, run, level="warning", source=None, url=None, message="odd")
    finish_run(db, run, state="ok")
    return run
