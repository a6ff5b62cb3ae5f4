"""The article page: the text with what was found in it, and what was concluded."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import pairwise

from db.pages.reading import Record, record, records
from db.pages.wording import web_link
from db.settings import LANGUAGES_READ

_ARTICLE = """
SELECT a.*, s.name AS publisher, s.domain, v.date_modified,
  (SELECT count(*) FROM article_versions WHERE article = a.id) AS versions
FROM articles a JOIN sources s ON s.id = a.source LEFT JOIN article_versions v ON v.id = a.version
WHERE a.id = ?
"""
_PARTS = """
SELECT part, kind, text FROM article_texts WHERE version = ?
ORDER BY part <> 'headline', part <> 'article_body', CAST(substr(part, 8) AS INTEGER)
"""
_MENTIONS = """
SELECT m.part, m.start_char, m.end_char, m.company, c.name, m.reason, r.name AS role_name, r.is_party, m.role
FROM mentions m JOIN companies c ON c.id = m.company LEFT JOIN party_roles r ON r.id = m.role
WHERE m.version = ? ORDER BY m.part, m.start_char, m.end_char DESC
"""
_DATES = """
SELECT d.part, d.start_char, d.end_char, d.edtf, r.name AS role_name, d.deal FROM date_mentions d
  JOIN date_roles r ON r.id = d.role WHERE d.version = ? ORDER BY d.part, d.start_char
"""
_QUOTES = "SELECT DISTINCT part, start_char, end_char FROM claims WHERE version = ? ORDER BY part, start_char"
_DEALS = """
SELECT d.id, d.title, d.announced, d.phase, s.name AS status_name, x.relation,
  (SELECT count(*) FROM claims c JOIN article_versions v ON v.id = c.version AND v.is_current
    WHERE c.deal = d.id AND c.article = x.article) AS claims
FROM deal_articles x JOIN deals d ON d.id = x.deal JOIN statuses s ON s.id = d.status
WHERE x.article = ? ORDER BY x.relation = 'recalls', d.id
"""
_COMPANIES = """
SELECT m.company, c.name, r.name AS role_name, r.is_party, m.reason, count(*) AS times FROM mentions m
  JOIN companies c ON c.id = m.company LEFT JOIN party_roles r ON r.id = m.role
WHERE m.version = ? GROUP BY m.company, m.role, m.reason
ORDER BY NOT coalesce(r.is_party, 0), min(r.position), c.name
"""
_COPIES = """
SELECT a.id, a.headline, s.name AS publisher, a.date_published, a.id = a.syndication_group AS is_original
FROM articles a JOIN sources s ON s.id = a.source
WHERE a.syndication_group = ? AND a.id <> ?
ORDER BY a.id <> a.syndication_group, a.date_published IS NULL, a.date_published, a.id
"""
_SET_ASIDE = ("related", "newsletter", "bio", "comments", "caption", "boilerplate")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that the same spans cover from end to end."""

    text: str
    css: str
    title: str
    company: str | None


def article_page(conn: sqlite3.Connection, id: str) -> Record | None:
    """Everything the page of an article shows; None where there is no such article."""
    article = record(conn, _ARTICLE, id)
    if article is None:
        return None
    version = article["version"]
    spans = _spans(conn, version)
    parts = [
        {**part, "pieces": pieces(part["text"], spans.get(part["part"], []))}
        for part in records(conn, _PARTS, version)
    ]
    return {
        "article": article,
        "web": web_link(article["url"]),
        "unread": _why_unread(article),
        "headline": next((part["pieces"] for part in parts if part["part"] == "headline"), []),
        "body": next((part for part in parts if part["part"] == "article_body"), None),
        "aside": [part for part in parts if part["kind"] in _SET_ASIDE],
        "deals": records(conn, _DEALS, id),
        "companies": records(conn, _COMPANIES, version),
        "dates": records(conn, _DATES, version),
        "copies": records(conn, _COPIES, article["syndication_group"], id),
    }


def _why_unread(article: Record) -> str:
    """Why nothing was looked for in the article; empty if its text was read."""
    language = article["in_language"]
    if language and language.lower().split("-")[0] not in LANGUAGES_READ:
        return f"its language is {language}, and only {' and '.join(LANGUAGES_READ)} is read"
    return "only its first lines are free" if article["is_accessible_for_free"] == 0 else ""


def pieces(text: str, spans: list[Record]) -> list[Piece]:
    """Cut a text where spans begin or end. Joined, the pieces are the text again."""
    inside = [span for span in spans if 0 <= span["start_char"] < span["end_char"] <= len(text)]
    cuts = sorted({0, len(text), *(s["start_char"] for s in inside), *(s["end_char"] for s in inside)})
    return [
        _piece(text[start:end], [s for s in inside if s["start_char"] <= start and end <= s["end_char"]])
        for start, end in pairwise(cuts)
    ]


def _piece(text: str, spans: list[Record]) -> Piece:
    classes = sorted({span["css"] for span in spans}, key=("party", "unit", "named", "date", "quoted").index)
    titles = [span["title"] for span in spans if span["title"]]
    company = next((span["company"] for span in spans if span["company"]), None)
    return Piece(text, " ".join(classes), "; ".join(dict.fromkeys(titles)), company)


def _spans(conn: sqlite3.Connection, version: str) -> dict[str, list[Record]]:
    spans: dict[str, list[Record]] = {}
    for row in records(conn, _MENTIONS, version):
        css = "party" if row["is_party"] else "unit" if row["role"] == "unit_of_party" else "named"
        title = f"{row['name']}: {row['role_name'] or 'no role'}"
        spans.setdefault(row["part"], []).append({**row, "css": css, "title": title})
    for row in records(conn, _DATES, version):
        title = f"{row['role_name']}: {row['edtf'] or 'cannot be resolved'}"
        spans.setdefault(row["part"], []).append({**row, "css": "date", "title": title, "company": None})
    for row in records(conn, _QUOTES, version):
        spans.setdefault(row["part"], []).append({**row, "css": "quoted", "title": "", "company": None})
    return spans
