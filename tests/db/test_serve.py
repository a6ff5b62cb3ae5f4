"""`serve`: one line when it answers, one line when it cannot, and a clean end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from build import database, load, report
from served import get, served

from db.serve import ServeError, serve
from db.store import open_database

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "kept as.sqlite"
    db = database(path)
    load(db, report("https://wire.example/1", "Tesco, Ocado"))
    db.close()
    return path


@contextmanager
def running(path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`serve` in a process of its own, as the command line runs it."""
    code = (
        "import sys; from pathlib import Path; from db.serve import serve; serve(Path(sys.argv[1]), port=0)"
    )
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, str(path), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_answers_and_ends_without_a_traceback(path: Path, ending: signal.Signals) -> None:
    with running(path) as process:
        assert process.stdout
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        assert httpx.get(f"{address}tieup/deals.json", trust_env=False).json()["rows"]
        assert httpx.get(f"{address}tieup/nothing", trust_env=False).status_code == 404
        process.send_signal(ending)
        rest, problems = process.communicate(timeout=30)
        assert (rest, problems) == ("", "")
        assert process.returncode in (0, -ending)


def test_a_port_in_use_is_one_line(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"^port {port} is in use; .*$"):
            serve(path, port=port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_is_one_line(path: Path, port: int) -> None:
    with pytest.raises(ServeError, match="from 0 to 65535"):
        serve(path, port=port)


def test_what_is_no_knowledge_base_is_one_line(tmp_path: Path) -> None:
    text = tmp_path / "notes.db"
    text.write_text(
        "not a database at all, only some words that are long enough to be read as a header of one\n" * 9
    )
    for path in (tmp_path / "missing.db", tmp_path / "no folder" / "x.db", text, tmp_path):
        with pytest.raises(ServeError) as refused:
            served(path)
        assert "\n" not in str(refused.value)
        assert str(path) in str(refused.value)
    assert not (tmp_path / "missing.db").exists()


def test_readers_see_a_load_that_happens_while_it_is_served(path: Path) -> None:
    datasette = served(path)
    assert len(get(datasette, "/tieup/deals.json").json()["rows"]) == 1
    db = open_database(path)
    load(db, report("https://wire.example/2", "Casino, Ocado"))
    db.close()
    assert len(get(datasette, "/tieup/deals.json").json()["rows"]) == 2


def test_any_name_of_a_file_will_do(tmp_path: Path) -> None:
    path = tmp_path / "50% #1?mode=rw.db"
    database(path).close()
    datasette = served(path)
    assert get(datasette, "/tieup/companies.json").json()["rows"]
    assert get(datasette, "/-/export/areas.csv").text.startswith("id,name")
    assert "etag" in get(datasette, "/tieup/areas.json").headers


def test_nothing_can_be_written_through_it(path: Path) -> None:
    before = path.read_bytes()
    datasette = served(path)
    for address in ("/tieup.json?sql=delete+from+deals", "/tieup?sql=drop+table+deals"):
        assert get(datasette, address).status_code == 400
    assert get(datasette, "/tieup.db").status_code == 403  # the file has the texts of articles
    assert path.read_bytes() == before


def test_the_settings_that_the_pages_rely_on_are_set(path: Path) -> None:
    settings = get(served(path), "/-/settings.json").json()
    assert settings["suggest_facets"] is False
    assert settings["max_returned_rows"] == 1000
    assert settings["default_page_size"] == 50
    assert settings["sql_time_limit_ms"] == 2000


@pytest.mark.parametrize("first", ["db.plugin", "db.links", "db.routes"])
def test_whatever_is_imported_first_the_hooks_are_there(first: str) -> None:
    code = (
        f"import {first}, db.serve, db.plugin; from datasette.plugins import pm; "
        "db.serve.pm.is_registered(db.plugin) or pm.register(db.plugin); "
        "print(sorted(caller.name for caller in pm.get_hookcallers(db.plugin)))"
    )
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.stderr == ""
    assert "register_facet_classes" in told.stdout
