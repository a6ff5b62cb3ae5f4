"""The file itself: its shape, what is refused, one writer at a time."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from build import rows
from sqlite_utils import Database

from db import sqltext
from db.store import DatabaseError, open_database, single_writer, transaction


def _columns(db: Database, table: str) -> list[str]:
    return [row[1] for row in rows(db, f'PRAGMA table_info("{table}")')]


def test_tables_are_those_of_schema_sql(db: Database, tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.executescript(sqltext.read("schema.sql"))
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ours = [name for (name,) in rows(db, query) if "_fts" not in name and not name.startswith("_")]
    assert ours == [name for (name,) in plain.execute(query)]
    for table in ours:
        for pragma in ("table_info", "foreign_key_list"):
            assert (
                rows(db, f"PRAGMA {pragma}({table})") == plain.execute(f"PRAGMA {pragma}({table})").fetchall()
            )
    plain.close()


def test_locked_columns_come_first_and_in_order(db: Database) -> None:
    locked = dict(line.split(": ") for line in sqltext.read("schema.lock").splitlines())
    assert len(locked) == 52
    for table, columns in locked.items():
        names = columns.split(", ")
        assert _columns(db, table)[: len(names)] == names, table


def test_every_foreign_key_names_its_column_and_has_an_index(db: Database) -> None:
    tables = [name for (name,) in rows(db, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    keys = [(table, *key[2:5]) for table in tables for key in rows(db, f"PRAGMA foreign_key_list('{table}')")]
    assert len(keys) == 49
    assert [key for key in keys if key[3] is None] == []
    for table, _, column, _ in keys:
        indexes = [name for _, name, *_ in rows(db, f"PRAGMA index_list('{table}')")]
        leading = [rows(db, f"PRAGMA index_info('{name}')")[0][2] for name in indexes]
        assert column in leading, (table, column)


def test_every_view_has_a_comment_that_says_what_a_row_is(db: Database) -> None:
    texts = sqltext.views()
    assert sorted(texts) == sorted(db.view_names())
    for name, text in texts.items():
        assert re.match(rf"-- one row.+\nCREATE VIEW {name} AS\n", text), name
        assert rows(db, f"SELECT * FROM {name}") == [] or name == "freshness"


def test_opening_again_changes_nothing_and_repairs_a_view_with_an_old_text(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    first = open_database(path)
    epoch = rows(first, "SELECT stated FROM about WHERE key = 'epoch'")
    first.execute("DROP VIEW coverage")
    first.execute("CREATE VIEW coverage AS SELECT 1 AS one")
    first.close()
    second = open_database(path)
    assert rows(second, "SELECT stated FROM about WHERE key = 'epoch'") == epoch
    assert _columns(second, "coverage") == ["source", "source_name", "month", "articles", "deal_articles"]
    version = rows(second, "PRAGMA schema_version")
    second.close()
    third = open_database(path)
    assert rows(third, "PRAGMA schema_version") == version
    assert rows(third, "PRAGMA journal_mode") == [("wal",)]
    third.close()


def test_two_files_have_different_epochs(tmp_path: Path) -> None:
    opened = [open_database(tmp_path / name) for name in ("a.db", "b.db")]
    epochs = {rows(db, "SELECT stated FROM about WHERE key = 'epoch'")[0][0] for db in opened}
    assert len(epochs) == 2
    for db in opened:
        db.close()


def test_a_file_whose_making_was_interrupted_is_completed(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    path.touch()
    db = open_database(path)
    assert "deals" in db.table_names()
    db.close()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"this is no database" * 500, "is not a tieup database"),
        ("CREATE TABLE wines(id)", "is a database of another program"),
    ],
)
def test_other_files_are_refused_and_left_as_they_are(
    tmp_path: Path, content: bytes | str, reason: str
) -> None:
    path = tmp_path / "tieup.db"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        other = sqlite3.connect(path)
        other.execute(content)
        other.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match=reason) as caught:
        open_database(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE about SET stated = '2' WHERE key = 'schema_version'",
        "INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('tieup', 'later', '')",
    ],
)
def test_a_newer_file_is_refused(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "tieup.db"
    db = open_database(path)
    db.execute(statement)
    db.close()
    with pytest.raises(DatabaseError, match="newer version of tieup"):
        open_database(path)


def test_missing_folder_missing_file_folder_and_read_only_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"folder .* does not exist"):
        open_database(tmp_path / "no" / "tieup.db")
    with pytest.raises(DatabaseError, match="does not exist"), single_writer(tmp_path / "no" / "tieup.db"):
        pass
    with pytest.raises(DatabaseError, match="there is no knowledge base here"):
        open_database(tmp_path / "none.db", create=False)
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(DatabaseError, match="is a folder"):
        open_database(tmp_path)
    path = tmp_path / "tieup.db"
    open_database(path).close()
    path.chmod(0o444)
    with pytest.raises(DatabaseError, match="read-only"):
        open_database(path)


def test_a_second_writer_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    code = (
        "import sys; from pathlib import Path; from db.store import single_writer\n"
        "with single_writer(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(DatabaseError, match="another run is writing"), single_writer(path):
            pass
        other.kill()
    with single_writer(path):
        pass


def test_a_transaction_that_fails_leaves_nothing(db: Database) -> None:
    def fail() -> None:
        with transaction(db):
            db.conn.execute("INSERT INTO countries VALUES ('XX', 'Nowhere')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert rows(db, "SELECT * FROM countries WHERE id = 'XX'") == []


def test_a_reader_sees_the_state_before_a_transaction_until_it_ends(db: Database, tmp_path: Path) -> None:
    reader = sqlite3.connect(tmp_path / "tieup.db")
    query = "SELECT name FROM countries WHERE id = 'XX'"
    with transaction(db):
        db.conn.execute("INSERT INTO countries VALUES ('XX', 'Nowhere')")
        assert reader.execute(query).fetchall() == []
    assert reader.execute(query).fetchall() == [("Nowhere",)]
    reader.close()
