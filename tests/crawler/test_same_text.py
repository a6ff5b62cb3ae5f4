"""One text at two addresses of a publisher, each its own canonical address, is one article."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from local_site import Answer, LocalSite, article_page, rss, serve, source
from run_crawl import age, articles, launch


def run(folder: Path, sources: str, **order: Any) -> dict[str, Any]:
    outcome = launch(folder, "sources:\n" + sources, **order)
    assert (outcome.code, outcome.stderr, outcome.result["problems"]) == (0, "", [])
    return outcome.result


def handed_on(folder: Path) -> list[tuple[str, str]]:
    return [(article["url"].rpartition("/")[2], article["headline"]) for article in articles(folder)]


def publish(site: LocalSite, **pages: str) -> None:
    """Pages without validators, by name, and a feed of them."""
    site.pages = {f"/{name}": Answer(page) for name, page in pages.items()}
    site.pages["/feed"] = replace(rss(*(f"/{name}" for name in pages)), etag=None)


def test_a_text_at_a_second_address_is_no_second_article_and_stays_none(
    site: LocalSite, tmp_path: Path
) -> None:
    page = article_page("Alpha signs with Beta")
    teaser = (
        "<aside><h3>Read more</h3><p>What else happened in the shops of the region this week.</p></aside>"
    )
    publish(site, first=page, second=article_page("Alpha signs with Beta", extra=teaser))
    assert run(tmp_path, source(site))["report"]["articles"] == 1
    state = (tmp_path / "state" / "crawl.jsonl").read_text().splitlines()
    records = {record["url"].rpartition("/")[2]: record for record in map(json.loads, state[1:])}
    copies = {name: record["canonical"] for name, record in records.items() if "canonical" in record}
    assert sorted(copies) == ["first", "second"]
    # Though it comes whole again, alone and with another teaser.
    (copy,) = (name for name, canonical in copies.items() if canonical.startswith("text:"))
    age(tmp_path, hours=7)
    publish(site, **{copy: article_page("Alpha signs with Beta", extra=teaser.replace("week", "month"))})
    assert run(tmp_path, source(site))["report"]["articles"] == 0
    assert site.paths().count(f"/{copy}") == 2


def test_a_copy_that_changes_is_an_article(site: LocalSite, tmp_path: Path) -> None:
    old, new = article_page("Alpha signs with Beta"), article_page("Gamma opens with Delta")
    publish(site, one=old, two=old)
    run(tmp_path, source(site))
    ((first, _),) = handed_on(tmp_path)
    copy = {"one": "two", "two": "one"}[first]
    age(tmp_path, hours=7)
    publish(site, **{first: old, copy: new})
    run(tmp_path, source(site))
    assert handed_on(tmp_path)[1:] == [(copy, "Gamma opens with Delta")]
    age(tmp_path, hours=7)
    run(tmp_path, source(site))
    assert len(handed_on(tmp_path)) == 2


def test_an_article_that_changes_to_what_another_says_or_back_is_not_lost(
    site: LocalSite, tmp_path: Path
) -> None:
    alpha, gamma = article_page("Alpha signs with Beta"), article_page("Gamma opens with Delta")
    publish(site, one=alpha, two=gamma)
    run(tmp_path, source(site))
    for one, two in ((gamma, gamma), (alpha, gamma), (alpha, alpha)):
        age(tmp_path, hours=7)
        publish(site, one=one, two=two)
        run(tmp_path, source(site))
    assert handed_on(tmp_path)[2:] == [
        ("one", "Gamma opens with Delta"),
        ("one", "Alpha signs with Beta"),
        ("two", "Alpha signs with Beta"),
    ]
    age(tmp_path, hours=23)
    publish(site, one=gamma, two=gamma)
    run(tmp_path, source(site))
    assert sorted(name for name, _ in handed_on(tmp_path)[5:]) == ["one", "two"]


def test_other_headlines_days_and_publishers_and_short_texts_are_other_articles(
    site: LocalSite, tmp_path: Path
) -> None:
    same = article_page("Alpha signs with Beta")
    notice = article_page("We are closed", text="Our shop opens again in May.")
    publish(
        site,
        one=same,
        headline=same.replace("<title>Alpha signs", "<title>Alfa signs").replace("<h1>Alpha", "<h1>Alfa"),
        day=same.replace("2021-03-04", "2021-03-05").replace("4 March", "5 March"),
        short=notice,
        brief=notice,
    )
    with serve(LocalSite()) as other:
        publish(other, one=same)
        run(tmp_path, source(site) + source(other, name="Other"))
    found = articles(tmp_path)
    assert sorted(article["url"].rpartition("/")[2] for article in found) == [
        "brief", "day", "headline", "one", "one", "short",
    ]  # fmt: skip
    assert len({article["article_body"] for article in found}) == 2


def test_a_copy_comes_when_the_first_could_not_be_kept(site: LocalSite, tmp_path: Path) -> None:
    one, two = article_page("An odd story of two addresses"), article_page("Another story of two of them")
    publish(site, odd=one, copy=one, copied=two, other=two)
    # One after the other, in either order.
    settings = {"CONCURRENT_REQUESTS": 1}
    run(tmp_path, source(site), not_kept=["/odd", "/other"], settings=settings)
    assert sorted(name for name, _ in handed_on(tmp_path)) == ["copied", "copy"]
