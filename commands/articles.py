"""The commands for single articles and files of them: `parse`, `extract`, `load` and `add`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import click

from commands.errors import described, is_plain, shown, stop
from commands.options import FILE_OR_NAME, db_option, sources_file_of
from commands.pipeline import extraction_of, writing
from commands.reading import source_at, source_of
from commands.tell import counted, print_line
from crawler.items import ArticleError, NewsArticle, article_from_line
from crawler.newsroom.site import base_port_of, newsroom_sources
from crawler.sources import Source, load_sources, to_record
from db.load import store_article
from db.merge import merge
from db.runs import add_problem, finish_run
from db.store import transaction

MAX_FILE_BYTES = 64_000_000
"""A line or page longer than this is refused."""


@click.command()
@click.argument("files_or_urls", nargs=-1, required=True)
@click.option("--url", help="The address of the one FILE.")
@click.option(
    "--sources",
    "sources_file",
    callback=sources_file_of,
    metavar=FILE_OR_NAME,
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
            print_line(_parsed(place, url, own).to_json())
        except (ValueError, OSError) as error:
            if isinstance(error, BrokenPipeError) or not is_plain(error):
                raise
            failed = True
            address = place if _is_url(place) else url
            print_line({"url": address, "error": described(error, with_type=False)})
    if failed:
        sys.exit(2)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--off-topic", is_flag=True, help="Read articles that are not about business in retail, too.")
def extract(file: BinaryIO, off_topic: bool) -> None:
    """Articles (JSON lines, FILE or -) to what they say, one line each.

    An article whose words say that it is about something else (sports, politics) gives empty lists.

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
            extraction, problem = extraction_of(article_from_line(raw), off_topic=off_topic)
            if problem is not None:
                raise ArticleError(problem.message)
            print_line(extraction.to_json())
        except ArticleError as error:
            failed = True
            print_line({"url": error.url, "error": f"line {number}: {error}"})
    if failed:
        sys.exit(2)


@click.command()
@click.argument("articles", type=click.File("rb"))
@click.argument("extractions", type=click.File("rb"))
@db_option
@click.option(
    "--sources",
    "sources_file",
    callback=sources_file_of,
    metavar=FILE_OR_NAME,
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
    with writing(path, "load", map(to_record, sources)) as (db, run):
        with transaction(db):
            counts = Counter(store_article(db, article, extraction, run=run) for article, extraction in pairs)
            report = merge(db, run=run)
        finish_run(db, run, state="ok", pages=0, articles=len(pairs))
    click.echo(
        f"{counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged articles; "
        f"{counted(report.deals, 'deal')}"
    )


@click.command()
@click.argument("url_or_file")
@click.option("--url", help="The address of a FILE's article.")
@db_option
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
        raise ArticleError(f"{shown(url_or_file)}: the page gives no address; say it with --url")
    source = source_at(address)
    with writing(path, "add", [to_record(source)] if source else []) as (db, run):
        extraction, problem = extraction_of(article)
        with transaction(db):
            if problem is not None:
                add_problem(db, run, level="error", source=None, url=article.url, message=problem.message)
            outcome = store_article(db, article, extraction, run=run)
            merge(db, run=run)
        finish_run(db, run, state="ok", pages=1, articles=1)
    reported = sum(deal.main for deal in extraction.deals)
    click.echo(f"{outcome}: {article.headline} ({counted(reported, 'deal')} reported)")
    if problem is not None:
        stop(problem.message)


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
            source = source_of(page.url, own)
            return parse_page(
                page.body, url=page.url, source=source, content_type=page.content_type, retrieved_at=now()
            )
        with Path(place).open("rb") as file:
            html = file.read(MAX_FILE_BYTES + 1)
        if len(html) > MAX_FILE_BYTES:
            raise NotAnArticle(f"larger than {MAX_FILE_BYTES // 1_000_000} MB")
        return parse_page(html, url=url, source=source_of(url, own), retrieved_at=now())
    except NotAnArticle as error:
        raise NotAnArticle(f"{shown(place)}: {error}") from None


def _is_url(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


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


def _newsroom_of(articles: Iterable[NewsArticle]) -> tuple[Source, ...]:
    """The sample newsroom's sources if articles are from there; others' rows are made from the articles."""
    port = base_port_of({a.source: urlsplit(a.url).netloc for a in articles if a.source and a.url})
    return newsroom_sources(port) if port else ()
