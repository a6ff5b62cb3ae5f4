"""Pages of WARC archives to articles: what `crawl` is for the web, without fetching anything."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from crawler.canonical import same_article_key
from crawler.discover.warc import ArchivedPage, LeftOut, read_warc
from crawler.items import NewsArticle, NotKept, Problem
from crawler.parse_pool import ParsePool, cores
from crawler.parse_worker import PageToParse, Parsed
from crawler.progress import OnProgress, Reached
from crawler.sources import Source
from crawler.state import CrawlState, Remembered


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """Counts of what archives had.

    `pages`: records that are web pages; `not_modified`: those that an earlier reading dealt with; `articles`: handed to
    the sink; `repeated`: pages that read as one before, at an address of the same article; `problems`: reported;
    `left_out`: records that are something else than a web page, by reason. The others are as in a report of a crawl.
    """

    pages: int
    not_modified: int
    articles: int
    problems: int
    repeated: int
    left_out: Counter[str]
    interrupted: bool = False
    irrelevant: int = 0
    broken: tuple[Problem, ...] = ()


def read_archives(
    paths: Iterable[Path],
    sink: Callable[[NewsArticle], None],
    *,
    known: Iterable[Source],
    state_dir: Path,
    state_key: str,
    on_problem: Callable[[Problem], None],
    progress: OnProgress | None = None,
    pool: Callable[[], ParsePool] = ParsePool,
) -> ArchiveReport:
    """Hand the article of each web page in the archives to `sink`, in their order, as `crawler.crawl.crawl` does.

    A page of one of the `known` sources is read with its selectors, and its article is of that source. A page that
    was dealt with is remembered, so that reading the same archive again hands nothing on twice. Few pages are in
    memory at a time. Raises ArchiveError for a file that is no archive, before anything is handed on, StateError if
    the disk is full, and what the sink raises; with NotKept it only says that the page is to come again.
    """
    paths = tuple(paths)
    check_archives(paths)
    with CrawlState(state_dir, state_key) as state:
        reading = _Reading(tuple(known), sink, state, on_problem, progress)
        asyncio.run(reading.read(paths, pool()))
    counts = reading.counts
    return ArchiveReport(
        counts["pages"],
        counts["not_modified"],
        counts["articles"],
        counts["problems"],
        counts["repeated"],
        reading.left_out,
    )


def check_archives(paths: Iterable[Path]) -> None:
    """Raise ArchiveError if one of the files is no archive: its first record is read."""
    for path in paths:
        next(read_warc(path))


class _Reading:
    """One reading of archives: parsing goes on in other processes while the next records are read."""

    def __init__(
        self,
        known: tuple[Source, ...],
        sink: Callable[[NewsArticle], None],
        state: CrawlState,
        on_problem: Callable[[Problem], None],
        progress: OnProgress | None,
    ) -> None:
        self._source_at = {_host(source.domain): source for source in known}
        self._sink = sink
        self._state = state
        self._on_problem = on_problem
        self._progress = progress
        self._seen: set[bytes] = set()
        self.counts = Counter[str]()
        self.left_out = Counter[str]()

    async def read(self, paths: Iterable[Path], pool: ParsePool) -> None:
        """Read the archives one after the other; a few pages wait for their turn."""
        waiting: deque[tuple[ArchivedPage, asyncio.Task[Parsed]]] = deque()
        try:
            for path in paths:
                for record in read_warc(path):
                    if isinstance(record, LeftOut):
                        self._leave_out(record, path)
                    elif self._state.get(_memory_key(record)) is not None:
                        self.counts["pages"] += 1
                        self.counts["not_modified"] += 1
                    else:
                        self.counts["pages"] += 1
                        waiting.append((record, asyncio.create_task(self._parse(record, pool))))
                    while len(waiting) > 2 * cores():
                        await self._deliver(*waiting.popleft())
            while waiting:
                await self._deliver(*waiting.popleft())
        finally:
            for _, task in waiting:
                task.cancel()
            await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)
            await pool.close()

    async def _parse(self, page: ArchivedPage, pool: ParsePool) -> Parsed:
        asked = PageToParse(page.body, page.url, self._source_of(page), page.content_type, page.retrieved_at)
        return await pool.parse(asked)

    async def _deliver(self, page: ArchivedPage, task: asyncio.Task[Parsed]) -> None:
        parsed = await task
        source = self._source_of(page)
        if (article := parsed.article) is None:
            level, reason = ("warning", "no article") if parsed.refused else ("error", "parsing failed")
            message = f"{reason}: {parsed.refused or parsed.failed}"
            self._report(level, page.url, message, source.id if source else None)
        elif (key := _identity(article, page.url)) in self._seen:
            self.counts["repeated"] += 1
        else:
            try:
                self._sink(article)
            except NotKept:
                return
            self._seen.add(key)
            self.counts["articles"] += 1
        # After the sink, so that nothing is lost by a kill.
        self._state.remember(_memory_key(page), Remembered())
        if self._state.failure is not None:
            raise self._state.failure
        if self._progress is not None:
            self._progress(
                Reached(self.counts["pages"], 0, self.counts["articles"], problems=self.counts["problems"])
            )

    def _leave_out(self, record: LeftOut, path: Path) -> None:
        if record.is_problem:
            self._report("error", record.url, f"{path.name}: {record.reason}")
        else:
            self.left_out[record.reason] += 1

    def _source_of(self, page: ArchivedPage) -> Source | None:
        return self._source_at.get(_host(urlsplit(page.url).netloc))

    def _report(self, level: str, url: str | None, message: str, source: str | None = None) -> None:
        self.counts["problems"] += 1
        self._on_problem(Problem(level, source, url, " ".join(message.split())[:500]))


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


def _memory_key(page: ArchivedPage) -> str:
    """What the state keeps a page of an archive by: nothing that is fetched has such an address."""
    return f"warc:{page.retrieved_at} {page.url}"


def _identity(article: NewsArticle, url: str) -> bytes:
    """What says the same at another address of the same article, or at another time; small, for there are many."""
    key = same_article_key(article.canonical_url or url)
    return blake2b(f"{key} {article.content_sha256}".encode("utf-8", "replace"), digest_size=8).digest()
