"""Whose an entry of a feed is: the feed's source's, another source's, or nobody's."""

from __future__ import annotations

from pathlib import Path

import pytest
from local_site import Answer, LocalSite, article_page, rss, serve, source
from run_crawl import articles, launch

from crawler.discover.links import ARTICLE, FEED, SECTION, Link
from crawler.owners import Owners, follows, is_at_home
from crawler.session import Task
from crawler.sources import Source

A = Source(name="A", id="a", domain="a.example", feeds=("/feed",))
B = Source(name="B", id="b", domain="b.example", sections=("/news",))
OWN = Task(A, Link(FEED, "https://a.example/feed"))
ELSEWHERE = Task(A, Link(FEED, "https://feeds.feedburner.com/a"))


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://a.example/x", A),
        ("https://blog.a.example/x", A),
        ("https://www.b.example/x", B),
        ("https://c.example/x", None),
        ("https://b.example.evil.example/x", None),
        ("https://feedproxy.google.com/~r/a/~3/x", A),
        ("http://[", None),
    ],
)
def test_an_entry_of_a_feed_belongs_to_the_source_of_its_site(url: str, owner: Source | None) -> None:
    assert Owners([A, B]).owner(OWN, Link(ARTICLE, url), "https://a.example/feed") is owner


def test_a_feed_service_counts_only_if_it_leads_to_the_source() -> None:
    entry = Task(A, Link(ARTICLE, "https://feedproxy.google.com/~r/a/~3/x"), home=ELSEWHERE.link.url)
    assert follows(ELSEWHERE, entry.link, ELSEWHERE.link.url)
    assert is_at_home(entry, "https://www.a.example/x")
    for url in (entry.link.url, "https://feeds.feedburner.com/x", "https://c.example/x"):
        assert not is_at_home(entry, url)


def test_a_source_that_has_moved_is_at_home_where_its_listing_is() -> None:
    moved = "https://new.example/feed"
    entry = Task(A, Link(ARTICLE, "https://new.example/x"), home=moved)
    assert follows(OWN, entry.link, moved)
    assert is_at_home(entry, "https://new.example/x")


def test_a_page_may_name_a_feed_elsewhere_which_may_not_name_everything() -> None:
    page = "https://b.example/news"
    feed = Link(FEED, "https://feeds.feedburner.com/b")
    assert follows(Task(B, Link(SECTION, page)), feed, page)
    named = Task(B, feed, 1, page)
    assert follows(named, Link(ARTICLE, "https://b.example/x"), feed.url)
    assert follows(named, Link(ARTICLE, "https://feeds.feedburner.com/~r/b/x"), feed.url)
    assert not follows(named, Link(ARTICLE, "https://c.example/x"), feed.url)


def test_entries_on_other_sites_are_their_sources_or_left_out(site: LocalSite, tmp_path: Path) -> None:
    with serve(LocalSite()) as other, serve(LocalSite()) as service:
        other.pages = {"/x": Answer(article_page("A story of the other source"), etag='"x"')}
        strays = [f"http://stray.example/{n}" for n in range(3)]
        site.pages = {
            "/feed": rss("/own", f"{other.origin}/x", *strays),
            "/own": Answer(article_page("A story of this source"), etag='"own"'),
            "/forwarded": Answer(article_page("A story behind the service"), etag='"f"'),
        }
        service.pages = {
            "/feed": rss("/r/1"),
            "/r/1": Answer("", 302, {"Location": f"{site.origin}/forwarded"}),
        }
        sources = "sources:\n" + source(site, f"feeds: [/feed, '{service.origin}/feed']")
        sources += source(other, "sections: [/nothing]", name="Other")
        first, second = (launch(tmp_path, sources).result for _ in range(2))
    assert {(a["source"], a["headline"]) for a in articles(tmp_path)} == {
        ("local", "A story of this source"),
        ("other", "A story of the other source"),
        ("local", "A story behind the service"),
    }
    told = [[p["message"] for p in r["problems"] if p["source"] == "local"] for r in (first, second)]
    assert told == [[f"3 entries on other sites left out, such as {strays[0]}"], []]
