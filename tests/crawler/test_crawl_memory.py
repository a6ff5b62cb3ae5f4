"""A long crawl takes no more memory than a short one: few pages wait at a time, and yet each is asked for."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from local_site import Answer, LocalSite, article_page, serve, source
from run_crawl import launch

SITEMAPS, EACH, LIMIT = 12, 15, 20
PAGES = {f"/story-{n}" for n in range(SITEMAPS * EACH)}
# Not relevant enough to be parsed, which would take most of the time.
STORKS = article_page(
    "Storks on the tower", text="The birds came back in March and sit on the old tower again."
)
PARTS = [f"/part-{n}.xml" for n in range(SITEMAPS)]
STARTS = ", ".join(PARTS)


def sitemap(*pages: str, within: str = "urlset", kind: str = "url") -> Answer:
    entries = "".join(f"<{kind}><loc>{page}</loc></{kind}>" for page in pages)
    return Answer(f"<{within}>{entries}</{within}>", content_type="application/xml", etag='"same"')


@pytest.fixture
def long_site(site: LocalSite) -> LocalSite:
    """An index of twelve sitemaps with fifteen pages each."""
    site.pages["/index.xml"] = sitemap(*PARTS, within="sitemapindex", kind="sitemap")
    for number, part in enumerate(PARTS):
        pages = [f"/story-{n}" for n in range(number * EACH, (number + 1) * EACH)]
        site.pages[part] = sitemap(*pages)
        site.pages |= dict.fromkeys(pages, Answer(STORKS, etag='"a"'))
    return site


def run(folder: Path, sources: str, **order: Any) -> int | None:
    order = {"min_relevance": 0.5, "settings": {"TIEUP_MAX_WAITING": LIMIT}} | order
    return launch(folder, "sources:\n" + sources, **order).code


def most_waiting(site: LocalSite) -> int:
    """How many pages at most its sitemaps had named that were not yet asked for."""
    waiting = most = 0
    for path in site.paths():
        waiting += EACH if path.startswith("/part") else -path.startswith("/story")
        most = max(most, waiting)
    return most


@pytest.mark.parametrize("sitemaps", ["/index.xml", STARTS])
def test_no_further_sitemap_is_asked_for_while_many_pages_wait(
    sitemaps: str, long_site: LocalSite, tmp_path: Path
) -> None:
    assert run(tmp_path, source(long_site, f"sitemaps: [{sitemaps}]")) == 0
    stories = [path for path in long_site.paths() if path.startswith("/story")]
    assert set(stories) == PAGES
    assert len(stories) == len(PAGES)
    assert EACH <= most_waiting(long_site) <= LIMIT + EACH
    asked = [path for path in long_site.paths() if path.startswith("/part")]
    # Of an index, what seems newest is first.
    assert asked == (PARTS if sitemaps == STARTS else PARTS[::-1])


def test_what_waited_when_a_crawl_was_killed_comes_in_the_next(long_site: LocalSite, tmp_path: Path) -> None:
    listed = source(long_site, "sitemaps: [/index.xml]")
    assert run(tmp_path, listed, min_relevance=0.0, kill_after=20) == -9
    assert len(set(long_site.paths()) & PAGES) < len(PAGES) / 2
    assert run(tmp_path, listed) == 0
    assert set(long_site.paths()) >= PAGES


def test_sitemaps_that_fail_make_way_for_those_that_wait(long_site: LocalSite, tmp_path: Path) -> None:
    broken = {
        "/part-11.xml": Answer("gone", 404),
        "/part-9.xml": Answer("<p>no sitemap"),
        "/part-7.xml": sitemap(),
    }
    long_site.pages |= broken
    assert run(tmp_path, source(long_site, "sitemaps: [/index.xml]")) == 0
    assert len(set(long_site.paths()) & PAGES) == (SITEMAPS - len(broken)) * EACH


def test_the_pages_of_one_site_do_not_hold_up_another(long_site: LocalSite, tmp_path: Path) -> None:
    is_asked, came_first = threading.Event(), []

    def news(before: int) -> Answer:
        is_asked.set()
        return Answer(STORKS)

    def patient(before: int) -> Answer:
        came_first.append(is_asked.wait(20))
        return Answer(STORKS)

    other = LocalSite({"/small.xml": sitemap("/news"), "/news": news})
    long_site.pages["/story-0"] = patient
    with serve(other):
        two = source(long_site, f"sitemaps: [{STARTS}]") + source(other, "sitemaps: [/small.xml]", "Other")
        assert run(tmp_path, two, settings={"TIEUP_MAX_WAITING": 1}) == 0
    assert came_first == [True]
    assert set(long_site.paths()) >= PAGES
