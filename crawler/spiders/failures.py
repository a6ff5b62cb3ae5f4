"""What went wrong with a request, in one line that a reader understands."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.resolver import refused_hosts
from crawler.settings import MAX_PAGE_BYTES


def describe(failure: Failure) -> str:
    """The reason of a failed request."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, CannotResolveHostError):
        host = urlsplit(failure.request.url).hostname or ""  # type: ignore[attr-defined]
        return refused_hosts.get(host) or f"the host name {host} cannot be found"
    if isinstance(error, DownloadCancelledError):
        return f"larger than {MAX_PAGE_BYTES // 1_000_000} MB"
    if isinstance(error, DownloadTimeoutError):
        return "took too long"
    if isinstance(error, DownloadConnectionRefusedError):
        return "the server refused the connection"
    if isinstance(error, ResponseDataLossError):
        return "the page broke off before its end"
    if isinstance(error, IgnoreRequest):
        return {"max redirections reached": "too many redirects"}.get(str(error), str(error) or "left out")
    reason = " ".join(str(error).split()) or type(error).__name__
    if "certificate" in reason.lower() or "SSL" in reason:
        return f"TLS error: {reason[:200]}"
    if isinstance(error, DownloadFailedError):
        return f"the connection failed: {reason[:200]}"
    return f"{type(error).__name__}: {reason[:200]}"
