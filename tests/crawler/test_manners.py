"""How a crawl behaves towards servers that are not in its own house: what they would see in their logs."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile_site import HostileSite, Talk, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch

from crawler.settings import scrapy_settings

STORIES = tuple(f"/story-{n}" for n in range(5))
REAL = scrapy_settings(loopback=(), only_loopback=False, contact=None)
# As in real runs; but without chance, so that the least time between two requests is known.
POLITE = {
    "CONCURRENT_REQUESTS_PER_DOMAIN": REAL["CONCURRENT_REQUESTS_PER_DOMAIN"],
    "DOWNLOAD_DELAY_JITTER": 0,
}


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with serve_hostile(HostileSite()) as running:
        yield running


@pytest.fixture
def other() -> Iterator[HostileSite]:
    """A site of another host."""
    with serve_hostile(HostileSite(host="localhost")) as running:
        yield running


def page(site: HostileSite, path: str) -> bytes:
    return answer(article_page(f"News of {site.host} from {path}"))


def publish(site: HostileSite, serve: Callable[[Talk, str], None] | None = None) -> None:
    """Give a site a feed with its stories; `serve` answers for a story's path, else it comes at once."""
    site.talks = {"/robots.txt": answer(""), "/feed": answer(rss(*STORIES).body)}
    for path in STORIES:
        site.talks[path] = page(site, path) if serve is None else lambda talk, path=path: serve(talk, path)


def crawl(folder: Path, *sites: HostileSite, **settings: Any) -> None:
    listed = "".join(site.source(f"S{number}") for number, site in enumerate(sites))
    outcome = launch(folder, f"sources:\n{listed}", settings=POLITE | settings)
    assert (outcome.code, outcome.stderr, outcome.result["problems"]) == (0, "", [])
    assert len(articles(folder)) == len(sites) * len(STORIES)


def stories_asked_at(site: HostileSite) -> list[float]:
    return [moment for path, moment in zip(site.asked, site.times, strict=True) if path in STORIES]


def test_a_slow_server_is_asked_as_slowly_as_it_answers(site: HostileSite, tmp_path: Path) -> None:
    takes_s = 0.3

    def slowly(talk: Talk, path: str) -> None:
        talk.has_left(takes_s)
        talk.send(page(site, path))

    publish(site, slowly)
    feed = site.talks["/feed"]
    assert isinstance(feed, bytes)
    site.talks["/feed"] = lambda talk: talk.send(b"" if talk.has_left(takes_s) else feed)
    crawl(
        tmp_path,
        site,
        AUTOTHROTTLE_ENABLED=REAL["AUTOTHROTTLE_ENABLED"],
        AUTOTHROTTLE_START_DELAY=0.01,
        CONCURRENT_REQUESTS_PER_DOMAIN=len(STORIES),
    )
    asked = stories_asked_at(site)
    # With the delay that the crawl began with, all of them would be there in a twentieth of a second. A machine that
    # is slow itself makes it longer only, but for the moment at which it notes the first.
    assert asked[-1] - asked[0] > (len(STORIES) - 2) * takes_s


def test_hosts_have_two_requests_each_at_a_time_and_do_not_wait_for_each_other(
    site: HostileSite, other: HostileSite, tmp_path: Path
) -> None:
    under_way, most = Counter[str](), Counter[str]()
    changed = threading.Condition()
    in_time: list[bool] = []

    def serve_from(host: HostileSite) -> Callable[[Talk, str], None]:
        def serve(talk: Talk, path: str) -> None:
            with changed:
                under_way[host.host] += 1
                most[host.host] = max(most[host.host], under_way[host.host])
                changed.notify_all()
                # Nobody is answered until both hosts have two requests, which neither has by waiting for the other.
                both = changed.wait_for(lambda: min(most[site.host], most[other.host]) >= 2, timeout=10)
                in_time.append(both)
            # Time in which a third would come, if it did not wait for an answer.
            talk.has_left(0.4)
            with changed:
                under_way[host.host] -= 1
            talk.send(page(host, path))

        return serve

    for host in (site, other):
        publish(host, serve_from(host))
    crawl(tmp_path, site, other, DOWNLOAD_DELAY=0.1)
    assert most == {site.host: 2, other.host: 2}
    assert all(in_time)


def test_each_host_has_its_delay_and_is_asked_while_another_has_its_own(
    site: HostileSite, other: HostileSite, tmp_path: Path
) -> None:
    publish(site)
    publish(other)
    crawl(tmp_path, site, other, DOWNLOAD_DELAY=0.2)
    here, there = stories_asked_at(site), stories_asked_at(other)
    for asked in (here, there):
        assert asked[-1] - asked[0] > (len(STORIES) - 2) * 0.2
    assert max(here[0], there[0]) < min(here[-1], there[-1])
