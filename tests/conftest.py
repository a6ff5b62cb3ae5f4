"""What tests of the commands share: real processes, free ports, and one whole run of the sample newsroom."""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlite_utils import Database

from crawler.newsroom.server import serve_newsroom
from db.store import open_database

ROOT = Path(__file__).parents[1]
TIEUP = (sys.executable, "-m", "tieup")
LIMIT_S = 300

PAGE = f"""<!doctype html><html lang="en"><head><title>Tesco and Ocado sign</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2021-04-27T08:00:00Z">
</head><body><article><h1>Tesco and Ocado sign a delivery deal</h1>
<p>{"Tesco and Ocado signed a delivery agreement on Monday, the companies said. " * 8}</p></article>
</body></html>"""
"""The page of an article that names no address."""

Tieup = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, slots=True)
class NewsroomRun:
    """One `tieup run` on the whole newsroom: the knowledge base (to read only), its port, what it printed."""

    path: Path
    port: int
    stdout: str
    stderr: str


def run_tieup(
    *args: object, stdin: str | bytes = "", cwd: Path | None = None, program: tuple[str, ...] = TIEUP
) -> subprocess.CompletedProcess[str]:
    """A `tieup` process that ran to its end."""
    done = subprocess.run(
        [*program, *map(str, args)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=cwd or ROOT,
        timeout=LIMIT_S,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")
    )


def free_newsroom_port() -> int:
    """The first of five ports in a row that nobody listens on."""
    with serve_newsroom(0, []) as newsroom:
        return newsroom.base_port


def assert_one_line(done: subprocess.CompletedProcess[str], part: str) -> None:
    """The process refused: exit code 2, nothing on standard output, and one line that has `part`."""
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert re.fullmatch(r"Error: [^\n]+\n", done.stderr), done.stderr
    assert part in done.stderr


@pytest.fixture
def tieup(tmp_path: Path) -> Tieup:
    """Runs `tieup` with arguments, `stdin`, in an empty folder of the test unless `cwd` is another."""

    def run(*args: object, **options: object) -> subprocess.CompletedProcess[str]:
        return run_tieup(*args, **{"cwd": tmp_path, **options})  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def newsroom_run(tmp_path_factory: pytest.TempPathFactory) -> NewsroomRun:
    """The run that tests of the whole newsroom share, made once for all workers: it takes half a minute."""
    # Workers have a folder each inside the session's; a process without workers is its only one.
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / "newsroom-run"
    shared.mkdir(exist_ok=True)
    noted = shared / "port"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not noted.exists():
            port = free_newsroom_port()
            done = run_tieup("run", "--db", shared / "tieup.db", "--newsroom-port", port)
            (shared / "stdout").write_text(done.stdout, encoding="utf-8")
            (shared / "stderr").write_text(done.stderr, encoding="utf-8")
            assert done.returncode == 0, done.stderr
            noted.write_text(str(port))
    return NewsroomRun(
        path=shared / "tieup.db",
        port=int(noted.read_text()),
        stdout=(shared / "stdout").read_text(encoding="utf-8"),
        stderr=(shared / "stderr").read_text(encoding="utf-8"),
    )


@pytest.fixture
def newsroom_alone(newsroom_run: NewsroomRun) -> Iterator[NewsroomRun]:
    """The run, and the right to its port until the test ends: other workers' tests wait."""
    with (newsroom_run.path.parent / "port.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield newsroom_run


@pytest.fixture
def newsroom_db(newsroom_run: NewsroomRun) -> Iterator[Database]:
    """The knowledge base of the whole newsroom, to read."""
    with closing(open_database(newsroom_run.path, create=False)) as db:
        yield db
