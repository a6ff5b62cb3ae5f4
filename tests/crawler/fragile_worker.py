"""A worker of a crawl: words of a page or listing have an effect on it that only a bug or a hostile one would have.

It holds a shared lock on the file that FRAGILE_WORKERS names, and notes itself there: who gets the lock alone knows
that all workers have ended.
"""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

from crawler import pages, parse_worker
from crawler.discover import listings
from crawler.discover.links import Listing
from crawler.items import NewsArticle

_parse_page, _read_listing = pages.parse_page, listings.read_listing


def parse_page(html: bytes, **known: object) -> NewsArticle:
    _heed(html)
    return _parse_page(html, **known)  # type: ignore[arg-type]


def read_listing(kind: str, body: bytes, **known: object) -> Listing:
    _heed(body)
    return _read_listing(kind, body, **known)  # type: ignore[arg-type]


def _heed(body: bytes) -> None:
    if b"hangs" in body:
        while True:
            pass
    if b"kills" in body:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"breaks" in body:
        raise ZeroDivisionError("a bug\nin two lines")
    if b"prints" in body:
        os.write(1, b"a library that prints\n")


if __name__ == "__main__":
    notes = os.open(Path(os.environ["FRAGILE_WORKERS"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    fcntl.flock(notes, fcntl.LOCK_SH)
    os.write(notes, b"%d\n" % os.getpid())
    pages.parse_page = parse_page  # type: ignore[assignment]
    listings.read_listing = read_listing  # type: ignore[assignment]
    parse_worker.serve(parse_worker.parse, limit_s=0.5)
