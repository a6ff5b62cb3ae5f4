"""The digest covers content and nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from build import database, load, report, rows
from sqlite_utils import Database

from db.digest import content, digest
from db.runs import add_problem, finish_run, start_run


def test_the_digest_is_the_sha256_of_the_rows_in_order(db: Database) -> None:
    load(db, report("https://wire.example/1"))
    lines = list(content(db))
    assert digest(db) == hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    assert lines[0] == json.dumps(
        rows(db, "SELECT * FROM areas ORDER BY id")[0], ensure_ascii=False, separators=(",", ":")
    )
    [deal_line] = [line for line in lines if line.startswith('["ocado-tesco-2024","Tesco')]
    assert len(json.loads(deal_line)) == len(db["deals"].columns) - 2
    assert "2026-01-01" not in "".join(lines)


def test_the_digest_tells_of_a_changed_cell_and_not_of_runs_or_times(db: Database) -> None:
    load(db, report("https://wire.example/1"))
    before = digest(db)
    run = start_run(db, "load", {})
    add_problem(db, run, level="error", source=None, url=None, message="none")
    finish_run(db, run, state="ok")
    for statement in (
        "UPDATE articles SET retrieved_at = '2020-01-01'",
        "UPDATE deals SET updated = '', first_seen = ''",
        "UPDATE claims SET run = 'x'",
        "UPDATE about SET stated = 'x'",
        "DELETE FROM changes",
        "INSERT INTO deal_ids VALUES ('a-b-2020', '[]', NULL, '')",
        "INSERT INTO relevance_decisions VALUES ('u', NULL, NULL, 0.1, 0, '[]', '', 0)",
    ):
        db.execute(statement)
    assert digest(db) == before
    db.execute("UPDATE deal_parties SET confidence = 0.91 WHERE company = 'tesco'")
    assert digest(db) != before


def test_two_files_with_the_same_content_have_the_same_digest(db: Database, tmp_path: Path) -> None:
    other = database(tmp_path / "other.db")
    assert digest(db) == digest(other)
    load(db, report("https://wire.example/1"))
    assert digest(db) != digest(other)
    load(other, report("https://wire.example/1"))
    assert digest(db) == digest(other)
    other.close()
