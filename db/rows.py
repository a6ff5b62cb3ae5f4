"""Writing only what differs: rows that are already as they should be are not touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]
Key = tuple[Any, ...]


def upsert(db: Database, table: str, rows: Iterable[Row], *, keep: Sequence[str] = ()) -> int:
    """Insert rows, or update those that are there; returns how many were written.

    Columns in `keep` are written with a new row and never changed afterwards. A row keeps its rowid, which
    the full-text index relies on.
    """
    written = 0
    keys = [column.name for column in db.table(table).columns if column.is_pk]
    for row in rows:
        free = [name for name in row if name not in keys and name not in keep]
        sql = f"INSERT INTO {table}({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) "
        if free:
            sql += (
                f"ON CONFLICT({', '.join(keys)}) DO UPDATE"
                f" SET {', '.join(f'{n} = excluded.{n}' for n in free)} "
                f"WHERE {' OR '.join(f'{table}.{n} IS NOT excluded.{n}' for n in free)}"
            )
        else:
            sql += f"ON CONFLICT({', '.join(keys)}) DO NOTHING"
        written += db.conn.execute(sql, list(row.values())).rowcount
    return written


def replace_all(
    db: Database, table: str, rows: Mapping[Key, Row], *, keep: Sequence[str] = (), where: str = "1"
) -> None:
    """Make the table (or its rows that meet `where`) hold exactly `rows`, by primary key, writing only
    differences.

    Every row has the same columns. Columns in `keep` are written with a new row only.
    """
    columns = db.table(table).columns
    keys = [column.name for column in columns if column.is_pk]
    names = [column.name for column in columns]
    stored = {}
    for record in db.conn.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {where}"):
        row = dict(zip(names, record, strict=True))
        stored[tuple(row[key] for key in keys)] = row
    condition = " AND ".join(f"{key} = ?" for key in keys)
    for key in stored.keys() - rows.keys():
        db.conn.execute(f"DELETE FROM {table} WHERE {condition}", key)
    for key in sorted(rows, key=repr):
        row, old = rows[key], stored.get(key)
        if old is None:
            db.conn.execute(
                f"INSERT INTO {table}({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                list(row.values()),
            )
            continue
        changed = [name for name in row if name not in keep and row[name] != old[name]]
        if changed:
            assignments = ", ".join(f"{name} = ?" for name in changed)
            db.conn.execute(
                f"UPDATE {table} SET {assignments} WHERE {condition}",
                [*(row[name] for name in changed), *key],
            )
