"""What was left out and why is in the knowledge base, and stays untouched while it is so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from build import rows
from sqlite_utils import Database

from crawler.items import RelevanceDecision
from db.decisions import store_decisions
from db.digest import digest
from db.store import open_database

READ = RelevanceDecision(
    url="https://wire.example/deal",
    source="wire",
    headline="Tesco and Ocado sign",
    score=0.9,
    is_read=True,
    is_fetched=True,
    reasons=("sign +0.2", "Käse +0.1"),
)
LEFT_OUT = RelevanceDecision(
    url="https://other.example/cup",
    source="nobody",
    headline="Cup \ud83d",
    score=0.0,
    is_read=False,
    is_fetched=False,
    reasons=(),
)


def test_decisions_are_stored_with_their_reasons(db: Database) -> None:
    assert store_decisions(db, [READ, LEFT_OUT, replace(LEFT_OUT, url="https://other.example/\x00")]) == 2
    columns = "url, source, headline, score, is_fetched, is_read"
    assert rows(db, f"SELECT {columns} FROM relevance_decisions ORDER BY score") == [
        # A source that is not known is left out, and so is a text that the file cannot hold.
        ("https://other.example/cup", None, None, 0.0, 0, 0),
        ("https://wire.example/deal", "wire", "Tesco and Ocado sign", 0.9, 1, 1),
    ]
    ((reasons,),) = rows(db, "SELECT reasons FROM relevance_decisions WHERE is_read")
    assert json.loads(reasons) == list(READ.reasons)


def test_only_what_is_decided_otherwise_is_written(db: Database) -> None:
    before = digest(db), rows(db, "SELECT max(seq) FROM changes")
    store_decisions(db, [READ, LEFT_OUT])
    db.execute("UPDATE relevance_decisions SET decided_at = 'then'")
    assert store_decisions(db, [READ, LEFT_OUT]) == 0
    assert store_decisions(db, [READ, replace(LEFT_OUT, is_read=True, is_fetched=True)]) == 1
    assert rows(db, "SELECT url, decided_at = 'then' FROM relevance_decisions ORDER BY url") == [
        ("https://other.example/cup", 0),
        ("https://wire.example/deal", 1),
    ]
    assert (digest(db), rows(db, "SELECT max(seq) FROM changes")) == before


def test_a_file_from_before_gets_the_column(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    old = open_database(path)
    old.execute("ALTER TABLE relevance_decisions DROP COLUMN is_read")
    old.execute("DELETE FROM _sqlite_migrations WHERE name = 'tell_what_was_read'")
    old.close()
    mended = open_database(path)
    assert store_decisions(mended, [LEFT_OUT]) == 1
    mended.close()
