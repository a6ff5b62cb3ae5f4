"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from commands.errors import shown
from crawler.newsroom.site import DEFAULT_BASE_PORT
from crawler.source_lists import LISTS, NEWSROOM

FILE_OR_NAME = "FILE|NAME"
path_type = click.Path(path_type=Path)
db_option = click.option(
    "--db", "path", type=path_type, default="tieup.db", show_default=True, help="The knowledge base."
)


def sources_file_of(context: click.Context, option: click.Parameter, given: str | None) -> Path | None:
    """The file that --sources means, by its path or as a list that comes with Tieup; None is the sample newsroom."""
    if given is None or given == NEWSROOM:
        return None
    path = LISTS.get(given, Path(given))
    if not path.exists():
        names = ", ".join((NEWSROOM, *LISTS))
        raise click.BadParameter(f"{shown(given)}: no such file, and no list that comes with Tieup ({names})")
    return path


sources_option = click.option(
    "--sources",
    "sources_file",
    callback=sources_file_of,
    metavar=FILE_OR_NAME,
    help="A sources.yml, or a list that comes with Tieup: newsroom (the bundled sample, the default), publishers, "
    "or unchecked (addresses that nobody has checked). A file of such a name: ./publishers.",
)
newsroom_option = click.option(
    "--newsroom-port",
    type=click.IntRange(1, 65530),
    default=DEFAULT_BASE_PORT,
    show_default=True,
    help="First of the sample newsroom's five ports.",
)
contact_option = click.option(
    "--contact",
    help="Address or mail for publishers, named in the user agent (or TIEUP_CONTACT).",
)
relevance_option = click.option(
    "--relevance",
    "min_relevance",
    type=click.FloatRange(0, 1),
    metavar="SCORE",
    help="Leave out pages below this score (default: the threshold of crawler/relevance.yml, and none of the pages of "
    "--urls and --warc; 0: none).",
)
port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8001,
    show_default=True,
    help="Where to serve; 0 takes a free one.",
)
urls_option = click.option(
    "--urls",
    type=click.File("rb"),
    metavar="FILE",
    help="Fetch the pages that FILE (or -) lists, an address a line, # for comments; sources only say whose they are. "
    "A line that is no address is told with its number, the others are done, and the exit code is 2.",
)
warc_option = click.option(
    "--warc",
    "archives",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Read the web pages of a WARC archive and fetch nothing; --sources only says whose they are. Repeatable.",
)
strict_option = click.option(
    "--strict",
    is_flag=True,
    help="Exit 1 if an assertion of a source does not hold; what was read is stored all the same.",
)


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that reads what sources list, or the pages of a file or an archive."""
    options = (sources_option, urls_option, warc_option, newsroom_option, contact_option, relevance_option)
    for option in reversed((*options, strict_option)):
        command = option(command)
    return command
