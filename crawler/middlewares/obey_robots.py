"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

_MAX_BYTES = 512_000
_MAX_DELAY = 30.0


class ObeyRobots(RobotsTxtMiddleware):
    """Scrapy's middleware, and: a server error means stay away, and Crawl-delay is kept within a bound."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        await super().robot_parser(request)
        # Of the requests that wait for one robots.txt, only the first is given the rules: awaiting Scrapy's
        # Deferred takes its result out. The others would go unchecked.
        rules: RobotParser | None = self._parsers[urlparse_cached(request).netloc]  # type: ignore[assignment]
        return rules

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        body = response.body[:_MAX_BYTES] if response.status < 400 else b""
        if response.status >= 500:
            body = b"User-agent: *\nDisallow: /\n"
        await super()._parse_robots(response.replace(body=body), netloc, request)
        if response.status < 400:
            self._slow_down(request, self._parsers[netloc])

    def _slow_down(self, request: Request, parser: Any) -> None:
        asked = parser.rp.crawl_delay(self._robotstxt_useragent) if hasattr(parser, "rp") else None
        slot = self.crawler.engine.downloader.slots.get(urlparse_cached(request).hostname or "")
        if asked and slot is not None:
            slot.delay = max(slot.delay, min(float(asked), _MAX_DELAY))
