"""How a pipeline gets at the crawl's session."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from crawler.pipelines.page import FetchedArticle
from crawler.session import Session, session_of
from crawler.state import Remembered


class SessionPipeline:
    """A pipeline that knows the session."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def session(self) -> Session:
        return session_of(self._crawler)

    def remember(self, item: FetchedArticle, remembered: Remembered) -> None:
        """Keep what is known of a page: where a redirect began and where it led, for links name either."""
        for address in dict.fromkeys((item.requested_url, item.url)):
            self.session.state.remember(address, remembered)

    def remember_refused(self, item: FetchedArticle, reason: str, *, at_once: bool = False) -> bool:
        """Keep why a page is no article; whether that is new. A page that was an article stays one that was.

        It is asked for again when its age says so, or `at_once` by the next run.
        """
        before = self.session.state.get(item.requested_url)
        refused = replace(item.remembered(), etag=None, last_modified=None, problem=reason)
        if at_once:
            refused = replace(refused, fetched_at=None)
        if before is not None and before.was_parsed:
            refused = replace(
                before, problem=reason, fetched_at=refused.fetched_at, read_by=refused.read_by, expected=None
            )
        self.session.state.remember(item.requested_url, refused)
        return before is None or before.problem != reason
