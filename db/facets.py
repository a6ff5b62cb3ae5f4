"""Counts of areas, companies and countries beside a table: the facet type `link`.

Metadata asks for one with `facets: [{link: area}]`, an address with `_facet_link=area`. The built-in array
facet reads the JSON array of every row, which takes seconds on a large table; this one counts link rows.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.utils import path_with_added_args, path_with_removed_args

from db.links import LINKS, Link


class LinkFacet(Facet):  # type: ignore[misc]  # Datasette has no types
    """How many of the rows shown are linked to each area, company or country."""

    type = "link"

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        results: list[dict[str, Any]] = []
        timed_out: list[str] = []
        wanted: dict[str, bool] = {}
        for entry in self.get_configs():
            name = entry["config"].get("column") or entry["config"].get("simple")
            # Asked for by metadata and by the address: one facet, which the address cannot hide.
            wanted[name] = wanted.get(name, True) and entry["source"] != "metadata"
        for name, hideable in wanted.items():
            link = LINKS.get(self.table, {}).get(name)
            if link is None:
                continue
            try:
                results.append(await self._count(name, link, hideable))
            except QueryInterrupted:
                timed_out.append(name)
        return results, timed_out

    async def _count(self, name: str, link: Link, hideable: bool) -> dict[str, Any]:
        size = self.get_facet_size()
        rows = (
            await self.ds.execute(
                self.database,
                self._sql(link, size + 1),
                self.params,
                truncate=False,
                custom_time_limit=self.ds.setting("facet_time_limit_ms"),
            )
        ).rows
        return {
            "name": name,
            "type": self.type,
            "hideable": hideable,
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet_link": name})),
            "results": [self._result(f"_{name}", row) for row in rows[:size]],
            "truncated": len(rows) > size,
        }

    def _sql(self, link: Link, limit: int) -> str:
        # Without a filter the link table alone gives the counts, from its index; names are for the few shown.
        is_filtered = self.params or " where " in self.sql.lower()
        shown = f"where {link.row} in (select id from ({self.sql}))" if is_filtered else ""
        count = f"count(distinct {link.row})" if link.repeats else "count(*)"
        return (
            "select counted.value, coalesce(labels.name, counted.value) as label, counted.n from ("
            f"select {link.target} as value, {count} as n from {link.through} {shown} "
            f"group by {link.target} order by n desc, value limit {limit}) counted "
            f"left join {link.labels} labels on labels.id = counted.value order by n desc, value"
        )

    def _result(self, key: str, row: sqlite3.Row) -> dict[str, Any]:
        selected = (key, row["value"]) in self.get_querystring_pairs()
        # The page token belongs to the rows before the click, so it goes.
        if selected:
            without_page = path_with_removed_args(self.request, {"_next"})
            path = path_with_removed_args(self.request, {key: row["value"]}, path=without_page)
        else:
            path = path_with_added_args(self.request, {key: row["value"], "_next": None})
        return {
            "value": row["value"],
            "label": row["label"],
            "count": row["n"],
            "toggle_url": self.ds.absolute_url(self.request, self.ds.urls.path(path)),
            "selected": selected,
        }
