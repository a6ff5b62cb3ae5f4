"""A bug of ours that costs a page is a problem of the run like any other, beside the traceback that Scrapy prints."""

from __future__ import annotations

from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.session import Session


class ReportBugs:
    """A Scrapy extension: reports what a step of the pipeline or a callback raised."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReportBugs:
        extension = cls()
        for signal in (signals.item_error, signals.spider_error):
            crawler.signals.connect(extension.report, signal)
        return extension

    def report(self, response: Response, spider: Any, failure: Failure) -> None:
        session: Session | None = getattr(spider, "session", None)
        if session is not None:
            reason = f"{type(failure.value).__name__}: {failure.value}"
            session.report("error", response.meta.get("task"), response.url, f"not handled: {reason}")
