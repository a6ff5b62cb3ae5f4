"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from w3lib.encoding import read_bom

from crawler.middlewares.holds import note_forbidden, note_hold
from crawler.spiders.failures import describe_error

_MAX_BYTES = 512_000
_MAX_DELAY = 30.0
_STAY_AWAY = b"User-agent: *\nDisallow: /\n"


class ObeyRobots(RobotsTxtMiddleware):
    """Scrapy's middleware, and: what cannot be read means stay away, and Crawl-delay is kept within a bound.

    An answer of 400 to 499 means that there are no rules, 429 excepted; so do too many redirects.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._unread: dict[str, str] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        netloc = urlparse_cached(request).netloc
        if netloc in self._unread:
            note_hold(self.crawler, request, self._unread[netloc])
            raise IgnoreRequest(self._unread[netloc])
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            note_forbidden(self.crawler, request)
            raise
        if self._asked_delay(rp):
            # Scrapy would shorten the delay again as the server answers fast.
            request.meta["autothrottle_dont_adjust_delay"] = True

    async def robot_parser(self, request: Request) -> RobotParser | None:
        await super().robot_parser(request)
        # Of the requests that wait for one robots.txt, only the first is given the rules: awaiting Scrapy's
        # Deferred takes its result out. The others would go unchecked.
        rules: RobotParser | None = self._parsers[urlparse_cached(request).netloc]  # type: ignore[assignment]
        return rules

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        body = _as_utf8(response.body) if response.status < 400 else b""
        if response.status >= 500 or response.status == 429:
            self._unread[netloc] = f"robots.txt cannot be read (HTTP {response.status}): left alone"
            body = _STAY_AWAY
        await super()._parse_robots(response.replace(body=body), netloc, request)
        self._slow_down(request, self._parsers[netloc])

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        reason = describe_error(exc, f"http://{netloc}/")
        if reason.startswith("refused: "):
            self._unread[netloc] = reason
        elif reason != "too many redirects":
            self._unread[netloc] = f"robots.txt cannot be read ({reason}): left alone"
        super()._robots_error(exc, netloc)

    def _asked_delay(self, parser: Any) -> float:
        asked = parser.rp.crawl_delay(self._robotstxt_useragent) if hasattr(parser, "rp") else None
        return min(float(asked or 0.0), _MAX_DELAY)

    def _slow_down(self, request: Request, parser: Any) -> None:
        asked = self._asked_delay(parser)
        slot = self.crawler.engine.downloader.slots.get(urlparse_cached(request).hostname or "")
        if asked and slot is not None:
            slot.delay = max(slot.delay, asked)


def _as_utf8(body: bytes) -> bytes:
    """The rules up to the limit, without a line that it cuts through: half an Allow allows more."""
    if len(body) > _MAX_BYTES:
        body = body[:_MAX_BYTES].rpartition(b"\n")[0]
    encoding, bom = read_bom(body)
    return body[len(bom or b"") :].decode(encoding, "replace").encode() if encoding else body
