"""`tieup serve` and `tieup run --serve`: one line with the address, answers, and an end on Ctrl-C."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from processes import LIMIT_S, TIEUP, NewsroomRun, Tieup, assert_one_line, free_newsroom_port

from crawler.newsroom.server import serve_newsroom
from db.store import open_database

SMALL = (sys.executable, str(Path(__file__).with_name("small_tieup.py")))
ADDRESS = re.compile(r"Tieup is at (http://127\.0\.0\.1:\d+/) \(Ctrl-C stops it\)\n")


@contextmanager
def started(*command: object, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that is killed at the end, should it still be there."""
    with subprocess.Popen(
        [*map(str, command)], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    found = ADDRESS.fullmatch(process.stdout.readline())
    assert found
    return found[1]


def stopped(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, out, err


def test_serve_answers_until_it_is_stopped(newsroom_alone: NewsroomRun, tmp_path: Path) -> None:
    with started(*TIEUP, "serve", "--db", newsroom_alone.path, "--port", 0, cwd=tmp_path) as process:
        address = address_of(process)
        with httpx.Client(trust_env=False, timeout=LIMIT_S) as client:
            page = client.get(address)
            deals = client.get(f"{address}tieup/deals.json?_shape=objects&_size=1").json()["rows"]
            original = client.get(f"http://127.0.0.1:{newsroom_alone.port}/")
        assert (page.status_code, original.status_code, len(deals)) == (200, 200, 1)
        assert "Sample data: articles written for this project" in page.text
        assert stopped(process) == (0, "", "")


def test_run_and_serve_ends_with_the_address(tmp_path: Path) -> None:
    port = free_newsroom_port()
    command = (*SMALL, "run", "--serve", "--port", 0, "--newsroom-port", port)
    with started(*command, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert " pages fetched " in process.stdout.readline()
        assert httpx.get(address_of(process), trust_env=False, timeout=LIMIT_S).status_code == 200
        code, out, err = stopped(process)
    assert (code, out) == (0, "")
    assert "http" not in err
    assert "Traceback" not in err


def test_busy_port_is_one_line(inline: Tieup, tmp_path: Path) -> None:
    open_database(tmp_path / "tieup.db").close()
    with serve_newsroom(0, []) as busy:
        assert_one_line(inline("serve", "--port", busy.base_port), f"port {busy.base_port} is in use")
