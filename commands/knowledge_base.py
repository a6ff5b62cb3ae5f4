"""The commands about a knowledge base that is there: `serve`, `correct`, `coverage`, `digest` and `export`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from commands.options import db_option, path_type, port_option
from commands.tell import counted
from crawler.newsroom.server import NewsroomError, serve_newsroom
from crawler.newsroom.site import base_port_of
from db.merge import merge
from db.store import open_database, single_writer, transaction


@click.command()
@db_option
@port_option
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


@click.command()
@click.argument("deal")
@click.argument("fact")
@click.argument("value", required=False)
@click.option("--by", required=True, help="Who decides; the deal's page shows it.")
@click.option("--reason", required=True, help="Why, in a line; the deal's page shows it.")
@click.option("--withdraw", is_flag=True, help="Take back the correction of FACT; without VALUE.")
@db_option
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
        f"{deal}: {counted(report.changed, 'deal')} changed, {counted(report.deleted, 'deal')} taken out"
    )


@click.command()
@db_option
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


@click.command()
@db_option
def digest(path: Path) -> None:
    """The sha256 over the content of the knowledge base: equal content, equal sum.

    \b
    Example:
      tieup digest --db my.db
    """
    from db.digest import digest as content_digest

    with contextlib.closing(open_database(path, create=False)) as db:
        click.echo(content_digest(db))


@click.command()
@click.argument("target", type=path_type)
@db_option
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
