"""Which failures may pass, so that the address is worth another run."""

from __future__ import annotations

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.spiders.failures import describe

_BUSY = (408, 425, 429)


def may_pass(failure: Failure) -> bool:
    """Whether a failed request may work in another run: the server or the way to it failed, not the page."""
    error, reason = failure.value, describe(failure)
    if isinstance(error, HttpError):
        status: int = error.response.status
        return status >= 500 or status in _BUSY
    if isinstance(error, IgnoreRequest):
        # What a middleware says of a host that does not answer now, or its robots.txt.
        return "left alone" in reason
    return not isinstance(error, DownloadCancelledError) and not reason.startswith("refused: ")
