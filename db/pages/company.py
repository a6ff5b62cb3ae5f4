"""The company page: partners by area, deals, and where it is named without being a party."""

from __future__ import annotations

import sqlite3

from db.pages.reading import Record, one, record, records, scope
from db.pages.wording import web_link, wikidata_link

MENTIONS_SHOWN = 40
DEALS_SHOWN = 100
PARTNERS_SHOWN = 12
"""Rows of one area."""

_COMPANY = """
SELECT c.*, n.name AS country_name, s.name AS sector_name, p.name AS parent_name, t.name AS top_parent_name
FROM companies c JOIN companies t ON t.id = c.top_parent LEFT JOIN companies p ON p.id = c.parent
  LEFT JOIN countries n ON n.id = c.country LEFT JOIN sectors s ON s.id = c.sector
WHERE c.id = ?
"""
_FAMILY = """
WITH RECURSIVE family(id) AS (SELECT ?1 UNION SELECT c.id FROM companies c JOIN family f ON c.parent = f.id),
theirs(deal, company) AS (SELECT deal, company FROM deal_parties WHERE company IN family)
"""
_PARTNERS = (
    _FAMILY
    + """
SELECT x.area, a.name AS area_name, m.name AS commitment_name, q.company AS partner, k.name AS partner_name,
  r.name AS partner_role, d.id, d.title, d.announced, d.phase, s.name AS status_name, d.is_exclusive,
  nullif(t.company, ?1) AS via, v.name AS via_name
FROM theirs t JOIN deals d ON d.id = t.deal JOIN deal_types y ON y.id = d.type AND y.is_partnership
  JOIN deal_parties q ON q.deal = d.id AND q.company NOT IN family
  JOIN companies k ON k.id = q.company JOIN companies v ON v.id = t.company
  JOIN party_roles r ON r.id = q.role JOIN statuses s ON s.id = d.status
  LEFT JOIN deal_areas x ON x.deal = d.id LEFT JOIN areas a ON a.id = x.area
  LEFT JOIN commitments m ON m.id = x.commitment
ORDER BY a.position IS NULL, a.position, d.phase = 'ended', d.announced_earliest DESC, d.id, q.position
"""
)
_DEALS = (
    _FAMILY
    + """
SELECT DISTINCT d.id, d.title, d.announced, d.announced_earliest, d.phase, s.name AS status_name,
  y.name AS type_name, y.is_partnership, d.source_count, d.confidence,
  nullif(t.company, ?1) AS via, v.name AS via_name
FROM theirs t JOIN deals d ON d.id = t.deal JOIN statuses s ON s.id = d.status
  JOIN deal_types y ON y.id = d.type JOIN companies v ON v.id = t.company
ORDER BY d.announced_earliest IS NULL, d.announced_earliest DESC, d.id
"""
)
_AS_UNIT = """
SELECT d.id, d.title, d.announced, d.phase, s.name AS status_name, u.party, p.name AS party_name
FROM deal_units u JOIN deals d ON d.id = u.deal JOIN statuses s ON s.id = d.status
  JOIN companies p ON p.id = u.party
WHERE u.unit = ? ORDER BY d.announced_earliest IS NULL, d.announced_earliest DESC, d.id
"""
_UNITS = "SELECT id, name, kind, deals FROM companies WHERE parent = ? ORDER BY deals DESC, name"
_ALIASES = "SELECT alias FROM company_aliases WHERE company = ? AND alias <> ? ORDER BY alias"
_NAMED = f"""
SELECT n.article, n.headline, n.date_published, n.reason, n.times, n.surface, r.name AS role_name,
  s.name AS publisher
FROM non_parties n JOIN party_roles r ON r.id = n.role JOIN articles a ON a.id = n.article
  JOIN sources s ON s.id = a.source
WHERE n.company = ?
ORDER BY n.date_published IS NULL, n.date_published DESC, n.article, r.position LIMIT {MENTIONS_SHOWN}
"""


def company_page(conn: sqlite3.Connection, id: str) -> Record | None:
    """Everything a company page shows, subsidiaries rolled up; None where there is no such company."""
    company = record(conn, _COMPANY, id)
    if company is None:
        return None
    deals = records(conn, _DEALS, id)
    return {
        "company": company,
        "website": web_link(company["website"]),
        "wikidata": wikidata_link(company["wikidata"]),
        "aliases": [row["alias"] for row in records(conn, _ALIASES, id, id)],
        "units": records(conn, _UNITS, id),
        "areas": by_area(partners_of(conn, id)),
        "deals": deals[:DEALS_SHOWN],
        "deal_count": len(deals),
        "as_unit": records(conn, _AS_UNIT, id),
        "named": records(conn, _NAMED, id),
        "named_count": one(conn, "SELECT count(*) FROM non_parties WHERE company = ?", id),
        "scope": scope(conn),
    }


def partners_of(conn: sqlite3.Connection, id: str) -> list[Record]:
    """One row per area, deal and partner of a company and its subsidiaries, deals that are over last."""
    return records(conn, _PARTNERS, id)


def by_area(rows: list[Record]) -> list[Record]:
    """The rows of one area together, in the order of the areas; deals without an area last."""
    areas: dict[str | None, list[Record]] = {}
    for row in rows:
        areas.setdefault(row["area"], []).append(row)
    return [
        {
            "area": area,
            "name": found[0]["area_name"],
            "rows": found[:PARTNERS_SHOWN],
            "more": max(0, len(found) - PARTNERS_SHOWN),
        }
        for area, found in areas.items()
    ]
