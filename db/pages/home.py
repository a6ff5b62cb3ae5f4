"""The home page: how fresh the data is, what is new, and where to go on."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from db.pages.charts import bars, quarters
from db.pages.reading import Record, one, record, records, scope

Query = Mapping[str, Any]

TREND_YEARS = 8
_LAST_RUN = "SELECT id FROM runs WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1"
_LATEST = """
SELECT d.id, d.title, d.announced, d.phase, s.name AS status_name
FROM deals d JOIN statuses s ON s.id = d.status
ORDER BY d.announced_earliest IS NULL, d.announced_earliest DESC, d.id LIMIT 10
"""
_AREAS = """
SELECT a.id, a.name, count(d.id) AS deals, sum(x.commitment = 'committed') AS committed
FROM areas a JOIN deal_areas x ON x.area = a.id JOIN deals d ON d.id = x.deal
  JOIN deal_types t ON t.id = d.type AND t.is_partnership
GROUP BY a.id ORDER BY deals DESC, a.position
"""
_AREA_YEARS = """
SELECT x.area, d.announced_year AS year, count(*) AS deals FROM deal_areas x JOIN deals d ON d.id = x.deal
  JOIN deal_types t ON t.id = d.type AND t.is_partnership
WHERE d.announced_year IS NOT NULL GROUP BY x.area, d.announced_year
"""
_COMPANIES = """
SELECT c.id, c.name, count(*) AS deals FROM deal_parties p JOIN party_roles r ON r.id = p.role AND r.side = ?
  JOIN companies c ON c.id = p.company JOIN deals d ON d.id = p.deal
  JOIN deal_types t ON t.id = d.type AND t.is_partnership
GROUP BY c.id ORDER BY deals DESC, max(d.announced_earliest) DESC, c.name LIMIT 8
"""
_QUARTERS = """
SELECT substr(d.announced_earliest, 1, 4) || '-Q'
  || ((CAST(substr(d.announced_earliest, 6, 2) AS INTEGER) + 2) / 3) AS quarter, count(*) AS deals
FROM deals d JOIN deal_types t ON t.id = d.type AND t.is_partnership
WHERE d.announced_precision IN ('day', 'month', 'quarter') GROUP BY quarter ORDER BY quarter
"""


def home_page(conn: sqlite3.Connection, queries: Mapping[str, Query], today: datetime.date) -> Record:
    """Everything the home page shows. `queries` are the canned queries; tiles count what their links show."""
    areas = records(conn, _AREAS)
    retailers = records(conn, _COMPANIES, "buyer")
    return {
        "freshness": record(conn, "SELECT * FROM freshness"),
        "last_run": one(conn, _LAST_RUN),
        "scope": scope(conn),
        "examples": _examples(retailers, areas),
        "tiles": _tiles(conn, queries, today),
        "latest": records(conn, _LATEST),
        "areas": _with_trend(conn, areas),
        "retailers": retailers,
        "providers": records(conn, _COMPANIES, "provider"),
        "quarters": _per_quarter(conn),
        "questions": [_question(name, query) for name, query in queries.items() if _is_question(query)],
        "is_sample": _is_sample(conn),
        "measured": one(conn, "SELECT count(*) FROM metrics"),
    }


def _examples(retailers: list[Record], areas: list[Record]) -> list[str]:
    found = [retailers[0]["name"]] if retailers else []
    found += ["letter of intent"]
    found += [areas[0]["name"]] if areas else []
    return found


def _tiles(conn: sqlite3.Connection, queries: Mapping[str, Query], today: datetime.date) -> list[Record]:
    year = f"{today.year}-01-01"
    wanted: tuple[tuple[str, str, dict[str, str], str], ...] = (
        ("added in the last 7 days", "whats_new", {}, "kind = 'new deal'"),
        (f"ended in {today.year}", "endings_and_successors", {"since": year}, "1"),
        ("reach their term within 12 months", "terms_ending", {"months": "12"}, "1"),
        ("letters of intent gone quiet", "letters_gone_quiet", {"months": "12"}, "1"),
    )
    return [
        {"label": label, "query": name, "arguments": urlencode(given), "count": count}
        for label, name, given, condition in wanted
        if name in queries and (count := _count(conn, queries[name], given, condition)) is not None
    ]


def _count(conn: sqlite3.Connection, query: Query, given: Mapping[str, str], condition: str) -> int | None:
    """How many deals a canned query lists."""
    arguments = {name: given.get(name, "") for name in query.get("params") or ()}
    sql = f"SELECT count(DISTINCT deal) FROM ({query['sql']}) WHERE {condition}"
    found = conn.execute(sql, arguments).fetchone()
    return int(found[0]) if found else None


def _with_trend(conn: sqlite3.Connection, areas: list[Record]) -> list[Record]:
    counts = {(row["area"], row["year"]): row["deals"] for row in records(conn, _AREA_YEARS)}
    last = max((year for _, year in counts), default=0)
    first = max(last - TREND_YEARS + 1, min((year for _, year in counts), default=0))
    years = range(first, last + 1) if counts else ()
    return [
        {
            **area,
            "bars": bars([(str(year), counts.get((area["id"], year), 0)) for year in years], 80, 18),
            "trend": ", ".join(f"{year}: {counts.get((area['id'], year), 0)}" for year in years),
        }
        for area in areas
    ]


def _per_quarter(conn: sqlite3.Connection) -> Record:
    counts = {row["quarter"]: row["deals"] for row in records(conn, _QUARTERS)}
    if not counts:
        return {"bars": [], "first": "", "last": "", "most": 0, "rows": []}
    every = quarters(min(counts), max(counts))
    rows = [(quarter, counts.get(quarter, 0)) for quarter in every]
    return {
        "bars": bars(rows, 720, 120),
        "first": every[0],
        "last": every[-1],
        "most": max(counts.values()),
        "rows": [(quarter, count) for quarter, count in reversed(rows) if count],
    }


def _is_question(query: Query) -> bool:
    return str(query.get("title") or "").endswith("?")


def _question(name: str, query: Query) -> Record:
    example = {key: entry for key, entry in (query.get("example") or {}).items() if entry}
    return {"name": name, "title": query["title"], "example": urlencode(example)}


def _is_sample(conn: sqlite3.Connection) -> bool:
    """Whether every article comes from the newsroom that this machine serves."""
    return bool(
        one(
            conn,
            "SELECT count(*) > 0 AND min(s.domain = '127.0.0.1' OR s.domain LIKE '127.0.0.1:%')"
            " FROM articles a JOIN sources s ON s.id = a.source",
        )
    )
