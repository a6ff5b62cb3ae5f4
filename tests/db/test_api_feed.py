"""The Atom feed of what is new."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from build import article, database, deal, extraction, load, report
from datasette.app import Datasette
from served import get, served

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    path: Path = tmp_path_factory.mktemp("feed") / "tieup.db"
    db = database(path)
    story = article("https://wire.example/2", "Kroger and Uber.", published="2024-02-01")
    said = deal(story, {"Kroger": "partner", "Uber": "partner"}, type="technology_agreement")
    load(
        db,
        report("https://wire.example/1", "Tesco, Ocado", areas={"cloud_it": "option"}),
        (story, extraction(story, said)),
    )
    with db.conn:
        db.conn.execute("update deals set title = ? where id = 'kroger-uber-2024'", ["<script>&\x0b\x00 ]]>"])
    db.close()
    return served(path)


def entries(datasette: Datasette, query: str = "") -> list[ET.Element]:
    answer = get(datasette, f"/-/feed.atom{query}")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content).findall(f"{ATOM}entry")


def test_the_feed_has_each_new_deal_with_its_page(datasette: Datasette) -> None:
    found = entries(datasette)
    pages = {entry.find(f"{ATOM}link").attrib["href"] for entry in found}  # type: ignore[union-attr]
    assert pages == {
        "http://localhost/tieup/deals/kroger-uber-2024",
        "http://localhost/tieup/deals/ocado-tesco-2024",
    }
    for entry in found:
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("title", "id", "updated", "summary"))
    assert len({entry.findtext(f"{ATOM}id") for entry in found}) == 2


def test_hostile_titles_are_text(datasette: Datasette) -> None:
    titles = {entry.findtext(f"{ATOM}title") for entry in entries(datasette)}
    assert "<script>& ]]>" in titles


def test_the_feed_narrows_by_company_and_area(datasette: Datasette) -> None:
    assert len(entries(datasette, "?company=Tesco PLC")) == 1
    assert len(entries(datasette, "?area=cloud_it")) == 1
    assert entries(datasette, "?company=nobody") == []
    assert get(datasette, "/-/feed.atom?compny=Tesco").status_code == 400


def test_an_unchanged_feed_is_304(datasette: Datasette) -> None:
    tag = get(datasette, "/-/feed.atom").headers["etag"]
    assert get(datasette, "/-/feed.atom", headers={"If-None-Match": tag}).status_code == 304
