"""The area page: what it means, its deals, who provides it, and how it goes."""

from __future__ import annotations

import sqlite3

from db.pages.charts import bars
from db.pages.reading import Record, one, record, records, scope

SHOWN = 50

_DEALS = f"""
SELECT d.id, d.title, d.announced, d.phase, s.name AS status_name, m.name AS commitment_name
FROM deal_areas x JOIN deals d ON d.id = x.deal JOIN statuses s ON s.id = d.status
  JOIN commitments m ON m.id = x.commitment
WHERE x.area = ? ORDER BY d.announced_earliest IS NULL, d.announced_earliest DESC, d.id LIMIT {SHOWN}
"""
_PROVIDERS = """
SELECT company, company_name AS name, sum(deals) AS deals, sum(still_on) AS still_on, max(year) AS last_year
FROM area_providers WHERE area = ? GROUP BY company ORDER BY 3 DESC, 5 DESC, 2 LIMIT 12
"""
_YEARS = """
SELECT d.announced_year AS year, count(*) AS deals FROM deal_areas x JOIN deals d ON d.id = x.deal
  JOIN deal_types t ON t.id = d.type AND t.is_partnership
WHERE x.area = ? AND d.announced_year IS NOT NULL GROUP BY d.announced_year ORDER BY d.announced_year
"""


def area_page(conn: sqlite3.Connection, id: str) -> Record | None:
    """Everything the page of an area shows; None where there is no such area."""
    area = record(conn, "SELECT * FROM areas WHERE id = ?", id)
    if area is None:
        return None
    counts = {row["year"]: row["deals"] for row in records(conn, _YEARS, id)}
    years = [(year, counts.get(year, 0)) for year in range(min(counts), max(counts) + 1)] if counts else []
    return {
        "area": area,
        "details": records(conn, "SELECT id, name FROM area_details WHERE area = ? ORDER BY id", id),
        "deals": records(conn, _DEALS, id),
        "deal_count": one(conn, "SELECT count(*) FROM deal_areas WHERE area = ?", id),
        "providers": records(conn, _PROVIDERS, id),
        "years": years,
        "bars": bars([(str(year), count) for year, count in years], 480, 80),
        "scope": scope(conn),
    }
