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

HYPERLINK = '=HYPERLINK("http://evil.example")'


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    path: Path = tmp_path_factory.mktemp("export") / "tieup.db"
    db = database(path)
    formula = article("https://wire.example/9", "Kroger and Uber.", headline=HYPERLINK)
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


@pytest.mark.parametrize(
    "address",
    [
        "articles.csv",
        "articles.csv?_labels=on&_stream=on&_size=max",
        "deal_articles.csv?_labels=on",
        "deal_evidence.csv",
        "evidence.csv?deal=kroger-uber-2024",
        ".csv?sql=select+headline,headline+from+articles",
        ".csv?sql=select+1+as+'=HYPERLINK(1)'",
    ],
)
def test_nor_is_it_calculated_in_the_csv_of_pages(datasette: Datasette, address: str) -> None:
    """Tables, with names in the place of ids too, views, questions and SQL of one's own."""
    joint = "" if address.startswith(".") else "/"
    answer = get(datasette, f"/tieup{joint}{address}")
    assert answer.status_code == 200
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    formulas = [cell for cell in cells if "HYPERLINK" in cell]
    assert formulas
    assert {cell[:2] for cell in formulas} == {"'="}
    # What is a number stays one.
    assert get(datasette, "/tieup.csv?sql=select+-1+as+a,+-1+as+a").text.split() == ["a,a", "-1,-1"]
    assert get(datasette, "/tieup/articles.json?_shape=array").json()[0]["headline"] in ("", HYPERLINK)


def test_a_large_table_comes_whole(datasette: Datasette) -> None:
    text = get(datasette, "/-/export/article_texts.ndjson").text
    assert text.endswith("}\n")


@pytest.mark.parametrize("name", ["nothing.csv", "deals_fts.csv", "sqlite_sequence.ndjson", "deals.xlsx"])
def test_what_is_not_shown_is_not_exported(datasette: Datasette, name: str) -> None:
    assert get(datasette, f"/-/export/{name}").status_code == 404


def test_an_unchanged_export_is_304(datasette: Datasette) -> None:
    tag = get(datasette, "/-/export/deals.csv").headers["etag"]
    assert get(datasette, "/-/export/deals.csv", headers={"If-None-Match": tag}).status_code == 304
