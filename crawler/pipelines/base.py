"""How a pipeline gets at the crawl's session."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from crawler.session import Session, session_of


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
