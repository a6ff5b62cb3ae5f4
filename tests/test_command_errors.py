"""What a person can mend is one line and exit code 2; what is a bug shows its traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from processes import PAGE

import db.digest
from db.store import open_database
from tieup import cli

WRONG = {
    "no such command": (["nothing"], "No such command 'nothing'"),
    "no such option": (["run", "--nothing"], "--nothing"),
    "port": (["run", "--newsroom-port", "70000"], "70000"),
    "missing argument": (["extract"], "FILE"),
    "missing file": (["extract", "missing.jsonl"], "missing.jsonl"),
    "folder": (["extract", "folder"], "folder"),
    "missing pair": (["load", "missing.jsonl", "other.jsonl"], "missing.jsonl"),
    "read-only database": (["run", "--db", "closed.db"], "closed.db: is read-only"),
    "missing database": (["serve", "--db", "missing.db"], "missing.db: there is no knowledge base"),
    "folder as database": (["digest", "--db", "folder"], "folder: is a folder"),
    "missing folder of the database": (["run", "--db", "no/where.db"], "the folder no does not exist"),
    "text as database": (["digest", "--db", "text.db"], "text.db: is not a tieup database"),
    "missing sources": (["sources", "--sources", "missing.yml"], "missing.yml"),
    "sources of another shape": (["run", "--sources", "text.db"], "text.db"),
    "missing page": (["add", "missing.html"], "missing.html"),
    "page without an address": (["add", "page.html"], "say it with --url"),
    "no article": (["add", "text.db", "--url", "https://example.com/a"], "text.db"),
    "address of this machine": (["add", "http://127.0.0.1:1/x"], "http://127.0.0.1:1/x"),
    "address for an address": (["add", "https://example.com", "--url", "https://example.com"], "a FILE only"),
    "output in a missing folder": (["crawl", "-o", "no/articles.jsonl"], "no"),
    "output is a folder": (["crawl", "-o", "folder"], "folder"),
    "export of nothing": (["export", "out", "--db", "missing.db"], "missing.db"),
    "format": (["export", "out", "--format", "xlsx"], "xlsx"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a folder, a text, a page and a knowledge base that may not be written to."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.db").write_text("text\n" * 1000, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    open_database(tmp_path / "closed.db").close()
    (tmp_path / "closed.db").chmod(0o444)
    return tmp_path


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_done_is_one_line(case: str, folder: Path) -> None:
    before = set(folder.rglob("*"))
    args, part = WRONG[case]
    done = CliRunner().invoke(cli, args)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert re.fullmatch(r"Error: [^\n]+\n", done.stderr), done.stderr
    assert part in done.stderr
    assert {path for path in folder.rglob("*") if path.suffix != ".lock"} == before


def test_a_full_disk_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def limited(path: Path, **options: bool) -> object:
        opened = open_database(path, **options)
        pages = opened.conn.execute("PRAGMA page_count").fetchone()[0]
        # SQLite gives the error of a full disk for a file that has reached its limit.
        opened.conn.execute(f"PRAGMA max_page_count = {pages + 1}")
        return opened

    monkeypatch.setattr("commands.pipeline.open_database", limited)
    done = CliRunner().invoke(cli, ["add", "page.html", "--url", "https://example.com/a"])
    assert done.exit_code == 2
    assert re.fullmatch(r"Error: [^\n]*disk is full[^\n]*\n", done.stderr), done.stderr


def test_a_bug_still_shows_where_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "closed.db").chmod(0o644)
    monkeypatch.setattr(db.digest, "digest", lambda _: int("x"))
    done = CliRunner().invoke(cli, ["digest", "--db", "closed.db"])
    assert isinstance(done.exception, ValueError)
    assert not done.stderr.startswith("Error")


def test_without_a_command_the_help_is_shown() -> None:
    done = subprocess.run([sys.executable, "-m", "tieup"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Commands:" in done.stdout + done.stderr
