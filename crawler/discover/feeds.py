"""RSS and Atom feeds."""

from __future__ import annotations

import io
from urllib.parse import urljoin

import feedparser
from w3lib.html import remove_tags

from crawler.discover.links import ARTICLE, MAX_LINKS, Link, Listing
from crawler.parse.text import drop_control, squeeze

SIZE_LIMIT = 4_000_000
_TEXT_LIMIT = 500


def read_feed(body: bytes, *, url: str) -> Listing:
    """The entries of a feed. Entities of its own are refused, since they can grow without end."""
    if len(body) > SIZE_LIMIT:
        return Listing(problem=f"feed larger than {SIZE_LIMIT // 1_000_000} MB")
    if b"<!ENTITY" in body[:20_000].upper():
        return Listing(problem="refused: a feed that defines entities of its own")
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    links = []
    for entry in parsed.entries[:MAX_LINKS]:
        address = str(entry.get("link") or "").strip()
        if address:
            links.append(
                Link(ARTICLE, urljoin(url, address), _text(entry.get("title")), _text(entry.get("summary")))
            )
    if not links and not parsed.get("version"):
        return Listing(problem="broken feed: neither RSS nor Atom")
    broken = parsed.get("bozo") and not isinstance(
        parsed.get("bozo_exception"), feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType
    )
    if broken:
        reason = squeeze(str(parsed.get("bozo_exception")))[:120]
        return Listing(tuple(links), f"broken feed ({reason}); {len(links)} entries could be read")
    if len(parsed.entries) > MAX_LINKS:
        return Listing(
            tuple(links), f"feed with {len(parsed.entries):,} entries; the first {MAX_LINKS:,} were read"
        )
    return Listing(tuple(links))


def _text(value: object) -> str:
    return squeeze(remove_tags(drop_control(str(value or ""))))[:_TEXT_LIMIT]
