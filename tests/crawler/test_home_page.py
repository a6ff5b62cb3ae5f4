"""A source of which nothing but the domain is known: its home page leads to its articles and feeds."""

from __future__ import annotations

from pathlib import Path

from local_site import Answer, LocalSite, article_page, rss
from run_crawl import articles, launch


def test_a_domain_alone_is_read_from_its_home_page(site: LocalSite, tmp_path: Path) -> None:
    feed = "<link rel='alternate' type='application/rss+xml' href='/news.rss'>"
    shown = "<h2><a href='/2021/shown-at-home'>A story that the home page shows</a></h2>"
    site.pages = {
        "/": Answer(f"<html><head>{feed}</head><body><main>{shown}</main></body></html>"),
        "/news.rss": rss("/2021/in-the-feed"),
        "/2021/shown-at-home": Answer(article_page("Shown at home")),
        "/2021/in-the-feed": Answer(article_page("Only in the feed")),
    }
    sources = f"sources:\n  - {{name: Local, domain: '{site.netloc}', scheme: http}}\n"
    result = launch(tmp_path, sources).result
    assert {article["headline"] for article in articles(tmp_path)} == {"Shown at home", "Only in the feed"}
    assert result["problems"] == []
