"""Scrapy's HTTP download handler, with a limit on the head of an answer: Twisted reads headers without end."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress

MAX_HEAD_BYTES = 256_000


class BoundedHead(HTTP11DownloadHandler):
    """Breaks the connection of a server whose status line and headers are larger than MAX_HEAD_BYTES."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
        # The next request may begin before the connection of the last one is back in the pool: with room for a
        # second set of them no connection is closed and opened anew all the time.
        self._pool.maxPersistentPerHost *= 2


class _Parser(_LenientHTTPClientParser):
    _head_bytes = 0

    def lineReceived(self, line: bytes) -> None:
        self._head_bytes += len(line) + 1
        if self._head_bytes > MAX_HEAD_BYTES:
            # What a parser raises ends the request with a failed download.
            raise ValueError(f"headers larger than {MAX_HEAD_BYTES // 1000} kB")
        super().lineReceived(line)


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[Any]:
        answer: Deferred[Any] = super().request(request)
        # As Scrapy's own protocol does: the class of the parser cannot be chosen beforehand.
        if self._parser is not None:
            self._parser.__class__ = _Parser
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
