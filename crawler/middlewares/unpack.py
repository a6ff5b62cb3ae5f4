"""Unpack compressed answers, and notice those that break off: Scrapy hands on what it could read."""

from __future__ import annotations

import zlib
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import Response
from scrapy.utils._compression import brotli, zstd  # type: ignore[attr-defined]  # as Scrapy chose them

_GZIP, _ZLIB, _RAW = 31, 15, -15


class Unpack(HttpCompressionMiddleware):
    """Scrapy's middleware, limit of size included, and: an answer in part is asked for again, then reported."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._crawler = crawler

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        try:
            result: Request | Response = super().process_response(request, response)
        except ResponseDataLossError as error:
            assert self._crawler.spider is not None
            again = get_retry_request(request, spider=self._crawler.spider, reason=error)
            if again is None:
                raise
            return again
        return result

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        try:
            unpacked: bytes = HttpCompressionMiddleware._decode(body, encoding, max_size)
            whole = not body or _is_whole(body, encoding)
        except (zlib.error, brotli.error, zstd.ZstdError, OSError, EOFError):
            raise IgnoreRequest(f"its body is not {encoding.decode('latin-1')} as it says") from None
        if not whole:
            raise ResponseDataLossError
        return unpacked


def _is_whole(body: bytes, encoding: bytes) -> bool:
    """Whether a compressed body has its end. It was unpacked before, so that its size is within the limit."""
    if encoding == b"br":
        stream = brotli.Decompressor()
        stream.process(body)
        return bool(stream.is_finished())
    if encoding == b"deflate":
        return _end_of(zlib.decompressobj(_ZLIB if _is_zlib(body) else _RAW), body)
    starts_again = b"\x1f\x8b" if encoding.endswith(b"gzip") else b"\x28\xb5\x2f\xfd"
    while True:
        inner: Any = zlib.decompressobj(_GZIP) if encoding.endswith(b"gzip") else zstd.ZstdDecompressor()
        if not _end_of(inner, body):
            return False
        body = inner.unused_data
        if not body.startswith(starts_again):
            return True


def _end_of(stream: Any, body: bytes) -> bool:
    stream.decompress(body)
    return bool(stream.eof)


def _is_zlib(body: bytes) -> bool:
    try:
        zlib.decompressobj(_ZLIB).decompress(body, 1)
    except zlib.error:
        return False
    return True
