"""`tieup run`: what it prints, what a second run does, and that no interruption loses anything."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from conftest import LIMIT_S, PAGE, NewsroomRun, Tieup, assert_one_line, free_newsroom_port

from crawler.newsroom.server import serve_newsroom
from db.store import single_writer

SMALL = (sys.executable, str(Path(__file__).with_name("small_tieup.py")))
SUMMARY = re.compile(
    r"(\d+) pages fetched \((\d+) not modified\), (\d+) articles new or changed, "
    r"(\d+) deals?, (\d+) claims?, (\d+) problems?\n"
)


def counts(stdout: str) -> list[int]:
    """The numbers of the summary, which is all that a run prints."""
    found = SUMMARY.fullmatch(stdout)
    assert found, stdout
    return [int(number) for number in found.groups()]


def rows(path: Path, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql, parameters).fetchall()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_summary_counts_what_the_database_has(newsroom_run: NewsroomRun) -> None:
    pages, not_modified, articles, deals, claims, problems = counts(newsroom_run.stdout)
    assert (not_modified, problems) == (0, 0)
    assert pages > articles > 60
    for number, table in ((articles, "articles"), (deals, "deals"), (claims, "claims")):
        assert rows(newsroom_run.path, f"SELECT count(*) FROM {table}") == [(number,)]
    assert rows(newsroom_run.path, "SELECT command, state, pages, articles FROM runs") == [
        ("run", "ok", pages, articles)
    ]


def test_only_progress_is_on_standard_error(newsroom_run: NewsroomRun) -> None:
    assert re.fullmatch(r"(\d+ pages, \d+ waiting\n)*", newsroom_run.stderr)


def test_second_run_fetches_nothing_anew_and_changes_nothing(
    newsroom_alone: NewsroomRun, tmp_path: Path, tieup: Tieup
) -> None:
    shutil.copytree(newsroom_alone.path.parent, tmp_path / "copy")
    path = tmp_path / "copy" / "tieup.db"
    before = tieup("digest", "--db", path).stdout
    feed = rows(path, "SELECT max(seq) FROM changes")
    again = tieup("run", "--db", path, "--newsroom-port", newsroom_alone.port)
    pages, not_modified, articles, *_ = counts(again.stdout)
    assert (again.returncode, articles) == (0, 0)
    assert not_modified == pages == counts(newsroom_alone.stdout)[0]
    assert tieup("digest", "--db", path).stdout == before
    assert rows(path, "SELECT max(seq) FROM changes") == feed


def test_killed_and_stopped_runs_lose_nothing(tmp_path: Path, tieup: Tieup) -> None:
    port = free_newsroom_port()

    def run(*options: str, name: str = "disturbed.db") -> subprocess.CompletedProcess[str]:
        return tieup(*options, "run", "--db", name, "--newsroom-port", port, program=SMALL)

    def states() -> list[str]:
        return [str(state) for (state,) in rows(tmp_path / "disturbed.db", "SELECT state FROM runs")]

    assert run("--kill", "store").returncode == -signal.SIGKILL
    assert rows(tmp_path / "disturbed.db", "SELECT count(*) FROM articles") == [(2,)]

    stopped = stop_when_stored(port, tmp_path)
    assert (stopped.returncode, "Traceback" in stopped.stderr) == (130, False), stopped.stderr
    assert "next run goes on" in stopped.stderr
    assert states()[-1] == "interrupted"

    assert run("--kill", "merge").returncode == -signal.SIGKILL
    assert run().returncode == 0
    assert states()[-1] == "ok"
    assert run(name="undisturbed.db").returncode == 0
    sums = {tieup("digest", "--db", f"{name}.db").stdout for name in ("disturbed", "undisturbed")}
    assert len(sums) == 1
    assert rows(tmp_path / "disturbed.db", "PRAGMA integrity_check") == [("ok",)]
    assert rows(tmp_path / "disturbed.db", "SELECT count(*) FROM articles") == [(7,)]


def stop_when_stored(port: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """A run that gets Ctrl-C when it has stored its first article."""
    command = [*SMALL, "--tell", "run", "--db", "disturbed.db", "--newsroom-port", str(port)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("stored")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def test_extraction_that_fails_is_a_problem_and_the_rest_goes_on(tmp_path: Path, tieup: Tieup) -> None:
    port = free_newsroom_port()
    done = tieup("--break", "ikea-sound", "run", "--newsroom-port", port, program=SMALL)
    assert (done.returncode, counts(done.stdout)[2]) == (0, 7), done.stderr
    (problem,) = rows(
        tmp_path / "tieup.db", "SELECT level, source, url, message FROM problems WHERE level = 'error'"
    )
    level, source, url, message = problem
    assert (level, source) == ("error", "retail-ledger")
    assert str(url).startswith(f"http://127.0.0.1:{port}/")
    assert message == "extraction failed: ZeroDivisionError: a bug in two lines"
    # The article itself is kept, for people to read and for a later version to extract.
    assert rows(tmp_path / "tieup.db", "SELECT count(*) FROM articles WHERE url = ?", url) == [(1,)]


def test_second_of_two_runs_says_so(tmp_path: Path, tieup: Tieup) -> None:
    with single_writer(tmp_path / "tieup.db"):
        done = tieup("run", "--newsroom-port", free_newsroom_port())
    assert_one_line(done, "another run is writing to it")
    assert list(content(tmp_path)) == []


def test_busy_newsroom_port_is_one_line(tmp_path: Path, tieup: Tieup) -> None:
    with serve_newsroom(0, []) as newsroom:
        done = tieup("run", "--newsroom-port", newsroom.base_port)
    assert_one_line(done, "--newsroom-port")


def test_busy_serving_port_is_said_before_the_work(tmp_path: Path, tieup: Tieup) -> None:
    with serve_newsroom(0, []) as newsroom:
        done = tieup("run", "--serve", "--port", newsroom.base_port)
    assert_one_line(done, "--port")
    assert content(tmp_path) == {}


@pytest.mark.parametrize("command", ["run", "serve", "digest", "add"])
def test_database_of_another_program_is_refused(command: str, tmp_path: Path, tieup: Tieup) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE theirs(x)")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    options: Iterable[object] = {
        "run": ("--newsroom-port", free_newsroom_port()),
        "add": ("page.html", "--url", "https://example.com/a"),
    }.get(command, ())
    before = content(tmp_path)
    done = tieup(command, "--db", "other.db", *options)
    assert_one_line(done, "other.db: is a database of another program")
    assert content(tmp_path) == before
