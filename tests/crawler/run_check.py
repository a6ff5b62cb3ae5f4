"""Run one check of sources in a process of its own, since Scrapy's reactor runs once in a process."""

from __future__ import annotations

import os
import signal
import tempfile
import traceback
import warnings
from multiprocessing.connection import Connection
from typing import Any

from run_crawl import _context

from crawler.check import CheckReport
from crawler.sources import Source, sources_from_text


def run_check(sources: str | tuple[Source, ...], *, interrupt_after: int = 0, **options: Any) -> CheckReport:
    """What a check reports; Ctrl-C comes after so many answers. An error, or a word on standard error, fails."""
    listed = sources_from_text("sources:\n" + sources, "test") if isinstance(sources, str) else sources
    ours, theirs = _context.Pipe()
    process = _context.Process(target=_check, args=(theirs, listed, interrupt_after, options))
    process.start()
    theirs.close()
    found = ours.recv() if ours.poll(120) else "the check did not end"
    process.kill()
    process.join()
    assert isinstance(found, CheckReport), found
    return found


def _check(
    pipe: Connection, sources: tuple[Source, ...], interrupt_after: int, options: dict[str, Any]
) -> None:
    warnings.simplefilter("error")

    import crawler.settings as settings
    from crawler.check import check
    from crawler.progress import Reached

    def progress(reached: Reached) -> None:
        if reached.done == interrupt_after:
            os.kill(os.getpid(), signal.SIGINT)

    # An address that is not on this machine would make all servers be spared, and the test slow.
    original = settings.scrapy_settings
    hurried = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False}
    settings.scrapy_settings = lambda **known: original(**known) | hurried
    found: CheckReport | str
    with tempfile.TemporaryFile() as stderr:
        os.dup2(stderr.fileno(), 2)
        try:
            found = check(sources, **{"allow_loopback": True, "progress": progress} | options)
        except BaseException:
            found = traceback.format_exc()
        stderr.seek(0)
        pipe.send(stderr.read().decode() or found)
