"""Exports: safe in spreadsheets, complete, and what may be published."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest
from build import article, deal, extraction, load, rows
from sqlite_utils import Database

from db.export import export, export_public, guarded, table_names, write_csv, write_ndjson
from db.store import DatabaseError, open_database

SECRET = "zebra"
LONG = f"Tesco and Ocado teamed up. {'They said so at length. ' * 20}And then the {SECRET} came."


@pytest.fixture
def filled(db: Database) -> Database:
    story = article(body=f"{LONG}\n\nMore.", headline='=HYPERLINK("http://evil.example")', standfirst=LONG)
    parties = {"Tesco": "retailer", "Ocado": "technology_provider"}
    load(db, (story, extraction(story, deal(story, parties, scope=LONG))))
    return db


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["a=1", "", None, -1, 2.5, "'=1", "2024-01-01"])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert guarded(cell) == cell


def test_csv_and_ndjson_have_every_row(filled: Database) -> None:
    out = io.StringIO()
    assert write_csv(filled, "articles", out) == 1
    header, row = csv.reader(io.StringIO(out.getvalue()))
    assert header == [column.name for column in filled["articles"].columns]
    assert row[1] == '\'=HYPERLINK("http://evil.example")'
    out = io.StringIO()
    assert write_ndjson(filled, "deal_list", out) == 1
    assert [json.loads(line) for line in out.getvalue().splitlines()] == list(
        filled.query("SELECT * FROM deal_list")
    )
    with pytest.raises(DatabaseError, match="no such table; there are areas, "):
        write_csv(filled, "deals; DROP TABLE deals", io.StringIO())


def test_a_data_package_describes_files_that_are_there(filled: Database, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    files = export(filled, folder, "datapackage")
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in files)
    package = json.loads((folder / "datapackage.json").read_text())
    assert [resource["name"] for resource in package["resources"]] == table_names()
    for resource in package["resources"]:
        with (folder / resource["path"]).open(newline="") as file:
            header, *lines = csv.reader(file)
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert len(lines) == rows(filled, f"SELECT count(*) FROM {resource['name']}")[0][0]
    [parties] = [r for r in package["resources"] if r["name"] == "deal_parties"]
    assert parties["schema"]["primaryKey"] == ["deal", "company"]
    assert {"fields": "deal", "reference": {"resource": "deals", "fields": "id"}} in parties["schema"][
        "foreignKeys"
    ]


def test_a_public_export_has_no_article_texts_and_short_quotes(filled: Database, tmp_path: Path) -> None:
    for format in ("csv", "ndjson", "datapackage"):
        export(filled, tmp_path / format, format, public=True)
        assert not (tmp_path / format / "article_texts.csv").exists()
        for path in (tmp_path / format).iterdir():
            assert SECRET not in path.read_text(), path
    target = tmp_path / "public.db"
    target.write_text("an older file")
    export_public(filled, target)
    content = target.read_bytes()
    assert SECRET.encode() not in content
    public = open_database(target, create=False)
    assert rows(public, "SELECT max(length(quote)) FROM claims") == [(300,)]
    assert rows(public, "SELECT count(*) FROM article_texts") == [(0,)]
    assert rows(public, "SELECT id FROM articles_fts WHERE articles_fts MATCH ?", SECRET) == []
    assert rows(public, "SELECT id FROM articles_fts WHERE articles_fts MATCH 'hyperlink'") != []
    assert rows(public, "SELECT d.id FROM deals d JOIN deals_fts f ON f.rowid = d.rowid AND f.id = d.id"
                        " WHERE deals_fts MATCH 'ocado'") == [("ocado-tesco-2024",)]  # fmt: skip
    assert rows(public, "SELECT seq, entity, id FROM changes") == rows(
        filled, "SELECT seq, entity, id FROM changes"
    )
    public.close()
    assert rows(filled, "SELECT count(*) FROM article_texts") == [(4,)]


def test_a_folder_that_cannot_be_written_is_a_clear_error(filled: Database, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be written"):
        export(filled, tmp_path / "no" / "folder")
    with pytest.raises(DatabaseError, match="cannot be written"):
        export_public(filled, tmp_path / "no" / "public.db")
    assert list(tmp_path.glob("*draft*")) == []


def test_a_published_file_is_one_file(filled: Database, tmp_path: Path) -> None:
    export_public(filled, tmp_path / "public.db")
    assert sorted(path.name for path in tmp_path.glob("*public.db*")) == ["public.db"]
    plain = sqlite3.connect(f"file:{tmp_path / 'public.db'}?mode=ro&immutable=1", uri=True)
    assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    plain.close()
