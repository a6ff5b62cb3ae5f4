"""Checks of sources over the network: what each address is said to answer, and how it is printed."""

from __future__ import annotations

import gzip
import socket
import threading
from itertools import pairwise

from local_site import Answer, LocalSite, rss, source
from run_check import run_check

from crawler.check import CheckReport, Finding, table
from crawler.newsroom.server import serve_newsroom
from crawler.newsroom.site import newsroom_sources
from crawler.spiders.check import one_line


def said(report: CheckReport, source: str = "local") -> dict[str, str]:
    """What was said by the path of the address, of one source, in the order of the report."""
    return {
        finding.address.partition("//")[2].partition("/")[2]: finding.said
        for finding in report.findings
        if finding.source == source
    }


def dated(day: str) -> str:
    return f"<item><title>T</title><link>/a-{day}</link><pubDate>{day} Mar 2021 10:00:00 GMT</pubDate></item>"


def test_every_address_of_the_newsroom_answers() -> None:
    with serve_newsroom(0) as newsroom:
        report = run_check(newsroom_sources(newsroom.base_port))
    assert {finding.outcome for finding in report.findings} == {"answers"}
    assert report.without_entries == ()
    assert said(report, "storefront-asia") == {
        "robots.txt": "answers",
        "sitemap_index.xml": "answers 2 sitemaps",
        "sitemap-1.xml": "answers 10 entries, newest 2024-09-04",
        "sitemap-2.xml.gz": "answers 8 entries, newest 2020-11-06",
    }
    assert said(report, "payments-observer")["news-sitemap.xml"] == "answers 12 entries, newest 2024-02-22"
    assert said(report, "high-street-post")["news/"] == "answers 7 links to articles"
    *rows, last = table(report, width=200)
    assert last == "5 sources, 0 without entries; 8 addresses: 8 answer"
    assert len({row.index("http://") for row in rows}) == len({row.index("answers") for row in rows}) == 1


def test_what_each_address_answers_is_said(site: LocalSite) -> None:
    channel = "<rss version='2.0'><channel><title>F</title>{}</channel></rss>"
    site.pages = {
        "/robots.txt": Answer("User-agent: *\nDisallow: /private/\n", content_type="text/plain"),
        "/feed": Answer(channel.format(dated("3") + dated("14") + dated("9"))),
        "/empty": Answer(channel.format("")),
        "/page": Answer("<html><body>no feed here"),
        "/torn": Answer(channel.format(dated("3")).partition("</channel>")[0]),
        "/private/feed": rss("/a"),
        "/old": Answer("", 301, {"Location": "/feed"}),
        "/away.xml": Answer("<urlset><url><loc>https://other.example/a</loc></url></urlset>"),
        "/map.xml": Answer("<html><body>no map</body></html>"),
        "/news": Answer("<html><body><p>Nothing yet</p></body></html>"),
    }
    keys = (
        "feeds: [/feed, /empty, /page, /torn, /private/feed, /old, /gone, 'http://10.0.0.7/feed'], "
        "sitemaps: [/away.xml, /map.xml], sections: [/news]"
    )
    report = run_check(source(site, keys) + source(site, "feeds: [/gone]", "Gone"))
    answers = said(report)
    assert answers.pop("torn").startswith("answers 1 entry, newest 2021-03-03; broken feed (")
    assert answers == {
        "robots.txt": "refused: 10.0.0.7 is not an address of the public internet",  # of that other host
        "feed": "refused: 10.0.0.7 is not an address of the public internet",
        "empty": "empty: no entries",
        "page": "not a feed: neither RSS, Atom nor JSON Feed",
        "private/feed": "forbidden by robots.txt",
        "old": f"answers 3 entries, newest 2021-03-14; moved to {site.origin}/feed",
        "gone": "HTTP 404",
        "away.xml": "empty: 1 entry, none that a crawl follows",
        "map.xml": "not a sitemap but <html>",
        "news": "empty: no links to articles",
    }
    first, second = report.findings[0], report.findings[2]
    assert (first.kind, first.said) == ("robots", "answers, forbids 1 of 10 addresses")
    assert (second.kind, second.said) == ("feed", "answers 3 entries, newest 2021-03-14")
    assert report.without_entries == ("gone",)
    assert site.paths().count("/robots.txt") == 1
    assert "/private/feed" not in site.paths()


def test_a_server_that_hangs_and_one_that_is_not_there_do_not_hold_up_others(site: LocalSite) -> None:
    over = threading.Event()

    def hang(before: int) -> Answer:
        over.wait(60)
        return Answer("too late")

    with socket.create_server(("127.0.0.1", 0)) as closing:
        closed = closing.getsockname()[1]
    site.pages = {"/robots.txt": hang, "/feed": hang}
    try:
        listed = (
            source(site)
            + f"  - {{name: Closed, domain: '127.0.0.1:{closed}', scheme: http, feeds: [/feed]}}\n"
        )
        report = run_check(listed, timeout_s=0.5)
    finally:
        over.set()
    assert said(report)["robots.txt"] == "not reachable: took too long"
    assert "took too long" in said(report)["feed"]
    assert said(report, "closed")["robots.txt"] == "not reachable: the server refused the connection"
    assert "the server refused the connection" in said(report, "closed")["feed"]
    assert report.without_entries == ("local", "closed")


def test_without_robots_txt_all_may_be_read_and_with_a_server_error_nothing(site: LocalSite) -> None:
    site.pages = {"/feed": rss("/a")}
    assert said(run_check(source(site))) == {
        "robots.txt": "none (HTTP 404): all may be read",
        "feed": "answers 1 entry",
    }
    site.pages["/robots.txt"] = Answer("oops", 503)
    site.asked.clear()
    report = run_check(source(site))
    assert said(report)["robots.txt"] == "HTTP 503"
    assert report.without_entries == ("local",)
    assert site.paths() == ["/robots.txt"]


def test_all_that_wait_for_a_robots_txt_obey_it(site: LocalSite) -> None:
    # It is at the end of redirects, so that the other requests are there before it is read.
    hops = ["/robots.txt", "/r2", "/r3", "/r4"]
    site.pages = {hop: Answer("", 301, {"Location": target}) for hop, target in pairwise(hops)}
    site.pages["/r4"] = Answer("User-agent: *\nDisallow: /private/\n", content_type="text/plain")
    feeds = ", ".join(f"/private/{number}" for number in range(6))
    report = run_check(source(site, f"feeds: [{feeds}]"))
    assert {f.said for f in report.findings if f.kind == "feed"} == {"forbidden by robots.txt"}
    assert site.paths() == hops


def test_feeds_that_a_page_names_are_asked_too_within_a_bound(site: LocalSite) -> None:
    feeds = "".join(
        f"<link rel=alternate type='application/{kind}' href='/feed/{number}'>"
        for number, kind in enumerate(["feed+json", "rss+xml", "atom+xml", *["rss+xml"] * 50])
    )
    site.pages = {
        "/": Answer(f"<html><head>{feeds}</head><body><p>Home</p></body></html>"),
        "/feed/0": Answer('{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a"}]}'),
        "/feed/1": rss("/a", "/b"),
    }
    report = run_check(source(site, "sections: [/]"))
    assert said(report) == {
        "robots.txt": "none (HTTP 404): all may be read",
        "": "answers 10 feeds",
        "feed/0": "answers 1 entry",
        "feed/1": "answers 2 entries",
        "feed/2": "HTTP 404",
    }
    assert report.without_entries == ()
    given = run_check(source(site, "feeds: [/feed/1], sections: [/]"))
    assert list(said(given)) == ["robots.txt", "feed/1", ""]


def test_an_index_without_articles_behind_it_is_no_source(site: LocalSite) -> None:
    index = "".join(
        f"<sitemap><loc>/{n}.xml</loc><lastmod>2021-01-0{n}</lastmod></sitemap>" for n in range(1, 7)
    )
    site.pages = {"/index.xml": Answer(f"<sitemapindex>{index}</sitemapindex>")}
    site.pages["/6.xml"] = Answer(gzip.compress(b"<urlset></urlset>"))
    report = run_check(source(site, "sitemaps: [/index.xml]"))
    assert said(report) == {
        "robots.txt": "none (HTTP 404): all may be read",
        "index.xml": "answers 6 sitemaps, newest 2021-01-06",
        "6.xml": "empty: no entries",
        "5.xml": "HTTP 404",
        "4.xml": "HTTP 404",
    }
    assert report.without_entries == ("local",)


def test_ctrl_c_says_what_was_not_asked(site: LocalSite) -> None:
    paths = [f"/feed-{number}" for number in range(60)]
    site.pages = {path: rss("/a") for path in paths}
    report = run_check(source(site, f"feeds: [{', '.join(paths)}]"), interrupt_after=3)
    assert report.interrupted
    outcomes = [finding.outcome for finding in report.findings]
    assert len(outcomes) == 61
    assert {"answers", "not asked"} <= set(outcomes)


def test_hostile_answers_are_one_line_of_plain_text_cut_to_width() -> None:
    assert one_line("a\x1b[31mb\r\nc\x00\u202ed\u200b e\udc80") == "a [31mb c d e"
    hostile = Finding("s" * 300, "feed", "https://a.example/" + "x" * 300 + "/end", "fails", "y" * 5000)
    report = CheckReport(
        ("s",), (hostile, Finding("short", "sitemap", "https://b.example/", "fails", "HTTP 404"))
    )
    for width in (200, 80, 40):
        first, second, _ = table(report, width=width)
        assert max(len(first), len(second)) <= width
        assert first.endswith("…")
        assert "/end " in first
        assert "HTTP" in second
