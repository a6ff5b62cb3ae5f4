"""robots.txt as RFC 9309 has it, and Crawl-delay."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from hostile_site import HostileSite, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch

FORBIDDEN = "Forbidden by robots.txt"
RULES = "User-agent: *\nDisallow: /private/\n"


def test_robots_txt_of_every_kind(tmp_path: Path) -> None:
    many = "".join(f"# line {n} of a comment without an end\n" for n in range(20_000))
    cases = {
        "Missing": answer("", status="404 Not Found"),
        "Locked": answer("", status="403 Forbidden"),
        "Html": answer("<html><body>Disallow: /</body></html>"),
        "Other robots": answer("User-agent: Otherbot\nDisallow: /\n\n" + RULES),
        "Named": answer("User-agent: *\nDisallow: /\n\nUser-agent: tieup\nDisallow: /private/\n"),
        "Longest": answer("User-agent: *\nDisallow: /\nAllow: /feed\nAllow: /pub*.html$\n"),
        "Latin": answer(("# Zugriffe für Läden\n" + RULES).encode("latin-1")),
        "Marked": answer(b"\xef\xbb\xbf" + RULES.encode()),
        "Wide": answer(RULES.encode("utf-16")),
        "Nul": answer(b"\x00\x01\x02\n" + RULES.encode()),
        "Large": answer(RULES + many + "Disallow: /public.html\n"),
        "Moved": answer("", "Location: /robots/1", status="301 Moved"),
        "Circle": answer("", "Location: /robots.txt", status="302 Found"),
        "Failing": answer("", status="503 Later"),
        "Too many": answer("", status="429 Too Many Requests"),
        "Crashing": lambda talk: talk.reset(),
        "Endless": answer("", "Content-Length: 99999999"),
        "Inside": answer("", "Location: http://10.0.0.1/robots.txt", status="302 Found"),
    }
    free = {"Missing", "Locked", "Html", "Circle"}
    closed = {"Failing", "Too many", "Crashing", "Endless", "Inside"}
    with ExitStack() as stack:
        sites = {name: stack.enter_context(serve_hostile(HostileSite())) for name in cases}
        for name, site in sites.items():
            site.talks = {
                "/robots.txt": cases[name],
                "/feed": answer(rss("/private/story.html", "/public.html").body),
                "/private/story.html": answer(article_page(f"Private matters of {name}")),
                "/public.html": answer(article_page(f"Public matters of {name}")),
                "/robots/5": answer(RULES),
                **{
                    f"/robots/{n}": answer("", f"Location: /robots/{n + 1}", status="302 Found")
                    for n in range(1, 5)
                },
            }
        sources = "".join(site.source(name) for name, site in sites.items())
        settings = {"DOWNLOAD_TIMEOUT": 100, "RETRY_TIMES": 0}
        result = launch(tmp_path, "sources:\n" + sources, settings=settings).result
    headlines = {article["headline"] for article in articles(tmp_path)}
    assert headlines == {f"Public matters of {name}" for name in cases if name not in closed} | {
        f"Private matters of {name}" for name in free
    }
    reported = {(p["source"], p["url"].rpartition("/")[2]): p["message"] for p in result["problems"]}
    slugs = {name: name.lower().replace(" ", "-") for name in cases}
    for name, slug in slugs.items():
        if name in closed:
            assert sites[name].asked == ["/robots.txt"]
            message = reported.pop((slug, "feed"))
            assert message.startswith(("robots.txt cannot be read (", "refused: 10.0.0.1"))
        elif name not in free:
            assert reported.pop((slug, "story.html")) == FORBIDDEN
            assert "/private/story.html" not in sites[name].asked
    assert reported == {}


def test_crawl_delay_is_kept_and_bounded(tmp_path: Path) -> None:
    with serve_hostile(HostileSite()) as site:
        site.talks = {
            "/robots.txt": answer("User-agent: *\nCrawl-delay: 0.5\n"),
            "/feed": answer(rss("/one", "/two").body),
            "/one": answer(article_page("The first of two stories")),
            "/two": answer(article_page("The second of two stories")),
        }
        settings = {"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_START_DELAY": 0, "DOWNLOAD_DELAY_JITTER": 0}
        launch(tmp_path, "sources:\n" + site.source("Slow"), settings=settings)
    assert sorted(site.asked) == ["/feed", "/one", "/robots.txt", "/two"]
    # Two delays of half a second, less what a busy machine may be late in noting the first.
    assert site.times[3] - site.times[1] >= 0.8
