"""Retry what may work later, and wait as long as the server asks, within a bound."""

from __future__ import annotations

import asyncio
import time
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.resolver import refused_hosts

MAX_WAIT = 60.0


class RetryLater(RetryMiddleware):
    """Scrapy's middleware, and: Retry-After of a 429 or 503 is kept."""

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        result: Request | Response = super().process_response(request, response)
        if isinstance(result, Request) and response.status in (429, 503):
            header = (response.headers.get("Retry-After") or b"").decode("latin-1")
            await asyncio.sleep(seconds_to_wait(header, now=time.time()))
        return result

    def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        # A refused name stays refused.
        if urlparse_cached(request).hostname in refused_hosts:
            return None
        retry: Request | Response | None = super().process_exception(request, exception)
        return retry


def seconds_to_wait(retry_after: str, *, now: float) -> float:
    """The seconds that a Retry-After header asks for, from 0 to MAX_WAIT; 0 if it cannot be read.

    `now` is seconds since the epoch, against which a date is read.
    """
    text = retry_after.strip()
    if text.isdecimal():
        return min(float(text[:6]), MAX_WAIT)
    try:
        return min(max(parsedate_to_datetime(text).timestamp() - now, 0.0), MAX_WAIT)
    except (ValueError, OverflowError):
        return 0.0
