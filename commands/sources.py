"""The commands about sources: `sources` and what is below it."""

from __future__ import annotations

import contextlib
import shutil
import sys
from pathlib import Path

import click

from commands.options import (
    FILE_OR_NAME,
    contact_option,
    db_option,
    newsroom_option,
    sources_file_of,
    sources_option,
)
from commands.reading import chosen_sources
from commands.tell import counted
from crawler.newsroom.site import newsroom_sources
from crawler.progress import Progress
from crawler.source_lists import PUBLISHERS
from crawler.sources import load_sources
from db.store import open_database

_TABLE_WIDTH = 200
"""Characters of a table's line where it is not a terminal that shows it."""


@click.group(invoke_without_command=True)
@click.option(
    "--sources",
    "sources_file",
    callback=sources_file_of,
    metavar=FILE_OR_NAME,
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


@sources.command(name="check")
@sources_option
@newsroom_option
@contact_option
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
        chosen_sources(sources_file, newsroom_port) as (listed, allow_loopback),
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
@db_option
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
        f"{found.left_out} of {counted(len(found.pages), 'page')} left out at {found.threshold:g}", err=True
    )


@sources.command(name="stats")
@db_option
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


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
