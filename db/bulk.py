"""Whole tables as a stream: `/-/export/<table>.csv` and `.ndjson`, read with one cursor, never all in memory.

The CSV is that of `tieup export`: text that a spreadsheet would take for a formula gets an apostrophe.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from datasette.utils.asgi import AsgiStream, NotFound
from sqlite_utils import Database

from db.export import write_csv, write_ndjson
from db.names import DATABASE

ROUTE = r"/-/export/(?P<table>\w+)\.(?P<format>csv|ndjson)$"
_CHUNK_CHARS = 65_536
_WRITERS: dict[str, tuple[Callable[[Database, str, IO[str]], int], str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "ndjson": (write_ndjson, "application/x-ndjson; charset=utf-8"),
}


async def export_table(request: Any, datasette: Any) -> AsgiStream:
    """One table or view, every row and column, sorted by its key. Raises NotFound for what is not shown."""
    table, suffix = request.url_vars["table"], request.url_vars["format"]
    described = (datasette.metadata("tables", database=DATABASE) or {}).get(table, {"hidden": True})
    if described.get("hidden"):
        raise NotFound(f"There is no table {table} to export")
    await datasette.ensure_permissions(
        request.actor, [("view-table", (DATABASE, table)), ("view-database", DATABASE), "view-instance"]
    )
    path = Path(datasette.get_database(DATABASE).path).resolve()
    write, content_type = _WRITERS[suffix]

    async def stream(out: Any) -> None:
        await asyncio.to_thread(_write, path, table, write, _Pipe(out, asyncio.get_running_loop()))

    name = f'attachment; filename="{table}.{suffix}"'
    headers = {"content-disposition": name, "cache-control": "no-cache"}
    if datasette.cors:
        headers["access-control-allow-origin"] = "*"
    return AsgiStream(stream, headers=headers, content_type=content_type)


def _write(path: Path, table: str, write: Callable[[Database, str, IO[str]], int], pipe: _Pipe) -> None:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        write(Database(connection), table, cast(IO[str], pipe))
        pipe.flush()
    finally:
        connection.close()


class _Pipe:
    """What a thread writes, in chunks to an ASGI response; it waits while the reader is slow."""

    def __init__(self, out: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._out = out
        self._loop = loop
        self._parts: list[str] = []
        self._size = 0

    def write(self, text: str) -> int:
        """Keep the text; send what is kept when it is enough."""
        self._parts.append(text)
        self._size += len(text)
        if self._size >= _CHUNK_CHARS:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is kept."""
        text, self._parts, self._size = "".join(self._parts), [], 0
        if text:
            asyncio.run_coroutine_threadsafe(self._out.write(text), self._loop).result()
