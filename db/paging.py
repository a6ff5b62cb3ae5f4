"""Pages of a sorted table that leave no row out.

Datasette 0.65 sorts the first page by the asked column alone, and every later one by that column and the key,
from where the page before ended. Where rows tie, the first page ends anywhere among them, and those of lesser
keys never come. Here the first page is sorted by the key too.
"""

from __future__ import annotations

from typing import Any

from datasette.utils import escape_sqlite

from db.names import DATABASE


async def with_fixed_order(datasette: Any, request: Any, table: str) -> Any:
    """Datasette, or a stand-in whose statement for the first page of a table has the key as tie-breaker."""
    db = datasette.get_database(DATABASE)
    if not await db.table_exists(table):
        return datasette
    metadata = datasette.table_metadata(DATABASE, table)
    sort, sort_desc = request.args.get("_sort"), request.args.get("_sort_desc")
    if not sort and not sort_desc:
        sort, sort_desc = metadata.get("sort"), metadata.get("sort_desc")
    if not sort and not sort_desc:
        return datasette
    keys = ", ".join(escape_sqlite(key) for key in await db.primary_keys(table) or ["rowid"])
    order = f"{escape_sqlite(sort_desc)} desc" if sort_desc else escape_sqlite(sort)
    return _Datasette(datasette, f"order by {order} limit ", f"order by {order}, {keys} limit ")


class _Datasette:
    """Datasette with another `get_database`."""

    def __init__(self, datasette: Any, found: str, instead: str) -> None:
        self._datasette = datasette
        self._replacement = (found, instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._datasette, name)

    def get_database(self, *args: Any, **options: Any) -> Any:
        return _Database(self._datasette.get_database(*args, **options), *self._replacement)


class _Database:
    """A database that replaces one phrase in the statements it executes."""

    def __init__(self, db: Any, found: str, instead: str) -> None:
        self._db = db
        self._found = found
        self._instead = instead

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def execute(self, sql: str, *args: Any, **options: Any) -> Any:
        before, found, after = sql.rpartition(self._found)
        return await self._db.execute(before + self._instead + after if found else sql, *args, **options)
