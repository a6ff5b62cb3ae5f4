"""Feeds and sitemaps that grow, reach out or break: refused or bounded, in any encoding."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from local_site import Answer, LocalSite, article_page, rss, serve, source
from run_crawl import articles, launch, told

from crawler.discover.feeds import read_feed
from crawler.discover.links import MAX_LINKS, Listing
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


RDF = """<?xml version='1.0'?>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>
<channel rdf:about='{0}'><title>F</title><link>{0}</link>
<items><rdf:Seq><rdf:li rdf:resource='{0}/of-rdf'/></rdf:Seq></items></channel>
<item rdf:about='{0}/of-rdf'><title>Of RDF</title><link>{0}/of-rdf</link></item></rdf:RDF>"""
HOME = """<!doctype html><html><head><title>Home</title>
<link rel='alternate' type='application/rss+xml' href='/named'></head><body><main></main></body></html>"""


def test_a_crawl_reads_feeds_of_every_kind_and_gets_over_hostile_listings(
    site: LocalSite, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("https://news.example/secret")
    with serve(LocalSite()) as home, serve(LocalSite()) as inside:
        outer = (
            f"<!ENTITY x SYSTEM '{secret.as_uri()}'>",
            f"<!ENTITY % p SYSTEM '{inside.origin}/x.dtd'> %p;",
        )
        used = "<item><link>/&x;</link></item>", "<url><loc>/&x;</loc></url>"
        markup = "&lt;script&gt;alert(1)&lt;/script&gt;<![CDATA[<img src=x onerror=alert(1)>]]>Of RSS"
        site.pages = {
            "/rdf": Answer(RDF.format(site.origin), content_type="application/rdf+xml"),
            "/json": Answer(
                json.dumps(
                    {
                        "version": "https://jsonfeed.org/version/1.1",
                        "items": [{"url": f"{site.origin}/of-json"}],
                    }
                ),
                content_type="application/feed+json",
            ),
            "/markup": Answer(
                FEED.format(ITEM.format(markup, "x").replace("https://news.example/x", "/of-rss"))
            ),
            "/cut": Answer(
                FEED.format(ITEM.format("A & B", "x"))[:-16].replace("https://news.example/x", "/of-cut")
            ),
            "/bomb": Answer(f"<!DOCTYPE rss [{LAUGHS}]>" + FEED.format("<item><link>&a11;</link></item>")),
            "/file": Answer(f"<!DOCTYPE rss [{outer[0]}]>" + FEED.format(used[0])),
            "/dtd": Answer(f"<!DOCTYPE rss [{outer[1]}]>" + FEED.format(used[0])),
            "/many": Answer(FEED.format("<item/>" * 500_000)),
            "/map-bomb": Answer(f"<!DOCTYPE urlset [{LAUGHS}]>" + MAP.format("<url><loc>&a11;</loc></url>")),
            "/map-file": Answer(f"<!DOCTYPE urlset [{outer[0]}]>" + MAP.format(used[1])),
            "/map-dtd": Answer(f"<!DOCTYPE urlset [{outer[1]}]>" + MAP.format(used[1])),
            "/map-many": Answer(
                gzip.compress(MAP.format("<url><loc>/a</loc></url>" * 1_000_000).encode(), 1)
            ),
            "/map": Answer(MAP.format("<url><loc>/of-map</loc></url>")),
        }
        home.pages = {"/": Answer(HOME), "/named": rss("/of-home")}
        names = ("rdf", "json", "rss", "cut", "map")
        site.pages |= {f"/of-{name}": Answer(article_page(f"A story of {name}")) for name in names}
        home.pages["/of-home"] = Answer(article_page("A story of home"))
        feeds = "feeds: [/rdf, /json, /markup, /cut, /bomb, /file, /dtd, /many]"
        maps = "sitemaps: [/map-bomb, /map-file, /map-dtd, /map-many, /map]"
        outcome = launch(
            tmp_path,
            "sources:\n" + source(site, f"{feeds}, {maps}") + source(home, "sections: [/]", name="Home"),
        )
    assert (outcome.code, outcome.stderr) == (0, "")
    assert {(article["source"], article["headline"]) for article in articles(tmp_path)} == {
        *(("local", f"A story of {name}") for name in names),
        ("home", "A story of home"),
    }
    reasons = told(outcome.result)
    assert reasons.pop("/cut").startswith("broken feed (")
    assert reasons == {
        **dict.fromkeys(("/bomb", "/file", "/dtd"), "refused: a feed that defines entities of its own"),
        **dict.fromkeys(
            ("/map-bomb", "/map-file", "/map-dtd"), "refused: a sitemap that defines entities of its own"
        ),
        "/many": "refused: a feed with 500,000 entries",
        "/map-many": "a gzipped sitemap that is broken or larger than 20 MB",
    }
    assert inside.asked == []
    assert outcome.result["peak"] < 300_000_000


def test_thousands_of_links_to_a_next_page_are_read_at_once() -> None:
    boxes = "<div>" * 200 + f"<div class='{'wide ' * 400_000}'>"
    decoys = "".join(f"<a href='/other/{number}'>»</a>" for number in range(20_000))
    listing = read_section(f"{boxes}{decoys}<a href='/list?page=2'>»</a>".encode(), url=BASE)
    assert [(link.kind, link.url) for link in listing.links] == [("section", f"{BASE}?page=2")]
    # Each would be a page to ask for: no more of them are followed than of other links.
    named = "".join(f"<a rel=next href='?page={number}'>{number}</a>" for number in range(20_000))
    assert len(read_section(named.encode(), url=BASE).links) == MAX_LINKS


def test_links_with_endless_addresses_or_texts_are_read_at_once() -> None:
    words, story = "Kroger signs with Ocado", "/kroger-signs-with-ocado"
    endless = [
        f"<a href='/{'a' * 1_000_000}'>{words}</a>",
        f"<a href='/{'a' * 3_900}'>{words}</a>" * 1_000,
        f"<a href='/{'a' * 1_950}-{'a' * 1_940}/'>{words}</a>" * 1_000,
        "<a href='/open'><div>" * 200 + "and so on " * 500_000,
    ]
    for page in endless:
        listing = read_section(f"<a href='{story}'>{words}</a>{page}".encode(), url=BASE)
        assert listing.links[0].url == f"https://news.example{story}"
        assert all(len(link.headline) <= 500 for link in listing.links)
