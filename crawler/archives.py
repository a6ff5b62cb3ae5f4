"""Pages of WARC archives to articles: what `crawl` is for the web, without fetching anything."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from crawler.canonical import host_of, same_article_key
from crawler.discover.warc import ArchivedPage, LeftOut, read_warc
from crawler.items import NewsArticle, NotKept, Problem
from crawler.judging import judge
from crawler.parse_pool import ParsePool, cores
from crawler.parse_worker import PageToParse, Parsed
from crawler.progress import OnProgress, Reached
from crawler.relevance import Relevance
from crawler.sources import Source
from crawler.state import CrawlState, Remembered, archive_key


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """Counts of what archives had.

    `pages`: records that are web pages; `not_modified`: those that an earlier reading dealt with; `articles`: handed to
    the sink; `repeated`: pages that read as one before, at an address of the same article; `problems`: reported;
    `left_out`: records that are something else than a web page, by reason; `irrelevant`: pages that were not relevant
    enough to be parsed, now or in an earlier reading. The others are as in a report of a crawl.
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
    min_relevance: float = 0.0,
) -> ArchiveReport:
    """Hand the article of each web page in the archives to `sink`, in their order, as `crawler.crawl.crawl` does.

    A page of one of the `known` sources is read with its selectors, and its article is of that source. A page that
    was dealt with is remembered, so that reading the same archive again hands nothing on twice. Pages below
    `min_relevance` (see crawler.relevance) are not parsed; with a lower one they are when they are read again. Few
    pages are in memory at a time. Raises ArchiveError for a file that is no archive, before anything is handed on,
    StateError if the disk is full, and what the sink raises; with NotKept it only says that the page is to come again.
    """
    paths = tuple(paths)
    check_archives(paths)
    with CrawlState(state_dir, state_key) as state:
        reading = _Reading(tuple(known), sink, state, on_problem, progress, min_relevance)
        asyncio.run(reading.read(paths, pool()))
    counts = reading.counts
    return ArchiveReport(
        counts["pages"],
        counts["not_modified"],
        counts["articles"],
        counts["problems"],
        counts["repeated"],
        reading.left_out,
        irrelevant=counts["irrelevant"],
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
        min_relevance: float,
    ) -> None:
        self._source_at = {host_of(source.domain): source for source in known}
        self._sink = sink
        self._state = state
        self._on_problem = on_problem
        self._progress = progress
        self._min_relevance = min_relevance
        self._seen: set[bytes] = set()
        self.counts = Counter[str]()
        self.left_out = Counter[str]()

    async def read(self, paths: Iterable[Path], pool: ParsePool) -> None:
        """Read the archives one after the other; a few pages wait for their turn."""
        waiting: deque[tuple[ArchivedPage, Relevance | None, asyncio.Task[Parsed]]] = deque()
        try:
            for path in paths:
                for record in read_warc(path):
                    if isinstance(record, LeftOut):
                        self._leave_out(record, path)
                    elif self._is_new(record):
                        judged = self._judge(record)
                        if judged is None or judged.score >= self._min_relevance:
                            task = asyncio.create_task(self._parse(record, pool))
                            waiting.append((record, judged, task))
                    await asyncio.sleep(0)  # so that those that wait are sent to be parsed
                    while len(waiting) > 2 * cores():
                        await self._deliver(*waiting.popleft())
            while waiting:
                await self._deliver(*waiting.popleft())
        finally:
            tasks = [task for _, _, task in waiting]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await pool.close()

    def _is_new(self, page: ArchivedPage) -> bool:
        """Whether a page was not dealt with by an earlier reading, or is to be now, under a lower threshold."""
        self.counts["pages"] += 1
        known = self._state.get(_key(page))
        if known is None or known.is_wanted_now(self._min_relevance):
            return True
        self.counts["irrelevant" if known.is_left_out(self._min_relevance) else "not_modified"] += 1
        return False

    def _judge(self, page: ArchivedPage) -> Relevance | None:
        source = self._source_of(page)
        kind = source.kind if source else None
        judged = judge(page.body, page.content_type, url=page.url, kind=kind)
        if judged is not None and judged.score < self._min_relevance:
            self.counts["irrelevant"] += 1
            self._remember(page, judged, Remembered())
        return judged

    def _remember(self, page: ArchivedPage, judged: Relevance | None, known: Remembered) -> None:
        if judged is not None:
            known = replace(known, relevance=judged.score, reasons=judged.reasons)
        self._state.remember(_key(page), known)
        if self._state.failure is not None:
            raise self._state.failure

    async def _parse(self, page: ArchivedPage, pool: ParsePool) -> Parsed:
        asked = PageToParse(page.body, page.url, self._source_of(page), page.content_type, page.retrieved_at)
        return await pool.parse(asked)

    async def _deliver(
        self, page: ArchivedPage, judged: Relevance | None, task: asyncio.Task[Parsed]
    ) -> None:
        parsed = await task
        known = Remembered(canonical=page.url)
        source = self._source_of(page)
        if (article := parsed.article) is None:
            level, reason = ("warning", "no article") if parsed.refused else ("error", "parsing failed")
            message = f"{reason}: {parsed.refused or parsed.failed}"
            self._report(level, page.url, message, source.id if source else None)
            known = Remembered(problem=message)
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
        self._remember(page, judged, known)
        if self._progress is not None:
            self._progress(
                Reached(
                    self.counts["pages"],
                    0,
                    self.counts["articles"],
                    self.counts["irrelevant"],
                    self.counts["problems"],
                )
            )

    def _leave_out(self, record: LeftOut, path: Path) -> None:
        if record.is_problem:
            self._report("error", record.url, f"{path.name}: {record.reason}")
        else:
            self.left_out[record.reason] += 1

    def _source_of(self, page: ArchivedPage) -> Source | None:
        return self._source_at.get(host_of(urlsplit(page.url).netloc))

    def _report(self, level: str, url: str | None, message: str, source: str | None = None) -> None:
        self.counts["problems"] += 1
        self._on_problem(Problem(level, source, url, " ".join(message.split())[:500]))


def _key(page: ArchivedPage) -> str:
    return archive_key(page.url, page.retrieved_at)


def _identity(article: NewsArticle, url: str) -> bytes:
    """What says the same at another address of the same article, or at another time; small, for there are many."""
    key = same_article_key(article.canonical_url or url)
    return blake2b(f"{key} {article.content_sha256}".encode("utf-8", "replace"), digest_size=8).digest()
