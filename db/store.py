"""Opening the knowledge base: one SQLite file, migrated to the newest shape, with one writer at a time."""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from db.migrations import migrations, refresh_views, stale_views
from db.settings import BUSY_TIMEOUT_MS, SCHEMA_VERSION


class DatabaseError(ValueError):
    """The file cannot be used as the knowledge base; the message says in one line why and what to do."""


def open_database(path: Path, *, create: bool = True) -> Database:
    """The knowledge base at `path`, in WAL mode, with foreign keys enforced and every migration applied.

    A missing file is made where `create` is true; a missing folder never is.

    Raises DatabaseError for a missing folder or file, a file that is no database or another program's, a file
    that a newer version wrote, and a file or folder that cannot be written.
    """
    _check_file(path, create=create)
    try:
        db = _connect(path)
    except sqlite3.Error as error:
        raise _as_database_error(path, error) from error
    try:
        _check_shape(db, path)
        # Only a file that needs it is written to, so opening one never waits for a load.
        if migrations.pending(db) or stale_views(db):
            db.enable_wal()
            migrations.apply(db)
            with transaction(db):
                refresh_views(db)
    except (sqlite3.Error, DatabaseError) as error:
        db.close()
        if isinstance(error, DatabaseError):
            raise
        raise _as_database_error(path, error) from error
    return db


@contextmanager
def single_writer(path: Path) -> Iterator[None]:
    """Hold the right to write the knowledge base at `path`; it ends with the block, or with the process.

    Raises DatabaseError if another process holds it.
    """
    if not path.parent.is_dir():
        raise DatabaseError(f"{path}: the folder {path.parent} does not exist; make it first")
    lock = path.with_name(path.name + ".lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise DatabaseError(f"{lock}: cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseError(
                f"{path}: another run is writing to it; wait until it has ended, then try again"
            ) from error
        yield
    finally:
        os.close(handle)


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All or nothing. Takes the write lock at once, so a reader's lock never turns a half-done load back.

    Foreign keys are checked at the end of the transaction. Inside another transaction it is part of that one.

    Raises DatabaseError where the disk is full or another program holds the database for too long.
    """
    if db.conn.in_transaction:
        yield
        return
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        db.conn.execute("PRAGMA defer_foreign_keys = ON")
        yield
        db.conn.execute("COMMIT")
    except BaseException as error:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        if isinstance(error, sqlite3.OperationalError) and re.search("full|locked|readonly|disk", str(error)):
            path = db.conn.execute("PRAGMA database_list").fetchone()[2]
            raise _as_database_error(Path(path), error) from error
        raise


def _check_file(path: Path, *, create: bool) -> None:
    if not path.parent.is_dir():
        raise DatabaseError(f"{path}: the folder {path.parent} does not exist; make it first")
    if path.is_dir():
        raise DatabaseError(f"{path}: is a folder; name a file")
    if not path.exists():
        if not create:
            raise DatabaseError(f"{path}: there is no knowledge base here; run `tieup run` to make one")
        if not os.access(path.parent, os.W_OK):
            raise DatabaseError(f"{path}: the folder {path.parent} cannot be written")
        return
    # The mode is looked at too: root may write what nobody should.
    if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o222:
        raise DatabaseError(f"{path}: is read-only; allow writing or name another file")


def _connect(path: Path) -> Database:
    db = Database(sqlite3.connect(str(path), timeout=BUSY_TIMEOUT_MS / 1000))
    db.execute("PRAGMA foreign_keys = ON")
    # In WAL mode a crash of the process loses nothing; only power loss can undo the last commits.
    db.execute("PRAGMA synchronous = NORMAL")
    return db


def _check_shape(db: Database, path: Path) -> None:
    tables = {
        name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    }
    if tables and migrations.migrations_table not in tables:
        raise DatabaseError(f"{path}: is a database of another program; name another file")
    applied = {migration.name for migration in migrations.applied(db)}
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    version = _schema_version(db) if "about" in tables else SCHEMA_VERSION
    if version > SCHEMA_VERSION or applied - known:
        raise DatabaseError(
            f"{path}: was written by a newer version of tieup; update tieup or name another file"
        )


def _schema_version(db: Database) -> int:
    row = db.execute("SELECT stated FROM about WHERE key = 'schema_version'").fetchone()
    return int(row[0]) if row else SCHEMA_VERSION


def _as_database_error(path: Path, error: sqlite3.Error) -> DatabaseError:
    message = str(error)
    if "not a database" in message or "malformed" in message:
        return DatabaseError(f"{path}: is not a tieup database ({message}); name another file")
    if "locked" in message:
        return DatabaseError(f"{path}: another program is writing to it; try again when it has ended")
    if "full" in message:
        return DatabaseError(f"{path}: the disk is full; nothing of this batch was stored")
    return DatabaseError(f"{path}: {message}")
