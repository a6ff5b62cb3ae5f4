"""Which pages the crawler read and which it left out, with the reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from crawler.items import RelevanceDecision
from db.clock import now
from db.rows import Row
from db.screening import storable
from db.store import transaction

_WRITE = """
INSERT INTO relevance_decisions(url, source, headline, score, is_fetched, reasons, decided_at, is_read)
VALUES (:url, (SELECT id FROM sources WHERE id = :source), :headline, :score, :is_fetched, :reasons, :at, :is_read)
ON CONFLICT(url) DO UPDATE SET source = excluded.source, headline = excluded.headline, score = excluded.score,
  is_fetched = excluded.is_fetched, reasons = excluded.reasons, decided_at = excluded.decided_at,
  is_read = excluded.is_read
WHERE (source, headline, score, is_fetched, reasons, is_read)
  IS NOT (excluded.source, excluded.headline, excluded.score, excluded.is_fetched, excluded.reasons, excluded.is_read)
"""


def store_decisions(db: Database, decisions: Iterable[RelevanceDecision]) -> int:
    """Store decisions in one transaction, one an address; returns how many are new or other than before.

    Those that are as before are not touched. A source that the database does not know is left out of the row, and so
    is a headline that SQLite cannot hold; a decision on such an address is left out as a whole.
    """
    at = now()
    rows: list[Row] = [
        {
            "url": decision.url,
            "source": decision.source,
            "headline": decision.headline if _fits(decision.headline) else None,
            "score": decision.score,
            "is_fetched": int(decision.is_fetched),
            "reasons": json.dumps(decision.reasons, ensure_ascii=False),
            "at": at,
            "is_read": int(decision.is_read),
        }
        for decision in decisions
        if _fits(decision.url)
    ]
    with transaction(db):
        return sum(db.conn.execute(_WRITE, row).rowcount for row in rows)


def _fits(text: str | None) -> bool:
    return storable(json.dumps(text, ensure_ascii=False))
