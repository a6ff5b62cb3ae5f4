"""The spider of a check: asks every address of the sources, and notes what it answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.check import ROBOTS, Finding, Outcome
from crawler.discover.links import ARTICLE, FEED, SECTION, SITEMAP, Link, Listing
from crawler.owners import follows
from crawler.parse_pool import NotWanted, ParsePool
from crawler.progress import OnProgress, Reached
from crawler.session import Task, is_running
from crawler.sources import Source
from crawler.spiders.failures import describe
from crawler.spiders.listings import read_listing

# Of an index its last modified sitemaps, of a page its first feeds: enough to see whether there are articles.
_MAX_CHILDREN = 3
_MAX_DEPTH = 2
_CHILD = {SITEMAP: SITEMAP, SECTION: FEED}
_NOUN = {
    FEED: ("entry", "entries"),
    SITEMAP: ("entry", "entries"),
    SECTION: ("link to an article", "links to articles"),
}
_UNREACHABLE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An address of a source, and its place among the findings."""

    place: tuple[int, ...]
    task: Task


class CheckSpider(scrapy.Spider):
    """Fills `findings`, by place, for all addresses of the sources listed."""

    name = "check"

    def __init__(
        self,
        *,
        listed: tuple[Source, ...],
        findings: dict[tuple[int, ...], Finding],
        progress: OnProgress | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._listed = listed
        self._findings = findings
        self._progress = progress
        self._pool = ParsePool()
        self._known: set[tuple[str, str]] = set()
        self._done = self._queued = 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        first = [asked for number, source in enumerate(self._listed) for asked in _addresses(number, source)]
        requests = [request for asked in first for request in self._requests(asked)]
        # The robots.txt of all, the first address of all, ...: no source waits for another.
        for request in sorted(requests, key=lambda request: request.cb_kwargs["asked"].place[1:]):
            yield request

    def _requests(self, asked: Asked) -> Iterator[scrapy.Request]:
        """A request for the address, or nothing if it is known already or none."""
        source, link = asked.task.source, asked.task.link
        if (source.id, link.url) in self._known:
            return
        self._known.add((source.id, link.url))
        self._note(asked, "not asked", "not asked: the check was stopped before")
        is_robots = link.kind == ROBOTS
        try:
            request = scrapy.Request(
                link.url,
                callback=self.parse_robots if is_robots else self.parse_listing,
                errback=self.on_failure,
                dont_filter=True,
                meta={ROBOTS: None} if is_robots else {},
                cb_kwargs={"asked": asked},
            )
        except ValueError:
            self._note(asked, "fails", "not a valid address")
            return
        self._queued += 1
        yield request

    def parse_robots(self, response: Response, asked: Asked) -> None:
        self._finish()
        rules, source = response.meta[ROBOTS], asked.task.source
        agent = self.settings["ROBOTSTXT_USER_AGENT"]
        here = [url for _, url in _listings(source) if _netloc(url) == _netloc(asked.task.link.url)]
        forbidden = sum(not rules.allowed(url, agent) for url in here) if rules else 0
        home = asked.task.link.url.removesuffix("robots.txt")
        said = "answers"
        if rules and not rules.allowed(home, agent):
            said += ", forbids the home page"
        if forbidden:
            said += f", forbids {forbidden} of {len(here)} addresses"
        self._note(asked, "answers", said)

    async def parse_listing(self, response: Response, asked: Asked) -> AsyncIterator[scrapy.Request]:
        self._finish()
        kind, depth = asked.task.link.kind, asked.task.depth
        try:
            listing = await read_listing(kind, response, self._pool, lambda: is_running(self.crawler))
        except NotWanted:
            return
        links = [link for link in listing.links if _is_web(link) and follows(asked.task, link, response.url)]
        articles = sum(link.kind == ARTICLE for link in links)
        children = [link for link in links if link.kind == _CHILD.get(kind)]
        outcome, said = _judge(kind, listing, articles, children)
        if response.meta.get("redirect_urls"):
            said += f"; moved to {response.url}"
        self._note(asked, outcome, said, articles)
        if depth < _MAX_DEPTH:
            for number, child in enumerate(children[:_MAX_CHILDREN]):
                task = Task(asked.task.source, child, depth + 1)
                for request in self._requests(Asked((*asked.place, number), task)):
                    yield request

    async def closed(self, reason: str) -> None:
        """Scrapy calls it when the spider has ended."""
        await self._pool.close()

    def on_failure(self, failure: Failure) -> None:
        self._finish()
        asked: Asked = failure.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
        reason = describe(failure)
        status = failure.value.response.status if isinstance(failure.value, HttpError) else 0
        if asked.task.link.kind == ROBOTS and 400 <= status < 500 and status != 429:
            self._note(asked, "empty", f"none ({reason}): all may be read")
        elif reason == "Forbidden by robots.txt":
            self._note(asked, "fails", "forbidden by robots.txt")
        elif isinstance(failure.value, _UNREACHABLE) and not reason.startswith("refused"):
            self._note(asked, "fails", f"not reachable: {reason}")
        else:
            self._note(asked, "fails", reason)

    def _note(self, asked: Asked, outcome: Outcome, said: str, entries: int = 0) -> None:
        source, link = asked.task.source, asked.task.link
        self._findings[asked.place] = Finding(
            source.id, link.kind, one_line(link.url), outcome, one_line(said), entries
        )

    def _finish(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(Reached(self._done, self._queued - self._done))


def _judge(kind: str, listing: Listing, articles: int, children: list[Link]) -> tuple[Outcome, str]:
    """What a listing that arrived is worth, in a word and in a few."""
    singular, plural = _NOUN[kind]
    if articles:
        said = f"answers {articles} {singular if articles == 1 else plural}"
    elif children:
        noun = _CHILD[kind]
        said = f"answers {len(children)} {noun if len(children) == 1 else noun + 's'}"
    elif listing.problem:
        return "fails", listing.problem
    elif any(link.kind == ARTICLE for link in listing.links):
        noun = singular if len(listing.links) == 1 else plural
        return "empty", f"empty: {len(listing.links)} {noun}, none that a crawl follows"
    else:
        return "empty", f"empty: no {plural}"
    if listing.newest:
        said += f", newest {listing.newest}"
    return "answers", said + (f"; {listing.problem}" if listing.problem else "")


def _addresses(number: int, source: Source) -> Iterator[Asked]:
    """A source's robots.txt files, its home's first, then its feeds, sitemaps and sections."""
    listings = _listings(source)
    origins = dict.fromkeys([source.origin, *(_origin(url) for _, url in listings)])
    links = [*((ROBOTS, f"{origin}/robots.txt") for origin in origins), *listings]
    for position, (kind, url) in enumerate(links):
        yield Asked((number, position), Task(source, Link(kind, url)))


def _listings(source: Source) -> list[tuple[str, str]]:
    by_kind = ((FEED, source.feeds), (SITEMAP, source.sitemaps), (SECTION, source.sections))
    return [(kind, source.absolute(address)) for kind, addresses in by_kind for address in addresses]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _netloc(url: str) -> str:
    return urlsplit(url).netloc


def _is_web(link: Link) -> bool:
    return link.url.lower().startswith(("http://", "https://"))


def one_line(text: str) -> str:
    """Text from the web as a terminal may show it: one line, and no control or formatting characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
