"""Kills each stage at random moments, then lets it run to its end: `python -m bench.kills --times 100`.

A kill is SIGKILL to the stage and its parsing processes, at a moment that is drawn evenly from how long the stage
takes undisturbed. The run after it must end well, and what it leaves must equal what an undisturbed run leaves. Stages
are forked from a process that has loaded everything, so that the moments fall into their work and not their start.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import tieup
from bench import site
from commands import pipeline, reading
from crawler.items import article_from_line
from crawler.newsroom.articles import SampleArticle, load_articles
from crawler.newsroom.server import serve_newsroom
from crawler.sources import to_record
from db.digest import digest
from db.load import load_reference, store_article
from db.merge import merge
from db.pairs import read_pairs
from db.store import open_database, single_writer
from extract.gazetteer import load_gazetteer
from extract.pipeline import extract
from extract.vocabularies import load_vocabularies

_reading: Any = reading
_pipeline: Any = pipeline
"""Of which parts are replaced by smaller ones."""
ARTICLES = 6
COMPANIES = 400
_LIMIT_S = 300
_TRIES = 3
"""So many times as many kills are tried as are wanted: some come when the stage has ended."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`run` works in the current folder, on `needs` of the undisturbed results; `result` is what is compared."""

    name: str
    needs: tuple[str, ...]
    run: Callable[[int], None]
    result: Callable[[Path], str]


def _undisturbed(stage: Stage, done: Path, port: int) -> float:
    """Run the stage in the folder of undisturbed results; how long it took."""
    process = _forked(stage, done, port)
    started = time.monotonic()
    process.join(_LIMIT_S)
    if process.exitcode != 0:
        raise click.ClickException(f"{stage.name} fails undisturbed: {(done / 'said').read_text()[-500:]}")
    return time.monotonic() - started


def _kill_often(
    stage: Stage, done: Path, folder: Path, port: int, times: int, took: float, end: float, seed: int
) -> bool:
    """Print the stage's line of the table; whether every run after a kill led to the same.

    `took` is how long the stage takes undisturbed, in seconds; at the moment `end` no further kill begins.
    """
    drawn = random.Random(f"{seed} {stage.name}")
    expected = stage.result(done)
    killed = completed = equal = 0
    for _ in range(times * _TRIES):
        if killed == times or time.monotonic() > end:
            break
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in stage.needs:
            shutil.copy(done / name, folder / name)
        if not _killed(_forked(stage, folder, port), drawn.uniform(0, took)):
            continue
        killed += 1
        after = _forked(stage, folder, port)
        after.join(_LIMIT_S)
        if after.exitcode == 0:
            completed += 1
            equal += stage.result(folder) == expected
        if equal < killed:
            click.echo(f"{stage.name}, kill {killed}: {(folder / 'said').read_text()[-500:]}", err=True)
            equal = min(equal, killed - 1)
    click.echo(f"{stage.name:10} {took:10.2f} s {killed:7} {completed:10} {equal:6}")
    return killed == completed == equal


def _killed(process: multiprocessing.Process, after_s: float) -> bool:
    """Whether the process was still running when it was killed with all that it started."""
    process.join(after_s)
    is_running = process.exitcode is None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.join()
    return is_running and process.exitcode == -signal.SIGKILL


def _forked(stage: Stage, folder: Path, port: int) -> multiprocessing.Process:
    """The stage at work in a folder, in a process group of its own, which is there when this returns."""
    context = multiprocessing.get_context("fork")
    begun = context.Event()

    def work() -> None:
        os.setsid()
        os.chdir(folder)
        said = os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w"), write_through=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w"), write_through=True)
        begun.set()
        stage.run(port)

    process = context.Process(target=work)
    process.start()
    begun.wait(_LIMIT_S)
    return process  # type: ignore[return-value]  # a process of the context is one


# ----------------------------------------------------------------------------------------------------
# The stages


def _tieup(*words: str) -> Callable[[int], None]:
    """A command of the program."""

    def run(port: int) -> None:
        tieup.cli([word.format(port=port) for word in words], prog_name="tieup")

    return run


def _extract(port: int) -> None:
    """As a shell does it: the file is made anew."""
    out = os.open("extractions.jsonl", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    _tieup("extract", "articles.jsonl")(port)


def _store(port: int) -> None:
    """Everything that a merge needs, each article in a transaction of its own."""
    with single_writer(Path("stored.db")), contextlib.closing(open_database(Path("stored.db"))) as db:
        sources = tuple(map(to_record, _reading.newsroom_sources(port)))
        load_reference(db, load_vocabularies(), _pipeline.load_gazetteer(), sources)
        with (
            Path("articles.jsonl").open("rb") as articles,
            Path("extractions.jsonl").open("rb") as extractions,
        ):
            for article, extraction in read_pairs(articles, extractions):
                store_article(db, article, extraction)


def _merge(port: int) -> None:
    path = Path("merged.db")
    if not path.exists():
        shutil.copy("stored.db", "draft.db")
        Path("draft.db").replace(path)
    with single_writer(path), contextlib.closing(open_database(path)) as db:
        merge(db)


def _articles(folder: Path) -> str:
    """Which texts a file of articles has; one that was written twice is the same article."""
    lines = (folder / "articles.jsonl").read_bytes().splitlines()
    articles = map(article_from_line, lines)
    return json.dumps(sorted({(article.canonical_url or "", article.content_sha256) for article in articles}))


def _content(name: str) -> Callable[[Path], str]:
    """The digest of a database, which must be sound."""

    def result(folder: Path) -> str:
        with contextlib.closing(open_database(folder / name, create=False)) as db:
            (sound,) = db.conn.execute("PRAGMA integrity_check").fetchone()
            (waiting,) = db.conn.execute("SELECT count(*) FROM extractions WHERE is_merged = 0").fetchone()
            found = digest(db)
            # The file by itself, so that it can be copied.
            db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return f"{sound} {waiting if name != 'stored.db' else ''} {found}"

    return result


_NEWSROOM = ("--newsroom-port", "{port}")
STAGES = (
    Stage("crawl", (), _tieup("crawl", "-o", "articles.jsonl", *_NEWSROOM), _articles),
    Stage(
        "extract",
        ("articles.jsonl",),
        _extract,
        lambda folder: (folder / "extractions.jsonl").read_text(encoding="utf-8"),
    ),
    Stage(
        "load",
        ("articles.jsonl", "extractions.jsonl"),
        _tieup("load", "articles.jsonl", "extractions.jsonl", "--db", "loaded.db"),
        _content("loaded.db"),
    ),
    Stage("store", ("articles.jsonl", "extractions.jsonl"), _store, _content("stored.db")),
    Stage("merge", ("stored.db",), _merge, _content("merged.db")),
    Stage(
        "backfill",
        ("pages.warc.gz",),
        _tieup("run", "--warc", "pages.warc.gz", "--db", "filled.db"),
        _content("filled.db"),
    ),
    Stage("run", (), _tieup("run", "--db", "run.db", *_NEWSROOM), _content("run.db")),
)


# ----------------------------------------------------------------------------------------------------
# What they work on


def _sample() -> tuple[SampleArticle, ...]:
    every = load_articles()
    return every[:: max(len(every) // ARTICLES, 1)][:ARTICLES]


def _use_sample() -> None:
    """A part of the newsroom and of the gazetteer, whose loading would take longer than all that is looked at."""
    articles, listed = _sample(), _reading.newsroom_sources
    companies = [company for company in load_gazetteer() if company.parent is None][:COMPANIES]
    _pipeline.load_gazetteer = lambda: tuple(companies)
    _reading.serve_newsroom = lambda port: serve_newsroom(port, articles)
    _reading.newsroom_sources = lambda *port: tuple(
        replace(source, assertions={}) for source in listed(*port)
    )


def _write_archive(path: Path) -> None:
    articles = _sample()
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(len(articles)):
            body = site.page(articles, number, 1)
            http = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            address = f"https://archive.example/2021/03/04/story-{number}"
            record = writer.create_warc_record(
                address, "response", payload=io.BytesIO(body), length=len(body), http_headers=http
            )
            writer.write_record(record)


@click.command()
@click.option("--times", default=100, show_default=True, help="Kills of each stage.")
@click.option(
    "--stage",
    "names",
    multiple=True,
    type=click.Choice([stage.name for stage in STAGES]),
    help="Only this stage; repeatable.",
)
@click.option("--seconds", type=click.FloatRange(1), help="End a stage after so long, with fewer kills.")
@click.option("--seed", default=1, show_default=True, help="Another seed kills at other moments.")
def main(times: int, names: tuple[str, ...], seconds: float | None, seed: int) -> None:
    """Print for each stage how often it was killed, and how often the next run completed it to an equal result."""
    python = f"Python {platform.python_version()}"
    click.echo(
        f"{date.today().isoformat()}, {platform.machine()}, {python}, {ARTICLES} articles, seed {seed}"
    )
    click.echo(f"{'stage':10} {'undisturbed':>12} {'killed':>7} {'completed':>10} {'equal':>6}")
    with serve_newsroom(0, []) as newsroom:
        port = newsroom.base_port  # free again when the stages serve there
    _use_sample()
    list(extract([]))  # loads the models, once for all stages
    with tempfile.TemporaryDirectory() as folder:
        done = Path(folder) / "undisturbed"
        done.mkdir()
        _write_archive(done / "pages.warc.gz")
        is_sound = True
        last = max(
            (number for number, stage in enumerate(STAGES) if stage.name in names), default=len(STAGES)
        )
        for stage in STAGES[: last + 1]:
            took = _undisturbed(stage, done, port)
            if not names or stage.name in names:
                end = time.monotonic() + (seconds or float("inf"))
                is_sound &= _kill_often(stage, done, Path(folder) / "killed", port, times, took, end, seed)
    if not is_sound:
        sys.exit(1)


if __name__ == "__main__":
    main()
