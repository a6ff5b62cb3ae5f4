"""Feeds, sitemaps and section pages: what they lead to, and that hostile ones are bounded."""

from __future__ import annotations

import gzip
import json

import pytest

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


SPOILT = {
    "entity": ("Kroger&nbsp;and Ocado", "Kroger and Ocado"),
    "ampersand": ("Marks & Spencer at Ocado", "Marks & Spencer at Ocado"),
    "prefix": ("Ocado</title><media:content url='x'/><title>", "Ocado"),
    "tag": ("Ocado <br> at Kroger", "Ocado at Kroger"),
}


@pytest.mark.parametrize("title", SPOILT)
def test_a_feed_that_is_not_quite_xml_is_no_problem_if_no_entry_is_lost(title: str) -> None:
    spoilt, expected = SPOILT[title]
    items = f"<item><title>{spoilt}</title><link>/1</link></item><item><title>T</title><link>/2</link></item>"
    feed = f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss><!-- cached -->"
    listing = read_feed(feed.encode(), url=BASE)
    assert [link.url.rpartition("/")[2] for link in listing.links] == ["1", "2"]
    assert listing.links[0].headline == expected
    assert listing.problem is None
    # One that also loses an entry, or breaks off, is a problem.
    for broken in (
        feed.partition("</channel>")[0],
        feed.replace("<link>/2</link>", "<link>/2"),
        feed.replace("<link>/2</link>", ""),
        feed.replace("</item><item>", "<item>"),
    ):
        problem = read_feed(broken.encode(), url=BASE).problem
        assert problem is not None
        assert problem.startswith("broken feed (")


def test_feeds_are_bounded() -> None:
    item = "<item><title>T</title><link>https://news.example/{}</link></item>"
    many = "<rss version='2.0'><channel>" + "".join(item.format(n) for n in range(1500)) + "</channel></rss>"
    listing = read_feed(many.encode(), url=BASE)
    assert len(listing.links) == 1000
    assert listing.problem == "feed with 1,500 entries; the first 1,000 were read"
    assert read_feed(b"x" * 4_000_001, url=BASE).problem == "feed larger than 4 MB"
    external = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'
    assert read_feed(external, url=BASE).problem == "refused: a feed that defines entities of its own"


RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>F</title><link>https://news.example/</link></channel>
<item rdf:about="https://news.example/1"><title>One &amp; two</title><link>https://news.example/1</link>
<description>S</description><dc:date>2021-03-04T23:00:00Z</dc:date></item>
<item rdf:about="https://news.example/2"><title>Older</title><link>/2</link><dc:date>2020-12-31</dc:date></item>
</rdf:RDF>"""


def test_an_rdf_feed_is_read_as_other_feeds_are() -> None:
    listing = read_feed(RDF.encode(), url=BASE)
    assert listing.links == (
        Link("article", "https://news.example/1", "One & two", "S", "2021-03-04T23:00:00Z"),
        Link("article", "https://news.example/2", "Older", "", "2020-12-31T00:00:00Z"),
    )
    assert (listing.newest, listing.problem) == ("2021-03-04", None)


def json_feed(*items: object, version: str = "https://jsonfeed.org/version/1.1") -> bytes:
    return json.dumps({"version": version, "title": "F", "items": items}).encode()


def test_a_json_feed_gives_links_with_plain_text() -> None:
    body = json_feed(
        {"url": "/one", "title": "One <b>two</b>\x1b", "summary": "S", "date_published": "2021-03-04T23:00:00Z"},
        {"id": "https://news.example/two", "content_text": "T", "date_modified": "2021-03-05T01:00:00-08:00"},
        {"id": "3", "external_url": "https://other.example/three", "title": None},
        {"id": "no address"},
        {"id": "5", "url": "http://[bad", "title": "Bad"},
        "no item",
    )  # fmt: skip
    expected = (
        Link("article", "https://news.example/one", "One two", "S"),
        Link("article", "https://news.example/two", "", "T", "2021-03-05T01:00:00-08:00"),
        Link("article", "https://other.example/three"),
    )
    for variant in (body, b"\xef\xbb\xbf \n" + body, body.replace(b"version/1.1", b"version/1")):
        listing = read_feed(variant, url=BASE)
        assert (listing.links, listing.newest, listing.problem) == (expected, "2021-03-05", None)


def test_other_json_is_no_feed_and_json_feeds_are_bounded() -> None:
    def problem(body: bytes) -> str | None:
        listing = read_feed(body, url=BASE)
        assert listing.links == ()
        return listing.problem

    assert problem(b'{"items": [{"url": "/one"}]}') == "not a feed: JSON without the version of a JSON Feed"
    assert problem(b'{"version": ["x"], "items": 1}') == "not a feed: JSON without the version of a JSON Feed"
    assert problem(json_feed({"url": "/one"})[:-9]) == "broken feed: not JSON although it begins so"
    assert problem(b'{"a":' * 100_000) == "broken feed: JSON that is nested too deeply"
    listless = b'{"version": "https://jsonfeed.org/version/1.1", "items": {}}'
    assert problem(listless) == "broken feed: a JSON Feed without a list of items"
    many = read_feed(json_feed(*({"url": f"/{number}"} for number in range(1500))), url=BASE)
    assert len(many.links) == 1000
    assert many.problem == "feed with 1,500 entries; the first 1,000 were read"


def test_one_bad_address_does_not_lose_the_rest() -> None:
    items = "".join(
        f"<item><title>T</title><link>{link}</link></item>" for link in ("http://[bad/x", "/fine")
    )
    feed = read_feed(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), url=BASE)
    assert [link.url for link in feed.links] == ["https://news.example/fine"]
    sitemap = read_sitemap(urlset(("http://[bad/x", "2021-01-01"), ("/fine", "2020-01-01")), url=BASE)
    assert [link.url for link in sitemap.links] == ["https://news.example/fine"]


def urlset(*entries: tuple[str, str]) -> bytes:
    text = "".join(f"<url><loc> {loc} </loc><lastmod>{day}</lastmod></url>" for loc, day in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{text}</urlset>'.encode()


def test_a_sitemap_gives_the_last_modified_first() -> None:
    body = urlset(("/old", "2020-01-01"), ("https://news.example/new", "2021-01-01"))
    expected = (
        Link("article", "https://news.example/new", modified="2021-01-01"),
        Link("article", "https://news.example/old", modified="2020-01-01"),
    )
    assert read_sitemap(body, url=BASE).links == expected
    assert read_sitemap(gzip.compress(body), url=BASE).links == expected
    assert read_sitemap(body, url=BASE).newest == "2021-01-01"


NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>/older</loc><i:image><i:loc>/older.jpg</i:loc><i:title>A photo</i:title></i:image>
<n:news><n:publication><n:name>News</n:name><n:language>en</n:language></n:publication>
<n:publication_date>2021-02-03T23:30:00-05:00</n:publication_date>
<n:title>Kroger &amp;amp; Ocado open &lt;b&gt;a shed&lt;/b&gt;</n:title>
<n:keywords>retail, robots</n:keywords></n:news></url>
<url><loc>/oldest</loc><n:news><n:publication_date>2021-02-04</n:publication_date></n:news></url>
<url><loc>/tag/of-an-article</loc><lastmod>2021-02-05</lastmod>
<n:news><n:publication_date>2020-01-01T00:00:00Z</n:publication_date><n:title>Filed oddly</n:title></n:news></url>
</urlset>"""


def test_a_news_sitemap_gives_headlines_and_the_last_published_first() -> None:
    listing = read_sitemap(NEWS.encode(), url=BASE)
    assert listing.links == (
        Link("article", "https://news.example/tag/of-an-article", "Filed oddly", modified="2021-02-05"),
        Link("article", "https://news.example/older", "Kroger & Ocado open a shed", "retail, robots"),
        Link("article", "https://news.example/oldest"),
    )
    assert (listing.newest, listing.problem) == ("2021-02-05", None)


def undated(root: str, *addresses: str, date: str = "") -> bytes:
    name = "sitemap" if root == "sitemapindex" else "url"
    entries = "".join(f"<{name}><loc>{address}</loc>{date}</{name}>" for address in addresses)
    return f"<{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</{root}>".encode()


def test_of_a_long_sitemap_what_seems_newest_is_read_and_said_to_be() -> None:
    def read(body: bytes) -> tuple[str, str, str]:
        listing = read_sitemap(body, url=BASE)
        names = [link.url.removeprefix("https://news.example/") for link in listing.links]
        return names[0], names[-1], (listing.problem or "").rpartition("; ")[2]

    seem = "that seem newest by dates and numbers in their addresses were read"
    numbered = [f"/s{n:03}.xml" for n in range(1, 121)]
    assert read(undated("sitemapindex", *numbered)) == ("s120.xml", "s071.xml", f"the 50 {seem}")
    paged = [f"/map.xml?page={n}" for n in range(1, 121)]
    assert read(undated("sitemapindex", *paged))[:2] == ("map.xml?page=120", "map.xml?page=71")
    assert read(undated("sitemapindex", *numbered, "/latest-news.xml"))[0] == "latest-news.xml"
    months = [f"/sitemap-{year}-{month:02}-9.xml" for year in range(2000, 2021) for month in range(1, 13)]
    first, last, _ = read(undated("sitemapindex", "/sitemap-old-77777.xml", *months))
    assert (first, last) == ("sitemap-2020-12-9.xml", "sitemap-2016-11-9.xml")
    plain = [f"/{'abcdefghijkl'[n % 12]}{'mnopqrstuvwx'[n // 12]}.xml" for n in range(120)]
    assert read(undated("sitemapindex", *plain)) == ("am.xml", "bq.xml", "the first 50 were read")
    days = [f"/{n}/{n % 12}" for n in range(1500)]
    published = "<news><publication_date>2021-02-03T04:05:06Z</publication_date></news>"
    assert read(undated("urlset", *days, date=published))[2] == "the 1,000 with the latest dates were read"
    modified = "<lastmod>2021-02-03</lastmod>"
    assert read(undated("urlset", *days, date=modified))[2] == "the 1,000 last modified were read"
    addresses = [f"/news/{5000 + n}/deal" for n in range(1500)]
    assert read(undated("urlset", *addresses)) == ("news/6499/deal", "news/5500/deal", f"the 1,000 {seem}")


def test_of_a_sitemap_only_what_can_be_an_article_is_read() -> None:
    """As WordPress and its plug-ins write them: an index of posts and of much else, with lists among the posts."""
    posts = [
        "/post-sitemap.xml",
        "/post-sitemap2.xml.gz",
        "/wp-sitemap-posts-post-1.xml",
        "/sitemap-page-3.xml",
    ]
    posts += ["/news-sitemap.xml", "/sitemap-articles-2021-03.xml", "/homepage-stories-sitemap.xml"]
    other = [
        "/category-sitemap.xml",
        "/category-sitemap2.xml",
        "/post_tag-sitemap.xml",
        "/author-sitemap.xml",
    ]
    other += ["/page-sitemap.xml", "/wp-sitemap-taxonomies-category-1.xml", "/wp-sitemap-users-1.xml"]
    other += [
        "/wp-sitemap-posts-page-1.xml",
        "/sitemap_tags.xml.gz",
        "/sitemap-pages.xml",
        "/product_cat-sitemap.xml",
    ]
    index = read_sitemap(undated("sitemapindex", *other, *posts), url=BASE)
    assert {link.url.removeprefix("https://news.example") for link in index.links} == set(posts)
    articles = [
        "/2021/kroger-and-ocado",
        "/business/terms-of-trade-at-tesco",
        "/?p=123",
        "/de/markt-und-handel",
    ]
    lists = [
        "",
        "/",
        "/de/",
        "/index.html",
        "/tag/kroger/",
        "/category/retail",
        "/author/a-b-c/",
        "/about/",
        "/a.pdf",
    ]
    lists += ["/news/page/2/", "/terms-and-conditions", "/search?q=x"]
    pages = read_sitemap(undated("urlset", *lists, *articles), url=BASE)
    assert {link.url.removeprefix("https://news.example") for link in pages.links} == set(articles)
    assert (index.problem, pages.problem) == (None, None)


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


NEXT = {
    "arrow": "<div class='pagination'><a href='/news/2'>»</a></div>",
    "arrow of a page": "<a href='/news?page=2'> &gt; </a>",
    "load more": "<a href='/news/2'>Load more</a>",
    "older": "<nav><a href='/news/2'>← Older entries</a></nav>",
    "class": "<a class='btn pagination__next' href='/news/2'><svg></svg></a>",
    "label": "<a aria-label='Next page' href='/news/2'><i></i></a>",
    "title": "<a title='Next' href='/news/2'><i></i></a>",
    "of posts": "<main class='post-list'><div class='article-nav'><a href='/news/2'>Next</a></div></main>",
    "rel": "<a rel='nofollow next' href='/news/2'>Weiter</a>",
    "number": "<a href='/news'>1</a> <a href='/news?page=2'>2</a> <a href='/news?page=3'>3</a>",
    "number from nought": "<b>1</b> <a href='/news?page=1'>2</a> <a href='/news?page=2'>3</a>",
    "folder": "<a href='/news/page/2/'>2</a> <a href='/news/page/9/'>9</a>",
}
NO_NEXT = {
    "carousel": "<div class='hero-carousel'><a class='next' href='/slide'>Next</a><a href='/s?page=2'>›</a></div>",
    "control": "<a class='carousel-control-next' href='/slide'>Next</a>",
    "fragment": "<a class='next' href='#slide-2'>Next</a> <a class='next' href='/list#2'>Next</a>",
    "script": "<a class='next' href='javascript:next()'>Next</a>",
    "next story": "<a class='next-article' href='/story'>Next</a> <a href='/story'>Next of kin</a>",
    "teaser": "<a href='/2021/story'>→</a>",
    "number": "<a href='/news?page=2'>2</a> <a href='/list?page=3'>3</a> <a href='/list/2021'>2</a>",
}


@pytest.mark.parametrize("markup", NEXT)
def test_the_next_page_of_a_list_is_found(markup: str) -> None:
    listing = read_section(NEXT[markup].encode(), url="https://news.example/news")
    (link,) = listing.links
    assert link.kind == "section"
    assert link.url.rstrip("/")[-1] == ("1" if "nought" in markup else "2")


@pytest.mark.parametrize("markup", NO_NEXT)
def test_what_shows_the_next_picture_or_story_is_no_next_page(markup: str) -> None:
    assert read_section(NO_NEXT[markup].encode(), url=BASE).links == ()


def test_the_page_after_the_second_is_the_third() -> None:
    pages = " ".join(f"<a href='/news/page/{n}/'>{n}</a>" for n in range(1, 9)).encode()
    for number in (2, 5):
        (link,) = read_section(pages, url=f"https://news.example/news/page/{number}/").links
        assert link.url == f"https://news.example/news/page/{number + 1}/"


def test_feeds_that_a_home_page_names_are_bounded() -> None:
    kinds = ("feed+json", "rss+xml; charset=utf-8", "rdf+xml", "json", "atom+xml", *["rss+xml"] * 50)
    links = "".join(
        f'<link rel="alternate" type="application/{kind}" href="/f{n}">' for n, kind in enumerate(kinds)
    )
    listing = read_section(f"<html><head>{links}</head><body><p>Home</p></body></html>".encode(), url=BASE)
    named = [link.url.rpartition("/")[2] for link in listing.links if link.kind == "feed"]
    assert named == ["f0", "f1", "f2", "f4", "f5", "f6", "f7", "f8", "f9", "f10"]
