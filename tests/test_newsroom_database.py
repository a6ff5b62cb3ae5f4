"""The invariant of the knowledge base, in SQL, over the whole newsroom: what is quoted re-reads exactly."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

# `substr` counts code points, as offsets do.
RE_READ = """
SELECT count(*), sum(substr(t.text, q.start_char + 1, q.end_char - q.start_char) IS q.{quote})
FROM {table} q LEFT JOIN article_texts t ON t.version = q.version AND t.part = q.part
"""


@pytest.mark.parametrize(
    ("table", "quote"), [("claims", "quote"), ("mentions", "surface"), ("date_mentions", "surface")]
)
def test_every_quote_re_reads(table: str, quote: str, newsroom_db: Database) -> None:
    total, exact = newsroom_db.conn.execute(RE_READ.format(table=table, quote=quote)).fetchone()
    assert total > 100
    assert exact == total


def test_claims_quote_headline_and_body_only(newsroom_db: Database) -> None:
    parts = newsroom_db.conn.execute("SELECT DISTINCT part FROM claims ORDER BY part").fetchall()
    assert parts == [("article_body",), ("headline",)]


def test_quotes_beyond_ascii_are_among_them(newsroom_db: Database) -> None:
    """Offsets in bytes or UTF-16 units would re-read too, were all of the text ASCII."""
    (before,) = newsroom_db.conn.execute(
        "SELECT count(*) FROM claims q JOIN article_texts t USING (version, part)"
        " WHERE length(CAST(substr(t.text, 1, q.start_char) AS BLOB)) > q.start_char"
    ).fetchone()
    assert before > 50


def test_nothing_is_left_unmerged_and_references_hold(newsroom_db: Database) -> None:
    assert newsroom_db.conn.execute("SELECT count(*) FROM extractions WHERE is_merged = 0").fetchone() == (0,)
    assert newsroom_db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    assert newsroom_db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
