"""Feeds and sitemaps that grow, reach out or break: refused or bounded, in any encoding."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crawler.discover.feeds import read_feed
from crawler.discover.links import Listing
from crawler.discover.sections import read_section
from crawler.discover.sitemaps import read_sitemap

BASE = "https://news.example/list"
FEED = "<rss version='2.0'><channel><title>T</title>{}</channel></rss>"
ITEM = "<item><title>{}</title><link>https://news.example/{}</link></item>"
MAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</urlset>"
LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10 if n else 'ha' * 50}'>" for n in range(12))
PADDING = "<!-- far from the beginning -->" * 2_000


def read(root: str, text: str, encoding: str) -> Listing:
    body = text.encode(encoding)
    return read_feed(body, url=BASE) if root == "rss" else read_sitemap(body, url=BASE)


@pytest.mark.parametrize("root", ["rss", "urlset"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_entities_are_refused_wherever_they_are(root: str, encoding: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("https://news.example/secret")
    content = (FEED if root == "rss" else MAP).format("<item><url><loc>{}</loc></url><link>{}</link></item>")
    for declared, used in (
        (LAUGHS, "&a11;"),
        (f"<!ENTITY x SYSTEM '{secret.as_uri()}'>", "&x;"),
        ("<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;", "&x;"),
    ):
        for before in ("", PADDING):
            text = f"<?xml version='1.0'?>{before}<!DOCTYPE {root} [{declared}]>{content.format(used, used)}"
            listing = read(root, text, encoding)
            assert listing.links == ()
            assert listing.problem is not None
            assert listing.problem.startswith("refused: a ")


def test_an_external_document_type_is_not_fetched() -> None:
    for root, content in (
        ("rss", FEED.format(ITEM.format("T", "x"))),
        ("urlset", MAP.format("<url><loc>/x</loc></url>")),
    ):
        text = f"<!DOCTYPE {root} SYSTEM 'http://127.0.0.1:9/{root}.dtd'>{content}"
        assert [link.url for link in read(root, text, "utf-8").links] == ["https://news.example/x"]


def test_an_article_about_entities_is_none() -> None:
    item = "<item><link>/x</link><description><![CDATA[Write <!ENTITY a 'b'> for it]]></description></item>"
    assert len(read_feed(FEED.format(item).encode(), url=BASE).links) == 1


def test_a_million_entries_are_refused_or_cut() -> None:
    assert read_feed(FEED.format("<item/>" * 500_000).encode(), url=BASE).problem == (
        "refused: a feed with 500,000 entries"
    )
    assert read_feed(b"<a>" * 300_000, url=BASE).problem == "refused: a feed with 300,000 tags"
    atom = "<a:feed xmlns:a='http://www.w3.org/2005/Atom'>" + "<a:entry/>" * 20_000 + "</a:feed>"
    assert read_feed(atom.encode(), url=BASE).problem == "refused: a feed with 20,000 entries"
    listing = read_sitemap(
        gzip.compress(MAP.format("<url><loc>/a</loc></url>" * 3_000).encode(), 1), url=BASE
    )
    assert listing.problem == "sitemap with 3,000 entries; the first 1,000 were read"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"<",
        b"<rss",
        b"<rss><channel><item><link>http://[::1</link><link>\x00</link></item>",
        b"<a>" * 5_000,
        b"<rss><channel><item><link>" + b"a" * 1_000_000,
        b"\xff\xfe<\x00r\x00",
        b"<?xml version='1.0' encoding='no-such'?><rss><channel></channel></rss>",
        b"<?xml version='1.0' encoding='utf-8'?><rss><channel><title>\xff\xfe</title></channel></rss>",
    ],
    ids=["empty", "nul", "angle", "tag", "address", "nested", "long", "cut", "encoding", "bytes"],
)
def test_broken_listings_end_in_a_reason(body: bytes) -> None:
    assert read_sitemap(body, url=BASE).problem is not None
    read_section(body, url=BASE)
    feed = read_feed(body, url=BASE)
    # A feed without entries is whole, and some bytes of another encoding do no harm.
    assert feed.problem is not None or body.startswith(b"<?xml")


def test_markup_in_a_feed_is_text() -> None:
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;Kroger &amp; Ocado"
    (link,) = read_feed(FEED.format(ITEM.format(hostile, "x")).encode(), url=BASE).links
    assert "<" not in link.headline
    assert link.headline.endswith("Kroger & Ocado")
