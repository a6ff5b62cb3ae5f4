"""A worker of a crawl on which the words of a page have an effect that only a bug or a hostile page would have.

It holds a shared lock on the file that FRAGILE_WORKERS names, and notes itself there: who gets the lock alone knows
that all workers have ended.
"""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

from crawler import pages, parse_worker
from crawler.items import NewsArticle

_parse_page = pages.parse_page


def parse_page(html: bytes, **known: object) -> NewsArticle:
    if b"hangs" in html:
        while True:
            pass
    if b"kills" in html:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"breaks" in html:
        raise ZeroDivisionError("a bug\nin two lines")
    if b"prints" in html:
        os.write(1, b"a library that prints\n")
    return _parse_page(html, **known)  # type: ignore[arg-type]


if __name__ == "__main__":
    notes = os.open(Path(os.environ["FRAGILE_WORKERS"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    fcntl.flock(notes, fcntl.LOCK_SH)
    os.write(notes, b"%d\n" % os.getpid())
    pages.parse_page = parse_page  # type: ignore[assignment]
    parse_worker.serve(parse_worker.parse, limit_s=0.5)
