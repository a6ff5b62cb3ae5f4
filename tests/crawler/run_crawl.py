"""Run one crawl in a process of its own, since Scrapy's reactor runs once in a process.

The processes are forked from one that has imported everything, which spares most of their start.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import multiprocessing
import os
import resource
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.parse_pool import NotWanted, ParsePool
from crawler.parse_worker import ListingToRead, PageToParse, Parsed, parse
from crawler.settings import MIDDLEWARES, PIPELINES

_context = multiprocessing.get_context("forkserver")
_HERE = Path(__file__).parent
_context.set_forkserver_preload(
    [
        *(
            "crawler.crawl",
            "crawler.spiders.news",
            "crawler.pages",
            "scrapy.crawler",
            "scrapy.core.engine",
            "uvloop",
        ),
        *("crawler.download_handler", "crawler.report_bugs", "scrapy.extensions.throttle", "scrapy.squeues"),
        *(path.rpartition(".")[0] for path in (*MIDDLEWARES, *PIPELINES)),
    ]
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a crawl's process ended: exit code (negative: the signal), what it wrote, its result if any."""

    code: int | None
    stderr: str
    result: dict[str, Any]


def launch(folder: Path, sources: str, **order: Any) -> Outcome:
    """Crawl in a new process; articles are appended to folder/articles.jsonl. `_crawl` reads the order.

    Pages are parsed in that process, which is the faster start; with `worker` by others, as in real runs:
    "real", or the name of a script here. All pages are relevant enough unless `min_relevance` says otherwise; None
    there is what real runs have.
    """
    result, stderr = folder / "result.json", folder / "stderr.txt"
    result.unlink(missing_ok=True)
    process = _context.Process(target=_crawl, args=(folder, sources, order))
    process.start()
    process.join(120)
    if process.exitcode is None:
        process.kill()
        process.join()
    found = json.loads(result.read_text()) if result.exists() else {}
    return Outcome(process.exitcode, stderr.read_text(), found)


def _crawl(folder: Path, sources: str, order: dict[str, Any]) -> None:
    os.dup2(os.open(folder / "stderr.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    warnings.simplefilter("error")

    from crawler.crawl import crawl
    from crawler.items import NewsArticle, NotKept, Problem
    from crawler.sources import sources_from_text

    _limit(order)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    problems: list[Problem] = []
    progress: list[dict[str, object]] = []
    delivered = 0

    def sink(article: NewsArticle) -> None:
        nonlocal delivered
        if order.get("sink_fails"):
            raise OSError("the disk is full")
        if urlsplit(article.url or "").path in order.get("not_kept", ()):
            raise NotKept
        with (folder / "articles.jsonl").open("a") as file:
            file.write(json.dumps(article.to_json()) + "\n")
        delivered += 1
        if delivered == order.get("kill_after"):
            os.kill(os.getpid(), signal.SIGKILL)
        if delivered == order.get("interrupt_after"):
            for _ in range(order.get("interrupts", 1)):
                os.kill(os.getpid(), signal.SIGINT)

    async def slow_sink(article: NewsArticle) -> None:
        while len(progress) < order["kept_after"]:
            await asyncio.sleep(0.01)
        sink(article)

    report = crawl(
        sources_from_text(sources, "test"),
        slow_sink if "kept_after" in order else sink,
        state_dir=folder / "state",
        state_key=order.get("key", "one"),
        on_problem=problems.append,
        allow_loopback=order.get("allow_loopback", True),
        progress=lambda reached: progress.append(dataclasses.asdict(reached)),
        contact="desk@example.org",
        min_relevance=order.get("min_relevance", 0.0),
    )
    record = {
        "report": dataclasses.asdict(report),
        "problems": [dataclasses.asdict(problem) for problem in problems],
        "progress": progress,
        "peak": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024,
    }
    (folder / "result.json").write_text(json.dumps(record))


def _limit(order: dict[str, Any]) -> None:
    """What a test makes smaller than it is: Scrapy's `settings`; and `names`, the answers of DNS by host."""
    import crawler.settings as settings
    from crawler.guard import check_ip

    os.environ.update(order.get("env", {}))
    if largest := order.get("largest_file"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    _choose_worker(order)
    if order.get("broken_step"):
        from crawler.pipelines.drop_duplicates import DropDuplicates

        def fail(step: object, item: Any) -> Any:
            raise ZeroDivisionError("a bug\nin two lines")

        DropDuplicates.process_item = fail  # type: ignore[method-assign]
    original = settings.scrapy_settings
    settings.scrapy_settings = lambda **known: original(**known) | order.get("settings", {})
    if names := order.get("names"):
        import crawler.resolver as resolver

        def answer(name: str) -> str:
            found: str = names[name].pop(0) if len(names[name]) > 1 else names[name][0]
            return found

        # A second address of this machine stands for one of the public internet.
        resolver.check_ip = lambda ip, **options: None if ip == "127.0.0.2" else check_ip(ip, **options)  # type: ignore[assignment]
        socket.gethostbyname = answer


def _choose_worker(order: dict[str, Any]) -> None:
    from crawler import crawl, parse_pool

    worker = order.get("worker")
    if worker is None:
        crawl.ParsePool = ParsesHere  # type: ignore[misc]
    elif worker != "real":
        parse_pool.COMMAND = (sys.executable, str(_HERE / worker))
    parse_pool._PAGES_EACH = order.get("pages_each", parse_pool._PAGES_EACH)


class ParsesHere(ParsePool):
    """A pool without processes."""

    async def parse(
        self, page: PageToParse | ListingToRead, is_wanted: Callable[[], bool] = lambda: True
    ) -> Parsed:
        if not is_wanted():
            raise NotWanted
        return parse(page)


def told(result: dict[str, Any]) -> dict[str, str]:
    """What was reported, by the path of its address."""
    return {urlsplit(problem["url"] or "").path: problem["message"] for problem in result["problems"]}


def age(folder: Path, **by: float) -> None:
    """Make what the crawl of a folder remembers older, by so many days, hours, ..."""
    path = folder / "state" / "crawl.jsonl"
    records = [json.loads(line) for line in path.read_text().splitlines()]
    for record in records:
        for name in ("fetched_at", "first_fetched_at"):
            if name in record:
                record[name] = (datetime.fromisoformat(record[name]) - timedelta(**by)).isoformat()
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def articles(folder: Path) -> list[dict[str, Any]]:
    """What was handed on."""
    path = folder / "articles.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
