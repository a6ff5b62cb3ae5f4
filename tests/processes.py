"""Running `tieup` as a process, and what its tests share."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from crawler.newsroom.server import serve_newsroom
from tieup import cli

ROOT = Path(__file__).parents[1]
TIEUP = (sys.executable, "-m", "tieup")
LIMIT_S = 300

PAGE = """<!doctype html><html lang="en"><head><title>Tesco and Ocado sign</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2021-04-27T08:00:00Z">
</head><body><article><h1>Tesco and Ocado sign a delivery deal</h1>
<p>Tesco and Ocado have signed an agreement under which Ocado will deliver groceries from 40 Tesco stores in the
north of England, the two companies said on Monday. Deliveries will start in June.</p>
<p>Tesco will pick the orders in its stores, while Ocado brings its vans and its software for planning routes. The
partnership runs for three years and covers food, drink and household goods.</p>
<p>"Our customers asked for shorter waits," a Tesco spokesman said. Ocado said the deal would fill its vans on the
days on which they now stand idle.</p></article>
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


def run_inline(
    *args: object, stdin: str | bytes = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """The same in this process, which saves a second or more: for what neither crawls nor serves."""
    with contextlib.chdir(cwd or ROOT):
        done = CliRunner().invoke(cli, [*map(str, args)], input=stdin)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(
        args, done.exit_code, done.stdout_bytes.decode(), done.stderr_bytes.decode()
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
