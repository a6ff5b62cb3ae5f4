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
from processes import LIMIT_S, PAGE, NewsroomRun, Tieup, assert_one_line, free_newsroom_port

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
    assert re.fullmatch(r"(\d+ pages, \d+ waiting, \d+ articles, \d+\.\d pages/s\n)*", newsroom_run.stderr)


def test_second_run_fetches_nothing_anew_and_changes_nothing(
    newsroom_alone: NewsroomRun, tmp_path: Path, tieup: Tieup
) -> None:
    path = tmp_path / "tieup.db"
    # Not the bare file: others read it, and part of it may be in its log.
    with closing(sqlite3.connect(newsroom_alone.path)) as original, closing(sqlite3.connect(path)) as copy:
        original.backup(copy)
    shutil.copytree(newsroom_alone.path.with_name("tieup.state"), tmp_path / "tieup.state")
    before = tieup("digest", "--db", path).stdout
    feed = rows(path, "SELECT max(seq) FROM changes")
    decided = rows(path, "SELECT url, decided_at FROM relevance_decisions")
    again = tieup("run", "--db", path, "--newsroom-port", newsroom_alone.port)
    pages, not_modified, articles, *_ = counts(again.stdout)
    assert (again.returncode, articles) == (0, 0)
    # Pages of which a feed or sitemap says that they have not changed are not even asked for.
    assert not_modified == pages > 40
    assert tieup("digest", "--db", path).stdout == before
    assert rows(path, "SELECT max(seq) FROM changes") == feed
    assert rows(path, "SELECT url, decided_at FROM relevance_decisions") == decided != []


def test_killed_runs_lose_nothing(tmp_path: Path, tieup: Tieup) -> None:
    port = free_newsroom_port()

    def run(*options: str, name: str = "killed.db") -> int:
        done = tieup(*options, "run", "--db", name, "--newsroom-port", port, program=SMALL)
        return done.returncode

    assert run("--kill", "store") == -signal.SIGKILL
    assert rows(tmp_path / "killed.db", "SELECT count(*) FROM articles") == [(2,)]
    assert run("--kill", "merge") == -signal.SIGKILL
    assert rows(tmp_path / "killed.db", "SELECT count(*) FROM deals") == [(0,)]
    assert run() == 0
    assert run(name="undisturbed.db") == 0
    assert tieup("digest", "--db", "killed.db").stdout == tieup("digest", "--db", "undisturbed.db").stdout
    assert rows(tmp_path / "killed.db", "PRAGMA integrity_check") == [("ok",)]


def test_stopped_run_is_gone_on_with(tmp_path: Path, tieup: Tieup) -> None:
    port = free_newsroom_port()
    stopped = stop_when_stored(port, tmp_path)
    assert stopped.returncode == 130, stopped.stderr
    assert stopped.stderr.endswith("Stopped early; the next run goes on from here\n")
    assert "Traceback" not in stopped.stderr
    ((early,),) = rows(tmp_path / "tieup.db", "SELECT count(*) FROM articles")

    again = tieup("run", "--newsroom-port", port, program=SMALL)
    assert again.returncode == 0
    assert counts(again.stdout)[2] == 7 - early  # type: ignore[operator]
    assert rows(tmp_path / "tieup.db", "SELECT state FROM runs ORDER BY id") == [("interrupted",), ("ok",)]


def stop_when_stored(port: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """A run that gets Ctrl-C when it has stored its first article."""
    command = [*SMALL, "--tell", "run", "--newsroom-port", str(port)]
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
    assert (level, source) == ("error", "the-retail-ledger")
    assert str(url).startswith(f"http://127.0.0.1:{port}/")
    assert message == "extraction failed: ZeroDivisionError: a bug in two lines"
    # The article itself is kept, for people to read and for a later version to extract.
    assert rows(tmp_path / "tieup.db", "SELECT count(*) FROM articles WHERE url = ?", url) == [(1,)]


def test_second_of_two_runs_says_so(tmp_path: Path, inline: Tieup) -> None:
    with single_writer(tmp_path / "tieup.db"):
        done = inline("run", "--newsroom-port", free_newsroom_port())
    assert_one_line(done, "another run is writing to it")
    assert list(content(tmp_path)) == []


def test_busy_newsroom_port_is_one_line(tmp_path: Path, inline: Tieup) -> None:
    with serve_newsroom(0, []) as newsroom:
        done = inline("run", "--newsroom-port", newsroom.base_port)
    assert_one_line(done, "--newsroom-port")


def test_busy_serving_port_is_said_before_the_work(tmp_path: Path, inline: Tieup) -> None:
    with serve_newsroom(0, []) as newsroom:
        done = inline("run", "--serve", "--port", newsroom.base_port)
    assert_one_line(done, "--port")
    assert content(tmp_path) == {}


@pytest.mark.parametrize("command", ["run", "serve", "digest", "add"])
def test_database_of_another_program_is_refused(command: str, tmp_path: Path, inline: Tieup) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE theirs(x)")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    options: Iterable[object] = {
        "run": ("--newsroom-port", free_newsroom_port()),
        "add": ("page.html", "--url", "https://example.com/a"),
    }.get(command, ())
    before = content(tmp_path)
    done = inline(command, "--db", "other.db", *options)
    assert_one_line(done, "other.db: is a database of another program")
    assert content(tmp_path) == before
