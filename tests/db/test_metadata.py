"""metadata.yml says what everything means, and nothing that is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette
from served import get, served

from db.links import LINKS
from db.serve import load_metadata
from db.store import open_database

METADATA = load_metadata()["databases"]["tieup"]
TABLES: Mapping[str, Mapping[str, Any]] = METADATA["tables"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("metadata") / "tieup.db"
    open_database(path).close()
    return path


@pytest.fixture(scope="module")
def datasette(path: Path) -> Datasette:
    return served(path)


@pytest.fixture(scope="module")
def columns(path: Path) -> dict[str, list[str]]:
    """Columns of every table and view that people see."""
    db = open_database(path)
    names = db.execute(
        "select name from sqlite_master where type in ('table', 'view') and not instr(name, '_fts')"
    ).fetchall()
    found = {
        name: [row[1] for row in db.execute(f"pragma table_info([{name}])").fetchall()] for (name,) in names
    }
    db.close()
    return {name: names for name, names in found.items() if not TABLES.get(name, {}).get("hidden")}


def test_every_table_view_and_column_is_described_and_no_other(columns: dict[str, list[str]]) -> None:
    described = {name: sorted(entry["columns"]) for name, entry in TABLES.items() if not entry.get("hidden")}
    assert described == {name: sorted(names) for name, names in columns.items()}
    assert [
        name for name, entry in TABLES.items() if not entry.get("hidden") and not entry["description"]
    ] == []


def test_what_is_hidden_is_machinery(path: Path) -> None:
    db = open_database(path)
    names = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'").fetchall()}
    db.close()
    hidden = {name for name, entry in TABLES.items() if entry.get("hidden")}
    assert hidden <= names
    assert hidden == {name for name in hidden if name.endswith("_fts") or name.startswith(("_", "sqlite_"))}


def test_sorting_labels_and_facets_name_columns(columns: dict[str, list[str]]) -> None:
    for name, entry in TABLES.items():
        used = [entry[key] for key in ("sort", "sort_desc", "label_column") if key in entry]
        used += [facet for facet in entry.get("facets", []) if isinstance(facet, str)]
        assert [column for column in used if column not in columns[name]] == [], name
        links = [facet["link"] for facet in entry.get("facets", []) if isinstance(facet, dict)]
        assert set(links) <= set(LINKS.get(name, {})), name


def test_size_is_never_set_because_it_slows_streamed_csv() -> None:
    assert [name for name, entry in TABLES.items() if "size" in entry] == []
    assert "size" not in METADATA


def test_every_table_and_view_answers_as_page_json_and_csv(
    datasette: Datasette, columns: dict[str, list[str]]
) -> None:
    for name in columns:
        for address in (f"{name}", f"{name}.json?_labels=on", f"{name}.csv?_labels=on"):
            assert get(datasette, f"/tieup/{address}").status_code == 200, address


def test_every_foreign_key_names_its_column_and_has_labels(
    datasette: Datasette, columns: dict[str, list[str]], path: Path
) -> None:
    db = open_database(path)
    keys = {
        (name, key[3], key[2], key[4])
        for name in columns
        for key in db.execute(f"pragma foreign_key_list([{name}])").fetchall()
    }
    db.close()
    assert len(keys) > 40
    assert [key for key in keys if key[3] is None] == []
    labelled = {
        table: asyncio.run(datasette.get_database("tieup").label_column_for_table(table))
        for table in {other for _, _, other, _ in keys}
    }
    without = {table for table, label in labelled.items() if label is None}
    assert without == {"article_versions", "runs"}  # their ids are all they are called


def test_queries_are_full_sentences_with_parameters_that_their_sql_uses(datasette: Datasette) -> None:
    queries = asyncio.run(datasette.get_canned_queries("tieup", None))
    assert len(queries) == 16
    for name, query in queries.items():
        assert query["title"].split("?")[0] != query["title"], name
        assert query["description"], name
        assert list(query["parameters"]) == query["params"], name
        assert set(query["example"]) <= set(query["params"]), name
        for parameter in query["params"]:
            assert f":{parameter}" in query["sql"], (name, parameter)
    assert not set(queries) & set(TABLES), "a query hides the table of its name"


def test_every_query_answers_its_example_nothing_and_a_page(datasette: Datasette) -> None:
    for name, query in asyncio.run(datasette.get_canned_queries("tieup", None)).items():
        for parameters in (query["example"], {}):
            for extension in (".json", ".csv", ""):
                address = f"/tieup/{name}{extension}?{urlencode(parameters)}"
                answer = get(datasette, address)
                assert answer.status_code == 200, (address, answer.text)


def test_the_menu_of_the_database_lists_the_queries_and_hides_the_machinery(datasette: Datasette) -> None:
    listed = get(datasette, "/tieup.json").json()
    assert len(listed["queries"]) == 16
    shown = {table["name"] for table in listed["tables"] if not table["hidden"]}
    assert not {name for name in shown if "_fts" in name or name.startswith(("_", "sqlite_"))}
    assert {"deals", "companies", "articles", "claims", "changes"} <= shown
