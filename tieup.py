"""Tieup's composition root: the one place that sees crawler, extract and db, and the commands.

What is slow to import (spaCy, Scrapy, Datasette) is imported by the command that needs it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

import click

from crawler.items import ArticleError, NewsArticle, Problem, article_from_json
from crawler.newsroom.server import NewsroomError, serve_newsroom
from crawler.newsroom.site import DEFAULT_BASE_PORT, newsroom_sources
from crawler.sources import Source, SourcesError, load_sources, to_record
from db.load import load_reference, store_article
from db.merge import merge
from db.runs import add_problem, finish_run, start_run
from db.store import DatabaseError, open_database, single_writer
from extract.gazetteer import load_gazetteer
from extract.model import Extraction, ExtractionError, extraction_from_json
from extract.vocabularies import load_vocabularies

# Every error whose message is meant for the person at the terminal: one line, exit code 2.
_PLAIN_ERRORS = (
    ArticleError,
    DatabaseError,
    ExtractionError,
    NewsroomError,
    SourcesError,
    ValueError,
    OSError,
)


# ---------------------------------------------------------------------------------------------------------------------
# The pipeline


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run read and made."""

    pages: int
    not_modified: int
    articles: int
    deals: int
    claims: int
    problems: int


def run_pipeline(
    path: Path, sources: Sequence[Source], *, allow_loopback: bool, contact: str | None = None
) -> Summary:
    """Crawl the sources, extract, load and merge: each article is stored with its extraction when it arrives."""
    from crawler.crawl import crawl
    from extract.pipeline import extract

    with single_writer(path), contextlib.closing(open_database(path)) as db:
        load_reference(db, load_vocabularies(), load_gazetteer(), map(to_record, sources))
        run = start_run(db, "run", _versions())
        progress = Progress("pages")

        def keep(article: NewsArticle) -> None:
            for extraction in extract([article]):
                store_article(db, article, extraction, run=run)

        def note(problem: Problem) -> None:
            add_problem(
                db, run, level=problem.level, source=problem.source, url=problem.url, message=problem.message
            )

        state, epoch = _state_folder(path), _epoch(db)
        try:
            with progress:
                report = crawl(
                    sources,
                    keep,
                    state_dir=state,
                    state_key=epoch,
                    on_problem=note,
                    allow_loopback=allow_loopback,
                    progress=progress.update,
                    contact=contact,
                )
            merge(db, run=run)
        except BaseException:
            finish_run(db, run, state="failed")
            raise
        finish_run(
            db,
            run,
            state="interrupted" if report.interrupted else "ok",
            pages=report.pages,
            articles=report.articles,
        )
        deals, claims, problems = (
            _count(db, sql) for sql in ("deals", "claims", f"problems WHERE run = '{run}'")
        )
        return Summary(report.pages, report.not_modified, report.articles, deals, claims, problems)


def _state_folder(path: Path) -> Path:
    return path.with_name(path.stem + ".state")


def _epoch(db: Any) -> str:
    return str(db.execute("SELECT stated FROM about WHERE key = 'epoch'").fetchone()[0])


def _count(db: Any, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _versions() -> dict[str, str]:
    from extract.version import PIPELINE_VERSION

    try:
        own = version("tieup")
    except PackageNotFoundError:
        own = "checkout"
    return {"tieup": own, "pipeline": PIPELINE_VERSION, "vocabularies": load_vocabularies().version}


class Progress:
    """A bar on a terminal, a plain line now and then elsewhere; always on standard error."""

    def __init__(self, unit: str, every: int = 50) -> None:
        self._unit, self._every, self._last = unit, every, 0
        self._is_terminal = sys.stderr.isatty()

    def update(self, done: int, waiting: int) -> None:
        """`done` are finished, `waiting` are known to come."""
        if self._is_terminal:
            width = 30
            filled = width * done // max(1, done + waiting)
            click.echo(
                f"\r  [{'#' * filled}{'-' * (width - filled)}] {done} {self._unit}, {waiting} waiting   ",
                nl=False,
                err=True,
            )
        elif done - self._last >= self._every:
            self._last = done
            click.echo(f"{done} {self._unit}, {waiting} waiting", err=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_terminal:
            click.echo("", err=True)


# ---------------------------------------------------------------------------------------------------------------------
# Commands


class _PlainErrors(click.Group):
    """Errors that a person can mend are one line and exit code 2; anything else is a bug and shows its traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except _PLAIN_ERRORS as error:
            if isinstance(error, ValueError) and type(error).__module__ == "builtins":
                raise
            click.echo(f"Error: {_one_line(error)}", err=True)
            ctx.exit(2)


def _one_line(error: BaseException) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())


@click.group(
    cls=_PlainErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="tieup", message="tieup %(version)s")
def cli() -> None:
    """Who partners with whom in retail: crawl news, extract deals, browse them.

    \b
    Example:
      tieup run && tieup serve
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s", stream=sys.stderr)


_db_option = click.option(
    "--db",
    "path",
    type=click.Path(path_type=Path),
    default="tieup.db",
    show_default=True,
    help="The knowledge base.",
)
_sources_option = click.option(
    "--sources",
    "sources_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A sources.yml; without it, the bundled sample newsroom.",
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
    help="Address or mail that the user agent names, for publishers who wonder (or TIEUP_CONTACT).",
)


@contextlib.contextmanager
def _chosen_sources(file: Path | None, newsroom_port: int) -> Iterator[tuple[tuple[Source, ...], bool]]:
    """The sources of a file, or the newsroom's while it is served; and whether they may be on loopback."""
    if file is not None:
        yield load_sources(file), False
    else:
        with serve_newsroom(newsroom_port):
            yield newsroom_sources(newsroom_port), True


@cli.command()
@_db_option
@_sources_option
@_newsroom_option
@_contact_option
@click.option("--serve/--no-serve", "then_serve", default=False, help="Serve the result afterwards.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port for --serve."
)
def run(
    path: Path,
    sources_file: Path | None,
    newsroom_port: int,
    contact: str | None,
    then_serve: bool,
    port: int,
) -> None:
    """Crawl, extract and load: the main job.

    \b
    Examples:
      tieup run                            the bundled sample newsroom
      tieup run --sources my.yml --db my.db
    """
    with _chosen_sources(sources_file, newsroom_port) as (sources, allow_loopback):
        summary = run_pipeline(path, sources, allow_loopback=allow_loopback, contact=contact)
    click.echo(
        f"{summary.pages} pages fetched ({summary.not_modified} not modified), {summary.articles} articles new or changed, "
        f"{summary.deals} deals, {summary.claims} claims, {summary.problems} problems"
    )
    if then_serve:
        # A fresh process: the server needs none of the memory that crawling and extracting took.
        os.execv(
            sys.executable,
            [sys.executable, str(Path(__file__)), "serve", "--db", str(path), "--port", str(port)],
        )


@cli.command()
@_sources_option
@_newsroom_option
@_contact_option
@click.option(
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="JSON lines; new articles are added.",
)
def crawl(sources_file: Path | None, newsroom_port: int, contact: str | None, output: Path) -> None:
    """Crawl only: articles as JSON lines.

    \b
    Example:
      tieup crawl -o articles.jsonl
    """
    from crawler.crawl import crawl as crawl_sources

    state, problems = _state_folder(output), Counter[str]()
    key = _output_key(output, state)

    def note(problem: Problem) -> None:
        problems[problem.level] += 1
        click.echo(f"{problem.level}: {problem.url or problem.source or ''}: {problem.message}", err=True)

    with (
        _chosen_sources(sources_file, newsroom_port) as (sources, allow_loopback),
        output.open("a", encoding="utf-8") as file,
    ):

        def keep(article: NewsArticle) -> None:
            file.write(_json_line(article.to_json()))
            file.flush()

        with Progress("pages") as progress:
            report = crawl_sources(
                sources,
                keep,
                state_dir=state,
                state_key=key,
                on_problem=note,
                allow_loopback=allow_loopback,
                progress=progress.update,
                contact=contact,
            )
    click.echo(
        f"{report.pages} pages fetched ({report.not_modified} not modified), {report.articles} articles, {report.problems} problems",
        err=True,
    )


def _output_key(output: Path, state: Path) -> str:
    """A key that lives as long as the output file: a file that was removed is crawled afresh."""
    note = state / "output-key"
    if output.exists() and output.stat().st_size and note.exists():
        return note.read_text(encoding="utf-8")
    state.mkdir(parents=True, exist_ok=True)
    key = uuid.uuid4().hex
    note.write_text(key, encoding="utf-8")
    return key


@cli.command()
@click.argument("file", type=click.File("rb"))
def extract(file: IO[bytes]) -> None:
    """Articles (JSON lines, FILE or -) to what they say, one line each.

    A line that is no article gives {"url": ..., "error": ...} in its place, and exit code 2 at the end.

    \b
    Example:
      echo '{"article_body": "Tesco and Ocado signed a deal on Monday."}' | tieup extract -
    """
    from extract.pipeline import extract as extract_articles

    failed = False
    for number, raw in enumerate(file, 1):
        if not raw.strip():
            continue
        url = None
        try:
            record = _read_json(raw)
            url = (
                record.get("url")
                if isinstance(record, Mapping) and isinstance(record.get("url"), str)
                else None
            )
            article = article_from_json(record)
            _refuse_unstorable(article)
            for extraction in extract_articles([article]):
                click.echo(_json_line(extraction.to_json()), nl=False)
        except ArticleError as error:
            failed = True
            click.echo(
                _json_line({"url": _storable_or_none(url), "error": f"line {number}: {error}"}), nl=False
            )
    if failed:
        sys.exit(2)


def _read_json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"no valid JSON ({_one_line(error)})") from error


def _refuse_unstorable(article: NewsArticle) -> None:
    """NUL ends a text in SQLite and a lone surrogate has no UTF-8: neither could re-read."""
    for text in (
        article.url or "",
        article.headline,
        article.article_body,
        *(b.text for b in article.blocks),
    ):
        if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
            raise ArticleError("the text has NUL or a lone surrogate; remove it first")


def _storable_or_none(url: str | None) -> str | None:
    return url if url is None or url.isprintable() else None


def _json_line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


@cli.command()
@click.argument("articles", type=click.File("r", encoding="utf-8"))
@click.argument("extractions", type=click.File("r", encoding="utf-8"))
@_db_option
def load(articles: IO[str], extractions: IO[str], path: Path) -> None:
    """Load articles and extractions (two JSON lines files, paired line by line), then merge.

    \b
    Example:
      tieup load articles.jsonl extractions.jsonl --db my.db
    """
    pairs = list(_pairs(articles, extractions))
    with single_writer(path), contextlib.closing(open_database(path)) as db:
        load_reference(db, load_vocabularies(), load_gazetteer(), _records_of(pairs))
        run = start_run(db, "load", _versions())
        counts = Counter(store_article(db, article, extraction, run=run) for article, extraction in pairs)
        report = merge(db, run=run)
        finish_run(db, run, state="ok", pages=0, articles=len(pairs))
    click.echo(
        f"{counts['new']} new, {counts['changed']} changed, {counts['unchanged']} unchanged articles; {report.deals} deals"
    )


def _pairs(articles: IO[str], extractions: IO[str]) -> Iterator[tuple[NewsArticle, Extraction]]:
    """The pairs of two files; refused as a whole if they do not fit, so that nothing is half loaded."""
    left = [line for line in articles if line.strip()]
    right = [line for line in extractions if line.strip()]
    if len(left) != len(right):
        raise ArticleError(
            f"{articles.name} has {len(left)} lines and {extractions.name} has {len(right)}; they must pair"
        )
    for number, (one, other) in enumerate(zip(left, right, strict=True), 1):
        record, stated = _read_json(one.encode()), _read_json(other.encode())
        if (
            isinstance(stated, Mapping)
            and "error" in stated
            or isinstance(record, Mapping)
            and "error" in record
        ):
            continue
        try:
            article, extraction = article_from_json(record), extraction_from_json(stated)
        except (ArticleError, ExtractionError) as error:
            raise ArticleError(f"line {number}: {error}") from error
        if article.url != extraction.url:
            raise ArticleError(
                f"line {number}: the article is {article.url} and the extraction {extraction.url}; they must pair"
            )
        if not (article.url or article.canonical_url):
            raise ArticleError(
                f"line {number}: an article without any address cannot be stored; give its url"
            )
        yield article, extraction


def _records_of(pairs: Iterable[tuple[NewsArticle, Extraction]]) -> list[Any]:
    """The bundled newsroom's sources, if an article names one of them; other sources' rows are made from the articles."""
    named = {article.source for article, _ in pairs}
    return [record for record in map(to_record, newsroom_sources(DEFAULT_BASE_PORT)) if record.id in named]


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
    from extract.pipeline import extract as extract_articles

    article = _parse_one(url_or_file, url)
    if not (article.url or article.canonical_url):
        raise ArticleError(f"{url_or_file}: the page gives no address; say it with --url")
    with single_writer(path), contextlib.closing(open_database(path)) as db:
        load_reference(db, load_vocabularies(), load_gazetteer(), [])
        run = start_run(db, "add", _versions())
        for extraction in extract_articles([article]):
            outcome = store_article(db, article, extraction, run=run)
            main = sum(deal.main for deal in extraction.deals)
        merge(db, run=run)
        finish_run(db, run, state="ok", pages=1, articles=1)
    click.echo(f"{outcome}: {article.headline} ({main} deals reported)")


@cli.command()
@click.argument("files_or_urls", nargs=-1, required=True)
@click.option("--url", help="The address of the one FILE.")
def parse(files_or_urls: tuple[str, ...], url: str | None) -> None:
    """HTML pages to articles, one JSON line each; no database.

    A page that is no article gives {"url": ..., "error": ...} in its place, and exit code 2 at the end.

    \b
    Example:
      tieup parse saved.html --url https://example.com/news/a-deal
    """
    if url is not None and (len(files_or_urls) > 1 or _is_url(files_or_urls[0])):
        raise click.UsageError("--url goes with one FILE only")
    failed = False
    for place in files_or_urls:
        try:
            click.echo(_json_line(_parse_one(place, url).to_json()), nl=False)
        except (ValueError, OSError) as error:
            failed = True
            click.echo(
                _json_line(
                    {
                        "url": url or (place if _is_url(place) else None),
                        "error": f"{place}: {_one_line(error)}" if not _is_url(place) else _one_line(error),
                    }
                ),
                nl=False,
            )
    if failed:
        sys.exit(2)


def _is_url(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


def _parse_one(place: str, url: str | None) -> NewsArticle:
    from crawler.fetch import fetch
    from crawler.pages import parse_page
    from db.clock import now

    if _is_url(place):
        page = fetch(place)
        return parse_page(page.body, url=page.url, content_type=page.content_type, retrieved_at=now())
    return parse_page(Path(place).read_bytes(), url=url, retrieved_at=now())


@cli.command()
@_db_option
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--cors", is_flag=True, help="Let other sites' pages read the JSON API.")
def serve(path: Path, port: int, cors: bool) -> None:
    """Serve the knowledge base on 127.0.0.1, and the sample newsroom beside it if that is what was read.

    \b
    Example:
      tieup serve --db my.db --port 8010
    """
    from db.serve import serve as serve_database

    with contextlib.ExitStack() as stack:
        base_port = _newsroom_port_of(path)
        if base_port is not None:
            stack.enter_context(serve_newsroom(base_port))
        serve_database(path, port=port, cors=cors)


def _newsroom_port_of(path: Path) -> int | None:
    """The newsroom's first port if the file's sources are on this machine: its links to the originals then work."""
    with contextlib.closing(open_database(path, create=False)) as db:
        domains = [
            row[0]
            for row in db.execute(
                "SELECT domain FROM sources WHERE domain LIKE '127.0.0.1:%' AND articles > 0"
            ).fetchall()
        ]
    ports = [int(domain.partition(":")[2]) for domain in domains]
    return min(ports) if ports else None


@cli.command(name="eval")
@click.option(
    "--db", "path", type=click.Path(path_type=Path), help="Also write the figures into this knowledge base."
)
@click.option("--write", is_flag=True, help="Write the report to eval/newsroom-report.md.")
def evaluate(path: Path | None, write: bool) -> None:
    """Score the whole pipeline, from HTML, against eval/newsroom.yml. Needs a checkout.

    \b
    Example:
      tieup eval
    """
    folder = Path(__file__).parent / "eval"
    if not (folder / "score.py").is_file():
        raise click.UsageError(
            "evaluation needs a checkout of the project: its gold is not in the installed package"
        )
    sys.path.insert(0, str(folder.parent))
    run_eval: Callable[..., None] = __import__("eval.score", fromlist=["main"]).main
    run_eval(path=path, write=write)


@cli.command()
@_sources_option
def sources(sources_file: Path | None) -> None:
    """Check a sources.yml and list what it names (default: the publishers that come with Tieup).

    \b
    Example:
      tieup sources --sources my.yml
    """
    listed = load_sources(sources_file) if sources_file else load_sources()
    for source in listed:
        routes = (
            f"{len(source.feeds)} feeds, {len(source.sitemaps)} sitemaps, {len(source.sections)} sections"
        )
        click.echo(
            f"{source.id:32} {source.domain:34} {source.country or '--':3} {source.kind or '':22} {routes}"
        )
    click.echo(f"{len(listed)} sources", err=True)


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


if __name__ == "__main__":
    cli(prog_name="tieup")
