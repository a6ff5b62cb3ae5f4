"""Times the crawler against a Scrapy spider that keeps nothing and against its own parser: `make bench`.

Each run is a process of its own, on the same event loop; what it imports is not timed, the start of the workers is. The
site's server takes part of a core, so on two cores the ratios are lower than on four. Other work on the machine makes
them lower still, or higher: the ratios of processor time, which are printed too, hardly change with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import click

from bench import site
from crawler.newsroom.articles import load_articles
from crawler.progress import Reached

ONE_IN = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds on the clock; where a run has several pages, after each tenth of them the megabytes of its process and
    how many requests waited. `fault` is what did not go as it must."""

    seconds: float
    curve: tuple[tuple[float, int], ...] = ()
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """Pages for each second on the clock, and for each second of processor time of a run with its workers.

    `fault` is what did not go as it must.
    """

    by_clock: float
    by_processor: float
    fault: str | None = None


@click.command()
@click.option(
    "--pages", default=2000, show_default=True, help="Pages of the site; 50000 for the curve of memory."
)
@click.option("--only-memory", is_flag=True, help="Only the crawl with one relevant page in ten.")
@click.option(
    "--only-again", is_flag=True, help="Only a crawl in which every page is relevant, and the same again."
)
def main(pages: int, only_memory: bool, only_again: bool) -> None:
    """Print pages per second of each run, the two ratios, and the memory that the crawl takes.

    Exits with 1 if the crawl that has nothing new hands something on, or finds anything changed.
    """
    python = f"Python {platform.python_version()}"
    click.echo(f"{date.today().isoformat()}, {platform.machine()}, {python}, {_cores()} cores, {pages} pages")
    if only_again:
        with site.serve(1) as port, tempfile.TemporaryDirectory() as folder:
            _row("crawl, every page relevant", pages, partial(_crawl, folder=folder), port)
            again = _row("the same, nothing changed", pages, partial(_crawl, folder=folder, again=True), port)
        if again.fault:
            raise click.ClickException(again.fault)
        return
    with site.serve(ONE_IN) as port:
        bare = None if only_memory else _row("bare Scrapy spider", pages, _bare, port)
        tenth = _row(f"crawl, one page in {ONE_IN} relevant", pages, _crawl, port)
    if bare is None:
        return
    with site.serve(1) as port:
        every = _row("crawl, every page relevant", pages, _crawl, port)
    alone = _row("parser alone, as many cores", pages, _parse, 0)
    click.echo(f"one in {ONE_IN} relevant, of bare Scrapy: {_ratio(tenth, bare)}")
    click.echo(f"every page relevant, of the parser alone: {_ratio(every, alone)}")


def _ratio(one: Speed, other: Speed) -> str:
    by_clock, by_processor = one.by_clock / other.by_clock, one.by_processor / other.by_processor
    return f"{by_clock:.2f} of the pages/s, {by_processor:.2f} of the pages per second of processor time"


def _row(name: str, pages: int, run: Callable[[int, int], Measured], port: int) -> Speed:
    """Run in a process of its own and print a line of the table."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measured, args=(theirs, run, port, pages))
    process.start()
    measured, own, workers = ours.recv()
    process.join()
    click.echo(
        f"  {name:32} {pages:6} pages {measured.seconds:6.1f} s {pages / measured.seconds:6.1f} pages/s; "
        f"processor {own.ru_utime + own.ru_stime:5.1f} s, workers {workers.ru_utime + workers.ru_stime:5.1f} s; "
        f"peak {own.ru_maxrss / 1024:4.0f} MB, largest worker {workers.ru_maxrss / 1024:4.0f} MB"
    )
    if measured.curve:
        memory, waiting = zip(*measured.curve, strict=True)
        click.echo(f"  {'':32} memory after each tenth: {' '.join(f'{m:.0f}' for m in memory)} MB")
        click.echo(f"  {'':32} requests that waited: {' '.join(map(str, waiting))}")
    used = sum(usage.ru_utime + usage.ru_stime for usage in (own, workers))
    return Speed(pages / measured.seconds, pages / used, measured.fault)


def _measured(told: Connection, run: Callable[[int, int], Measured], port: int, pages: int) -> None:
    measured = run(port, pages)
    told.send((measured, *map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))))


def _bare(port: int, pages: int) -> Measured:
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = [f"http://127.0.0.1:{port}/story/{n}" for n in range(pages)]  # noqa: RUF012

        def parse(self, response: scrapy.http.Response) -> None:
            pass

    started = time.perf_counter()
    process = AsyncCrawlerProcess(
        {"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
        | {"ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0, "ASYNCIO_EVENT_LOOP": "uvloop.Loop"}
    )
    process.crawl(Bare)
    process.start()
    return Measured(time.perf_counter() - started)


def _crawl(port: int, pages: int, folder: str | None = None, *, again: bool = False) -> Measured:
    """Crawl the site, with its state in `folder`; `again` expects that nothing is new since the last time there."""
    import scrapy.crawler  # noqa: F401  # not timed

    import crawler.spiders.news  # noqa: F401
    from crawler.crawl import crawl

    curve: list[tuple[float, int]] = []
    fault = None

    def watch(reached: Reached) -> None:
        if reached.done * 10 >= pages * (len(curve) + 1):
            curve.append((_now(), reached.waiting))

    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as own:
        report = crawl(
            site.sources(port, pages),
            lambda article: None,
            state_dir=Path(folder or own),
            state_key="bench",
            on_problem=lambda problem: click.echo(problem, err=True),
            allow_loopback=True,
            progress=watch,
        )
    seconds = time.perf_counter() - started
    if again:
        click.echo(
            f"  again: {report.pages} asked for, {report.not_modified} unchanged, {report.articles} handed on"
        )
        if report.articles or report.not_modified != report.pages or report.pages < pages:
            fault = f"not all {pages} pages came unchanged: {report}"
    elif report.articles + report.irrelevant != pages:
        click.echo(f"not all pages came: {report}", err=True)
    return Measured(seconds, tuple(curve), fault)


def _parse(port: int, pages: int) -> Measured:
    from crawler.parse_pool import ParsePool
    from crawler.parse_worker import PageToParse

    articles = load_articles()

    async def parse_all() -> None:
        pool = ParsePool()

        async def parse(number: int) -> None:
            body = site.page(articles, number, 1)
            address = f"http://127.0.0.1/story/{number}"
            await pool.parse(PageToParse(body, address, None, "text/html; charset=utf-8", None))

        await asyncio.gather(*map(parse, range(pages)))
        await pool.close()

    started = time.perf_counter()
    asyncio.run(parse_all())
    return Measured(time.perf_counter() - started)


def _now() -> float:
    """Megabytes of this process now; 0 where the system does not say."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1_000_000
    return 0.0


def _cores() -> int:
    from crawler.parse_pool import cores

    return cores()


if __name__ == "__main__":
    main()
