"""What sources.yml asserts of a source: numbers of articles, and shares of them that have a field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from local_site import Answer, LocalSite, article_page, rss, source
from run_crawl import launch

from crawler.sources import SourcesError, sources_from_text

AUTHOR = "<meta name='author' content='Ada Byron'>"


def run(folder: Path, entry: str, **order: Any) -> dict[str, Any]:
    outcome = launch(folder, "sources:\n" + entry, **order)
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome.result


def undated(headline: str) -> Answer:
    page = article_page(headline)
    return Answer(page.replace("<time datetime='2021-03-04'>4 March 2021</time>", ""))


def errors(result: dict[str, Any]) -> list[str]:
    assert all(p["source"] == "local" and p["url"] is None for p in result["report"]["broken"])
    assert {p["level"] for p in result["report"]["broken"]} <= {"error"}
    assert [p for p in result["problems"] if p["url"] is None] == result["report"]["broken"]
    assert result["report"]["problems"] == len(result["problems"])
    return [p["message"] for p in result["report"]["broken"]]


def test_shares_of_fields_are_asserted(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {
        "/feed": rss("/a", "/b", "/c"),
        "/a": Answer(article_page("Alpha signs with Beta", head=AUTHOR)),
        "/b": undated("Gamma opens with Delta"),
        "/c": undated("Epsilon tests tills of Zeta"),
    }
    shares = "min_with_date: 0.9, min_with_author: 0.3, min_with_section: 0, min_with_language: 1"
    result = run(tmp_path, source(site, f"feeds: [/feed], assertions: {{max_articles: 2, {shares}}}"))
    assert errors(result) == [
        "3 articles, at most 2 expected",
        "with date: 1 of the latest 3 articles, at least 90% expected",
    ]


def test_latest_articles_are_judged_whichever_crawls_brought_them(site: LocalSite, tmp_path: Path) -> None:
    keys = "feeds: [/feed], assertions: {min_with_date: 0.7}"
    dated = {f"/{n}": Answer(article_page(f"Alpha number {n} signs"), etag='"x"') for n in range(3)}
    site.pages = {"/feed": rss(*dated)} | dated  # type: ignore[operator]
    assert errors(run(tmp_path, source(site, keys))) == []
    # One without a date among many is within the share, alone it would not be.
    site.pages |= {"/feed": rss(*dated, "/odd"), "/odd": undated("Odd news of one more")}
    site.pages["/feed"].etag = None  # type: ignore[union-attr]
    assert errors(run(tmp_path, source(site, keys))) == []
    site.pages |= {"/feed": rss(*dated, "/odd", "/odder"), "/odder": undated("Odder news of yet one more")}
    site.pages["/feed"].etag = None  # type: ignore[union-attr]
    assert errors(run(tmp_path, source(site, keys))) == [
        "with date: 3 of the latest 5 articles, at least 70% expected"
    ]
    # Nothing new says nothing new, and another knowledge base begins anew.
    assert errors(run(tmp_path, source(site, keys))) == []
    assert errors(run(tmp_path, source(site, keys), key="other")) == [
        "with date: 3 of the latest 5 articles, at least 70% expected"
    ]


@pytest.mark.parametrize(
    "kept", ["", "[]", '{"key": "one", "latest": 3}', '{"key": "one", "latest": {"local": [3]}}']
)
def test_what_was_kept_may_be_damaged(kept: str, site: LocalSite, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "latest-fields.json").write_text(kept)
    site.pages = {"/feed": rss("/b"), "/b": undated("Gamma opens with Delta")}
    result = run(tmp_path, source(site, "feeds: [/feed], assertions: {min_with_date: 1}"))
    assert errors(result) == ["with date: 0 of the latest 1 articles, at least 100% expected"]


@pytest.mark.parametrize("share", ["90", "-0.1", "1.01", "true", "all", ".nan"])
def test_share_is_a_number_from_0_to_1(share: str) -> None:
    text = f"sources: [{{name: A, domain: a.example, feeds: [/f], assertions: {{min_with_date: {share}}}}}]"
    with pytest.raises(
        SourcesError, match="'assertions' must give min_with_date as a share from 0 to 1, such as"
    ):
        sources_from_text(text, "my.yml")
