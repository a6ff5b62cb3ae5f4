"""Conditional requests (RFC 9110, section 13): whether a client's copy of a response is still good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Protocol


class RequestHeaders(Protocol):
    """Headers of a request, looked up without regard to case."""

    def get(self, name: str, /) -> str | None:
        """The header's value or None."""


def not_modified(response: Mapping[str, str], request: RequestHeaders) -> bool:
    """True if the answer is 304. If-None-Match is compared weakly and, if given, decides alone."""
    candidates = request.get("If-None-Match")
    etag = response.get("ETag")
    if candidates is not None:
        tags = [tag.strip().removeprefix("W/") for tag in candidates.split(",")]
        return etag is not None and ("*" in tags or etag in tags)
    since = _time(request.get("If-Modified-Since"))
    changed = _time(response.get("Last-Modified"))
    return since is not None and changed is not None and changed <= since


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        time = parsedate_to_datetime(text)
    except ValueError:
        return None
    # "-0000" and a missing zone both read as naive; HTTP dates are in GMT, so another is no HTTP date.
    return time if time.tzinfo else None
