"""Refuse addresses that are not on the public web, at every hop."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.guard import RefusedAddress, check_url


class RefusePrivate:
    """Checks every request, redirects and robots.txt included; names are checked by the resolver."""

    def __init__(self, crawler: Crawler) -> None:
        self._loopback = frozenset(crawler.settings.getlist("TIEUP_LOOPBACK"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RefusePrivate:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        try:
            check_url(request.url, allowed_loopback=self._loopback)
        except RefusedAddress as error:
            raise IgnoreRequest(str(error)) from None
