"""The search box: an exact company opens its page, else companies, deals and articles that match."""

from __future__ import annotations

import sqlite3

from datasette.utils import escape_fts

from db.folding import fold_name
from db.pages.reading import Record, one, records, scope

SHOWN = 10

_COMPANIES = f"""
SELECT c.id, c.name, c.kind, c.deals, s.name AS sector_name, n.name AS country_name
FROM companies_fts f JOIN companies c ON c.rowid = f.rowid LEFT JOIN sectors s ON s.id = c.sector
  LEFT JOIN countries n ON n.id = c.country
WHERE companies_fts MATCH ? ORDER BY c.deals DESC, f.rank, c.id LIMIT {SHOWN}
"""
_DEALS = f"""
SELECT d.id, d.title, d.announced, d.phase, s.name AS status_name
FROM deals_fts f JOIN deals d ON d.rowid = f.rowid JOIN statuses s ON s.id = d.status
WHERE deals_fts MATCH ? ORDER BY f.rank, d.announced_earliest DESC, d.id LIMIT {SHOWN}
"""
_ARTICLES = f"""
SELECT a.id, a.headline, a.date_published, a.is_deal_news, s.name AS publisher
FROM articles_fts f JOIN articles a ON a.rowid = f.rowid JOIN sources s ON s.id = a.source
WHERE articles_fts MATCH ? ORDER BY f.rank, a.date_published DESC, a.id LIMIT {SHOWN}
"""


def search_page(conn: sqlite3.Connection, words: str) -> Record:
    """What matches the words. `company` is the only company that is called exactly so, else None."""
    words = words.strip()
    found: Record = {"words": words, "company": exact_company(conn, words), "scope": scope(conn)}
    for table, sql in (("companies", _COMPANIES), ("deals", _DEALS), ("articles", _ARTICLES)):
        match = full_text(words, is_beginning=table == "companies")
        found[table] = records(conn, sql, match) if match else []
        counted = f"SELECT count(*) FROM {table}_fts WHERE {table}_fts MATCH ?"
        found[f"{table}_count"] = one(conn, counted, match) if match else 0
    return found


def exact_company(conn: sqlite3.Connection, words: str) -> str | None:
    """The company with exactly this name, other name or id; None if there is none or more than one."""
    if not words:
        return None
    found = records(
        conn,
        "SELECT company FROM company_aliases WHERE alias = ?1"
        " UNION SELECT id FROM companies WHERE id = ?2 LIMIT 2",
        fold_name(words),
        words,
    )
    return str(found[0]["company"]) if len(found) == 1 else None


def full_text(words: str, *, is_beginning: bool = False) -> str | None:
    """The words as a full-text query, whatever characters they have; None where they hold no word.

    `is_beginning`: the last word may be the beginning of a longer one.
    """
    quoted = escape_fts(words.replace("\0", " "))
    if not any(character.isalnum() for character in quoted):
        return None
    return f"{quoted}*" if is_beginning else str(quoted)
