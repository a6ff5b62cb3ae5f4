"""What is to be read: the sources, pages or archives that options name."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

import click

from commands.errors import shown
from commands.pipeline import Reading
from commands.tell import counted
from crawler.newsroom.server import serve_newsroom
from crawler.newsroom.site import newsroom_sources
from crawler.sources import Source, load_sources

if TYPE_CHECKING:
    from crawler.discover.addresses import AddressList


@contextlib.contextmanager
def chosen_sources(file: Path | None, newsroom_port: int) -> Iterator[tuple[tuple[Source, ...], bool]]:
    """The sources of a file, or the newsroom's while it is served; and whether they may be on loopback."""
    if file is not None:
        yield load_sources(file), False
    else:
        with serve_newsroom(newsroom_port):
            yield newsroom_sources(newsroom_port), True


@contextlib.contextmanager
def reading_of(
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
        with chosen_sources(sources_file, newsroom_port) as (sources, allow_loopback):
            yield Reading(sources, (), (), allow_loopback, contact, min_relevance)


@contextlib.contextmanager
def _named_pages(
    urls: BinaryIO, sources_file: Path | None, newsroom_port: int
) -> Iterator[tuple[AddressList, bool]]:
    """The pages of a list, and whether they may be on loopback: the newsroom's may, which is served then."""
    from crawler.discover.addresses import read_addresses

    newsroom = () if sources_file else newsroom_sources(newsroom_port)
    known = load_sources(sources_file) if sources_file else (*load_sources(), *newsroom)
    name = shown(getattr(urls, "name", "-"))
    listed = read_addresses(urls, name=name, known=known)
    click.echo(
        f"{name}: {counted(listed.pages, 'page')}, {listed.repeated} named again, "
        f"{counted(len(listed.problems), 'line')} without an address",
        err=True,
    )
    is_local = not {source.id for source in newsroom}.isdisjoint(source.id for source in listed.sources)
    with serve_newsroom(newsroom_port) if is_local else contextlib.nullcontext():
        yield listed, is_local


def source_of(address: str | None, own: Sequence[Source]) -> Source | None:
    """The source whose selectors help to read a page: one of `own`, if there are any, else one that we know."""
    if not own:
        return source_at(address) if address else None
    if len(own) == 1:
        # As in a crawl, where a feed may lead to another domain.
        return own[0]
    source = source_at(address, own) if address else None
    if source is None:
        place = f"is at {address[:200]}" if address else "is at no known address"
        raise click.UsageError(
            f"the page {place}, and the sources file has several sources, none of them there; "
            "say with --url where the page is, on the domain of its source"
        )
    return source


def source_at(address: str, known: Sequence[Source] = ()) -> Source | None:
    """The source on whose domain an address is; without any `known`, of the publishers that come with Tieup."""
    netloc = urlsplit(address).netloc.lower().removeprefix("www.")
    known = known or (*load_sources(), *newsroom_sources())
    return next((source for source in known if source.domain.removeprefix("www.") == netloc), None)
