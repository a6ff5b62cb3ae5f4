"""The commands that crawl: `run`, `watch` and `crawl`."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from commands.options import (
    contact_option,
    db_option,
    newsroom_option,
    path_type,
    port_option,
    reading_options,
    relevance_option,
    sources_option,
)
from commands.pipeline import run_pipeline
from commands.reading import reading_of
from commands.tell import counted, tell
from crawler.progress import Progress
from crawler.sources import load_sources
from db.store import single_writer

if TYPE_CHECKING:
    from crawler.archives import ArchiveReport
    from crawler.crawl import CrawlReport


PROGRAM = (sys.executable, str(Path(__file__).parent.parent / "tieup.py"))
"""How a command of this program is started in a process of its own."""


@click.command()
@db_option
@reading_options
@click.option("--serve/--no-serve", "then_serve", default=False, help="Serve the result afterwards.")
@port_option
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
    with reading_of(sources_file, newsroom_port, urls, archives, contact, min_relevance) as reading:
        summary = run_pipeline(path, reading)
    click.echo(
        f"{_fetched(summary.read, archives)}, "
        f"{summary.articles} articles new or changed, {counted(summary.deals, 'deal')}, "
        f"{counted(summary.claims, 'claim')}, {counted(summary.problems, 'problem')}"
    )
    for problem in summary.read.broken:
        click.echo(f"Not as asserted: {problem.source}: {problem.message}")
    _tell_left_out(summary.read)
    if summary.read.interrupted:
        click.echo("Stopped early; the next run goes on from here", err=True)
        sys.exit(130)
    if reading.problems:
        tell(reading.problems)
        sys.exit(2)
    if strict and summary.read.broken:
        sys.exit(1)
    if then_serve:
        # A fresh process: the server needs none of the memory that crawling and extracting took.
        os.execv(sys.executable, [*PROGRAM, "serve", "--db", str(path), "--port", str(port)])


@click.command()
@db_option
@sources_option
@newsroom_option
@contact_option
@relevance_option
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


@click.command()
@reading_options
@click.option("-o", "output", type=path_type, required=True, help="JSON lines; new articles are added.")
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
        reading_of(sources_file, newsroom_port, urls, archives, contact, min_relevance) as reading,
        ArticleFile(output) as file,
        Progress() as progress,
    ):
        tell(reading.problems)
        report = reading.collector()(
            file.add,
            state_dir=file.state_dir,
            state_key=file.state_key,
            on_problem=lambda problem: tell([problem]),
            progress=progress.update,
        )
    click.echo(
        f"{_fetched(report, archives)}, {counted(report.articles, 'article')}, "
        f"{counted(report.problems + len(reading.problems), 'problem')}",
        err=True,
    )
    _tell_left_out(report)
    if report.interrupted:
        sys.exit(130)
    if reading.problems:
        sys.exit(2)
    if strict and report.broken:
        sys.exit(1)


def _fetched(read: CrawlReport | ArchiveReport, archives: Sequence[Path]) -> str:
    left_out = f", {read.irrelevant} left out as not relevant" if read.irrelevant else ""
    if archives:
        before = f"{read.not_modified} read before{left_out}"
        return f"{read.pages} pages in {counted(len(archives), 'archive')} ({before})"
    return f"{read.pages} pages fetched ({read.not_modified} not modified{left_out})"


def _tell_left_out(read: CrawlReport | ArchiveReport) -> None:
    """Say what else was in archives, by reason."""
    if left_out := getattr(read, "left_out", None):
        listed = ", ".join(f"{count} {reason}" for reason, count in left_out.most_common())
        click.echo(f"Records left out: {listed}", err=True)


def _check_port(port: int) -> None:
    """Say that a port is taken before the work, not after it."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise click.UsageError(
            f"port {port} cannot be used ({error.strerror}); name another with --port"
        ) from error
