"""The pipeline: crawl, extract, load and merge, one article after the other as they arrive."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.errors import described
from crawler.decisions import archive_decisions, decisions
from crawler.items import NewsArticle, NotKept, Problem, SourceRecord
from crawler.progress import Progress
from crawler.sources import Source, to_record
from db.decisions import store_decisions
from db.load import LoadError, load_reference, store_article
from db.merge import merge
from db.runs import add_problem, finish_run, start_run
from db.store import open_database, single_writer
from extract.calibration import load_calibration
from extract.gazetteer import load_gazetteer
from extract.model import Extraction
from extract.version import pipeline_version
from extract.vocabularies import load_vocabularies

if TYPE_CHECKING:
    from crawler.archives import ArchiveReport
    from crawler.crawl import CrawlReport


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run read, and what of it was new or changed, or is in the knowledge base now."""

    read: CrawlReport | ArchiveReport
    articles: int
    deals: int
    claims: int
    problems: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be read: what `sources` list, or `archives` that may have pages of them.

    `problems` were found before anything was read. `allow_loopback` lets the sources be on this machine.
    """

    sources: tuple[Source, ...]
    archives: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()
    allow_loopback: bool = False
    contact: str | None = None
    min_relevance: float | None = None

    def collector(self) -> Callable[..., CrawlReport | ArchiveReport]:
        """`crawl` or `read_archives` with what it is to read."""
        if self.archives:
            from crawler.archives import read_archives

            return partial(
                read_archives, self.archives, known=self.sources, min_relevance=self.min_relevance or 0.0
            )
        from crawler.crawl import crawl

        return partial(
            crawl,
            self.sources,
            allow_loopback=self.allow_loopback,
            contact=self.contact,
            min_relevance=self.min_relevance,
        )


def run_pipeline(path: Path, reading: Reading) -> Summary:
    """Crawl, extract, load and merge: each article is stored with its extraction when it arrives."""
    collect = reading.collector()
    listed = (source for source in reading.sources if source.is_listed)
    with writing(path, "run", map(to_record, listed)) as (db, run):

        def note(problem: Problem) -> None:
            add_problem(
                db, run, level=problem.level, source=problem.source, url=problem.url, message=problem.message
            )

        for problem in reading.problems:
            note(problem)
        outcomes = Counter[str]()

        def store(article: NewsArticle, extracted: tuple[Extraction, Problem | None]) -> None:
            extraction, problem = extracted
            try:
                outcomes[store_article(db, article, extraction, run=run)] += 1
            except LoadError as error:
                note(Problem("error", article.source, article.url, f"not stored: {error}"))
                raise NotKept from error
            if problem is not None:
                note(problem)

        with Progress() as progress, _one_thread() as beside:

            def keep(article: NewsArticle) -> None:
                store(article, extraction_of(article))

            async def keep_while_fetching(article: NewsArticle) -> None:
                # The database is written by this thread alone; the other one reads articles, one at a time.
                loop = asyncio.get_running_loop()
                store(article, await loop.run_in_executor(beside, extraction_of, article))

            memory: dict[str, Any] = {
                "state_dir": path.with_name(path.stem + ".state"),
                "state_key": _value(db, "SELECT stated FROM about WHERE key = 'epoch'"),
            }
            report = collect(
                keep if reading.archives else keep_while_fetching,
                on_problem=note,
                progress=progress.update,
                **memory,
            )
        decided = (
            archive_decisions(reading.sources, min_relevance=reading.min_relevance or 0.0, **memory)
            if reading.archives
            else decisions(reading.sources, min_relevance=reading.min_relevance, **memory)
        )
        store_decisions(db, decided)
        merge(db, run=run)
        state = "interrupted" if report.interrupted else "ok"
        finish_run(db, run, state=state, pages=report.pages, articles=report.articles)
        return Summary(
            read=report,
            articles=outcomes["new"] + outcomes["changed"],
            deals=_value(db, "SELECT count(*) FROM deals"),
            claims=_value(db, "SELECT count(*) FROM claims"),
            problems=_value(db, "SELECT count(*) FROM problems WHERE run = ?", run),
        )


@contextlib.contextmanager
def writing(path: Path, command: str, sources: Iterable[SourceRecord]) -> Iterator[tuple[Any, str]]:
    """The knowledge base with its reference data, and a new run, failed if the block raises."""
    with single_writer(path), contextlib.closing(open_database(path)) as db:
        load_reference(db, load_vocabularies(), load_gazetteer(), sources, load_calibration())
        run = start_run(db, command, _versions())
        try:
            yield db, run
        except BaseException as error:
            finish_run(db, run, state="interrupted" if isinstance(error, KeyboardInterrupt) else "failed")
            raise


@contextlib.contextmanager
def _one_thread() -> Iterator[ThreadPoolExecutor]:
    """A thread for work beside the crawl; what still waits for it when the crawl ends is not begun."""
    thread = ThreadPoolExecutor(max_workers=1)
    try:
        yield thread
    finally:
        thread.shutdown(cancel_futures=True)


def extraction_of(article: NewsArticle, *, off_topic: bool = False) -> tuple[Extraction, Problem | None]:
    """What the article says. If extraction fails: nothing, with the problem; the article itself is kept.

    With `off_topic` it is read even if it is about something else than business in retail.
    """
    from extract.pipeline import PipelineError, extract

    try:
        (extraction,) = extract([article], off_topic=off_topic)
    except PipelineError:
        raise
    except Exception as error:
        problem = Problem("error", article.source, article.url, f"extraction failed: {described(error)}")
        return Extraction(url=article.url, relevance=0.0, pipeline=pipeline_version()), problem
    return extraction, None


def _value(db: Any, sql: str, *parameters: str) -> Any:
    return db.conn.execute(sql, parameters).fetchone()[0]


def _versions() -> dict[str, str]:
    try:
        own = version("tieup")
    except PackageNotFoundError:
        own = "checkout"
    return {"tieup": own, "pipeline": pipeline_version(), "vocabularies": load_vocabularies().version}
