"""A small web server on loopback whose answers a test writes down."""

from __future__ import annotations

import contextlib
import html
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    etag: str | None = None


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    status: int = 0


@dataclass
class LocalSite:
    """`pages` maps a path (with query) to an answer, or to a function of the requests to it so far."""

    pages: dict[str, Answer | Callable[[int], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.netloc}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


def source(site: LocalSite, keys: str = "feeds: [/feed]", name: str = "Local") -> str:
    """The entry of a sources file for the site."""
    return f"  - {{name: {name}, domain: '{site.netloc}', scheme: http, {keys}}}\n"


@contextlib.contextmanager
def serve(site: LocalSite) -> Iterator[LocalSite]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            page = site.pages.get(self.path, Answer("not found", 404))
            before = site.paths().count(self.path)
            asked = Asked(self.path, dict(self.headers))
            site.asked.append(asked)
            answer = page if isinstance(page, Answer) else page(before)
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            asked.status = answer.status
            if answer.etag and self.headers.get("If-None-Match") == answer.etag:
                asked.status, body = 304, b""
            self.send_response(asked.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            if answer.etag:
                self.send_header("ETag", answer.etag)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if asked.status != 304:
                self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that was killed in the middle of an answer

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


SENTENCES = (
    "The two companies said the agreement covers all stores of the group and takes effect at once.",
    "Shoppers will be able to collect parcels at the counter on the ground floor of each branch.",
    "Neither side gave a figure for the cost of the work, which an outside contractor will carry out.",
    "A spokeswoman added that the tills would be replaced region by region until the end of the year.",
)


def article_page(headline: str, *, head: str = "", extra: str = "", text: str = "") -> str:
    """An article of a few paragraphs, or with so many times one `text`; `head` goes into the head element, `extra`
    behind the text."""
    sentences = (text,) * len(SENTENCES) if text else SENTENCES
    paragraphs = "".join(f"<p>{headline}: {sentence} {sentence}</p>" for sentence in sentences)
    return (
        f"<!doctype html><html lang='en'><head><title>{headline}</title>{head}</head><body><main><article>"
        f"<h1>{headline}</h1><time datetime='2021-03-04'>4 March 2021</time>{paragraphs}</article>"
        f"{extra}</main></body></html>"
    )


def rss(*links: str) -> Answer:
    items = "".join(
        f"<item><title>Item {n}</title><link>{html.escape(link)}</link></item>"
        for n, link in enumerate(links)
    )
    feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Feed</title>{items}</channel></rss>"
    return Answer(feed, content_type="application/rss+xml", etag='"feed"')
