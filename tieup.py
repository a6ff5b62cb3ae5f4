"""Tieup's composition root: the program `tieup` with its commands, which `commands/` has.

Only `commands/` sees crawler, extract and db at once. What is slow to import (spaCy, Scrapy, Datasette) is imported by
the command that needs it.
"""

from __future__ import annotations

import logging

import click

from commands.articles import add, extract, load, parse
from commands.crawling import crawl, run, watch
from commands.errors import PlainErrors
from commands.evaluation import evaluate
from commands.knowledge_base import correct, coverage, digest, export, serve
from commands.sources import sources


@click.group(
    cls=PlainErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
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


for _command in (
    run,
    watch,
    crawl,
    extract,
    load,
    add,
    correct,
    parse,
    serve,
    evaluate,
    sources,
    coverage,
    digest,
    export,
):
    cli.add_command(_command)


if __name__ == "__main__":
    cli(prog_name="tieup")
