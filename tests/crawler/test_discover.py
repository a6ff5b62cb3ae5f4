"""Feeds, sitemaps and section pages: what they lead to, and that hostile ones are bounded."""

from __future__ import annotations

import gzip

from crawler.discover.feeds import read_feed
from crawler.discover.links import Link
from crawler.discover.sections import read_section
from crawler.discover.sitemaps import read_sitemap

BASE = "https://news.example/list"
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>
<entry><title>One &amp; &lt;b&gt;two&lt;/b&gt;</title><link href="/one?x=1&amp;y=2"/>
<summary>S</summary></entry>
<entry><title>No link</title></entry></feed>"""


def test_a_feed_gives_links_with_plain_text() -> None:
    listing = read_feed(ATOM.encode(), url=BASE)
    assert listing.links == (Link("article", "https://news.example/one?x=1&y=2", "One & two", "S"),)
    assert listing.problem is None


def test_a_feed_that_breaks_off_gives_what_could_be_read() -> None:
    listing = read_feed(ATOM.partition("<entry><title>No")[0].encode(), url=BASE)
    assert len(listing.links) == 1
    assert listing.problem is not None
    assert listing.problem.startswith("broken feed (")


def test_feeds_are_bounded() -> None:
    item = "<item><title>T</title><link>https://news.example/{}</link></item>"
    many = "<rss version='2.0'><channel>" + "".join(item.format(n) for n in range(1500)) + "</channel></rss>"
    listing = read_feed(many.encode(), url=BASE)
    assert len(listing.links) == 1000
    assert listing.problem == "feed with 1,500 entries; the first 1,000 were read"
    assert read_feed(b"x" * 4_000_001, url=BASE).problem == "feed larger than 4 MB"
    external = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'
    assert read_feed(external, url=BASE).problem == "refused: a feed that defines entities of its own"


def urlset(*entries: tuple[str, str]) -> bytes:
    text = "".join(f"<url><loc> {loc} </loc><lastmod>{day}</lastmod></url>" for loc, day in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{text}</urlset>'.encode()


def test_a_sitemap_gives_the_last_modified_first() -> None:
    body = urlset(("/old", "2020-01-01"), ("https://news.example/new", "2021-01-01"))
    expected = (Link("article", "https://news.example/new"), Link("article", "https://news.example/old"))
    assert read_sitemap(body, url=BASE).links == expected
    assert read_sitemap(gzip.compress(body), url=BASE).links == expected


def test_hostile_sitemaps_are_bounded() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 30_000_000)
    assert len(bomb) < 100_000
    problem = read_sitemap(bomb, url=BASE).problem
    assert problem is not None
    assert problem.startswith("a gzipped sitemap that ")
    many = urlset(*((f"/{n}", "2021-01-01") for n in range(2000)))
    assert len(read_sitemap(many, url=BASE).links) == 1000
    assert read_sitemap(b'<!DOCTYPE x [<!ENTITY a "b">]><urlset/>', url=BASE).problem is not None
    assert read_sitemap(b"<html><p>x</html>", url=BASE).problem == "not a sitemap but <html>"
    assert read_sitemap(b"", url=BASE).problem == "broken sitemap: not XML"
    assert read_sitemap(b"\x1f\x8bbroken", url=BASE).problem is not None


def test_a_section_page_gives_articles_next_pages_and_feeds() -> None:
    page = """<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>
    <nav><a href="/a-b-c-d-nav">Navigation to somewhere else</a></nav>
    <h2><a href="/2021/kroger-and-ocado">Kroger and Ocado open a shed</a></h2>
    <a href="/2021/kroger-and-ocado#comments">12</a>
    <a href="/tag/some-long-tag">All stories about a tag</a> <a href="/x.pdf">The annual report as a file</a>
    <a href="https://other.example/2021/a-b-c">A story of another site</a>
    <a href="javascript:x()">Click here to open it</a>
    <a href="http://[bad/a-b-c">A broken link to nowhere</a>
    <a href="/news?page=2">Older posts</a>
    <footer><a href="/long-legal-page">Our long legal page here</a></footer></body></html>"""
    listing = read_section(page.encode(), url=BASE)
    assert listing.links == (
        Link("article", "https://news.example/2021/kroger-and-ocado", "Kroger and Ocado open a shed"),
        Link("section", "https://news.example/news?page=2"),
        Link("feed", "https://news.example/feed"),
    )
    assert read_section(b"%PDF-1", url=BASE).problem is not None
