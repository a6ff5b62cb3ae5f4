"""Tieup's composition root: the one place that sees crawler, extract and db, and the commands.

What is slow to import (spaCy, Scrapy, Datasette) is imported by the command that needs it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import logging
import os
import shutil
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn
from urllib.parse import urlsplit

import click

from crawler.decisions import archive_decisions, decisions
from crawler.items import ArticleError, NewsArticle, NotKept, Problem, SourceRecord, article_from_line
from crawler.newsroom.server import NewsroomError, serve_newsroom
from crawler.newsroom.site import DEFAULT_BASE_PORT, base_port_of, newsroom_sources
from crawler.progress import Progress
from crawler.source_lists import LISTS, NEWSROOM, PUBLISHERS
from crawler.sources import Source, load_sources, to_record
from db.decisions import store_decisions
from db.load import LoadError, load_reference, store_article
from db.merge import merge
from db.runs import add_problem, finish_run, start_run
from db.store import open_database, single_writer, transaction
from extract.calibration import load_calibration
from extract.gazetteer import load_gazetteer
from extract.model import Extraction
from extract.version import pipeline_version
from extract.vocabularies import load_vocabularies

if TYPE_CHECKING:
    from crawler.archives import ArchiveReport
    from crawler.crawl import CrawlReport
    from crawler.discover.addresses import AddressList

MAX_FILE_BYTES = 64_000_000
"""A line or page longer than this is refused."""
_TABLE_WIDTH = 200
"""Characters of a table's line where it is not a terminal that shows it."""
PROGRAM = (sys.executable, str(Path(__file__)))
"""How a command of this program is started in a process of its own."""


# ----------------------------------------------------------------------------------------------------
# The pipeline


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
    with _writing(path, "run", map(to_record, listed)) as (db, run):

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
                store(article, _extraction_of(article))

            async def keep_while_fetching(article: NewsArticle) -> None:
                # The database is written by this thread alone; the other one reads articles, one at a time.
                loop = asyncio.get_running_loop()
                store(article, await loop.run_in_executor(beside, _extraction_of, article))

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
def _writing(path: Path, command: str, sources: Iterable[SourceRecord]) -> Iterator[tuple[Any, str]]:
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


def _extraction_of(article: NewsArticle) -> tuple[Extraction, Problem | None]:
    """What the article says. If extraction fails: nothing, with the problem; the article itself is kept."""
    from extract.pipeline import PipelineError, extract

    try:
        (extraction,) = extract([article])
    except PipelineError:
        raise
    except Exception as error:
        problem = Problem("error", article.source, article.url, f"extraction failed: {_described(error)}")
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


# ----------------------------------------------------------------------------------------------------
# Errors


class _PlainErrors(click.Group):
    """Errors that a person can mend are one line and exit code 2; a bug shows its traceback."""

    def main(self, *args: Any, **options: Any) -> NoReturn:
        try:
            code = super().main(*args, **options | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(2)
        except click.Abort:
            click.echo("Stopped", err=True)
            sys.exit(130)
        except click.ClickException as error:
            _stop(error.format_message())
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever read the output has gone; what is buffered must not be flushed into the closed pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(2)
        except Exception as error:
            if not _is_plain(error):
                raise
            _stop(_described(error, with_type=False))


def _is_plain(error: Exception) -> bool:
    """Whether an error's message is meant for the person at the terminal."""
    if isinstance(error, ValueError):
        return type(error).__module__.partition(".")[0] in ("crawler", "extract", "db")
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "").startswith(_SQLITE_PLAIN)
    return isinstance(error, OSError)


# What the disk, the file or another process is to blame for; other errors of SQLite are bugs.
_SQLITE_PLAIN = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_BUSY",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
)


def _stop(message: str) -> NoReturn:
    click.echo(f"Error: {' '.join(message.split())}", err=True)
    sys.exit(2)


def _described(error: Exception, *, with_type: bool = True) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{_shown(error.filename)}: {error.strerror}"
    text = " ".join(str(error).split())[:500]
    return f"{type(error).__name__}: {text}" if with_type else text


def _shown(place: str | bytes) -> str:
    return click.format_filename(place)


# ----------------------------------------------------------------------------------------------------
# Commands


@click.group(
    cls=_PlainErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="tieup", message="tieup %(version)s")
def cli() -> None:
    """Who partners with whom in retail: crawl news, extract deals, browse them.

    \b
    Example:
      tieup run --serve
    """
    handler = logging.StreamHandler()
    # On the handler: Scrapy sets the levels of its loggers itself.
    handler.setLevel(logging.WARNING)
    logging.basicConfig(handlers=[handler], format="%(levelname)s: %(message)s")


_path = click.Path(path_type=Path)
_db_option = click.option(
    "--db", "path", type=_path, default="tieup.db", show_default=True, help="The knowledge base."
)


def _sources_file(context: click.Context, option: click.Parameter, given: str | None) -> Path | None:
    """The file that --sources means, by its path or as a list that comes with Tieup; None is the sample newsroom."""
    if given is None or given == NEWSROOM:
        return None
    path = LISTS.get(given, Path(given))
    if not path.exists():
        names = ", ".join((NEWSROOM, *LISTS))
        raise click.BadParameter(
            f"{_shown(given)}: no such file, and no list that comes with Tieup ({names})"
        )
    return path


_FILE_OR_NAME = "FILE|NAME"
_sources_option = click.option(
    "--sources",
    "sources_file",
    callback=_sources_file,
    metavar=_FILE_OR_NAME,
    help="A sources.yml, or a list that comes with Tieup: newsroom (the bundled sample, the default), publishers, "
    "or unchecked (addresses that nobody has checked). A file of such a name: ./publishers.",
)
_newsroom_option = click.option(
    "--newsroom-port",
    type=click.IntRange(1, 65530),
    default=DEFAULT_BASE_PORT,
    show_default=True,
    help="First of the sample newsroom's five ports.",
)
_contact_option = click.option(
    "--contact",
    help="Address or mail for publishers, named in the user agent (or TIEUP_CONTACT).",
)
_relevance_option = click.option(
    "--relevance",
    "min_relevance",
    type=click.FloatRange(0, 1),
    metavar="SCORE",
    help="Leave out pages below this score (default: the threshold of crawler/relevance.yml, and none of the pages of "
    "--urls and --warc; 0: none).",
)
_port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="Where to serve; 0 takes a free one.",
)


@contextlib.contextmanager
def _chosen_sources(file: Path | None, newsroom_port: int) -> Iterator[tuple[tuple[Source, ...], bool]]:
    """The sources of a file, or the newsroom's while it is served; and whether they may be on loopback."""
    if file is not None:
        yield load_sources(file), False
    else:
        with serve_newsroom(newsroom_port):
            yield newsroom_sources(newsroom_port), True


_urls_option = click.option(
    "--urls",
    type=click.File("rb"),
    metavar="FILE",
    help="Fetch the pages that FILE (or -) lists, an address a line, # for comments; sources only say whose they are. "
    "A line that is no address is told with its number, the others are done, and the exit code is 2.",
)
_warc_option = click.option(
    "--warc",
    "archives",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Read the web pages of a WARC archive and fetch nothing; --sources only says whose they are. Repeatable.",
)


_strict_option = click.option(
    "--strict",
    is_flag=True,
    help="Exit 1 if an assertion of a source does not hold; what was read is stored all the same.",
)


@contextlib.contextmanager
def _reading(
    sources_file: Path | None,
    newsroom_port: int,
    urls: BinaryIO | None,
    archives: tuple[Path, ...],
    contact: str | None,
    min_relevance: float | None,
) -> Iterator[Reading]:
    """What options ask to be read; the sample newsroom is served while it is read."""
    if urls is not None and archives:
        raise click.UsageError("--warc does not go with --urls")
    if archives:
        from crawler.archives import check_archives

        check_archives(archives)
        known = load_sources(sources_file) if sources_file else ()
        yield Reading(known, archives, min_relevance=min_relevance)
    elif urls is not None:
        with _named_pages(urls, sources_file, newsroom_port) as (listed, allow_loopback):
            # Whoever names a page wants it, whatever it is about.
            least = min_relevance or 0.0
            yield Reading(listed.sources, (), listed.problems, allow_loopback, contact, least)
    else:
        with _chosen_sources(sources_file, newsroom_port) as (sources, allow_loopback):
            yield Reading(sources, (), (), allow_loopback, contact, min_relevance)


@contextlib.contextmanager
def _named_pages(
    urls: BinaryIO, sources_file: Path | None, newsroom_port: int
) -> Iterator[tuple[AddressList, bool]]:
    """The pages of a list, and whether they may be on loopback: the newsroom's may, which is served then."""
    from crawler.discover.addresses import read_addresses

    newsroom = () if sources_file else newsroom_sources(newsroom_port)
    known = load_sources(sources_file) if sources_file else (*load_sources(), *newsroom)
    name = _shown(getattr(urls, "name", "-"))
    listed = read_addresses(urls, name=name, known=known)
    click.echo(
        f"{name}: {_counted(listed.pages, 'page')}, {listed.repeated} named again, "
        f"{_counted(len(listed.problems), 'line')} without an address",
        err=True,
    )
    is_local = not {source.id for source in newsroom}.isdisjoint(source.id for source in listed.sources)
    with serve_newsroom(newsroom_port) if is_local else contextlib.nullcontext():
        yield listed, is_local


@cli.command()
@_db_option
@_sources_option
@_urls_option
@_warc_option
@_newsroom_option
@_contact_option
@_relevance_option
@_strict_option
@click.option("--serve/--no-serve", "then_serve", default=False, help="Serve the result afterwards.")
@_port_option
def run(
    path: Path,
    sources_file: Path | None,
    urls: BinaryIO | None,
    archives: tuple[Path, ...],
    newsroom_port: int,
    contact: str | None,
    min_relevance: float | None,
    strict: bool,
    then_serve: bool,
    port: int,
) -> None:
    """Crawl, extract and load: the main job.

    Only what is new or has changed since the last run is fetched and read again.

    \b
    Examples:
      tieup run --serve
      tieup run --sources my.yml --db my.db
      tieup run --sources publishers --db news.db
      tieup run --urls pages.txt --db my.db
      tieup run --warc archive.warc.gz --db my.db
    """
    if then_serve:
        _check_port(port)
    with _reading(sources_file, newsroom_port, urls, archives, contact, min_relevance) as reading:
        summary = run_pipeline(path, reading)
    click.echo(
        f"{_fetched(summary.read, archives)}, "
        f"{summary.articles} articles new or changed, {_counted(summary.deals, 'deal')}, "
        f"{_counted(summary.claims, 'claim')}, {_counted(summary.problems, 'problem')}"
    )
    for problem in summary.read.broken:
        click.echo(f"Not as asserted: {problem.source}: {problem.message}")
    _tell_left_out(summary.read)
    if summary.read.interrupted:
        click.echo("Stopped early; the next run goes on from here", err=True)
        sys.exit(130)
    if reading.problems:
        _tell(reading.problems)
        sys.exit(2)
    if strict and summary.read.broken:
        sys.exit(1)
    if then_serve:
        # A fresh process: the server needs none of the memory that crawling and extracting took.
        os.execv(sys.executable, [*PROGRAM, "serve", "--db", str(path), "--port", str(port)])


def _fetched(read: CrawlReport | ArchiveReport, archives: Sequence[Path]) -> str:
    left_out = f", {read.irrelevant} left out as not relevant" if read.irrelevant else ""
    if archives:
        before = f"{read.not_modified} read before{left_out}"
        return f"{read.pages} pages in {_counted(len(archives), 'archive')} ({before})"
    return f"{read.pages} pages fetched ({read.not_modified} not modified{left_out})"


def _tell_left_out(read: CrawlReport | ArchiveReport) -> None:
    """Say what else was in archives, by reason."""
    if left_out := getattr(read, "left_out", None):
        listed = ", ".join(f"{count} {reason}" for reason, count in left_out.most_common())
        click.echo(f"Records left out: {listed}", err=True)


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        place = problem.url or problem.source
        click.echo(f"{problem.level}: {f'{place}: ' if place else ''}{problem.message}", err=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _check_port(port: int) -> None:
    """Say that a port is taken before the work, not after it."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise click.UsageError(
            f"port {port} cannot be used ({error.strerror}); name another with --port"
        ) from error


@cli.command()
@_db_option
@_sources_option
@_newsroom_option
@_contact_option
@_relevance_option
@click.option(
    "--strict",
    is_flag=True,
    help="Tell which run ends with exit code 1 because an assertion of a source does not hold; the next still comes.",
)
@click.option("--every", default="1h", show_default=True, help="From start to start: 30m, 1h, 1d.")
@click.option("--times", type=click.IntRange(1), help="End after so many runs (default: never).")
def watch(
    path: Path,
    sources_file: Path | None,
    newsroom_port: int,
    contact: str | None,
    min_relevance: float | None,
    strict: bool,
    every: str,
    times: int | None,
) -> None:
    """Do what `tieup run` does again and again, each time in a fresh process, until Ctrl-C or SIGTERM.

    \b
    Examples:
      tieup watch --every 1h --sources my.yml --db my.db
      tieup watch --every 1h --strict --sources my.yml
      tieup watch --every 10m --times 2
    """
    from crawler.watch import STRICT, only_watch, seconds
    from crawler.watch import watch as watch_runs

    every_s = seconds(every)
    if sources_file is not None:
        load_sources(sources_file)  # what is wrong with it should be said once, not every hour
    options: dict[str, object] = {
        "--db": path,
        # In full: alone it might be the name of a list.
        "--sources": sources_file and sources_file.absolute(),
        "--newsroom-port": newsroom_port,
        "--contact": contact,
        "--relevance": min_relevance,
    }
    given = [str(word) for option in options.items() if option[1] is not None for word in option]
    if strict:
        given.append("--strict")
    with only_watch(path):
        watch_runs([*PROGRAM, "run", *given], every_s=every_s, times=times, meanings=STRICT if strict else {})


@cli.command()
@_sources_option
@_urls_option
@_warc_option
@_newsroom_option
@_contact_option
@_relevance_option
@_strict_option
@click.option("-o", "output", type=_path, required=True, help="JSON lines; new articles are added.")
def crawl(
    sources_file: Path | None,
    urls: BinaryIO | None,
    archives: tuple[Path, ...],
    newsroom_port: int,
    contact: str | None,
    min_relevance: float | None,
    strict: bool,
    output: Path,
) -> None:
    """Crawl only: articles as JSON lines, one an article.

    \b
    Examples:
      tieup crawl -o articles.jsonl
      tieup crawl --urls pages.txt -o articles.jsonl
      tieup crawl --warc archive.warc.gz -o articles.jsonl
    """
    from crawler.outfile import ArticleFile

    with (
        single_writer(output),
        _reading(sources_file, newsroom_port, urls, archives, contact, min_relevance) as reading,
        ArticleFile(output) as file,
        Progress() as progress,
    ):
        _tell(reading.problems)
        report = reading.collector()(
            file.add,
            state_dir=file.state_dir,
            state_key=file.state_key,
            on_problem=lambda problem: _tell([problem]),
            progress=progress.update,
        )
    click.echo(
        f"{_fetched(report, archives)}, {_counted(report.articles, 'article')}, "
        f"{_counted(report.problems + len(reading.problems), 'problem')}",
        err=True,
    )
    _tell_left_out(report)
    if report.interrupted:
        sys.exit(130)
    if reading.problems:
        sys.exit(2)
    if strict and report.broken:
        sys.exit(1)


@cli.command()
@click.argument("file", type=click.File("rb"))
def extract(file: BinaryIO) -> None:
    """Articles (JSON lines, FILE or -) to what they say, one line each.

    A line that is no article gives {"url": ..., "error": ...} in its place, and exit code 2 at the end.

    \b
    Example:
      echo '{"article_body": "Tesco and Ocado signed a deal on Monday."}' | tieup extract -
    """
    failed = False
    for number, raw in _lines(file):
        try:
            if raw is None:
                raise ArticleError(f"longer than {MAX_FILE_BYTES // 1_000_000} MB")
            extraction, problem = _extraction_of(article_from_line(raw))
            if problem is not None:
                raise ArticleError(problem.message)
            _print_line(extraction.to_json())
        except ArticleError as error:
            failed = True
            _print_line({"url": error.url, "error": f"line {number}: {error}"})
    if failed:
        sys.exit(2)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines without the blank ones; None for one that is too long, which is read in parts."""
    number, is_rest = 0, False
    while raw := file.readline(MAX_FILE_BYTES):
        is_whole = raw.endswith(b"\n") or len(raw) < MAX_FILE_BYTES
        if not is_rest:
            number += 1
            if not is_whole or raw.strip():
                yield number, raw if is_whole else None
        is_rest = not is_whole


def _print_line(record: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


@cli.command()
@click.argument("articles", type=click.File("rb"))
@click.argument("extractions", type=click.File("rb"))
@_db_option
@click.option(
    "--sources",
    "sources_file",
    callback=_sources_file,
    metavar=_FILE_OR_NAME,
    help="What was crawled: a sources.yml, or a list's name.",
)
def load(articles: BinaryIO, extractions: BinaryIO, path: Path, sources_file: Path | None) -> None:
    """Load articles and extractions (two JSON lines files, paired line by line), then merge.

    All or nothing: a pair that does not fit is refused, and then nothing is loaded.

    \b
    Example:
      tieup load articles.jsonl extractions.jsonl --db my.db
    """
    from db.pairs import read_pairs

    pairs = list(read_pairs(articles, extractions))
    sources = load_sources(sources_file) if sources_file else _newsroom_of(article for article, _ in pairs)
    with _writing(path, "load", map(to_record, sources)) as (db, run):
        with transaction(db):
            counts = Counter(store_article(db, article, extraction, run=run) for article, extraction in pairs)
            report = merge(db, run=run)
        finish_run(db, run, state="ok", pages=0, articles=len(pairs))
    click.echo(
        f"{counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged articles; "
        f"{_counted(report.deals, 'deal')}"
    )


def _newsroom_of(articles: Iterable[NewsArticle]) -> tuple[Source, ...]:
    """The sample newsroom's sources if articles are from there; others' rows are made from the articles."""
    port = base_port_of({a.source: urlsplit(a.url).netloc for a in articles if a.source and a.url})
    return newsroom_sources(port) if port else ()


@cli.command()
@click.argument("url_or_file")
@click.option("--url", help="The address of a FILE's article.")
@_db_option
def add(url_or_file: str, url: str | None, path: Path) -> None:
    """One article that somebody found, through the whole pipeline.

    \b
    Examples:
      tieup add https://example.com/news/a-deal
      tieup add saved.html --url https://example.com/news/a-deal
    """
    if url is not None and _is_url(url_or_file):
        raise click.UsageError("--url goes with a FILE only")
    article = _parsed(url_or_file, url)
    address = article.url or article.canonical_url
    if not address:
        raise ArticleError(f"{_shown(url_or_file)}: the page gives no address; say it with --url")
    source = _source_at(address)
    with _writing(path, "add", [to_record(source)] if source else []) as (db, run):
        extraction, problem = _extraction_of(article)
        with transaction(db):
            if problem is not None:
                add_problem(db, run, level="error", source=None, url=article.url, message=problem.message)
            outcome = store_article(db, article, extraction, run=run)
            merge(db, run=run)
        finish_run(db, run, state="ok", pages=1, articles=1)
    reported = sum(deal.main for deal in extraction.deals)
    click.echo(f"{outcome}: {article.headline} ({_counted(reported, 'deal')} reported)")
    if problem is not None:
        _stop(problem.message)


@cli.command()
@click.argument("deal")
@click.argument("fact")
@click.argument("value", required=False)
@click.option("--by", required=True, help="Who decides; the deal's page shows it.")
@click.option("--reason", required=True, help="Why, in a line; the deal's page shows it.")
@click.option("--withdraw", is_flag=True, help="Take back the correction of FACT; without VALUE.")
@_db_option
def correct(
    deal: str, fact: str, value: str | None, by: str, reason: str, withdraw: bool, path: Path
) -> None:
    """Correct a FACT of a DEAL: it stands from now on, whatever articles say and however they are extracted.

    FACT is type, instrument, status, announced, exclusive, scope, area:ID (VALUE is its commitment), party:ID or
    deal. VALUE is an id of the vocabulary, a date, true, false or text; none says that the deal has no such thing,
    and is the only VALUE of a party or of the deal itself.

    \b
    Examples:
      tieup correct carrefour-tesco-2018 status expired --by "A. Editor" --reason "Both say so in their reports"
      tieup correct carrefour-tesco-2018 area:cloud_it none --by "A. Editor" --reason "Of another deal"
      tieup correct carrefour-tesco-2018 status --withdraw --by "A. Editor" --reason "It was renewed"
    """
    from db.corrections import correct as note_correction

    if withdraw == (value is not None):
        raise click.UsageError("say either VALUE or --withdraw")
    field, _, subject = fact.partition(":")
    with single_writer(path), contextlib.closing(open_database(path, create=False)) as db, transaction(db):
        note_correction(db, deal, field, value, subject=subject or None, decided_by=by, reason=reason)
        report = merge(db)
    click.echo(
        f"{deal}: {_counted(report.changed, 'deal')} changed, {_counted(report.deleted, 'deal')} taken out"
    )


@cli.command()
@click.argument("files_or_urls", nargs=-1, required=True)
@click.option("--url", help="The address of the one FILE.")
@click.option(
    "--sources",
    "sources_file",
    callback=_sources_file,
    metavar=_FILE_OR_NAME,
    help="Use the selectors of this sources.yml (or list's name): of the source on whose domain the page is, or of the "
    "only one. Without it, of the publishers that come with Tieup.",
)
def parse(files_or_urls: tuple[str, ...], url: str | None, sources_file: Path | None) -> None:
    """HTML pages to articles, one JSON line each; no database.

    A page that is no article gives {"url": ..., "error": ...} in its place, and exit code 2 at the end.

    \b
    Examples:
      tieup parse saved.html --url https://example.com/news/a-deal
      tieup parse saved.html --sources my.yml
    """
    if url is not None and (len(files_or_urls) > 1 or _is_url(files_or_urls[0])):
        raise click.UsageError("--url goes with one FILE only")
    own = load_sources(sources_file) if sources_file else ()
    failed = False
    for place in files_or_urls:
        try:
            _print_line(_parsed(place, url, own).to_json())
        except (ValueError, OSError) as error:
            if isinstance(error, BrokenPipeError) or not _is_plain(error):
                raise
            failed = True
            address = place if _is_url(place) else url
            _print_line({"url": address, "error": _described(error, with_type=False)})
    if failed:
        sys.exit(2)


def _is_url(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


def _parsed(place: str, url: str | None, own: Sequence[Source] = ()) -> NewsArticle:
    """The article of a page, read with the selectors of its source: one of `own`, if there are any."""
    from crawler.fetch import fetch
    from crawler.pages import NotAnArticle, parse_page
    from db.clock import now

    if url is not None and not _is_url(url):
        raise click.UsageError(f"--url must begin with http:// or https://, not {url[:100]}")
    try:
        if _is_url(place):
            page = fetch(place)
            source = _source_of(page.url, own)
            return parse_page(
                page.body, url=page.url, source=source, content_type=page.content_type, retrieved_at=now()
            )
        with Path(place).open("rb") as file:
            html = file.read(MAX_FILE_BYTES + 1)
        if len(html) > MAX_FILE_BYTES:
            raise NotAnArticle(f"larger than {MAX_FILE_BYTES // 1_000_000} MB")
        return parse_page(html, url=url, source=_source_of(url, own), retrieved_at=now())
    except NotAnArticle as error:
        raise NotAnArticle(f"{_shown(place)}: {error}") from None


def _source_of(address: str | None, own: Sequence[Source]) -> Source | None:
    """The source whose selectors help to read a page: one of `own`, if there are any, else one that we know."""
    if not own:
        return _source_at(address) if address else None
    if len(own) == 1:
        # As in a crawl, where a feed may lead to another domain.
        return own[0]
    source = _source_at(address, own) if address else None
    if source is None:
        place = f"is at {address[:200]}" if address else "is at no known address"
        raise click.UsageError(
            f"the page {place}, and the sources file has several sources, none of them there; "
            "say with --url where the page is, on the domain of its source"
        )
    return source


def _source_at(address: str, known: Sequence[Source] = ()) -> Source | None:
    """The source on whose domain an address is; without any `known`, of the publishers that come with Tieup."""
    netloc = urlsplit(address).netloc.lower().removeprefix("www.")
    known = known or (*load_sources(), *newsroom_sources())
    return next((source for source in known if source.domain.removeprefix("www.") == netloc), None)


@cli.command()
@_db_option
@_port_option
@click.option("--cors", is_flag=True, help="Let other sites' pages read the JSON API.")
def serve(path: Path, port: int, cors: bool) -> None:
    """Serve the knowledge base on 127.0.0.1, and the sample newsroom beside it if that is what was read.

    \b
    Example:
      tieup serve --db my.db --port 8010
    """
    from db.serve import serve as serve_database

    with contextlib.closing(open_database(path, create=False)) as db:
        base_port = base_port_of(
            dict(db.conn.execute("SELECT id, domain FROM sources WHERE articles > 0").fetchall())
        )
    with contextlib.ExitStack() as stack:
        if base_port is not None:
            try:
                stack.enter_context(serve_newsroom(base_port))
            except NewsroomError:
                click.echo("The sample newsroom's ports are in use; links to it may not work", err=True)
        serve_database(path, port=port, cors=cors)


@cli.command(name="eval")
@click.option("--db", "path", type=_path, help="Also write the figures into this knowledge base.")
@click.option("--write", is_flag=True, help="Write the reports, eval/gold-report.md and others.")
@click.option("--compare", is_flag=True, help="Also score baselines, and the pipeline without its parts.")
@click.option("--ner", multiple=True, metavar="NAME", help="Compare also with this installed spaCy pipeline.")
@click.option(
    "--pairs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also score sentences with two companies (JSON lines).",
)
@click.option(
    "--entities",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Also score names of organisations in public sets (SET/dev.spacy).",
)
@click.option("--gate", is_flag=True, help="Exit 1 if a figure is below its floor.")
@click.option("--write-floors", is_flag=True, help="Write the floors, 0.03 below these figures.")
@click.option("--floors", type=_path, metavar="FILE", help="The floors (default: eval/floors.yml).")
def evaluate(path: Path | None, floors: Path | None, **options: Any) -> None:
    """Score the whole pipeline against eval/newsroom.yml and eval/gold. Needs a checkout.

    \b
    Example:
      tieup eval --write
      tieup eval --gate
    """
    folder = Path(__file__).parent
    if not (folder / "eval" / "score.py").is_file():
        raise click.UsageError(
            "evaluation needs a checkout of the project: its gold is not in the installed package"
        )
    sys.path.insert(0, str(folder))
    score = importlib.import_module("eval.score")
    floors = floors or folder / "eval" / "floors.yml"
    if not score.main(score.Options(path=path, floors=floors, **options)):
        sys.exit(1)


@cli.group(invoke_without_command=True)
@click.option(
    "--sources",
    "sources_file",
    callback=_sources_file,
    metavar=_FILE_OR_NAME,
    default=PUBLISHERS,
    show_default=True,
    help="A sources.yml, or a list that comes with Tieup: publishers, unchecked or newsroom.",
)
@click.pass_context
def sources(context: click.Context, sources_file: Path | None) -> None:
    """Check a sources.yml and list what it names (default: the publishers that come with Tieup).

    \b
    Examples:
      tieup sources --sources my.yml
      tieup sources --sources unchecked
      tieup sources check --sources my.yml
    """
    if context.invoked_subcommand:
        return
    listed = load_sources(sources_file) if sources_file else newsroom_sources()
    for source in listed:
        routes = (
            f"{len(source.feeds)} feeds, {len(source.sitemaps)} sitemaps, {len(source.sections)} sections"
        )
        click.echo(
            f"{source.id:32} {source.domain:34} {source.country or '--':3} {source.kind or '':22} {routes}"
        )
    click.echo(f"{len(listed)} sources", err=True)


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


@sources.command(name="check")
@_sources_option
@_newsroom_option
@_contact_option
@click.pass_context
def check_sources(
    context: click.Context, sources_file: Path | None, newsroom_port: int, contact: str | None
) -> None:
    """Ask each source's addresses over the network and print what they answer; no article is read.

    Exit code 1 if a source has no address that answers with entries.

    \b
    Examples:
      tieup sources check --sources my.yml --contact mailto:you@example.com
      tieup sources check --sources publishers --contact mailto:you@example.com
    """
    from crawler.check import check, table

    # The option may also stand before the word check.
    group = context.parent
    if group is not None and _is_given(group, "sources_file") and not _is_given(context, "sources_file"):
        sources_file = group.params["sources_file"]
    with (
        _chosen_sources(sources_file, newsroom_port) as (listed, allow_loopback),
        Progress() as progress,
    ):
        report = check(listed, allow_loopback=allow_loopback, progress=progress.update, contact=contact)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _TABLE_WIDTH
    for line in table(report, width=width):
        click.echo(line)
    if report.interrupted:
        sys.exit(130)
    if report.without_entries:
        sys.exit(1)


@sources.command(name="relevance")
@_db_option
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    metavar="SCORE",
    help="Hold the pages against this score (default: the threshold of crawler/relevance.yml).",
)
def show_relevance(path: Path, threshold: float | None) -> None:
    """List the pages that were crawled, with score, decision and reasons, from the crawl's state; nothing is fetched.

    \b
    Example:
      tieup sources relevance --threshold 0.5
    """
    from crawler.judged import judged

    found = judged(path.with_name(path.stem + ".state"), threshold)
    for line in found.lines():
        click.echo(line)
    click.echo(
        f"{found.left_out} of {_counted(len(found.pages), 'page')} left out at {found.threshold:g}", err=True
    )


@sources.command(name="stats")
@_db_option
def sources_stats(path: Path) -> None:
    """How complete each source's articles are: the share with a date, an author, a standfirst and so on.

    A share that has fallen says that the publisher's pages have changed; assertions such as min_with_date tell it.

    \b
    Example:
      tieup sources stats --db my.db
    """
    from db.coverage import by_field

    with contextlib.closing(open_database(path, create=False)) as db:
        for line in by_field(db):
            click.echo(line)


@cli.command()
@_db_option
@click.option(
    "--months", type=click.IntRange(1, 120), default=12, show_default=True, help="How many columns of months."
)
def coverage(path: Path, months: int) -> None:
    """What was read: articles by source and month of publication, up to the newest.

    \b
    Example:
      tieup coverage --db my.db --months 6
    """
    from db.coverage import by_month

    with contextlib.closing(open_database(path, create=False)) as db:
        for line in by_month(db, months):
            click.echo(line)


@cli.command()
@_db_option
def digest(path: Path) -> None:
    """The sha256 over the content of the knowledge base: equal content, equal sum.

    \b
    Example:
      tieup digest --db my.db
    """
    from db.digest import digest as content_digest

    with contextlib.closing(open_database(path, create=False)) as db:
        click.echo(content_digest(db))


@cli.command()
@click.argument("target", type=_path)
@_db_option
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "ndjson", "datapackage"]),
    default="csv",
    show_default=True,
    help="What the folder's files are; a data package is CSV with a description.",
)
@click.option("--public", is_flag=True, help="What may be published: no articles' texts, quotes cut short.")
def export(target: Path, path: Path, kind: Any, public: bool) -> None:
    """Write every table into the folder TARGET, or, with --public and a TARGET that ends in .db, a database.

    \b
    Examples:
      tieup export tables --format datapackage
      tieup export public.db --public
    """
    from db.export import export as export_tables
    from db.export import export_public

    if target.suffix == ".db" and not public:
        raise click.UsageError("a database is exported with --public only; name a folder for CSV or NDJSON")
    with contextlib.closing(open_database(path, create=False)) as db:
        if target.suffix == ".db":
            if target.resolve() == path.resolve():
                raise click.UsageError(f"{target}: is the knowledge base itself; name another file")
            export_public(db, target)
            click.echo(f"{target} written")
        else:
            files = export_tables(db, target, kind, public=public)
            click.echo(f"{len(files)} files written to {target}")


if __name__ == "__main__":
    cli(prog_name="tieup")
