"""The news page: the latest articles, deal or not, by company, area, source, day and words."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Mapping
from urllib.parse import urlencode

from db.folding import fold_name
from db.pages.reading import Record, one, records, scope
from db.pages.search import full_text

PAGE_SIZE = 30
LAST_PAGE = 10_000

_IN_AREA = "SELECT x.article FROM deal_articles x JOIN deal_areas y ON y.deal = x.deal WHERE y.area = {}"
_ARTICLES = """
SELECT a.id, a.headline, a.date_published, a.is_deal_news, a.is_accessible_for_free, a.syndication_group,
  a.source, s.name AS publisher
FROM articles a JOIN sources s ON s.id = a.source WHERE {where}
ORDER BY a.date_published IS NULL, a.date_published DESC, a.id LIMIT ? OFFSET ?
"""
_DEALS = """
SELECT x.article, x.relation, d.id, d.title, d.phase, s.name AS status_name
FROM deal_articles x JOIN deals d ON d.id = x.deal JOIN statuses s ON s.id = d.status
WHERE x.article IN ({marks}) ORDER BY x.relation = 'recalls', d.id
"""


def news_page(conn: sqlite3.Connection, asked: Mapping[str, str]) -> Record:
    """The articles that meet what the reader asks: q, company, area, source, day and page. A value that names
    nothing is said in `mistakes` and not applied."""
    wanted = {name: asked.get(name, "").strip() for name in ("q", "company", "area", "source", "day")}
    where, given, json_query, mistakes = _conditions(conn, wanted)
    total = one(conn, f"SELECT count(*) FROM articles a WHERE {where}", *given)
    page = _page(asked.get("page", ""), total)
    articles = records(conn, _ARTICLES.format(where=where), *given, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    kept = {name: entry for name, entry in wanted.items() if entry}
    return {
        "asked": wanted,
        "mistakes": mistakes,
        "articles": _with_deals(conn, articles),
        "total": total,
        "first": (page - 1) * PAGE_SIZE + 1,
        "newer": urlencode({**kept, "page": page - 1}) if page > 1 else None,
        "older": urlencode({**kept, "page": page + 1}) if page * PAGE_SIZE < total else None,
        "json": urlencode([("_shape", "objects"), *json_query]),
        "areas": records(conn, "SELECT id, name FROM areas ORDER BY position"),
        "sources": records(conn, "SELECT id, name FROM sources WHERE articles > 0 ORDER BY name"),
        "scope": scope(conn),
    }


def _conditions(
    conn: sqlite3.Connection, wanted: Mapping[str, str]
) -> tuple[str, list[str], list[tuple[str, str]], list[str]]:
    """The WHERE clause, its parameters, the same as parameters of the articles table's JSON, and mistakes."""
    clauses, given, json_query, mistakes = ["1"], [], [], []
    if words := wanted["q"]:
        match = full_text(words)
        clauses.append(
            "a.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)" if match else "0"
        )
        given += [match] if match else []
        json_query.append(("_search", words))
    if name := wanted["company"]:
        companies = [row["company"] for row in _companies(conn, name)]
        if companies:
            marks = ", ".join("?" * len(companies))
            clauses.append(f"a.version IN (SELECT version FROM mentions WHERE company IN ({marks}))")
            given += companies
            json_query.append(("_company", companies[0]))
        else:
            mistakes.append(f"No company is called {name}.")
    if area := wanted["area"]:
        if one(conn, "SELECT id FROM areas WHERE id = ?", area):
            clauses.append(f"a.id IN ({_IN_AREA.format('?')})")
            given.append(area)
            quoted = area.replace("'", "''")
            json_query.append(("_where", f"id in ({_IN_AREA.format(chr(39) + quoted + chr(39))})"))
        else:
            mistakes.append(f"There is no area {area}.")
    if source := wanted["source"]:
        if one(conn, "SELECT id FROM sources WHERE id = ?", source):
            clauses.append("a.source = ?")
            given.append(source)
            json_query.append(("source", source))
        else:
            mistakes.append(f"There is no source {source}.")
    if day := wanted["day"]:
        try:
            day = datetime.date.fromisoformat(day).isoformat()
            clauses.append("substr(a.date_published, 1, 10) = ?")
            given.append(day)
            json_query.append(("date_published__startswith", day))
        except ValueError:
            mistakes.append(f"{day} is no day such as 2024-03-31.")
    return " AND ".join(clauses), given, json_query, mistakes


def _companies(conn: sqlite3.Connection, name: str) -> list[Record]:
    return records(
        conn,
        "SELECT company FROM company_aliases WHERE alias IN (?, ?) GROUP BY company ORDER BY company",
        fold_name(name),
        name,
    )


def _page(asked: str, total: int) -> int:
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return max(1, min(number, LAST_PAGE, (total + PAGE_SIZE - 1) // PAGE_SIZE or 1))


def _with_deals(conn: sqlite3.Connection, articles: list[Record]) -> list[Record]:
    marks = ", ".join("?" * len(articles))
    deals: dict[str, list[Record]] = {}
    for row in records(conn, _DEALS.format(marks=marks), *(article["id"] for article in articles)):
        deals.setdefault(row["article"], []).append(row)
    return [{**article, "deals_of": deals.get(article["id"], [])} for article in articles]
