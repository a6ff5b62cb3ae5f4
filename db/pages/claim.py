"""The page of a claim, to be cited: what it states of which deal, and the words in their sentence."""

from __future__ import annotations

import sqlite3

from db.pages.context import passage
from db.pages.reading import Record, record
from db.pages.wording import web_link

_CLAIM = """
SELECT c.*, d.title, a.headline, a.date_published, a.url, s.name AS publisher, v.is_current, t.text
FROM claims c JOIN deals d ON d.id = c.deal JOIN articles a ON a.id = c.article
  JOIN sources s ON s.id = a.source
  JOIN article_versions v ON v.id = c.version
  LEFT JOIN article_texts t ON t.version = c.version AND t.part = c.part
WHERE c.id = ?
"""


def claim_page(conn: sqlite3.Connection, id: str) -> Record | None:
    """Everything the page of a claim shows; None where there is no such claim."""
    claim = record(conn, _CLAIM, id)
    if claim is None:
        return None
    words = passage(claim["text"], claim["start_char"], claim["end_char"], claim["quote"])
    return {"claim": claim, "passage": words, "web": web_link(claim["url"])}
