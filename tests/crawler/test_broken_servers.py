"""Servers that are slow, break off, crash or lie about a length: a bound for each page, and the rest goes on."""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from backports import zstd
from hostile_site import HostileSite, Talk, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch, told

from crawler import fetch as fetching
from crawler.fetch import FetchError, fetch

SLOW = {"DOWNLOAD_TIMEOUT": 3, "RETRY_TIMES": 0}
STORY = article_page("A story that arrives in part")
HEAD = answer("", "Content-Length: 5000")


def page(name: str) -> bytes:
    return article_page(f"A story sent as {name}").encode()


def drip(*start: bytes, piece: bytes = b"a") -> object:
    """Byte after byte, slowly, without an end."""
    return lambda talk: talk.until_left(itertools.chain(start, itertools.repeat(piece)), pause=0.05)


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with serve_hostile(HostileSite()) as running:
        yield running


def test_slow_pages_end_in_time_and_others_are_read(site: HostileSite, tmp_path: Path) -> None:
    slow = {
        "/silent": Talk.hang,
        "/drip": drip(HEAD),
        "/drip-unknown": drip(answer("", "Transfer-Encoding: chunked"), piece=b"1\r\na\r\n"),
        "/drip-headers": drip(b"HTTP/1.1 200 OK\r\n", piece=b"X-A: b\r\n"),
        "/drip-status": drip(b"HTTP/1.1 200 O"),
        "/after-headers": lambda talk: (talk.send(HEAD), talk.hang()),
    }
    with serve_hostile(HostileSite(host="localhost")) as other:
        other.talks = {
            "/feed": answer(rss("/story").body),
            "/story": answer(article_page("News of the other site")),
        }
        site.talks = {"/feed": answer(rss(*slow).body), **slow}
        sources = site.source("Slow") + other.source("Other")
        result = launch(tmp_path, "sources:\n" + sources, settings=SLOW).result
    assert told(result) == dict.fromkeys(slow, "took too long")
    assert [article["headline"] for article in articles(tmp_path)] == ["News of the other site"]
    assert {path: site.asked.count(path) for path in slow} == dict.fromkeys(slow, 1)


def test_what_breaks_off_is_tried_again_then_reported_and_nothing_of_it_is_kept(
    site: HostileSite, tmp_path: Path
) -> None:
    half = STORY[: STORY.rindex("</p>")].encode()
    cut = gzip.compress(STORY.encode())[:-20]
    tries = {
        "/cut": answer(half, f"Content-Length: {len(half) + 500}"),
        "/cut-chunks": answer(b"%x\r\n%b\r\n" % (len(half), half), "Transfer-Encoding: chunked"),
        "/reset": lambda talk: (talk.send(answer(half, "Content-Length: 9999")[:300]), talk.reset()),
        "/closed": lambda talk: None,
        "/error": answer(STORY, status="500 Oops"),
        "/gateway": answer(STORY, status="502 Oops"),
    }
    once = {
        "/not-gzip": answer(STORY, "Content-Encoding: gzip"),
        "/not-br": answer(STORY, "Content-Encoding: br"),
    }
    tries |= {
        "/cut-gzip": answer(cut, "Content-Encoding: gzip"),
        "/cut-deflate": answer(zlib.compress(STORY.encode())[:-20], "Content-Encoding: deflate"),
        "/cut-br": answer(brotli.compress(STORY.encode())[:-20], "Content-Encoding: br"),
        "/cut-zstd": answer(zstd.compress(STORY.encode())[:-20], "Content-Encoding: zstd"),
        "/headers": lambda talk: talk.until_left(
            itertools.chain([b"HTTP/1.1 200 OK\r\n"], itertools.repeat(b"X-More: " + b"a" * 900 + b"\r\n"))
        ),
        "/no-http": b"220 mail.example ESMTP\r\n\r\n",
    }
    whole = {
        "/gzip": answer(gzip.compress(page("gzip")) + b"trailing", "Content-Encoding: gzip"),
        "/two": answer(
            gzip.compress(page("two")[:99]) + gzip.compress(page("two")[99:]), "Content-Encoding: gzip"
        ),
        "/zlib": answer(zlib.compress(page("zlib")), "Content-Encoding: deflate"),
        "/raw": answer(zlib.compress(page("raw"), wbits=-15), "Content-Encoding: deflate"),
        "/br": answer(brotli.compress(page("br")), "Content-Encoding: br"),
        "/zstd": answer(zstd.compress(page("zstd")), "Content-Encoding: zstd"),
    }
    recovers = iter([answer("", status="503 Later"), answer(article_page("There at the second try"))])
    site.talks = {
        **tries,
        **once,
        **whole,
        "/feed": answer(rss(*tries, *once, *whole, "/recovers").body),
        "/recovers": lambda talk: talk.send(next(recovers)),
    }
    result = launch(tmp_path, "sources:\n" + site.source("Broken"), settings={"DOWNLOAD_TIMEOUT": 60}).result
    broke_off = "the page broke off before its end"
    assert told(result) == {
        "/cut": broke_off,
        "/cut-chunks": broke_off,
        "/cut-gzip": broke_off,
        "/cut-deflate": broke_off,
        "/cut-br": broke_off,
        "/cut-zstd": broke_off,
        "/not-gzip": "its body is not gzip as it says",
        "/not-br": "its body is not br as it says",
        "/reset": told(result)["/reset"],
        "/closed": told(result)["/closed"],
        "/no-http": told(result)["/no-http"],
        "/error": "HTTP 500",
        "/gateway": "HTTP 502",
        "/headers": "the connection failed: headers larger than 256 kB",
    }
    for path in ("/reset", "/closed", "/no-http"):
        assert told(result)[path].startswith(("the connection failed: ", broke_off))
        assert " at 0x" not in told(result)[path]
    assert {path: site.asked.count(path) for path in tries} == dict.fromkeys(tries, 3)
    assert {article["headline"] for article in articles(tmp_path)} == {"There at the second try"} | {
        f"A story sent as {name[1:]}" for name in whole
    }


@pytest.mark.parametrize(
    "talk",
    [Talk.hang, drip(HEAD), drip(b"HTTP/1.1 200 OK\r\n", piece=b"X-A: b\r\n")],
    ids=["silent", "body", "headers"],
)
def test_a_named_page_has_one_time_limit_in_all(
    site: HostileSite, monkeypatch: pytest.MonkeyPatch, talk: object
) -> None:
    monkeypatch.setattr(fetching, "MAX_SECONDS", 0.3)
    site.talks = {"/page": talk}  # type: ignore[dict-item]
    with pytest.raises(FetchError, match=r"/page: took too long"):
        fetch(f"{site.origin}/page", allow_loopback=True)


def test_a_named_page_that_breaks_off_is_refused(site: HostileSite) -> None:
    site.talks = {
        "/cut": answer(STORY, "Content-Length: 99999"),
        "/closed": lambda talk: None,
        "/gzip": answer(gzip.compress(STORY.encode())[:-20], "Content-Encoding: gzip"),
    }
    for path in site.talks:
        with pytest.raises(FetchError, match=path):
            fetch(site.origin + path, allow_loopback=True)
