"""Fetch one page that somebody named, with the same guard as the crawler's: for adding single articles."""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from crawler.guard import RefusedAddress, check_ip, check_url
from crawler.settings import MAX_PAGE_BYTES, user_agent

MAX_REDIRECTS = 5
MAX_SECONDS = 30.0
_ENCODINGS = ("", "identity", "gzip")
_GZIP = 31


class FetchError(ValueError):
    """A page that could not be fetched; the message is one line: the address and the reason."""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it arrived: `url` is the last redirect's, `content_type` the HTTP header's value."""

    url: str
    body: bytes
    content_type: str | None


def fetch(url: str, *, allow_loopback: bool = False) -> FetchedPage:
    """Fetch one page, within limits of size, time and redirects.

    Only public web servers are connected to, at every hop; with `allow_loopback` this machine too.
    Raises FetchError.
    """
    deadline = _Deadline(MAX_SECONDS)
    headers = {
        "User-Agent": user_agent(None),
        "Accept": "text/html,*/*;q=0.5",
        "Accept-Encoding": "gzip",
    }
    current = url
    with httpx.Client(
        transport=_GuardedTransport(allow_loopback, deadline), headers=headers, timeout=10.0, trust_env=False
    ) as client:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _get(client, current, allow_loopback)
            if isinstance(answer, FetchedPage):
                return answer
            current = answer
    raise FetchError(f"{_short(url)}: more than {MAX_REDIRECTS} redirects")


def _get(client: httpx.Client, url: str, allow_loopback: bool) -> FetchedPage | str:
    """The page, or the address that it redirects to."""
    try:
        check_url(url, allowed_loopback=(urlsplit(url).netloc,) if allow_loopback else ())
        with client.stream("GET", url) as response:
            if response.has_redirect_location:
                return str(response.url.join(response.headers["Location"]))
            if response.status_code >= 400:
                raise FetchError(f"{_short(url)}: the server answered HTTP {response.status_code}")
            encoding = response.headers.get("Content-Encoding", "").lower()
            if encoding not in _ENCODINGS:
                raise FetchError(f"{_short(url)}: compressed as {encoding[:40]}, which was not asked for")
            body = _read(response, url, gzipped=encoding == "gzip")
            return FetchedPage(str(response.url), body, response.headers.get("Content-Type"))
    except RefusedAddress as error:
        raise FetchError(f"{_short(url)}: {error}") from None
    except httpx.TimeoutException:
        raise FetchError(f"{_short(url)}: took too long") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError, zlib.error) as error:
        if isinstance(error, FetchError):
            raise
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FetchError(f"{_short(url)}: {reason[:300]}") from None


def _read(response: httpx.Response, url: str, *, gzipped: bool) -> bytes:
    body = bytearray()
    unpack = zlib.decompressobj(_GZIP) if gzipped else None
    received = False
    for chunk in response.iter_raw():
        received = True
        body += chunk if unpack is None else unpack.decompress(chunk, MAX_PAGE_BYTES + 1 - len(body))
        if len(body) > MAX_PAGE_BYTES:
            raise FetchError(f"{_short(url)}: larger than {MAX_PAGE_BYTES // 1_000_000} MB")
        if unpack is not None and unpack.eof:
            break  # what follows is no part of the page, and may have no end
    if unpack is not None and received and not unpack.eof:
        raise FetchError(f"{_short(url)}: the page broke off before its end")
    return bytes(body)


def _short(url: str) -> str:
    return " ".join(url.split())[:300]


class _Deadline:
    """The end of the time for a page and its redirects, however its server spreads it over single bytes."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def shorten(self, timeout: float | None) -> float:
        """The timeout of one step, no longer than what is left. Raises ReadTimeout when nothing is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("took too long")
        return left if timeout is None else min(timeout, left)


class _LimitedStream(httpcore.NetworkStream):
    """A connection that is read and written within a deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.shorten(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.shorten(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._deadline.shorten(timeout))
        return _LimitedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _GuardedBackend(httpcore.SyncBackend):
    """Connects to the very address that was checked; the name is not resolved a second time."""

    def __init__(self, allow_loopback: bool, deadline: _Deadline) -> None:
        super().__init__()
        self._allow_loopback = allow_loopback
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise httpcore.ConnectError(f"the host name {host} cannot be found") from None
        address = str(found[0][4][0])
        check_ip(address, allow_loopback=self._allow_loopback)
        stream = super().connect_tcp(
            address, port, self._deadline.shorten(timeout), local_address, socket_options
        )
        return _LimitedStream(stream, self._deadline)


class _GuardedTransport(httpx.BaseTransport):
    """httpx over an httpcore pool with the guarded backend."""

    def __init__(self, allow_loopback: bool, deadline: _Deadline) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=_GuardedBackend(allow_loopback, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        try:
            response = self._pool.handle_request(
                httpcore.Request(
                    request.method, url, headers=request.headers.raw, extensions=request.extensions
                )
            )
        except httpcore.TimeoutException as error:
            raise httpx.ReadTimeout(str(error), request=request) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise httpx.TransportError(str(error), request=request) from None
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._response.iter_stream()
        except httpcore.TimeoutException as error:
            raise httpx.ReadTimeout(str(error)) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise httpx.TransportError(str(error)) from None

    def close(self) -> None:
        self._response.close()
