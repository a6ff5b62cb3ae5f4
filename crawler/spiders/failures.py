"""What went wrong with a request, in one line that a reader understands."""

from __future__ import annotations

import re
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
    error = failure.value or RuntimeError("failed")
    return describe_error(error, failure.request.url)  # type: ignore[attr-defined]


def describe_error(error: BaseException, url: str) -> str:
    """The reason why a request for an address failed."""
    if isinstance(error, HttpError):
        status = error.response.status
        # A redirect that Scrapy does not follow leads to another scheme or nowhere.
        return "refused: a redirect to no web address" if 300 <= status < 400 else f"HTTP {status}"
    if isinstance(error, CannotResolveHostError):
        host = urlsplit(url).hostname or ""
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
        return _describe_ignored(str(error))
    reason = _innermost(error)
    if "VerificationError" in reason:
        return "TLS error: the certificate is of another host"
    if "certificate" in reason.lower() or "SSL" in reason:
        # OpenSSL's errors print as tuples of library, function and reason.
        members = [text for text in re.findall(r"'([^']*)'", reason) if text] or [reason]
        return f"TLS error: {members[-1][:200]}"
    if isinstance(error, DownloadFailedError):
        return f"the connection failed: {reason[:200]}"
    return f"{type(error).__name__}: {reason[:200]}"


def _describe_ignored(message: str) -> str:
    if message == "max redirections reached":
        return "too many redirects"
    if "DOWNLOAD_MAXSIZE" in message:
        return f"larger than {MAX_PAGE_BYTES // 1_000_000} MB when unpacked"
    return message or "left out"


def _innermost(error: BaseException) -> str:
    """One line of what lies under Twisted's wrappers, which print their members' addresses in memory."""
    cause = error.__cause__ or error
    reasons = getattr(cause, "reasons", None)
    if reasons:
        cause = reasons[-1].value
    return " ".join(str(cause).split()) or type(cause).__name__
