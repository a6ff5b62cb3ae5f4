"""Serves the sample newsroom over HTTP on loopback: one port a publisher, all pages made at the start."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crawler.newsroom.articles import SampleArticle, load_articles
from crawler.newsroom.conditional import not_modified
from crawler.newsroom.publishers import load_publishers
from crawler.newsroom.site import DEFAULT_BASE_PORT, Response, build_site, respond

_HOST = "127.0.0.1"
_FREE_PORT_TRIES = 50


class NewsroomError(ValueError):
    """The newsroom cannot be served; the message is one line and says what to do."""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A running newsroom: the base port, and each publisher's address (no slash at the end) by port."""

    base_port: int
    addresses: tuple[str, ...]


@contextlib.contextmanager
def serve_newsroom(
    base_port: int = DEFAULT_BASE_PORT, articles: Iterable[SampleArticle] | None = None
) -> Iterator[Newsroom]:
    """Serve the bundled articles, or those given, until the block ends.

    Publisher k listens on base_port + k; 0 picks free ports. Raises NewsroomError if a port is taken or out
    of range, and ArticlesError for a bundled article that cannot be read; then nothing is left open.
    """
    publishers = load_publishers()
    chosen = tuple(load_articles() if articles is None else articles)
    with contextlib.ExitStack() as stack:
        servers = _listen(base_port, len(publishers))
        for server in servers:
            stack.callback(server.close)
        first_port = servers[0].server_port
        for server, publisher in zip(servers, publishers, strict=True):
            server.site = build_site(publisher, chosen, first_port)
        stack.enter_context(_accepting(servers))
        yield Newsroom(first_port, tuple(publisher.origin(first_port) for publisher in publishers))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Newsroom"
    sys_version = ""
    # Headers and body leave in one write: two small writes would wait for the client's delayed ACK.
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _answer(self, *, with_body: bool) -> None:
        response = respond(self.server.site, self.path)
        if not_modified(response.headers, self.headers):
            self._send(Response(304, response.headers, b""), length=None, with_body=False)
        else:
            self._send(response, length=len(response.body), with_body=with_body)

    def _send(self, response: Response, *, length: int | None, with_body: bool) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if with_body:
            self.wfile.write(response.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.site: Mapping[str, Response] = {}
        self._connections: set[socket.socket] = set()
        super().__init__((_HOST, port), _Handler)
        # `handle_request` is only called when a connection waits, so it need not wait itself.
        self.timeout = 0

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of an answer is no news."""

    def close(self) -> None:
        """Stop listening and end kept-alive connections, so that nobody talks to a server that is gone."""
        self.server_close()
        for connection in tuple(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def _accepting(servers: list[_Server]) -> Iterator[None]:
    """Accept connections of all servers in one thread, which sleeps until one comes or the block ends."""
    stop, stopped = socket.socketpair()
    with stop, stopped, selectors.DefaultSelector() as selector:
        selector.register(stopped, selectors.EVENT_READ, None)
        for server in servers:
            selector.register(server, selectors.EVENT_READ, server)

        def loop() -> None:
            while True:
                for key, _ in selector.select():
                    if key.data is None:
                        return
                    key.data.handle_request()

        thread = threading.Thread(target=loop, name="newsroom", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.send(b"x")
            thread.join()


def _listen(base_port: int, count: int) -> list[_Server]:
    if base_port == 0:
        return _listen_anywhere(count)
    if not 1 <= base_port <= 65536 - count:
        raise NewsroomError(
            f"port {base_port} cannot be the newsroom's first of {count}; "
            f"give --newsroom-port a number from 1 to {65536 - count}"
        )
    servers: list[_Server] = []
    for port in range(base_port, base_port + count):
        try:
            servers.append(_Server(port))
        except OSError as error:
            for server in servers:
                server.close()
            raise NewsroomError(
                f"the sample newsroom cannot listen on {_HOST}:{port} ({error.strerror or error}); "
                f"choose another first port with --newsroom-port (it needs {count} in a row)"
            ) from None
    return servers


def _listen_anywhere(count: int) -> list[_Server]:
    for _ in range(_FREE_PORT_TRIES):
        first = _Server(0)
        try:
            return [first, *_listen(first.server_port + 1, count - 1)]
        except NewsroomError:
            first.close()
    raise NewsroomError(f"no {count} free ports in a row; give the first of them with --newsroom-port")
