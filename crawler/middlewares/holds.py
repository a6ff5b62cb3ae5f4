"""What holds a source, noted where whoever watches the crawl sees it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from crawler.progress import Hold
from crawler.session import Session


def note_hold(crawler: Crawler, request: Request, reason: str, *, until: float | None = None) -> None:
    """Nothing is asked of a request's host: until when (seconds since the epoch), else for the rest of the run."""
    session = _session(crawler)
    if session is None:
        return
    host, hold, is_news = urlparse_cached(request).netloc, Hold(reason, until), False
    for id in _sources_at(session, request):
        source = session.reached_by(id)
        if source.holds.get(host) != hold:
            is_news = True
            # A new one each time: a terminal's display, in a thread of its own, may be reading the old one.
            source.holds = {**source.holds, host: hold}
    # Nothing else tells of it before the next request is done, which may be a while.
    if is_news:
        session.tell()


def note_forbidden(crawler: Crawler, request: Request) -> None:
    """robots.txt forbids a request."""
    session = _session(crawler)
    if session is not None and "task" in request.meta:
        session.reached_by(request.meta["task"].source.id).forbidden += 1


def note_delay(crawler: Crawler, request: Request) -> None:
    """The delay between requests to the host of a request that was answered is what it is now."""
    session = _session(crawler)
    if session is not None and crawler.engine is not None and "task" in request.meta:
        slot = crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            session.reached_by(request.meta["task"].source.id).delay = slot.delay


def _session(crawler: Crawler) -> Session | None:
    """The session of a crawl; a check of addresses has none."""
    session: Session | None = getattr(crawler.spider, "session", None)
    return session


def _sources_at(session: Session, request: Request) -> set[str]:
    """The sources (ids) that a request is for; robots.txt is for all that are at its host."""
    task: Any = request.meta.get("task")
    if task is not None:
        return {task.source.id}
    host = urlparse_cached(request).netloc
    return {source.id for source in session.sources.values() if urlsplit(source.origin).netloc == host}
