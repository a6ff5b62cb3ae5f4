"""Redirects without end, and sites that grow as they are read: each is bounded, and said."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_site import HostileSite, Talk, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch, told


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with serve_hostile(HostileSite()) as running:
        yield running


def to(location: str) -> bytes:
    return answer("", f"Location: {location}", status="302 Found")


def test_redirects_are_followed_within_bounds(site: HostileSite, tmp_path: Path) -> None:
    counter = itertools.count()
    with serve_hostile(HostileSite(host="localhost")) as other:
        other.talks = {"/story": answer(article_page("The story of another publisher"))}
        hops = {f"/hop/{n}": to(f"/hop/{n + 1}") for n in range(20)}
        site.talks = {
            **hops,
            "/hop/20": answer(article_page("Behind twenty hops")),
            "/self": to("/self"),
            "/grows": lambda talk: talk.send(to(f"/grows/{next(counter)}")),
            "/closed": to("/private/story"),
            "/elsewhere": to(f"{other.origin}/story"),
            "/nowhere": to("gopher://127.0.0.1/"),
            "/data": to("data:text/html,<h1>Made up</h1>"),
            "/empty": to(""),
            "/odd": to("http://[::1/"),
            "/private/story": answer(article_page("Never to be read")),
            "/robots.txt": answer("User-agent: *\nDisallow: /private/\n"),
        }
        site.talks |= {f"/grows/{n}": site.talks["/grows"] for n in range(20)}
        starts = ["/hop/0", "/hop/16", "/self", "/grows", "/closed", "/elsewhere", "/nowhere", "/data"]
        starts += ["/empty", "/odd"]
        site.talks["/feed"] = answer(rss(*starts).body)
        result = launch(
            tmp_path, "sources:\n" + site.source("Local") + other.source("Other", "feeds: [/x]")
        ).result
    assert [article["headline"] for article in articles(tmp_path)] == ["Behind twenty hops"]
    report = told(result)
    del report["/x"]
    assert report.pop("/elsewhere") == f"redirected to another site: {other.origin}/story"
    assert report.pop("/private/story", report.pop("/closed", "")) == "Forbidden by robots.txt"
    assert set(report.values()) >= {"too many redirects", "refused: a redirect to no web address"}
    assert {path: report[path] for path in ("/nowhere", "/data")} == dict.fromkeys(
        ("/nowhere", "/data"), "refused: a redirect to no web address"
    )
    assert "/hop/6" not in site.asked
    assert "/private/story" not in site.asked
    assert sum(path.startswith("/grows") for path in site.asked) == 6


def test_calendars_pagination_and_sessions_end(site: HostileSite, tmp_path: Path) -> None:
    numbers, following = itertools.count(), itertools.count(2)

    def calendar(talk: Talk) -> None:
        """Every month leads to forty more, and to one story under an address of its own each time."""
        n = next(numbers)
        months = "".join(f"<a class='next' href='/calendar?month={n * 40 + k}'>{k}</a>" for k in range(40))
        story = f"<h3><a href='/story;jsessionid={n:016x}?PHPSESSID={n:016x}&sid={n:016x}'>One story only</a></h3>"
        talk.send(answer(f"<html><body>{months}{story}</body></html>"))

    def pages(talk: Talk) -> None:
        talk.send(
            answer(f"<html><body><a rel='next' href='/pages?page={next(following)}'>Next</a></body></html>")
        )

    circle = "<html><body><a rel='next' href='/circle?page={}#top'>Next</a></body></html>"

    class Everything(dict[str, object]):
        """The calendar has any month, the list any page, the story any session."""

        def get(self, path: str, default: object = None) -> object:
            if path.startswith("/calendar"):
                return calendar
            if path.startswith("/pages"):
                return pages
            if path.startswith("/story"):
                return answer(article_page("One story only"))
            return super().get(path, default)

    site.talks = Everything(
        {
            "/circle": answer(circle.format(2)),
            "/circle?page=2": answer(circle.format(3)),
            "/circle?page=3": answer(circle.format("2&utm_source=x")),
        }
    )  # type: ignore[assignment]
    keys = "sections: [/calendar, /pages, /circle]"
    result = launch(tmp_path, "sources:\n" + site.source("Local", keys)).result
    assert len(articles(tmp_path)) == 1
    assert [path for path in site.asked if path.startswith("/story")] == ["/story"]
    assert sum(path.startswith("/calendar") for path in site.asked) < 100
    assert sum(path.startswith("/pages") for path in site.asked) <= 6
    assert "/circle?page=2&utm_source=x" not in site.asked
    assert "more than 100 feeds, sitemaps and section pages; the rest is left out" in told(result).values()
