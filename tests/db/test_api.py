"""What other programs rely on: addresses that mean something, clear refusals, and the sync feed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from build import database, load, report
from datasette.app import Datasette
from served import ask, error, get, served
from sqlite_utils import Database

from db.serve import build_datasette


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "any name.db"
    db = database(path)
    load(
        db,
        report("https://wire.example/1", "Tesco, Ocado", areas={"cloud_it": "option"}, places=["GB"]),
        report(
            "https://wire.example/2",
            "Tesco, Google",
            areas={"cloud_it": "committed", "loyalty_membership": "option"},
        ),
        report(
            "https://wire.example/3",
            "Carrefour, Google",
            areas={"loyalty_membership": "option"},
            places=["FR"],
        ),
    )
    db.close()
    return path


@pytest.fixture(scope="module")
def datasette(path: Path) -> Datasette:
    return served(path)


@pytest.fixture(scope="module")
def quick(path: Path) -> Datasette:
    return build_datasette(path, settings={"sql_time_limit_ms": 100})


def test_the_database_is_called_tieup_whatever_its_file_is_called(datasette: Datasette) -> None:
    assert [entry["name"] for entry in get(datasette, "/-/databases.json").json()] == ["tieup"]
    assert get(datasette, "/tieup/deals/ocado-tesco-2024.json").status_code == 200


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("deals.json?uptdated__gt=2024", "announced_earliest"),
        ("deals.json?phase__is=live", "exact"),
        ("deals.json?_szie=10", "_size"),
        ("deals.json?_next=garbage", "_next"),
        ("deals.json?_next=a,b,c", "_next"),
        ("areas.json?_next=5", "_next"),
        ("deal_list.json?_next=garbage", "_next"),
        ("changes.json?_next=9,garbage", "_next"),
        ("deals.json?_sort=updatd", "updated"),
        ("deals.json?_sort=id&_sort_desc=id", "_sort"),
        ("deals.json?_col=nothing", "nothing"),
        ("deals.json?_label=nothing", "nothing"),
        ("deals.json?_json=nothing", "area_ids"),
        ("deals.json?_facet=nothing", "phase"),
        ("deals.json?_facet={", "_facet"),
        ("deals.json?_facet_link=nothing", "company"),
        ("deals.json?_facet_size=many", "_facet_size"),
        ("deals.json?_timelimit=long", "_timelimit"),
        ("deals.json?_size=-1", "_size"),
        ("deals.json?_shape=round", "round"),
        ("deals.json?_through=deal_areas", "_through"),
        ('deals.json?_through={"table":"areas","column":"id","value":"x"}', "refer"),
        ("deals.json?id__in=[", "id__in"),
        ("deals.json?term_months__gt=" + "9" * 30, "term_months__gt"),
        ("deals.json?term_months__gt=²", "term_months__gt"),
        ("deals.json?_where=no such thing(", "near"),
        ("deals.json?_where=1;delete from deals", "one statement"),
        ("sources.json?_search=wire", "full-text"),
        ("sources.json?_area=cloud_it", "_area"),
        ("current_partners.json?compny=Tesco", "company"),
        ("current_partners.json?company=Tesco&company=Ocado", "more than once"),
        ("current_partners.json?as_of=2024-02-30", "as_of"),
        ("whats_new.json?since=yesterday", "since"),
        ("whats_new.json?by=luck", "happened"),
        ("terms_ending.json?months=soon", "months"),
        ("sync.json?cursor=garbage", "cursor"),
        ("sync.json?cursor=5", "cursor"),
        ("sync.json?entity=deals", "deal"),
        ("sync.json?curser=", "cursor"),
    ],
)
def test_a_mistake_in_an_address_is_400_and_says_what_is_allowed(
    datasette: Datasette, address: str, named: str
) -> None:
    assert named in error(get(datasette, f"/tieup/{address}"), 400)
    page = get(datasette, f"/tieup/{address.replace('.json', '', 1)}")
    if "_shape" not in address:
        assert page.status_code == 400
        assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "address",
    [
        "deals/nothing.json",
        "deals/a,b.json",
        "deal_parties/ocado-tesco-2024.json",
        "deal_parties/ocado-tesco-2024,nobody.json",
        "deal_list/1.json",
        "nothing.json",
        "nothing/1.json",
        "companies/NOBODY.json",
    ],
)
def test_what_is_not_there_is_404_and_json_for_json(datasette: Datasette, address: str) -> None:
    assert error(get(datasette, f"/tieup/{address}"), 404)
    assert get(datasette, f"/tieup/{address.removesuffix('.json')}").status_code == 404


def test_a_format_that_nothing_renders_is_404(datasette: Datasette) -> None:
    for address in ("deals.xyz", "deals/ocado-tesco-2024.xyz", "sync.xyz"):
        assert get(datasette, f"/tieup/{address}").status_code == 404


def test_addresses_of_datasette_go_on_working(datasette: Datasette) -> None:
    for address in (
        "deals.json?_nofacet=1&_nosuggest=1&_nocount=1&_shape=objects&_size=max",
        "deals.json?announced_year__gte=2020&title__contains=Tesco&_sort_desc=updated&_labels=on",
        "deals.json?id__in=a,b&phase__not=talks&term_end__isnull=1&_col=title&_json=area_ids&_json_infinity=1",
        "deals.csv?_sort=id&_size=max&_stream=on&_labels=on",
        "deals?_facet=type&_facet_array=area_ids&_facet_date=first_seen&_facet_size=max",
        "deals?_search=&phase=live",
        'deals.json?_through={"table":"deal_areas","column":"area","value":"cloud_it"}',
        "deals.json?_where=source_count > 0",
        "deal_parties.json?_next=ocado-tesco-2024,ocado-tesco-2024,ocado",
        "deal_list.json?_next=2",
    ):
        assert get(datasette, f"/tieup/{address}").status_code == 200, address


def test_pages_follow_each_other_without_a_gap(datasette: Datasette) -> None:
    seen: list[str] = []
    address: str | None = "/tieup/deals.json?_size=1&_shape=objects"
    while address:
        answer = get(datasette, address.replace("http://localhost", "")).json()
        seen += [row["id"] for row in answer["rows"]]
        address = answer["next_url"]
    assert sorted(seen) == ["carrefour-google-2024", "google-tesco-2024", "ocado-tesco-2024"]


@pytest.mark.parametrize(
    "words",
    [
        '"',
        '""',
        '"Tesco',
        "Tesco AND",
        "NEAR(",
        "*",
        "(",
        "-",
        "title:",
        "^",
        "'",
        "\0",
        " ",
        "{a}",
        "x" * 10_000,
        "é",
    ],
)
@pytest.mark.parametrize("table", ["deals", "companies", "articles"])
def test_a_search_gives_rows_or_a_clear_message_never_an_error_of_ours(
    datasette: Datasette, table: str, words: str
) -> None:
    for mode in ("", "&_searchmode=raw"):
        answer = get(datasette, f"/tieup/{table}.json?_search={quote(words)}{mode}")
        assert answer.status_code in (200, 400)
        assert answer.status_code == 200 or answer.json()["error"]


def test_a_search_finds_by_any_word_of_a_row(datasette: Datasette) -> None:
    assert [row["id"] for row in ask(datasette, "companies", _search="corte ingles")] == ["el-corte-ingles"]
    assert {row["id"] for row in ask(datasette, "deals", _search="tesco")} == {
        "google-tesco-2024",
        "ocado-tesco-2024",
    }


@pytest.mark.parametrize(
    "statement",
    [
        "delete from deals",
        "with x as (select 1) delete from deals",
        "select 1; delete from deals",
        "attach 'other.db' as other",
        "select 1; attach 'other.db' as other",
        "pragma writable_schema = 1",
        "select * from pragma_table_list",
        "select load_extension('x')",
        "select writefile('x', 'y')",
        "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c",
        "select " + "(" * 5000,
        "select zeroblob(2000000000)",
    ],
)
def test_sql_that_writes_attaches_or_never_ends_is_refused(quick: Datasette, statement: str) -> None:
    for extension in (".json", ".csv"):
        answer = get(quick, f"/tieup{extension}?sql={quote(statement)}")
        assert answer.status_code == 400, (extension, answer.text)
    assert len(ask(quick, "deals")) == 3


def test_huge_results_are_cut_and_say_so(datasette: Datasette) -> None:
    many = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 5000) select n from c"
    answer = get(datasette, f"/tieup.json?sql={quote(many)}").json()
    assert (len(answer["rows"]), answer["truncated"]) == (1000, True)


def test_names_of_companies_fold_in_sql(datasette: Datasette) -> None:
    sql = "select company from company_aliases where alias = tieup_fold(:name)"
    answer = get(datasette, f"/tieup.json?sql={quote(sql)}&name=EL CORTE INGLES S.A.")
    assert answer.json()["rows"] == [["el-corte-ingles"]]


# ---------------------------------------------------------------- sync


def replica(datasette: Datasette, state: dict[str, Any], limit: int = 7) -> int:
    """One hour of a program that follows the documented steps; returns the number of rows it got."""
    got = 0
    while True:
        address = f"/tieup/sync.json?cursor={state['cursor']}&limit={limit}&_shape=objects&_json=document"
        rows = get(datasette, address).json()["rows"]
        if not rows:
            return got
        if rows[0]["restarted"] and not state.get("is_restarting"):
            state["things"].clear()
        for row in rows:
            key = (row["entity"], row["id"])
            if row["op"] == "upsert":
                state["things"][key] = row["document"]
            else:
                state["things"].pop(key, None)
        state["cursor"] = rows[-1]["cursor"]
        got += len(rows)


def things(datasette: Datasette) -> dict[tuple[str, str], Any]:
    found = {}
    for entity, table in (("deal", "deals"), ("company", "companies"), ("article", "articles")):
        found |= {(entity, row["id"]): row for row in ask(datasette, table, _size="max")}
    return found


def assert_is_copy(state: dict[str, Any], datasette: Datasette) -> None:
    rows = things(datasette)
    assert state["things"].keys() == rows.keys()
    for key, document in state["things"].items():
        for name, stored in rows[key].items():
            is_json = isinstance(document[name], list | dict)
            assert document[name] == (json.loads(stored) if is_json else stored), (key, name)


def test_a_replica_becomes_a_copy_and_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    db: Database = database(path)
    load(db, report("https://wire.example/1", "Tesco, Ocado", areas={"cloud_it": "option"}, places=["GB"]))
    datasette = served(path)
    state: dict[str, Any] = {"cursor": "", "things": {}}
    assert replica(datasette, state) > 7
    assert_is_copy(state, datasette)
    deal = state["things"]["deal", "ocado-tesco-2024"]
    assert [party["company"] for party in deal["parties"]] == ["tesco", "ocado"]
    assert deal["areas"][0]["area"] == "cloud_it"
    assert replica(datasette, state) == 0
    load(
        db,
        report(
            "https://daily.example/2",
            "Tesco, Ocado",
            areas={"cloud_it": "option", "loyalty_membership": "option"},
        ),
    )
    load(db, report("https://wire.example/3", "Casino, Ocado"))
    assert replica(datasette, state) > 0
    assert_is_copy(state, datasette)
    assert len(state["things"]["deal", "ocado-tesco-2024"]["areas"]) == 2


def test_a_cursor_of_another_file_or_ahead_of_it_starts_again(datasette: Datasette) -> None:
    whole = ask(datasette, "sync", entity="deal")
    assert [row["restarted"] for row in whole] == [0, 0, 0]
    epoch, _, last = whole[-1]["cursor"].rpartition("-")
    for cursor in ("0123456789abcdef-1", f"{epoch}-{int(last) + 1_000_000}", "a-b-3"):
        again = ask(datasette, "sync", entity="deal", cursor=cursor)
        assert [row["restarted"] for row in again] == [1, 1, 1]
        assert [row["id"] for row in again] == [row["id"] for row in whole]
    rest = ask(datasette, "sync", entity="deal", cursor=whole[0]["cursor"])
    assert [(row["id"], row["restarted"]) for row in rest] == [(row["id"], 0) for row in whole[1:]]
    assert ask(datasette, "sync", cursor=ask(datasette, "sync")[-1]["cursor"]) == []


def test_the_rows_of_a_page_are_bounded(datasette: Datasette) -> None:
    assert len(ask(datasette, "sync", limit=2)) == 2
    assert len(ask(datasette, "sync", limit=0)) == 1
    assert len(ask(datasette, "sync", limit=9999)) <= 1000


def test_merged_and_deleted_things_come_as_tombstones(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    db = database(path)
    load(db, report("https://wire.example/1", "Tesco, Ocado"))
    with db.conn:
        db.conn.execute(
            "insert into changes(entity, id, op, replaced_by, at) values "
            "('deal', 'old-2024', 'merge', 'ocado-tesco-2024', '2024'),"
            "('company', 'gone', 'delete', null, '2024')"
        )
    rows = [row for row in ask(served(path), "sync") if row["op"] != "upsert"]
    assert [(row["op"], row["id"], row["replaced_by"], row["document"]) for row in rows] == [
        ("merge", "old-2024", "ocado-tesco-2024", None),
        ("delete", "gone", None, None),
    ]
