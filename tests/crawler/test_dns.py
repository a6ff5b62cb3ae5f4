"""A name that changes its address between two answers: what was checked is what is connected to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_site import HostileSite, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch

from crawler import fetch as fetching
from crawler.fetch import FetchError, fetch
from crawler.guard import check_ip

# 127.0.0.2 stands for an address of the public internet.
OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"


@pytest.fixture
def outside() -> Iterator[HostileSite]:
    with serve_hostile(HostileSite(host="news.example"), bind=OUTSIDE) as running:
        running.talks = {
            "/feed": answer(rss("/story").body),
            "/story": answer(article_page("A story from outside")),
        }
        yield running


@pytest.fixture
def inside(outside: HostileSite) -> Iterator[HostileSite]:
    with serve_hostile(HostileSite(), bind=INSIDE, port=outside.port) as running:
        running.talks = {path: answer(article_page("Secrets of the house")) for path in ("/feed", "/story")}
        yield running


@pytest.mark.parametrize("cached", [True, False])
def test_a_crawl_connects_to_the_address_that_was_checked(
    outside: HostileSite, inside: HostileSite, tmp_path: Path, cached: bool
) -> None:
    settings = {"DNSCACHE_ENABLED": cached, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}
    names = {"news.example": [OUTSIDE, INSIDE]}
    result = launch(
        tmp_path,
        "sources:\n" + outside.source("News"),
        allow_loopback=False,
        settings=settings,
        names=names,
    ).result
    assert inside.asked == []
    if cached:
        assert outside.asked == ["/robots.txt", "/feed", "/story"]
        assert [article["headline"] for article in articles(tmp_path)] == ["A story from outside"]
    else:
        assert outside.asked == ["/robots.txt"]
        assert [problem["message"] for problem in result["problems"]] == [
            "refused: 127.0.0.1 is not an address of the public internet"
        ]


def test_a_named_page_is_fetched_from_the_address_that_was_checked(
    outside: HostileSite, inside: HostileSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([OUTSIDE, INSIDE])
    resolve = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: object, **options: object) -> object:
        return resolve(next(answers) if host == "news.example" else host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(
        fetching, "check_ip", lambda ip, **options: None if ip == OUTSIDE else check_ip(ip, **options)
    )
    assert b"A story from outside" in fetch(f"{outside.origin}/story").body
    with pytest.raises(FetchError, match=r"refused: 127\.0\.0\.1"):
        fetch(f"{outside.origin}/story")
    assert inside.asked == []
