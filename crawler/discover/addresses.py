"""A list of addresses that somebody made: one a line, blank lines and lines that begin with # left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO
from urllib.parse import urlsplit

from crawler.canonical import canonical_url, host_of, same_article_key
from crawler.guard import RefusedAddress, check_url
from crawler.items import Problem
from crawler.process import loopback_netlocs
from crawler.sources import Source

MAX_ADDRESSES = 100_000
_MAX_LINE = 4_000
_SHOWN = 200


class AddressesError(ValueError):
    """A list that cannot be used at all; the message is one line: file, and what it must be."""


@dataclass(frozen=True, slots=True)
class AddressList:
    """Whose pages a list names, what was wrong in it, and how many of its lines name a page of an earlier line.

    Each of the `sources` has the addresses under `pages`, lists nothing itself and asserts nothing. A host that is no
    known source's has one of its own, which is not `is_listed`.
    """

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    repeated: int

    @property
    def pages(self) -> int:
        """How many different pages the list names."""
        return sum(len(source.pages) for source in self.sources)


def read_addresses(file: BinaryIO, *, name: str, known: Iterable[Source]) -> AddressList:
    """Read a list of addresses. A line that is none is a problem, with its number, and the others count.

    `known` are the sources whose pages may be among them. Raises AddressesError for a list that is no text, names more
    than MAX_ADDRESSES pages, or no page at all.
    """
    by_host = {host_of(source.domain): source for source in known}
    pages: dict[str, list[str]] = {}
    owners: dict[str, Source] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    repeated = number = 0
    while raw := file.readline(_MAX_LINE + 1):
        number += 1
        place = f"{name}, line {number}"
        if len(raw) > _MAX_LINE and not raw.endswith(b"\n"):
            _skip_line(file)
            problems.append(Problem("error", None, None, f"{place}: longer than {_MAX_LINE:,} bytes"))
            continue
        line = _text(raw, place).strip()
        if not line or line.startswith("#"):
            continue
        try:
            source = _owner(line, by_host)
        except RefusedAddress as error:
            problems.append(Problem("error", None, line[:_SHOWN], f"{place}: {error}"))
            continue
        if (key := same_article_key(line)) in seen:
            repeated += 1
            continue
        seen.add(key)
        if len(seen) > MAX_ADDRESSES:
            raise AddressesError(f"{name}: more than {MAX_ADDRESSES:,} addresses; split it")
        owners[source.id] = source
        pages.setdefault(source.id, []).append(canonical_url(line))
    if not seen:
        reason = f"; {problems[0].message}" if problems else ""
        raise AddressesError(f"{name}: names no page; it must have an http(s) address a line{reason}")
    listed = (
        replace(owners[id], feeds=(), sitemaps=(), sections=(), assertions={}, pages=tuple(named))
        for id, named in pages.items()
    )
    return AddressList(tuple(listed), tuple(problems), repeated)


def _owner(line: str, by_host: dict[str, Source]) -> Source:
    """The source at an address, or one that stands for its host. Raises RefusedAddress."""
    if not line.lower().startswith(("http://", "https://")):
        raise RefusedAddress("no address that begins with http:// or https://")
    if any(character.isspace() or not character.isprintable() for character in line):
        raise RefusedAddress("not one address and nothing else")
    try:
        parts = urlsplit(canonical_url(line))
    except ValueError:
        raise RefusedAddress("not a valid address") from None
    if (source := by_host.get(host_of(parts.netloc))) is not None:
        return source
    # What the guard can tell without asking a name server; a crawl checks each address again.
    check_url(line)
    if not parts.netloc:
        raise RefusedAddress("not a valid address")
    # No source of a file has such an id: a slug has no colon.
    id = f"host:{parts.netloc}"
    stranger = Source(name=parts.netloc, id=id, domain=parts.netloc, scheme=parts.scheme, is_listed=False)
    if loopback_netlocs([stranger]):
        raise RefusedAddress("refused: an address of this machine")
    return stranger


def _text(raw: bytes, place: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AddressesError(f"{place}: not UTF-8; a list of addresses is plain text") from None
    if "\x00" in text:
        raise AddressesError(f"{place}: not plain text but has NUL; a list of addresses has one a line")
    return text


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(1 << 16)) and not rest.endswith(b"\n"):
        pass
