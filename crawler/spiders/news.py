"""The one spider: from each source's feeds, sitemaps and sections to its articles."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import astuple, replace
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.again import is_due
from crawler.canonical import canonical_url
from crawler.discover.links import ARTICLE, FEED, MAX_ADDRESS, SECTION, SITEMAP, Link, Listing
from crawler.owners import Owners, is_at_home
from crawler.parse_pool import NotWanted
from crawler.pipelines.page import FetchedArticle
from crawler.read_by import read_by
from crawler.relevance import says_enough, score, threshold_of_listings
from crawler.session import Session, Task, is_running
from crawler.spiders.failures import describe
from crawler.spiders.listings import read_listing
from crawler.spiders.passing import may_pass
from crawler.spiders.turns import Turns
from crawler.state import Remembered

_VARYING = re.compile(r"https?://\S+|entry|entries|[\d,]+")
# Articles before further listings, so that a crawl that is stopped has read the newest first.
_PRIORITY = {FEED: 20, SITEMAP: 10, SECTION: 10, ARTICLE: 15}
_PRIORITY_EXPECTED = 25


class NewsSpider(scrapy.Spider):
    """Reads all sources of a session."""

    name = "news"

    def __init__(self, *, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self._owners = Owners(session.sources.values())
        self._turns = Turns()

    async def start(self) -> AsyncIterator[scrapy.Request]:
        self._turns.limit = self.settings.getint("TIEUP_MAX_WAITING", self._turns.limit)
        try:
            for request in self._first_requests():
                yield request
        except Exception as error:
            # Scrapy would only log it, and the crawl seem whole: stop, and let crawl() raise it.
            self.session.failure = error
            raise

    def _first_requests(self) -> Iterator[scrapy.Request]:
        for url, expected in self.session.state.expected():
            source = self.session.sources.get(expected.source)
            # A list of addresses asks for its own pages only.
            if source is not None and not source.pages:
                link = Link(ARTICLE, url, expected.headline, expected.summary)
                yield from self._requests(Task(source, link), _PRIORITY_EXPECTED)
        for source in self.session.sources.values():
            for kind, addresses in (
                (FEED, source.feeds),
                (SITEMAP, source.sitemaps),
                (SECTION, source.sections),
                (ARTICLE, source.pages),
            ):
                for address in addresses:
                    yield from self._requests(Task(source, Link(kind, source.absolute(address))))

    def _requests(self, task: Task, priority: int | None = None) -> Iterator[scrapy.Request]:
        """A request for the task, or nothing if it is to be fetched later or never.

        `priority`: of what no listing led to.
        """
        link = task.link
        is_article = link.kind == ARTICLE
        if not _is_web(link):
            self.session.report("warning", task, link.url[:500], "refused: only http and https are fetched")
            return
        if len(link.url) > MAX_ADDRESS:
            reason = f"refused: an address of more than {MAX_ADDRESS:,} characters"
            self.session.report("warning", task, link.url[:500], reason)
            return
        address = canonical_url(link.url) if is_article else link.url
        if priority is None:
            self.session.state.see(address)
        if is_article and (self._is_left_out(task) or self._rests(task)):
            return
        if self.session.admit(task) and self._turns.take(task):
            yield from self._made(task, address, priority)

    def _made(self, task: Task, address: str, priority: int | None = None) -> Iterator[scrapy.Request]:
        link = task.link
        is_article = link.kind == ARTICLE
        try:
            request = scrapy.Request(
                address,
                callback=self.parse_article if is_article else self.parse_listing,
                errback=self.on_failure,
                priority=_PRIORITY[link.kind] if priority is None else priority,
                dont_filter=True,
                meta={"task": task, "handle_httpstatus_list": [304]},
            )
        except ValueError:
            self.session.finish(task)
            self._turns.finish(task)
            self.session.report("warning", task, link.url[:500], "not a valid address")
            return
        if is_article and not task.source.pages:
            self.session.state.expect(request.url, task.source.id, link.headline, link.summary)
        yield request

    def _rests(self, task: Task) -> bool:
        """Whether a page that was fetched before is left for a later run."""
        session, link = self.session, task.link
        known = session.state.get(canonical_url(link.url))
        if (
            known is None
            # Pages that somebody named are asked for whenever they are named.
            or task.source.pages
            or known.read_by != read_by(task.source, link.kind)
            or known.is_wanted_now(session.min_relevance)
            or is_due(known, session.state.now, link.modified)
        ):
            return False
        session.rest(task, known)
        return True

    def _is_left_out(self, task: Task) -> bool:
        """Whether what listings say is enough not to fetch an article: the one that says the best of it counts."""
        link = task.link
        if self.session.is_admitted(task):
            return False
        if not says_enough(link.headline, link.summary, task.source.kind):
            return self.session.is_left_out(task)
        judged = score(link.headline, link.summary, link.url, task.source.kind)
        url = canonical_url(link.url)
        before = self.session.state.get(url)
        if judged.score >= threshold_of_listings(self.session.min_relevance) or (
            before and before.was_parsed
        ):
            self.session.take_back(task)
            return False
        self.session.leave_out(task)
        if before is None or before.expected:
            self.session.state.remember(url, Remembered(relevance=judged.score, reasons=judged.reasons))
        return True

    def _finish(self, task: Task) -> None:
        """One request is done, with what it led to: others may have their turn."""
        self._turns.finish(task)
        if not is_running(self.crawler):
            return
        for later in self._turns.due():
            for request in self._made(later, later.link.url):
                self.crawler.engine.crawl(request)

    async def parse_listing(self, response: Response) -> AsyncIterator[scrapy.Request]:
        task = self._arrived(response)
        try:
            for request in await self._follow(task, response):
                yield request
        finally:
            self._finish(task)

    async def _follow(self, task: Task, response: Response) -> list[scrapy.Request]:
        """Requests for what a listing leads to."""
        url = _requested(response)
        listing = None
        if response.status == 304:
            self.session.counts["not_modified"] += 1
            remembered = self.session.state.get(url)
            links = (
                tuple(Link(*link) for link in (remembered.links or ()) if remembered) if remembered else ()
            )
        else:
            try:
                listing = await read_listing(task.link.kind, response, self.session.pool, self._goes_on)
            except NotWanted:
                return []
            links = listing.links
        requests: list[scrapy.Request] = []
        strays: list[str] = []
        home = task.home or response.url
        for link in links:
            owner = self._owners.owner(task, link, response.url)
            # What is no web address is refused like others, and said.
            if owner is None and _is_web(link):
                strays.append(link.url)
            else:
                depth = task.depth + (link.kind != ARTICLE)
                requests.extend(self._requests(Task(owner or task.source, link, depth, home)))
        if listing is not None:
            problem = _told(listing.problem, strays if task.link.kind == FEED else [])
            before = self.session.state.get(url)
            if problem and not (links and before and _same(before.problem, problem)):
                self.session.report("error" if not links else "warning", task, response.url, problem)
            # Now that its articles are expected; and one without any links is read again next time.
            if links or not problem:
                self._remember_listing(task, response, listing, problem)
        return requests

    def _goes_on(self) -> bool:
        return is_running(self.crawler) and not self.session.is_failing

    def _remember_listing(
        self, task: Task, response: Response, listing: Listing, problem: str | None
    ) -> None:
        etag, last_modified = _validators(response)
        remembered = Remembered(
            etag,
            last_modified,
            links=tuple(map(astuple, listing.links)),
            read_by=read_by(task.source, task.link.kind),
            problem=problem,
        )
        self.session.state.remember(_requested(response), remembered)

    def parse_article(self, response: Response) -> Iterator[FetchedArticle]:
        task = self._arrived(response)
        self._finish(task)
        url = _requested(response)
        self.session.note_fetched(response.url)
        if response.status == 304:
            self.session.counts["not_modified"] += 1
            self.session.articles_of[task.source.id] += 1
            remembered = self.session.state.get(url)
            if remembered:
                self._note_unchanged(url, remembered, task.link.modified)
            return
        if not is_at_home(task, response.url):
            self.session.report("warning", task, url, f"redirected to another site: {response.url}")
            self.session.state.give_up(url)
            return
        etag, last_modified = _validators(response)
        yield FetchedArticle(
            task=task,
            requested_url=url,
            url=response.url,
            body=response.body,
            content_type=_header(response, "Content-Type"),
            etag=etag,
            last_modified=last_modified,
            retrieved_at=_now(),
        )

    def _note_unchanged(self, url: str, known: Remembered, modified: str) -> None:
        if modified:
            known = replace(known, modified=modified, fetched_at=_now())
        self.session.state.remember(url, replace(known, problem=None))
        if known.canonical:
            self.session.keep(known.canonical)

    def on_failure(self, failure: Failure) -> None:
        request = failure.request  # type: ignore[attr-defined]
        self.session.finish(request.meta["task"])
        self.session.report("error", request.meta["task"], request.url, describe(failure))
        if may_pass(failure):
            self.session.state.note_failure(_requested(request))
        else:
            self.session.state.give_up(_requested(request))
        self._finish(request.meta["task"])

    def _arrived(self, response: Response) -> Task:
        if self.session.is_failing:
            raise CloseSpider("what is read cannot be kept")
        self.session.counts["pages"] += 1
        task: Task = response.meta["task"]
        self.session.finish(task)
        return task


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _requested(exchanged: scrapy.Request | Response) -> str:
    """The address that a request began with, before any redirect."""
    redirected: list[str] = exchanged.meta.get("redirect_urls") or []
    return redirected[0] if redirected else str(exchanged.url)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _told(problem: str | None, strays: list[str]) -> str | None:
    """What is wrong with a listing, with the entries in it that are on other sites."""
    if not strays:
        return problem
    entries = "1 entry" if len(strays) == 1 else f"{len(strays):,} entries"
    left_out = f"{entries} on other sites left out, such as {strays[0][:200]}"
    return f"{problem}; {left_out}" if problem else left_out


def _same(problem: str | None, other: str) -> bool:
    """Whether two problems are the same but for numbers and examples: they change as the listing goes on."""
    return _VARYING.sub("", problem or "") == _VARYING.sub("", other)


def _is_web(link: Link) -> bool:
    return link.url.lower().startswith(("http://", "https://"))


def _validators(response: Response) -> tuple[str | None, str | None]:
    return _header(response, "ETag"), _header(response, "Last-Modified")
