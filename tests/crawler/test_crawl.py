"""Whole crawls of real sites on loopback: what arrives, once, what is asked for, and what is reported."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local_site import Answer, LocalSite, article_page, rss, source
from run_crawl import age, launch


def run(folder: Path, sources: str, **order: Any) -> dict[str, Any]:
    outcome = launch(folder, "sources:\n" + sources, **order)
    assert outcome.stderr == ""
    assert outcome.code == 0
    return outcome.result


def articles(folder: Path) -> list[dict[str, Any]]:
    path = folder / "articles.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def counts(result: dict[str, Any]) -> tuple[int, int, int, int]:
    report = result["report"]
    return report["pages"], report["not_modified"], report["articles"], report["problems"]


def messages(result: dict[str, Any]) -> dict[str, str]:
    """Problem messages by the path of their address."""
    return {(p["url"] or "").partition("//")[2].partition("/")[2]: p["message"] for p in result["problems"]}


def test_a_feed_leads_to_articles_and_the_second_run_reads_only_304s(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {
        "/feed": rss("/a?utm_source=feed", "/b#top", f"{site.origin}/c"),
        "/a": Answer(article_page("Alpha signs with Beta"), etag='"a"'),
        "/b": Answer(article_page("Gamma opens with Delta"), etag='"b"'),
        "/c": Answer(article_page("Epsilon tests tills of Zeta"), etag='"c"'),
    }
    first = run(tmp_path, source(site))
    assert counts(first) == (4, 0, 3, 0)
    assert {a["headline"] for a in articles(tmp_path)} == {
        "Alpha signs with Beta",
        "Gamma opens with Delta",
        "Epsilon tests tills of Zeta",
    }
    assert {a["source"] for a in articles(tmp_path)} == {"local"}
    assert all(a["date_published"] == "2021-03-04" and a["retrieved_at"] for a in articles(tmp_path))
    assert first["progress"][-1] == {
        "done": 4, "waiting": 0, "articles": 3, "irrelevant": 0, "problems": 0,
        "sources": {
            "local": {
                "known": 4, "done": 4, "articles": 3, "problems": 0, "forbidden": 0, "delay": 0.0, "holds": {}
            }
        },
    }  # fmt: skip
    assert site.asked[0].path == "/robots.txt"
    assert site.asked[1].headers["User-Agent"].startswith("Tieup/")
    assert "desk@example.org" in site.asked[1].headers["User-Agent"]

    site.asked.clear()
    second = run(tmp_path, source(site))
    assert counts(second) == (4, 4, 0, 0)
    assert [asked.status for asked in site.asked if asked.path != "/robots.txt"] == [304] * 4
    assert len(articles(tmp_path)) == 3

    site.pages["/b"] = Answer(article_page("Gamma opens without Delta"), etag='"b2"')
    third = run(tmp_path, source(site))
    assert counts(third) == (4, 3, 1, 0)
    assert articles(tmp_path)[-1]["headline"] == "Gamma opens without Delta"

    fourth = run(tmp_path, source(site), key="another database")
    assert counts(fourth) == (4, 0, 3, 0)


def test_an_unchanged_page_without_or_with_a_new_validator_is_not_handed_on_again(
    site: LocalSite, tmp_path: Path
) -> None:
    site.pages = {
        "/feed": rss("/plain", "/restless"),
        "/plain": Answer(article_page("Plain page of no validator")),
        "/restless": lambda before: Answer(article_page("Restless page of many"), etag=f'"{before}"'),
    }
    assert counts(run(tmp_path, source(site))) == (3, 0, 2, 0)
    age(tmp_path, hours=7)
    assert counts(run(tmp_path, source(site))) == (3, 3, 0, 0)
    assert len(articles(tmp_path)) == 2


def test_pages_without_validators_and_refused_ones_are_not_asked_for_in_every_run(
    site: LocalSite, tmp_path: Path
) -> None:
    site.pages = {
        "/feed": rss("/plain", "/shell"),
        "/plain": Answer(article_page("Plain page of no validator")),
        "/shell": Answer("<html><body><div id='root'></div><script src='/app.js'></script></body></html>"),
    }
    listed = source(site, "feeds: [/feed], assertions: {min_articles: 1}")
    assert list(messages(run(tmp_path, listed))) == ["shell"]
    asked = []
    for hours in (0, 7, 24):
        age(tmp_path, hours=hours)
        site.asked.clear()
        assert run(tmp_path, listed)["problems"] == []
        asked.append([path for path in site.paths() if path not in ("/robots.txt", "/feed")])
    assert [set(paths) for paths in asked] == [set(), {"/plain"}, {"/plain", "/shell"}]
    assert len(articles(tmp_path)) == 1


def test_dates_of_change_in_a_sitemap_spare_pages_or_bring_them_sooner(
    site: LocalSite, tmp_path: Path
) -> None:
    pages = ("/tagged", "/honest", "/liar")

    def publish(hours: float, *changed: str, text: str = "") -> None:
        moment = (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")
        dates = dict.fromkeys(pages, "2021-03-04") | dict.fromkeys(changed, moment)
        entries = "".join(f"<url><loc>{page}</loc><lastmod>{dates[page]}</lastmod></url>" for page in pages)
        site.pages["/sitemap.xml"] = Answer(f"<urlset>{entries}</urlset>", content_type="application/xml")
        site.pages["/honest"] = Answer(article_page(f"Honest page {text}"))

    def asked() -> set[str]:
        site.asked.clear()
        assert run(tmp_path, source(site, "sitemaps: [/sitemap.xml]"))["problems"] == []
        age(tmp_path, hours=1.5)
        return set(site.paths()) & set(pages)

    site.pages = {
        "/tagged": Answer(article_page("A page with a tag"), etag='"a"'),
        "/liar": Answer(article_page("A page that never changes")),
    }
    publish(0)
    assert asked() == set(pages)
    assert asked() == set()
    publish(1, *pages, text="that was changed")
    assert asked() == set(pages)
    # What comes next is believed of the page that had been changed, and of the one that costs next to nothing.
    publish(0.5, *pages, text="that was changed again")
    assert asked() == {"/tagged", "/honest"}
    assert [a["headline"] for a in articles(tmp_path)].count("Honest page that was changed again") == 1
    assert len(articles(tmp_path)) == 5


def test_new_selectors_read_unchanged_pages_once_more(site: LocalSite, tmp_path: Path) -> None:
    page = article_page("A headline that is none", extra="<p class=real>The headline of the house</p>")
    site.pages = {"/feed": rss("/a"), "/a": Answer(page, etag='"a"')}
    assert counts(run(tmp_path, source(site))) == (2, 0, 1, 0)
    chosen = source(site, "feeds: [/feed], selectors: {headline: .real}")
    assert counts(run(tmp_path, chosen)) == (2, 1, 1, 0)
    assert articles(tmp_path)[-1]["headline"] == "The headline of the house"
    assert counts(run(tmp_path, chosen)) == (2, 2, 0, 0)


def test_variants_and_redirects_of_one_article_arrive_once(site: LocalSite, tmp_path: Path) -> None:
    canonical = f"<link rel='canonical' href='{site.origin}/story'>"
    page = Answer(article_page("One story of many faces", head=canonical), etag='"s"')
    site.pages = {
        "/feed": rss(
            "/story?utm_medium=x&fbclid=1",
            "/story/",
            "/story",
            "/story/amp",
            "/story?print=1",
            "/s/17",
            "/old",
            "/loop",
        ),
        "/story": page,
        "/s/17": page,
        "/old": Answer("", 301, {"Location": "/story"}),
    }
    site.pages |= {
        "/loop": Answer("", 302, {"Location": "/loop?again=1"}),
        "/loop?again=1": Answer("", 302, {"Location": "/loop"}),
    }
    first = run(tmp_path, source(site))
    assert [a["canonical_url"] for a in articles(tmp_path)] == [f"{site.origin}/story"]
    assert list(messages(first).values()) == ["too many redirects"]
    assert "/story/amp" not in site.paths()
    assert "/story?print=1" not in site.paths()
    second = run(tmp_path, source(site))
    assert second["report"]["articles"] == 0
    assert second["report"]["pages"] == second["report"]["not_modified"]


def test_robots_txt_is_obeyed(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {
        "/robots.txt": Answer("User-agent: *\nDisallow: /private/\n", content_type="text/plain"),
        "/feed": rss("/private/story", "/public/story"),
        "/private/story": Answer(article_page("Private matters of a group")),
        "/public/story": Answer(article_page("Public matters of a group")),
    }
    result = run(tmp_path, source(site))
    assert [a["headline"] for a in articles(tmp_path)] == ["Public matters of a group"]
    assert messages(result) == {"private/story": "Forbidden by robots.txt"}
    assert "/private/story" not in site.paths()


def test_a_server_error_for_robots_txt_means_stay_away(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {
        "/robots.txt": Answer("oops", 500),
        "/feed": rss("/a"),
        "/a": Answer(article_page("Not to be read")),
    }
    result = run(tmp_path, source(site))
    assert articles(tmp_path) == []
    assert messages(result) == {"feed": "robots.txt cannot be read (HTTP 500): left alone"}
    assert "/feed" not in site.paths()


def test_what_is_broken_is_reported_and_the_rest_goes_on(site: LocalSite, tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;">]><rss>&b;</rss>'
    site.pages = {
        "/feed": rss(
            "/good", "/gone", "/pdf", "/flaky", "/shell", "javascript:alert(1)", f"/{'long-' * 900}"
        ),
        "/broken": Answer("<html><body>no feed here"),
        "/bomb": Answer(bomb),
        "/good": Answer(article_page("Good news for all shops")),
        "/pdf": Answer(b"%PDF-1.7 ...", content_type="application/pdf"),
        "/flaky": lambda before: (
            Answer(article_page("Flaky but there at last")) if before else Answer("", 503)
        ),
        "/shell": Answer("<html><body><div id='root'></div><script src='/app.js'></script></body></html>"),
    }
    result = run(tmp_path, source(site, "feeds: [/broken, /bomb, /feed], assertions: {min_articles: 9}"))
    assert {a["headline"] for a in articles(tmp_path)} == {
        "Good news for all shops",
        "Flaky but there at last",
    }
    told = {path: message for path, message in messages(result).items() if not path.startswith("long-")}
    assert told == {
        "broken": "not a feed: neither RSS, Atom nor JSON Feed",
        "bomb": "refused: a feed that defines entities of its own",
        "gone": "HTTP 404",
        "pdf": "no article: not a web page but application/pdf",
        "shell": "no article: a page that shows nothing without JavaScript",
        "": "2 articles, at least 9 expected",
    } | {"": messages(result)[""]}
    assert {p["message"] for p in result["problems"] if p["url"] is None} == {
        "2 articles, at least 9 expected"
    }
    assert {p["message"] for p in result["problems"] if "javascript" in (p["url"] or "")} == {
        "refused: only http and https are fetched"
    }
    assert [p["message"] for p in result["problems"] if "long-" in (p["url"] or "")] == [
        "refused: an address of more than 4,000 characters"
    ]
    assert result["progress"][-1]["waiting"] == 0
    assert result["report"]["problems"] == len(result["problems"]) == 8


def test_a_listing_that_is_partly_broken_is_remembered_and_reported_once(
    site: LocalSite, tmp_path: Path
) -> None:
    entry = f"<item><title>A</title><link>{site.origin}/a</link></item>"
    cut = f"<rss version='2.0'><channel><title>F</title>{entry}<item><title>B & C</title>"
    site.pages = {
        "/feed": Answer(cut, etag='"cut"'),
        "/plain": Answer("\n" + cut),
        "/none": Answer("<html><body>no feed here", etag='"none"'),
        "/a": Answer(article_page("Alpha signs with Beta"), etag='"a"'),
    }
    keys = "feeds: [/feed, /plain, /none]"
    assert sorted(messages(run(tmp_path, source(site, keys)))) == ["feed", "none", "plain"]
    site.asked.clear()
    site.pages["/plain"] = Answer("\n\n\n" + cut)
    assert list(messages(run(tmp_path, source(site, keys)))) == ["none"]
    statuses = {asked.path: asked.status for asked in site.asked}
    assert (statuses["/feed"], statuses["/plain"], statuses["/none"], statuses["/a"]) == (304, 200, 200, 304)


def test_an_article_is_judged_by_the_best_that_listings_say(site: LocalSite, tmp_path: Path) -> None:
    told = {
        "Football: cup": "Rovers beat Athletic after extra time in the last match of the football season",
        "Harrow Stores signs a delivery deal": "Pellow Couriers will bring groceries from all stores to homes",
    }
    entries = [
        f"<item><title>{title}</title><link>{site.origin}/{{}}</link><description>{summary}</description></item>"
        for title, summary in told.items()
    ]
    feed = "".join([*entries, *reversed(entries)]).format(
        "worse-first", "worse-first", "best-first", "best-first"
    )
    site.pages = {
        "/feed": Answer(f"<rss version='2.0'><channel><title>F</title>{feed}</channel></rss>"),
        "/worse-first": Answer(article_page("Harrow Stores signs a delivery deal with Pellow Couriers")),
        "/best-first": Answer(article_page("Harrow Stores and Pellow Couriers sign a delivery deal")),
    }
    listed = source(site, "feeds: [/feed], kind: newspaper")
    result = run(tmp_path, listed, min_relevance=None)
    assert (result["report"]["articles"], result["report"]["irrelevant"]) == (2, 0)


def test_a_page_larger_than_the_limit_is_stopped(site: LocalSite, tmp_path: Path) -> None:
    bomb = gzip.compress(b"<p>" + b"a" * 30_000_000)
    site.pages = {
        "/feed": rss("/large", "/bomb"),
        "/large": Answer(b"x" * 8_100_000),
        "/bomb": Answer(bomb, headers={"Content-Encoding": "gzip"}),
    }
    result = run(tmp_path, source(site))
    assert set(messages(result)) == {"large", "bomb"}
    assert messages(result)["large"] == "larger than 8 MB"
    assert messages(result)["bomb"] == "larger than 8 MB when unpacked"
    assert articles(tmp_path) == []


def test_sitemaps_and_section_pages(site: LocalSite, tmp_path: Path) -> None:
    def urlset(*paths: str) -> str:
        entries = "".join(f"<url><loc>{site.origin}{path}</loc></url>" for path in paths)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'

    index = "".join(f"<sitemap><loc>{site.origin}{p}</loc></sitemap>" for p in ("/one.xml.gz", "/two.xml"))
    listing = (
        "<html><body><nav><a href='/about-this-very-paper'>About this very paper</a></nav>{}{}</body></html>"
    )
    first = "<h3><a href='/2021/page-one-story'>A story on page one</a></h3>"
    first += "<h3><a href='http://elsewhere.example/x-y-z'>Off we go elsewhere</a></h3>"
    site.pages = {
        "/index.xml": Answer(
            f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{index}</sitemapindex>"
        ),
        "/one.xml.gz": Answer(gzip.compress(urlset("/map/one").encode()), content_type="application/gzip"),
        "/two.xml": Answer(urlset("/map/two", "/map/one")),
        "/news": Answer(listing.format(first, "<a rel='next' href='/news?page=2'>2</a>")),
        "/news?page=2": Answer(
            listing.format(
                "<h3><a href='/2021/page-two-story'>A story on page two</a></h3>",
                "<a rel=next href='/news?page=2'>Next</a>",
            )
        ),
    }
    paths = ("/map/one", "/map/two", "/2021/page-one-story", "/2021/page-two-story")
    site.pages |= {path: Answer(article_page(f"Report from {path}")) for path in paths}
    result = run(tmp_path, source(site, "sitemaps: [/index.xml], sections: [/news]"))
    assert sorted(a["headline"] for a in articles(tmp_path)) == sorted(
        f"Report from {path}" for path in paths
    )
    assert result["problems"] == []


def test_private_addresses_are_refused_in_feeds_and_redirects(site: LocalSite, tmp_path: Path) -> None:
    # The site itself is an allowed source on this machine; nothing else on it or near it is.
    targets = [
        "http://127.0.0.1:1/inside",
        "http://localhost:1/inside",
        "http://10.0.0.7/inside",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:1/inside",
        "http://[::ffff:10.0.0.7]/inside",
        "http://[64:ff9b::a00:7]/inside",
        "http://2130706433/inside",
        "ftp://example.org/file",
        "file:///etc/passwd",
    ]
    hops = [f"/hop/{number}" for number in range(len(targets))]
    site.pages = {
        "/feed": rss(*targets, *hops, "/fine"),
        "/fine": Answer(article_page("A fine story of this site")),
    }
    site.pages |= {
        hop: Answer("", 302, {"Location": target}) for hop, target in zip(hops, targets, strict=True)
    }
    result = run(tmp_path, source(site))
    assert [a["headline"] for a in articles(tmp_path)] == ["A fine story of this site"]
    told = {problem["url"]: problem["message"] for problem in result["problems"]}
    left_out = f"8 entries on other sites left out, such as {targets[0]}"
    assert told.pop(f"{site.origin}/feed") == left_out
    assert len(told) == len(hops) + 2
    assert all(reason.startswith("refused: ") for reason in told.values())


def test_without_permission_loopback_sources_are_refused(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {"/feed": rss("/a"), "/a": Answer(article_page("Never to be read"))}
    by_name = source(site, f"feeds: ['http://localhost:{site.port}/feed', /feed]")
    result = run(tmp_path, by_name, allow_loopback=False)
    assert site.asked == []
    assert [p["message"] for p in result["problems"]] == [
        "refused: 127.0.0.1 is not an address of the public internet"
    ] * 2


def test_a_killed_crawl_is_completed_by_the_next(site: LocalSite, tmp_path: Path) -> None:
    paths = [f"/story-{n}" for n in range(12)]
    site.pages = {"/feed": rss(*paths)}
    site.pages |= {path: Answer(article_page(f"News from {path}"), etag=f'"{path}"') for path in paths}
    for kill_after in (1, 4):
        killed = launch(tmp_path, "sources:\n" + source(site), kill_after=kill_after)
        assert killed.code == -9
        with (tmp_path / "state" / "crawl.jsonl").open("a") as state:
            state.write('{"url": "torn li')
    result = run(tmp_path, source(site))
    assert {a["headline"] for a in articles(tmp_path)} == {f"News from {path}" for path in paths}
    assert result["problems"] == []
    # What was handed on before a kill is repeated only if the kill came before it was remembered.
    assert len(articles(tmp_path)) <= len(paths) + 2
    assert counts(run(tmp_path, source(site))) == (13, 13, 0, 0)


def test_what_a_killed_or_failing_crawl_did_not_get_to_comes_though_the_feed_goes_on(
    site: LocalSite, tmp_path: Path
) -> None:
    paths = [f"/story-{n}" for n in range(4)]
    site.pages = {"/feed": rss(*paths, "/flaky", "/gone")}
    site.pages |= {path: Answer(article_page(f"News from {path}"), etag=f'"{path}"') for path in paths}
    site.pages["/flaky"] = lambda before: (
        Answer(article_page("News from /flaky"), etag='"flaky"') if before else Answer("", 503)
    )
    settings = {"RETRY_TIMES": 0}
    assert launch(tmp_path, "sources:\n" + source(site), kill_after=1, settings=settings).code == -9
    site.pages["/feed"] = replace(rss("/new"), etag='"gone on"')
    site.pages["/new"] = Answer(article_page("News from /new"), etag='"new"')
    run(tmp_path, source(site), settings=settings)
    run(tmp_path, source(site), settings=settings)
    expected = {f"News from {path}" for path in (*paths, "/flaky", "/new")}
    assert {a["headline"] for a in articles(tmp_path)} == expected
    # What came, or cannot come, is asked for no longer.
    site.asked.clear()
    run(tmp_path, source(site), settings=settings)
    assert site.paths() == ["/robots.txt", "/feed", "/new"]


def test_a_failing_receiver_ends_the_crawl_and_nothing_is_remembered(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {"/feed": rss("/a"), "/a": Answer(article_page("To be kept somehow"), etag='"a"')}
    failed = launch(tmp_path, "sources:\n" + source(site), sink_fails=True)
    assert failed.code == 1
    assert "OSError: the disk is full" in failed.stderr
    run(tmp_path, source(site))
    assert [a["headline"] for a in articles(tmp_path)] == ["To be kept somehow"]


def test_an_article_that_the_receiver_cannot_keep_comes_again(site: LocalSite, tmp_path: Path) -> None:
    canonical = f'<link rel="canonical" href="{site.origin}/odd">'
    odd = article_page("An odd story of two addresses", head=canonical)
    site.pages = {
        "/feed": rss("/odd", "/copy", "/even"),
        "/odd": Answer(odd, etag='"odd"'),
        "/copy": Answer(odd, etag='"copy"'),
        "/even": Answer(article_page("An even story of one address"), etag='"even"'),
    }
    first = run(tmp_path, source(site), not_kept=["/odd", "/copy"])
    assert [a["headline"] for a in articles(tmp_path)] == ["An even story of one address"]
    assert counts(first) == (4, 0, 1, 0)
    # Neither a validator nor a copy of it stands in its way.
    assert counts(run(tmp_path, source(site))) == (4, 2, 1, 0)
    assert articles(tmp_path)[-1]["headline"] == "An odd story of two addresses"
    assert counts(run(tmp_path, source(site))) == (4, 4, 0, 0)


def test_a_copy_is_not_remembered_before_the_article_is_kept(site: LocalSite, tmp_path: Path) -> None:
    canonical = f'<link rel="canonical" href="{site.origin}/story">'
    story = article_page("A story of two addresses", head=canonical)
    site.pages = {
        "/feed": rss("/story", "/copy"),
        "/story": Answer(story, etag='"story"'),
        "/copy": Answer(story, etag='"copy"'),
    }
    # Both have come, and the first that came is still being kept.
    assert launch(tmp_path, "sources:\n" + source(site), kept_after=3, sink_fails=True).code == 1
    assert counts(run(tmp_path, source(site))) == (3, 1, 1, 0)


def test_fetching_goes_on_while_an_article_is_being_kept(site: LocalSite, tmp_path: Path) -> None:
    paths = [f"/story-{n}" for n in range(12)]
    site.pages = {"/feed": rss(*paths, "/again")}
    site.pages |= {path: Answer(article_page(f"News from {path}")) for path in paths}
    # The same article at a second address comes while the first is still being kept.
    canonical = f'<link rel="canonical" href="{site.origin}/story-0">'
    site.pages["/again"] = Answer(article_page("News from /story-0", head=canonical))
    result = run(tmp_path, source(site), kept_after=len(paths))
    assert counts(result) == (14, 0, 12, 0)
    assert len({a["headline"] for a in articles(tmp_path)}) == 12


def test_ctrl_c_stops_gracefully(site: LocalSite, tmp_path: Path) -> None:
    paths = [f"/story-{n}" for n in range(40)]
    site.pages = {"/feed": rss(*paths)}
    site.pages |= {path: Answer(article_page(f"News from {path}"), etag=f'"{path}"') for path in paths}
    result = run(tmp_path, source(site), interrupt_after=2)
    assert result["report"]["interrupted"] is True
    assert 2 <= result["report"]["articles"] < 40
    run(tmp_path, source(site))
    assert len(articles(tmp_path)) == 40
