"""What tests of the commands share: real processes, and one whole run of the sample newsroom."""

from __future__ import annotations

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from processes import NewsroomRun, Tieup, free_newsroom_port, run_inline, run_tieup
from sqlite_utils import Database

from db.store import open_database


@pytest.fixture
def tieup(tmp_path: Path) -> Tieup:
    """Runs `tieup` with arguments, `stdin`, in an empty folder of the test unless `cwd` is another."""

    def run(*args: object, **options: object) -> subprocess.CompletedProcess[str]:
        return run_tieup(*args, **{"cwd": tmp_path, **options})  # type: ignore[arg-type]

    return run


@pytest.fixture
def inline(tmp_path: Path) -> Tieup:
    """The same without a process of its own, for what neither crawls nor serves."""

    def run(*args: object, **options: object) -> subprocess.CompletedProcess[str]:
        return run_inline(*args, **{"cwd": tmp_path, **options})  # type: ignore[arg-type]

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
