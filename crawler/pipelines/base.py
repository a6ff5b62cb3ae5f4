"""How a pipeline gets at the crawl's session."""

from __future__ import annotations

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

    def remember_relevance(self, item: FetchedArticle) -> None:
        """Keep what a page was judged that is no article; it is asked for again without a validator."""
        if item.relevance is not None and self.session.state.get(item.requested_url) is None:
            judged = Remembered(relevance=item.relevance.score, reasons=item.relevance.reasons)
            self.session.state.remember(item.requested_url, judged)
