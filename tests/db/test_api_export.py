"""Bulk export over HTTP: whole tables, safe in spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from build import article, database, deal, extraction, load, report
from datasette.app import Datasette
from served import get, served


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    path: Path = tmp_path_factory.mktemp("export") / "tieup.db"
    db = database(path)
    formula = article(
        "https://wire.example/9", "Kroger and Uber.", headline='=HYPERLINK("http://evil.example")'
    )
    load(
        db,
        report("https://wire.example/1", "Tesco, Ocado"),
        report("https://wire.example/2", "Tesco, Google"),
        (formula, extraction(formula, deal(formula, {"Kroger": "partner", "Uber": "partner"}))),
    )
    db.close()
    return served(path)


def test_a_table_as_csv_has_every_row_and_column(datasette: Datasette) -> None:
    answer = get(datasette, "/-/export/deals.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="deals.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["id"] for row in rows] == ["google-tesco-2024", "kroger-uber-2024", "ocado-tesco-2024"]
    assert "updated" in rows[0]


def test_a_table_as_ndjson_has_one_object_a_line(datasette: Datasette) -> None:
    answer = get(datasette, "/-/export/companies.ndjson")
    rows = [json.loads(line) for line in answer.text.splitlines()]
    whole = get(datasette, "/tieup/companies.json?_shape=objects&_sort=id&_size=max").json()["rows"]
    assert rows == whole
    assert get(datasette, "/-/export/deal_list.ndjson").text.count("\n") == 3  # a view


def test_a_formula_in_a_headline_is_text_in_a_spreadsheet(datasette: Datasette) -> None:
    rows = list(csv.DictReader(io.StringIO(get(datasette, "/-/export/articles.csv").text)))
    assert {row["headline"][:2] for row in rows if "HYPERLINK" in row["headline"]} == {"'="}


def test_a_large_table_comes_whole(datasette: Datasette) -> None:
    text = get(datasette, "/-/export/article_texts.ndjson").text
    assert text.endswith("}\n")


@pytest.mark.parametrize("name", ["nothing.csv", "deals_fts.csv", "sqlite_sequence.ndjson", "deals.xlsx"])
def test_what_is_not_shown_is_not_exported(datasette: Datasette, name: str) -> None:
    assert get(datasette, f"/-/export/{name}").status_code == 404


def test_an_unchanged_export_is_304(datasette: Datasette) -> None:
    tag = get(datasette, "/-/export/deals.csv").headers["etag"]
    assert get(datasette, "/-/export/deals.csv", headers={"If-None-Match": tag}).status_code == 304
