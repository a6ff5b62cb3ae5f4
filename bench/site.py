"""A generated news site for the benchmark of the crawler, served on loopback by a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import html
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection

from crawler.newsroom.articles import SampleArticle, load_articles
from crawler.sources import Source

PER_SITEMAP = 1000
PER_SOURCE = 3000
_FILLER = (
    "The birds came back to the tower in the second week of March, as they have for as long as anybody remembers.",
    "Children from both schools drew them, and the drawings hang in the corridor behind the council chamber.",
    "A ladder that was left against the wall in the storm of January still stands there, and nobody asks for it.",
    "The sexton counts the eggs every Sunday after the second service and writes the number on a slate.",
    "On clear evenings one can hear them from the far bank of the river, where the old ferry lies in the reeds.",
)
_NAVIGATION = "".join(f'<li><a href="/topic/{n}">Topic number {n}</a></li>' for n in range(60))
_SCRIPT = "window.state = {" + ",".join(f'"key{n}": "value {n} of the page"' for n in range(300)) + "};"


def is_relevant(number: int, relevant_every: int) -> bool:
    """Whether the page of a number is news of retail, told by every so many."""
    return number % relevant_every == 0


def page(articles: tuple[SampleArticle, ...], number: int, relevant_every: int) -> bytes:
    """One page of about 20 kB: an article of the sample newsroom, or one in which nothing happens."""
    if is_relevant(number, relevant_every):
        article = articles[number % len(articles)]
        headline, paragraphs = article.headline, article.body.split("\n\n")
    else:
        headline, paragraphs = f"Storks on the tower, part {number}", [" ".join(_FILLER)] * 6
    headline = html.escape(headline)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{headline} ({number})</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{headline}">'
        '<meta property="article:published_time" content="2021-03-04T09:00:00Z">'
        f"<script>{_SCRIPT}</script></head><body><nav><ul>{_NAVIGATION}</ul></nav><main><article>"
        f"<h1>{headline} ({number})</h1>{text}</article></main><footer><ul>{_NAVIGATION}</ul></footer></body></html>"
    ).encode()


def sources(port: int, pages: int) -> list[Source]:
    """The site as so many sources as its pages need; a source has at most PER_SOURCE of them."""
    return [
        Source(
            name=f"Bench {first}",
            id=f"bench-{first}",
            domain=f"127.0.0.1:{port}",
            scheme="http",
            kind="newspaper",
            sitemaps=tuple(
                f"/sitemap/{start}/{min(start + PER_SITEMAP, first + PER_SOURCE, pages)}.xml"
                for start in range(first, min(first + PER_SOURCE, pages), PER_SITEMAP)
            ),
        )
        for first in range(0, pages, PER_SOURCE)
    ]


@contextlib.contextmanager
def serve(relevant_every: int) -> Iterator[int]:
    """Serve the site while the block runs; its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, relevant_every), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def _serve(told: Connection, relevant_every: int) -> None:
    articles = load_articles()

    class Answering(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            self.received = b""

        def data_received(self, data: bytes) -> None:
            self.received += data
            while b"\r\n\r\n" in self.received:
                head, _, self.received = self.received.partition(b"\r\n\r\n")
                path = head.split(b" ", 2)[1]
                tag = b'"%b"' % path
                body = _answer(path.decode())
                status = b"200 OK" if body else b"404 Not Found"
                if tag in head:
                    status, body = b"304 Not Modified", b""
                kind = b"application/xml" if body.startswith(b"<urlset") else b"text/html; charset=utf-8"
                self.transport.write(  # type: ignore[attr-defined]
                    b"HTTP/1.1 %b\r\nContent-Type: %b\r\nETag: %b\r\nContent-Length: %d\r\n\r\n%b"
                    % (status, kind, tag, len(body), body)
                )

    def _answer(path: str) -> bytes:
        match path.strip("/").removesuffix(".xml").split("/"):
            case ["story", number]:
                return page(articles, int(number), relevant_every)
            case ["sitemap", first, end]:
                locations = (f"<url><loc>{origin}/story/{n}</loc></url>" for n in range(int(first), int(end)))
                return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(locations)}</urlset>'.encode()
            case _:
                return b""

    async def listen() -> None:
        nonlocal origin
        server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        origin = f"http://127.0.0.1:{port}"
        told.send(port)
        await server.serve_forever()

    origin = ""
    asyncio.run(listen())
