"""Servers that ask for patience: Retry-After is kept by the whole host, within a bound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_site import HostileSite, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch, told


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with serve_hostile(HostileSite()) as running:
        yield running


def busy(retry_after: str, status: str = "429 Too Many Requests") -> bytes:
    return answer("", f"Retry-After: {retry_after}", status=status)


def test_retry_after_is_kept_by_every_request_to_the_host(site: HostileSite, tmp_path: Path) -> None:
    first = iter([busy("1")])
    story = answer(article_page("A story worth the wait"))
    site.talks = {
        "/feed": lambda talk: talk.send(next(first, answer(rss("/story").body))),
        "/robots.txt": answer(""),
        "/story": story,
    }
    result = launch(tmp_path, "sources:\n" + site.source("Busy", "feeds: [/feed], sections: [/news]")).result
    assert len(articles(tmp_path)) == 1
    assert set(told(result)) == {"/news"}
    # What was under way at the moment of the answer aside, nothing was asked for during the second.
    asked = [moment for path, moment in zip(site.asked, site.times, strict=True) if path == "/feed"]
    assert asked[1] - asked[0] >= 1
    assert site.times[site.asked.index("/story")] - asked[0] >= 1


def test_absurd_past_and_unreadable_waits_are_bounded_then_reported(
    site: HostileSite, tmp_path: Path
) -> None:
    headers = {
        "/far": "9" * 40,
        "/year": "Fri, 31 Dec 9999 23:59:59 GMT",
        "/past": "Wed, 03 Mar 2021 10:00:30 GMT",
        "/words": "when the shop opens",
        "/digits": "²³",
    }
    site.talks = {path: busy(header, "503 Later") for path, header in headers.items()}
    site.talks |= {
        "/feed": answer(rss(*headers, "/story").body),
        "/story": answer(article_page("Still there")),
    }
    settings = {"TIEUP_MAX_WAIT": 0.01}
    result = launch(tmp_path, "sources:\n" + site.source("Busy"), settings=settings).result
    assert told(result) == dict.fromkeys(headers, "HTTP 503")
    assert {path: site.asked.count(path) for path in headers} == dict.fromkeys(headers, 3)
    assert len(articles(tmp_path)) == 1


def test_a_host_that_asks_for_ever_is_left_alone(site: HostileSite, tmp_path: Path) -> None:
    paths = [f"/story-{n}" for n in range(60)]
    site.talks = {"/feed": answer(rss(*paths).body), **dict.fromkeys(paths, busy("86400"))}
    with serve_hostile(HostileSite(host="localhost")) as other:
        other.talks = {
            "/feed": answer(rss("/story").body),
            "/story": answer(article_page("News of the other site")),
        }
        settings = {"TIEUP_MAX_WAIT": 0.02, "TIEUP_MAX_WAIT_PER_HOST": 0.05}
        sources = "sources:\n" + site.source("Busy") + other.source("Other")
        result = launch(tmp_path, sources, settings=settings).result
    left = "left alone: the site asked to wait for more than 0.05 seconds"
    assert set(told(result)) == set(paths)
    assert set(told(result).values()) <= {left, f"HTTP 429; {left}", "HTTP 429"}
    assert list(told(result).values()).count(left) > 20
    assert sum(path in paths for path in site.asked) < 60
    assert [article["headline"] for article in articles(tmp_path)] == ["News of the other site"]
