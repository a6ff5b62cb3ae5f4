"""Ask only for what has changed since the last run."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.read_by import read_by
from crawler.session import session_of


class ConditionalGet:
    """Sends the remembered validators of an address; the spider handles a 304."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ConditionalGet:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        # A redirected request keeps the headers of the first, which is the address that is remembered.
        if "task" not in request.meta or request.meta.get("redirect_urls"):
            return
        session, task = session_of(self._crawler), request.meta["task"]
        remembered = session.state.get(request.url)
        if remembered is None or remembered.is_wanted_now(session.min_relevance):
            return
        # A source's new selectors, or a better parser, are to read the page as it was, too.
        if remembered.read_by != read_by(task.source, task.link.kind):
            return
        if remembered.etag:
            request.headers["If-None-Match"] = remembered.etag
        if remembered.last_modified:
            request.headers["If-Modified-Since"] = remembered.last_modified
