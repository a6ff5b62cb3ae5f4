"""Fetch one page that somebody named, with the same guard as the crawler's: for adding single articles."""

from __future__ import annotations

import socket
import ssl
import time
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
_ENCODINGS = ("", "identity", "gzip", "deflate")


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
    deadline = time.monotonic() + MAX_SECONDS
    headers = {
        "User-Agent": user_agent(None),
        "Accept": "text/html,*/*;q=0.5",
        "Accept-Encoding": "gzip, deflate",
    }
    current = url
    with httpx.Client(
        transport=_GuardedTransport(allow_loopback), headers=headers, timeout=10.0, trust_env=False
    ) as client:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _get(client, current, deadline, allow_loopback)
            if isinstance(answer, FetchedPage):
                return answer
            current = answer
    raise FetchError(f"{_short(url)}: more than {MAX_REDIRECTS} redirects")


def _get(client: httpx.Client, url: str, deadline: float, allow_loopback: bool) -> FetchedPage | str:
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
            body = _read(response.iter_bytes(), url, deadline)
            return FetchedPage(str(response.url), body, response.headers.get("Content-Type"))
    except RefusedAddress as error:
        raise FetchError(f"{_short(url)}: {error}") from None
    except httpx.TimeoutException:
        raise FetchError(f"{_short(url)}: took too long") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        if isinstance(error, FetchError):
            raise
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FetchError(f"{_short(url)}: {reason[:300]}") from None


def _read(chunks: Iterator[bytes], url: str, deadline: float) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_PAGE_BYTES:
            raise FetchError(f"{_short(url)}: larger than {MAX_PAGE_BYTES // 1_000_000} MB")
        if time.monotonic() > deadline:
            raise FetchError(f"{_short(url)}: took longer than {MAX_SECONDS:.0f} seconds")
    return bytes(body)


def _short(url: str) -> str:
    return " ".join(url.split())[:300]


class _GuardedBackend(httpcore.SyncBackend):
    """Connects to the very address that was checked; the name is not resolved a second time."""

    def __init__(self, allow_loopback: bool) -> None:
        super().__init__()
        self._allow_loopback = allow_loopback

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
        return super().connect_tcp(address, port, timeout, local_address, socket_options)


class _GuardedTransport(httpx.BaseTransport):
    """httpx over an httpcore pool with the guarded backend."""

    def __init__(self, allow_loopback: bool) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=_GuardedBackend(allow_loopback)
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
