"""Exports: CSV that is safe in spreadsheets, NDJSON, data packages; `export_public` copies the database."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal

from sqlite_utils import Database

from db.digest import content_tables
from db.publish import PERSONAL, PRIVATE, WORDING, export_public
from db.settings import PUBLIC_QUOTE_CHARS
from db.store import DatabaseError

__all__ = ["export", "export_public", "guarded", "table_names", "write_csv", "write_ndjson"]

Format = Literal["csv", "ndjson", "datapackage"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TYPES = {"INTEGER": "integer", "REAL": "number", "TEXT": "string"}


def guarded(cell: Any) -> Any:
    """A cell for CSV: text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def table_names() -> list[str]:
    """The tables that an export has: all content, the register of deal ids, and what people decided."""
    return [*content_tables(), "deal_ids", "corrections"]


def write_csv(db: Database, table: str, out: IO[str], *, public: bool = False) -> int:
    """Write a table or view as CSV with a header; returns the number of rows.

    Raises DatabaseError for an unknown table.
    """
    names, rows = _rows(db, table, public=public)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    count = 0
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        count += 1
    return count


def write_ndjson(db: Database, table: str, out: IO[str], *, public: bool = False) -> int:
    """Write a table or view as one JSON object a line; returns the number of rows.

    Raises DatabaseError for an unknown table.
    """
    names, rows = _rows(db, table, public=public)
    count = 0
    for row in rows:
        out.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")
        count += 1
    return count


def export(db: Database, folder: Path, format: Format = "csv", *, public: bool = False) -> list[Path]:
    """Write every table into `folder`, which is made if its parent is there; returns the files.

    `datapackage` is CSV with a `datapackage.json` that describes every column and key. With `public`, no
    article's text is written and quotes are cut to 300 characters. Each file is complete or absent; existing
    ones are replaced.

    Raises DatabaseError where the folder cannot be written.
    """
    suffix = "ndjson" if format == "ndjson" else "csv"
    write = write_ndjson if format == "ndjson" else write_csv
    tables = [name for name in table_names() if not (public and name in PRIVATE)]
    files = []
    try:
        folder.mkdir(exist_ok=True)
        # One transaction, so that all files show the same state.
        db.conn.execute("BEGIN")
        for table in tables:
            path = folder / f"{table}.{suffix}"
            with _replacement(path) as out:
                write(db, table, out, public=public)
            files.append(path)
        if format == "datapackage":
            path = folder / "datapackage.json"
            with _replacement(path) as out:
                json.dump(describe(db, tables), out, indent=2, ensure_ascii=False)
            files.append(path)
    except OSError as error:
        raise DatabaseError(f"{folder}: cannot be written: {error.strerror}") from error
    finally:
        if db.conn.in_transaction:
            db.conn.execute("COMMIT")
    return files


def describe(db: Database, tables: list[str]) -> dict[str, Any]:
    """The tables as a Frictionless data package: columns with their types, primary and foreign keys."""
    return {
        "name": "tieup",
        "title": "Retail partnerships and the sentences that say so",
        "profile": "tabular-data-package",
        "resources": [_resource(db, table, tables) for table in tables],
    }


def _rows(db: Database, table: str, *, public: bool) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    known = db.conn.execute(
        "SELECT name FROM sqlite_master WHERE name = ? AND type IN ('table', 'view')", [table]
    ).fetchone()
    if not known:
        raise DatabaseError(f"{table}: no such table; there are {', '.join(table_names())}")
    info = db.conn.execute(f'PRAGMA table_info("{table}")').fetchall()
    names = [column[1] for column in info]
    keys = [column[1] for column in sorted(info, key=lambda column: column[5]) if column[5]]
    cut = WORDING.get(table, ()) if public else ()
    blank = PERSONAL.get(table, ()) if public else ()
    columns = [
        f"'' AS {name}"
        if name in blank
        else f"substr({name}, 1, {PUBLIC_QUOTE_CHARS}) AS {name}"
        if name in cut
        else f'"{name}"'
        for name in names
    ]
    order = f" ORDER BY {', '.join(keys)}" if keys else ""
    where = " WHERE 0" if public and table in PRIVATE else ""
    return names, iter(db.conn.execute(f'SELECT {", ".join(columns)} FROM "{table}"{where}{order}'))


def _resource(db: Database, table: str, tables: list[str]) -> dict[str, Any]:
    columns = db.table(table).columns
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": column.name,
                "type": _TYPES[column.type],
                "constraints": {"required": bool(column.notnull or column.is_pk)},
            }
            for column in columns
        ],
        "primaryKey": [column.name for column in columns if column.is_pk],
        "foreignKeys": [
            {
                "fields": key.column,
                "reference": {
                    "resource": "" if key.other_table == table else key.other_table,
                    "fields": key.other_column,
                },
            }
            for key in db.table(table).foreign_keys
            if key.other_table in tables
        ],
    }
    return {
        "name": table,
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": schema,
    }


@contextmanager
def _replacement(path: Path) -> Iterator[IO[str]]:
    """A text file that takes the place of `path` when its block ends well."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", newline="") as out:
            yield out
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
