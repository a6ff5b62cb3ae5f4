"""What Tieup adds to Datasette's pages: link facets, links in cells, redirects, headers, ETag."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from build import article, database, deal, extraction, load, report
from datasette.app import Datasette
from served import ask, get, served

HOSTILE = "<script>alert(1)</script>\" onmouseover='alert(2)"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hooks") / "tieup.db"
    db = database(path)
    story = article(
        "javascript:alert(1)",
        f"Kroger and Uber {HOSTILE} teamed up.",
        headline=HOSTILE,
        source="wire",
    )
    load(
        db,
        report("https://wire.example/1", "Tesco, Ocado", areas={"cloud_it": "option"}, places=["GB"]),
        report(
            "https://wire.example/2",
            "Tesco, Google",
            areas={"cloud_it": "option", "loyalty_membership": "option"},
        ),
        report(
            "https://wire.example/3",
            "Carrefour, Google",
            areas={"loyalty_membership": "option"},
            places=["FR"],
        ),
        (story, extraction(story, deal(story, {"Kroger": "partner", "Uber": "partner"}))),
    )
    with db.conn:
        db.conn.execute(
            "insert into changes(entity, id, op, replaced_by, at) values "
            "('deal', 'old-2024', 'merge', 'ocado-tesco-2024', '2024'),"
            "('company', 'tesco-plc', 'merge', 'tesco', '2024')"
        )
    db.close()
    return path


@pytest.fixture(scope="module")
def datasette(path: Path) -> Datasette:
    return served(path)


def facet(datasette: Datasette, name: str, filters: str = "") -> dict[str, int]:
    found = get(datasette, f"/tieup/deals.json?{filters}").json()["facet_results"][name]
    return {result["value"]: result["count"] for result in found["results"]}


# ---------------------------------------------------------------- link facets and filters


def test_link_facets_count_deals_by_area_company_and_country(datasette: Datasette) -> None:
    assert facet(datasette, "area") == {"cloud_it": 2, "loyalty_membership": 2}
    assert facet(datasette, "company") == {
        "google": 2,
        "tesco": 2,
        "carrefour": 1,
        "kroger": 1,
        "ocado": 1,
        "uber": 1,
    }
    assert facet(datasette, "country")["FR"] == 1
    labels = get(datasette, "/tieup/deals.json").json()["facet_results"]["company"]["results"]
    assert {"Google", "Tesco"} <= {result["label"] for result in labels}


def test_link_facets_count_what_the_filters_leave(datasette: Datasette) -> None:
    assert facet(datasette, "company", "_area=loyalty_membership") == {
        "google": 2,
        "carrefour": 1,
        "tesco": 1,
    }
    assert facet(datasette, "area", "_company=tesco&_company=google") == {
        "cloud_it": 1,
        "loyalty_membership": 1,
    }
    assert facet(datasette, "company", "announced_year__gt=2030") == {}
    assert facet(datasette, "company", "_search=carrefour") == {"carrefour": 1, "google": 1}


def test_link_filters_narrow_pages_json_and_csv_alike(datasette: Datasette) -> None:
    def ids(query: str) -> set[str]:
        return {
            row["id"] for row in get(datasette, f"/tieup/deals.json?{query}&_shape=objects").json()["rows"]
        }

    assert ids("_area=cloud_it") == {"ocado-tesco-2024", "google-tesco-2024"}
    assert ids("_area=cloud_it&_area=loyalty_membership") == {"google-tesco-2024"}
    assert ids("_company=google&_country=FR") == {"carrefour-google-2024"}
    assert ids("_company=tesco-plc") == ids("_company=tesco")  # an id that was merged
    assert ids("_company=nobody") == set()
    csv = get(datasette, "/tieup/deals.csv?_company=google&_stream=on&_size=max").text
    assert csv.count("\n") == 3
    page = get(datasette, "/tieup/deals?_company=carrefour").text
    assert "carrefour-google-2024" in page
    assert "ocado-tesco-2024" not in page
    assert "where company is &#34;carrefour&#34;" in page


def test_a_click_on_a_link_facet_adds_the_filter_and_another_takes_it_away(datasette: Datasette) -> None:
    def toggle(query: str, value: str) -> tuple[bool, str]:
        results = get(datasette, f"/tieup/deals.json?{query}").json()["facet_results"]["area"]["results"]
        [found] = [result for result in results if result["value"] == value]
        return found["selected"], found["toggle_url"].partition("?")[2]

    assert toggle("phase=agreed", "loyalty_membership") == (False, "phase=agreed&_area=loyalty_membership")
    assert toggle("phase=agreed&_area=loyalty_membership", "loyalty_membership") == (True, "phase=agreed")


def test_a_link_facet_can_be_asked_for_where_metadata_has_none(datasette: Datasette) -> None:
    found = get(datasette, "/tieup/articles.json?_facet_link=company").json()["facet_results"]["company"]
    assert {result["value"]: result["count"] for result in found["results"]}["google"] == 2
    assert found["hideable"] is True
    rows = ask(datasette, "articles", _company="carrefour")
    assert [row["url"] for row in rows] == ["https://wire.example/3"]


# ---------------------------------------------------------------- cells


def test_ids_in_views_and_arrays_are_links(datasette: Datasette) -> None:
    page = get(datasette, "/tieup/partnerships?deal=ocado-tesco-2024").text
    for address, text in (
        ("companies/tesco", "tesco"),
        ("companies/ocado", "ocado"),
        ("deals/ocado-tesco-2024", "ocado-tesco-2024"),
        ("areas/cloud_it", "cloud_it"),
    ):
        assert f'<a href="/tieup/{address}">{text}</a>' in page
    answer = get(datasette, "/tieup/current_partners?company=Tesco").text
    assert '<a href="/tieup/companies/ocado">ocado</a>' in answer
    feed = get(datasette, "/tieup/changes").text
    assert '<a href="/tieup/companies/tesco">tesco</a>' in feed  # what tesco-plc was replaced by


def test_the_title_of_a_deal_is_its_link_and_vocabularies_show_their_names(datasette: Datasette) -> None:
    page = get(datasette, "/tieup/deals?id=ocado-tesco-2024").text
    assert re.search(r'<td class="col-title[^>]*><a href="/tieup/deals/ocado-tesco-2024">Tesco', page)
    assert re.search(r'<td class="col-status[^>]*><a href="/tieup/statuses/announced">Announced</a>', page)


@pytest.mark.parametrize(
    "address",
    ["articles", "deal_evidence", "claims", "article_texts", "evidence", "deal_list", "mentions", "deals"],
)
def test_hostile_text_is_text_on_every_page(datasette: Datasette, address: str) -> None:
    page = get(datasette, f"/tieup/{address}").text
    assert "<script>alert" not in page
    assert "' onmouseover" not in page.replace("&#39;", "'").replace("&#34;", '"') or "&#39;" in page
    assert 'href="javascript:' not in page


def test_hostile_text_is_text_on_row_pages_and_in_messages(datasette: Datasette) -> None:
    [row] = ask(datasette, "articles", headline__startswith="<script>")
    page = get(datasette, f"/tieup/articles/{row['id']}").text
    assert "&lt;script&gt;alert(1)" in page
    for address in (
        f"/tieup/articles/{row['id']}",
        "/tieup/deals?_area=<script>alert(1)</script>",
        "/tieup/deals?<script>alert(1)</script>=1",
    ):
        page = get(datasette, address).text
        assert "<script>alert" not in page
        assert 'href="javascript:' not in page


def test_ids_from_a_query_of_ones_own_are_never_made_into_other_addresses(datasette: Datasette) -> None:
    for hostile in (
        "javascript:alert(1)",
        "../../-/metadata",
        '"><script>alert(1)</script>',
        "//evil.example",
    ):
        page = get(
            datasette, "/tieup", params={"sql": "select :x as deal, json_array(:x) as area_ids", "x": hostile}
        ).text
        assert "<script>alert" not in page
        assert 'href="javascript:' not in page
        assert 'href="//evil' not in page
        assert 'href="/tieup/deals/' not in page


# ---------------------------------------------------------------- redirects


def test_the_old_id_of_a_merged_deal_or_company_moves_for_good(datasette: Datasette) -> None:
    for old, new in (
        ("/tieup/deals/old-2024", "/tieup/deals/ocado-tesco-2024"),
        ("/tieup/deals/old-2024.json?_shape=objects", "/tieup/deals/ocado-tesco-2024.json?_shape=objects"),
        ("/tieup/companies/tesco-plc.json", "/tieup/companies/tesco.json"),
    ):
        answer = get(datasette, old)
        assert (answer.status_code, answer.headers["location"]) == (301, new)
    assert get(datasette, "/tieup/articles/old-2024").status_code == 404
    assert get(datasette, "/tieup/companies/old-2024.json").status_code == 404


# ---------------------------------------------------------------- headers


def policy(answer_headers: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in answer_headers.split("; ")}


@pytest.mark.parametrize(
    "address",
    ["/", "/tieup", "/tieup/deals", "/tieup/deals.json", "/tieup/sync", "/nothing", "/tieup/deals?x=1"],
)
def test_every_answer_has_a_strict_policy(datasette: Datasette, address: str) -> None:
    headers = get(datasette, address).headers
    rules = policy(headers["content-security-policy"])
    assert rules["default-src"] == ["'none'"]
    assert "'unsafe-inline'" not in rules["script-src"]
    assert rules["frame-ancestors"] == ["'none'"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "address",
    ["/tieup", "/tieup/deals", "/tieup/deals/ocado-tesco-2024", "/tieup/sync", "/tieup?sql=select+1"],
)
def test_the_policy_allows_every_inline_script_of_datasettes_pages(
    datasette: Datasette, address: str
) -> None:
    answer = get(datasette, address)
    allowed = policy(answer.headers["content-security-policy"])["script-src"]
    for script in re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in allowed, script


# ---------------------------------------------------------------- ETag


def test_an_unchanged_page_is_304_until_something_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    db = database(path)
    load(db, report("https://wire.example/1", "Tesco, Ocado"))
    datasette = served(path)
    first = get(datasette, "/tieup/deals.json")
    tag = first.headers["etag"]
    again = get(datasette, "/tieup/deals.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers
    assert get(datasette, "/tieup/deals.json?_size=1", headers={"If-None-Match": tag}).status_code == 200
    assert (
        get(datasette, "/tieup/deals.json", headers={"If-None-Match": tag, "Cookie": "a=b"}).status_code
        == 200
    )
    db = database(path)
    load(db, report("https://wire.example/9", "Casino, Ocado"))
    db.close()
    changed = get(datasette, "/tieup/deals.json", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert len(changed.json()["rows"]) == len(first.json()["rows"]) + 1


def test_any_commit_changes_the_tag(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    db = database(path)
    datasette = served(path)
    tag = get(datasette, "/tieup/metrics.json").headers["etag"]
    with db.conn:
        db.conn.execute("insert into metrics values ('r', 'gold', 'all', 'type', 1, 1, 1, 1, 1, 1)")
    changed = get(datasette, "/tieup/metrics.json", headers={"If-None-Match": tag})
    assert (changed.status_code, len(changed.json()["rows"])) == (200, 1)


def test_errors_and_the_servers_own_pages_have_no_etag(datasette: Datasette) -> None:
    for address in ("/tieup/nothing", "/tieup/deals?x=1", "/-/versions.json", "/tieup/deals/old-2024"):
        assert "etag" not in get(datasette, address).headers


def test_pages_are_asked_for_again_each_time(datasette: Datasette) -> None:
    assert get(datasette, "/tieup/deals.json").headers["cache-control"] == "no-cache"


def test_other_origins_may_read_only_where_that_is_asked_for(path: Path) -> None:
    assert "access-control-allow-origin" not in get(served(path), "/tieup/deals.json").headers
    assert get(served(path, cors=True), "/tieup/deals.json").headers["access-control-allow-origin"] == "*"
