"""Run one spider over sources in Scrapy's process: settings, signals, silence, and what may be on this machine."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from crawler.sources import Source

# From one collection of young objects to the next; a page makes a hundred. More saves little and holds more at a time.
_OBJECTS = 3000
_started = False


def claim_process() -> None:
    """Raise RuntimeError if a spider has run: Scrapy's reactor runs once in a process."""
    global _started
    if _started:
        raise RuntimeError("a spider runs once in a process")
    _started = True


def run_spider(
    spider: str,
    sources: Collection[Source],
    *,
    allow_loopback: bool,
    contact: str | None,
    settings: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> bool:
    """Run a spider (its class's path) to its end; whether it was interrupted by Ctrl-C.

    `allow_loopback` lets the sources, and nothing else, be on this machine. `settings` come before those of
    crawler.settings, `arguments` go to the spider.
    """
    import uvloop
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess  # here: it is slow to import, and installs a reactor
    from scrapy.utils.misc import load_object

    from crawler.settings import scrapy_settings

    local = loopback_netlocs(sources) if allow_loopback else frozenset()
    chosen = scrapy_settings(
        loopback=local,
        only_loopback=bool(sources) and all(_netlocs(source) <= local for source in sources),
        contact=contact,
    )
    # Scrapy takes the loop that is there. Its setting for another makes two, and forgets to close one.
    asyncio.set_event_loop(uvloop.new_event_loop())
    process = AsyncCrawlerProcess(chosen | dict(settings or {}))
    for name in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # These log what the spiders already report.
    for name in ("scrapy.downloadermiddlewares", "scrapy.core.downloader"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    crawler = process.create_crawler(load_object(spider))
    reasons: list[str] = []

    def note(reason: str) -> None:
        reasons.append(reason)

    crawler.signals.connect(note, signals.spider_closed)
    thresholds = gc.get_threshold()
    process.crawl(crawler, **arguments)
    try:
        # What is there now stays, and pages that wait to be parsed do for a while: the garbage collector need not look
        # at all of it again and again, in which it spent an eighth of a crawl's time.
        gc.freeze()
        gc.set_threshold(_OBJECTS, *thresholds[1:])
        process.start(install_signal_handlers=True)
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
        for number, handler in previous.items():
            signal.signal(number, handler)
    # A second Ctrl-C leaves no time for a reason.
    return reasons in ([], ["shutdown"])


def loopback_netlocs(sources: Iterable[Source]) -> frozenset[str]:
    """The hosts with ports that sources have on this machine."""
    netlocs = set[str]().union(*(_netlocs(source) for source in sources))
    return frozenset(
        n for n in netlocs if n.partition(":")[0] == "localhost" or n.startswith(("127.", "[::1]"))
    )


def _netlocs(source: Source) -> set[str]:
    addresses = (*source.feeds, *source.sitemaps, *source.sections)
    return {source.domain, *(urlsplit(source.absolute(address)).netloc for address in addresses)}
