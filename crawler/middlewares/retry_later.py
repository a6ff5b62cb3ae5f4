"""Retry what may work later, and wait as long as the server asks, within bounds."""

from __future__ import annotations

import time
from collections import defaultdict
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.holds import note_delay, note_hold
from crawler.resolver import refused_hosts

MAX_WAIT = 60.0
# A slot of Scrapy's downloader looks at the time of its last request only if it has a delay.
_LEAST_DELAY = 0.001
_WAITS = "waits, as the server asked,"


class RetryLater(RetryMiddleware):
    """Scrapy's middleware, and: Retry-After of a 429 or 503 is kept, by all requests to that host.

    A host that has asked for more than TIEUP_MAX_WAIT_PER_HOST seconds in all is left alone for the rest of
    the run.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._max_wait = settings.getfloat("TIEUP_MAX_WAIT")
        self._max_wait_per_host = settings.getfloat("TIEUP_MAX_WAIT_PER_HOST")
        self._until: dict[str, float] = {}
        self._waited: defaultdict[str, float] = defaultdict(float)

    def process_request(self, request: Request) -> None:
        if self._is_left_alone(_host(request)):
            # Of another source at the same host this may be the first request.
            note_hold(self.crawler, request, self._left_alone())
            raise IgnoreRequest(self._left_alone())

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        if response.status in (429, 503):
            header = (response.headers.get("Retry-After") or b"").decode("latin-1")
            self._hold(request, seconds_to_wait(header, now=time.time(), at_most=self._max_wait))
            if self._is_left_alone(_host(request)):
                note_hold(self.crawler, request, self._left_alone())
                raise IgnoreRequest(f"HTTP {response.status}; {self._left_alone()}")
        note_delay(self.crawler, request)
        result: Request | Response = super().process_response(request, response)
        return result

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        # A refused name stays refused.
        if _host(request) in refused_hosts:
            return None
        retry: Request | Response | None = super().process_exception(request, exception)
        return retry

    def _hold(self, request: Request, seconds: float) -> None:
        """Nothing more is asked of the request's host for so long; other hosts go on."""
        engine = self.crawler.engine
        slot = engine.downloader.slots.get(request.meta.get("download_slot", "")) if engine else None
        if seconds <= 0 or slot is None:
            return
        host, now = _host(request), time.monotonic()
        until = now + seconds
        # Answers that arrive together ask for the same wait: it counts once.
        self._waited[host] += max(0.0, until - max(now, self._until.get(host, now)))
        self._until[host] = max(until, self._until.get(host, until))
        slot.delay = max(slot.delay, _LEAST_DELAY)
        slot.lastseen = max(slot.lastseen, self._until[host])
        if not self._is_left_alone(host):
            note_hold(self.crawler, request, _WAITS, until=time.time() + self._until[host] - now)

    def _is_left_alone(self, host: str) -> bool:
        return self._waited.get(host, 0.0) > self._max_wait_per_host

    def _left_alone(self) -> str:
        return f"left alone: the site asked to wait for more than {self._max_wait_per_host:g} seconds"


def seconds_to_wait(retry_after: str, *, now: float, at_most: float = MAX_WAIT) -> float:
    """The seconds that a Retry-After header asks for, from 0 to `at_most`; 0 if it cannot be read.

    `now` is seconds since the epoch, against which a date is read.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:6]), at_most)
    try:
        return min(max(parsedate_to_datetime(text).timestamp() - now, 0.0), at_most)
    except (ValueError, OverflowError):
        return 0.0


def _host(request: Request) -> str:
    return urlparse_cached(request).hostname or ""
