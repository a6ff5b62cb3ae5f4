"""A process that parses pages and listings: a pickled request in, a pickled answer out, until its input ends.

`python -m crawler.parse_worker` is what `crawler.parse_pool` starts. A page that takes too long ends the process by a
signal of the kernel's timer, whatever code it hangs in, even if whoever asked is no longer there.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from crawler.discover.links import Listing
from crawler.items import NewsArticle
from crawler.sources import Source

LIMIT_S = 30.0
"""Seconds of processor time for one page; as many times _PATIENCE may pass on the clock."""
TOO_LONG = (signal.SIGPROF, signal.SIGALRM)
"""The signals that end the process when a page takes too long."""
_PATIENCE = 10
_MEMORY = 3_000_000_000
"""Bytes of address space: a page that wants more fails, and the machine does not."""


@dataclass(frozen=True, slots=True)
class PageToParse:
    """What `crawler.pages.parse_page` takes."""

    body: bytes
    url: str
    source: Source | None
    content_type: str | None
    retrieved_at: str | None


@dataclass(frozen=True, slots=True)
class ListingToRead:
    """What `crawler.discover.listings.read_listing` takes."""

    kind: str
    body: bytes
    url: str
    content_type: str | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article or a listing, or why there is none: `refused` is the page's own fault, `failed` a bug of ours."""

    article: NewsArticle | None = None
    listing: Listing | None = None
    refused: str = ""
    failed: str = ""


def parse(page: PageToParse | ListingToRead) -> Parsed:
    """Parse one page or listing; whatever goes wrong is in the answer."""
    try:
        return _read(page) if isinstance(page, ListingToRead) else _parse(page)
    except Exception as error:  # a bug must cost one page, not the crawl
        return Parsed(failed=f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")


def _parse(page: PageToParse) -> Parsed:
    from crawler.pages import NotAnArticle, parse_page  # here: the process that asks does without it

    try:
        return Parsed(
            parse_page(
                page.body,
                url=page.url,
                source=page.source,
                content_type=page.content_type,
                retrieved_at=page.retrieved_at,
            )
        )
    except NotAnArticle as error:
        return Parsed(refused=str(error))


def _read(page: ListingToRead) -> Parsed:
    # Here: a process that has articles only does without it.
    from crawler.discover.listings import read_listing

    return Parsed(listing=read_listing(page.kind, page.body, url=page.url, content_type=page.content_type))


def serve(parse: Callable[[PageToParse | ListingToRead], Parsed], *, limit_s: float = LIMIT_S) -> None:
    """Answer the requests of standard input, each with its length in eight bytes and its pickle."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(
            number, signal.SIG_IGN
        )  # the crawl heeds them, and ends its workers when it has their answers
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    while (page := _next(sys.stdin.buffer)) is not None:
        signal.setitimer(signal.ITIMER_PROF, limit_s)
        signal.setitimer(signal.ITIMER_REAL, limit_s * _PATIENCE)
        answer = pickle.dumps(parse(page), pickle.HIGHEST_PROTOCOL)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            answers.write(len(answer).to_bytes(8, "big") + answer)
            answers.flush()
        except BrokenPipeError:
            break
    # Whoever asked has ended or needs no more; there is nothing to tidy up.
    os._exit(0)


def _next(requests: BinaryIO) -> PageToParse | ListingToRead | None:
    """The next request, None where the input ends, be it in the middle of one."""
    try:
        page: PageToParse | ListingToRead = pickle.load(requests)
    except (EOFError, pickle.UnpicklingError):
        return None
    return page


if __name__ == "__main__":
    # Under its own name: what is pickled names this module, not __main__.
    from crawler import parse_worker

    parse_worker.serve(parse_worker.parse)
