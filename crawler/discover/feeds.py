"""RSS (RDF included) and Atom feeds, and JSON Feed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import feedparser

from crawler.discover.hostile_xml import defines_entities
from crawler.discover.json_feeds import is_json, read_json_feed
from crawler.discover.links import ARTICLE, MAX_LINKS, Link, Listing, absolute, newest_day, plain
from crawler.parse.text import squeeze

SIZE_LIMIT = 4_000_000
_MAX_ENTRIES = 10_000
_MAX_TAGS = 200_000
_ENTRY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)\b", re.IGNORECASE)
_END_OF_ENTRY = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE)
_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_TAIL = 20_000


def read_feed(body: bytes, *, url: str) -> Listing:
    """The entries of a feed. Entities of its own are refused, since they can grow without end."""
    if len(body) > SIZE_LIMIT:
        return Listing(problem=f"feed larger than {SIZE_LIMIT // 1_000_000} MB")
    if is_json(body):
        return read_json_feed(body, url=url)
    if defines_entities(body):
        return Listing(problem="refused: a feed that defines entities of its own")
    # Without NUL bytes UTF-16 reads as ASCII.
    flat = body.replace(b"\x00", b"")
    # An empty entry is a few bytes as text and some kilobytes when parsed; a tag takes longer than a word.
    if (entries := sum(1 for _ in _ENTRY.finditer(flat))) > _MAX_ENTRIES:
        return Listing(problem=f"refused: a feed with {entries:,} entries")
    if (tags := body.count(b"<")) > _MAX_TAGS:
        return Listing(problem=f"refused: a feed with {tags:,} tags")
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    links = []
    for entry in parsed.entries[:MAX_LINKS]:
        named = str(entry.get("link") or "").strip()
        if named and (address := absolute(named, url)):
            links.append(
                Link(
                    ARTICLE,
                    address,
                    plain(str(entry.get("title") or "")),
                    plain(str(entry.get("summary") or "")),
                    _modified(entry),
                )
            )
    if not links and not parsed.get("version"):
        return Listing(problem="not a feed: neither RSS, Atom nor JSON Feed")
    newest = newest_day(day for entry in parsed.entries[:MAX_LINKS] for day in _days(entry))
    broken = parsed.get("bozo") and not isinstance(
        parsed.get("bozo_exception"), feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType
    )
    is_whole = (
        entries == len(parsed.entries) and len(links) == min(entries, MAX_LINKS) and _ends(flat, entries)
    )
    if broken and not is_whole:
        reason = squeeze(str(parsed.get("bozo_exception")))[:120]
        return Listing(tuple(links), f"broken feed ({reason}); {len(links)} entries could be read", newest)
    if len(parsed.entries) > MAX_LINKS:
        over = f"feed with {len(parsed.entries):,} entries; the first {MAX_LINKS:,} were read"
        return Listing(tuple(links), over, newest)
    return Listing(tuple(links), newest=newest)


def _ends(flat: bytes, entries: int) -> bool:
    """Whether all entries of a feed and the feed itself end.

    Then what spoils its XML, such as a space written &nbsp;, a bare "&" or an undeclared prefix, hid none of them.
    """
    ends = sum(1 for _ in _END_OF_ENTRY.finditer(flat))
    return ends == entries and _END.search(flat[-_TAIL:]) is not None


def _modified(entry: Any) -> str:
    moment = dict.get(entry, "updated_parsed")
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*moment[:6]) if moment else ""


def _days(entry: Any) -> Iterator[str]:
    for key in ("published_parsed", "updated_parsed"):
        # As a plain dict: feedparser's own lookup takes one date for the other, and warns.
        if moment := dict.get(entry, key):
            yield "{:04}-{:02}-{:02}".format(*moment[:3])
