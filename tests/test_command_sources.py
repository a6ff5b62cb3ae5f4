"""`--sources` by name: the lists that come with Tieup need no path into an installed package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from processes import Tieup, assert_one_line

from crawler import watch
from crawler.crawl import CrawlReport
from crawler.items import Problem
from crawler.sources import DEFAULT_PATH, load_sources

OWN = "sources: [{name: Here, domain: here.example, feeds: [/feed]}]\n"


@pytest.mark.parametrize(
    ("name", "number", "domain"),
    [
        ("publishers", len(load_sources()), "www.retaildive.com"),
        (
            "unchecked",
            len(load_sources(DEFAULT_PATH.with_name("sources-unchecked.yml"))),
            "insideretail.asia",
        ),
        ("newsroom", 5, "127.0.0.1:8471"),
    ],
)
def test_a_list_has_a_name(name: str, number: int, domain: str, inline: Tieup) -> None:
    done = inline("sources", "--sources", name)
    assert (done.returncode, done.stderr) == (0, f"{number} sources\n")
    assert f" {domain} " in done.stdout


def test_the_publishers_are_listed_without_a_name(inline: Tieup) -> None:
    assert inline("sources").stdout == inline("sources", "--sources", "publishers").stdout


def test_a_file_of_that_name_is_told_by_its_path(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "publishers").write_text(OWN, encoding="utf-8")
    assert inline("sources", "--sources", "./publishers").stderr == "1 sources\n"
    assert inline("sources", "--sources", "publishers").stderr != "1 sources\n"


def test_what_is_neither_says_which_lists_there_are(inline: Tieup) -> None:
    for command in (("run",), ("sources",), ("sources", "check"), ("crawl", "-o", "a.jsonl"), ("watch",)):
        done = inline(*command, "--sources", "publisher")
        assert_one_line(
            done, "publisher: no such file, and no list that comes with Tieup (newsroom, publishers, "
        )


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [("publishers", [str(DEFAULT_PATH)]), ("./publishers", ["{folder}/publishers"]), ("newsroom", [])],
)
def test_each_run_of_a_watch_reads_the_same_list(
    given: str, passed_on: list[str], inline: Tieup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "publishers").write_text(OWN, encoding="utf-8")
    started: list[list[str]] = []
    monkeypatch.setattr(watch, "watch", lambda command, **options: started.append(command))
    assert inline("watch", "--sources", given).returncode == 0
    (command,) = started
    told: list[Any] = [command[i + 1] for i, word in enumerate(command) if word == "--sources"]
    assert told == [word.format(folder=tmp_path) for word in passed_on]


STORY = (
    "<p>Marlby and Quillane signed a delivery deal that covers all stores of the group from now on.</p>" * 4
)
SAVED = f"""<!doctype html><html lang="en"><head><title>Shop talk</title>
<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2024-03-20"}}</script></head>
<body><article><h1>Shop talk</h1><h2 class="real">Marlby signs with Quillane</h2>
<p class="day">12 March 2024</p>{STORY}</article></body></html>"""
SELECTORS = "selectors: {headline: .real, date_published: .day}"


def parsed(done: Any) -> dict[str, Any]:
    assert (done.returncode, done.stderr) == (0, "")
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def test_selectors_are_tried_on_a_saved_page(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text(SAVED, encoding="utf-8")
    (tmp_path / "my.yml").write_text(OWN.replace("}", f", {SELECTORS}}}"), encoding="utf-8")
    plain = parsed(inline("parse", "saved.html"))
    assert (plain["headline"], plain["date_published"], plain["source"]) == ("Shop talk", "2024-03-20", None)
    # With or without an address, and at whichever: a feed may lead to another domain.
    for address in ((), ("--url", "https://here.example/a"), ("--url", "https://other.example/a")):
        record = parsed(inline("parse", "saved.html", "--sources", "my.yml", *address))
        assert (record["headline"], record["source"]) == ("Marlby signs with Quillane", "here")
        assert (record["date_published"], record["date_published_basis"]) == ("2024-03-12", "selector")


def test_of_several_sources_the_address_says_whose_page_it_is(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text(SAVED, encoding="utf-8")
    two = f"{OWN[:-2]}, {{name: There, domain: there.example, feeds: [/feed], {SELECTORS}}}]\n"
    (tmp_path / "my.yml").write_text(two, encoding="utf-8")
    command = ("parse", "saved.html", "--sources", "my.yml")
    record = parsed(inline(*command, "--url", "https://www.there.example/a"))
    assert (record["headline"], record["source"]) == ("Marlby signs with Quillane", "there")
    assert parsed(inline(*command, "--url", "https://here.example/a"))["headline"] == "Shop talk"
    assert_one_line(inline(*command), "say with --url where the page is")
    assert_one_line(inline(*command, "--url", "https://other.example/a"), "say with --url where the page is")


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
@pytest.mark.parametrize(
    "command", [("run", "--db", "a.db"), ("crawl", "-o", "a.jsonl")], ids=["run", "crawl"]
)
def test_a_broken_assertion_is_loud_where_it_is_asked_for(
    command: tuple[str, ...],
    options: tuple[str, ...],
    code: int,
    inline: Tieup,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "my.yml").write_text(OWN, encoding="utf-8")
    silent = Problem("error", "here", None, "0 articles, at least 1 expected")

    def crawl(sources: object, sink: object, *, on_problem: Any, **others: object) -> CrawlReport:
        on_problem(silent)
        return CrawlReport(1, 0, 0, 1, broken=(silent,))

    monkeypatch.setattr("crawler.crawl.crawl", crawl)
    done = inline(*command, "--sources", "my.yml", *options)
    assert done.returncode == code
    assert "0 articles, at least 1 expected" in done.stdout + done.stderr
