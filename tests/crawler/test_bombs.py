"""Answers that are, or become, larger than any page: stopped at the limit, in bounded memory, and reported."""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from backports import zstd
from hostile_site import HostileSite, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import launch, told

from crawler.fetch import FetchError, fetch

MEGABYTE = 1_000_000
# Pages of 8 MB are held side by side and several times over: as received, unpacked, decoded. No bomb is held.
BOUND = 250 * MEGABYTE


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with serve_hostile(HostileSite()) as running:
        yield running


def test_bombs_and_endless_pages_are_stopped_in_bounded_memory(site: HostileSite, tmp_path: Path) -> None:
    # Streams of these formats may follow each other: 7 MB of gzip are 7 GB when unpacked.
    gzipped, zstandard = gzip.compress(bytes(MEGABYTE)), zstd.compress(bytes(MEGABYTE))
    bombs = {
        "gzip": gzipped * (7 * MEGABYTE // len(gzipped)),
        "zstd": zstandard * 10_000,
        "br": brotli.compress(bytes(300 * MEGABYTE), quality=0),
        "deflate": zlib.compress(bytes(60 * MEGABYTE), 1),
    }
    good = "Good news for all shops"
    site.talks = {
        "/feed": answer(
            rss(
                *(f"/{name}" for name in bombs), "/twice", "/declared", "/chunks", "/until-close", "/good"
            ).body,
            kind="application/rss+xml",
        ),
        **{f"/{name}": answer(body, f"Content-Encoding: {name}") for name, body in bombs.items()},
        "/twice": answer(gzip.compress(gzipped * 5_000, 1), "Content-Encoding: gzip, gzip"),
        "/declared": answer("<p>", "Content-Length: 9999999999"),
        "/chunks": lambda talk: talk.until_left(
            itertools.chain(
                [answer("", "Transfer-Encoding: chunked")],
                itertools.repeat(b"10000\r\n" + b"a" * 65_536 + b"\r\n"),
            )
        ),
        "/until-close": lambda talk: talk.until_left(
            itertools.chain(
                [b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"], itertools.repeat(b"a" * 65_536)
            )
        ),
        "/good": answer(article_page(good)),
        # Stored as gzip, sent as it is, and once more compressed by the server.
        "/sitemap.xml.gz": answer(bombs["gzip"], kind="application/gzip"),
        "/again.xml.gz": answer(gzip.compress(gzipped * 5_000, 1), "Content-Encoding: gzip"),
    }
    sources = site.source("Local", "feeds: [/feed], sitemaps: [/sitemap.xml.gz, /again.xml.gz]")
    result = launch(tmp_path, "sources:\n" + sources, settings={"DOWNLOAD_TIMEOUT": 100}).result
    unpacked = "larger than 8 MB when unpacked"
    gzip_map = "a gzipped sitemap that is broken or larger than 20 MB"
    assert told(result) == {
        "/gzip": unpacked,
        "/zstd": unpacked,
        "/br": unpacked,
        "/deflate": unpacked,
        "/twice": unpacked,
        "/declared": "larger than 8 MB",
        "/chunks": "larger than 8 MB",
        "/until-close": "larger than 8 MB",
        "/sitemap.xml.gz": gzip_map,
        "/again.xml.gz": gzip_map,
    }
    assert result["report"]["articles"] == 1
    assert result["peak"] < BOUND
    assert max(site.asked.count(path) for path in site.asked) == 1


def test_a_named_page_that_never_ends_is_stopped(site: HostileSite) -> None:
    site.talks = {
        "/chunks": lambda talk: talk.until_left(
            itertools.chain(
                [answer("", "Transfer-Encoding: chunked")],
                itertools.repeat(b"10000\r\n" + b"a" * 65_536 + b"\r\n"),
            )
        ),
        "/bomb": answer(gzip.compress(bytes(60 * MEGABYTE), 1), "Content-Encoding: gzip"),
        "/headers": lambda talk: talk.until_left(
            itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X-More: " + b"a" * 900 + b"\r\n"))
        ),
    }
    for path in ("/chunks", "/bomb"):
        with pytest.raises(FetchError, match="larger than 8 MB"):
            fetch(site.origin + path, allow_loopback=True)
    with pytest.raises(FetchError, match="/headers: "):
        fetch(f"{site.origin}/headers", allow_loopback=True)
