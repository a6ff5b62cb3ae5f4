"""Sitemaps, sitemap indexes and news sitemaps, plain or gzipped."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlsplit

from lxml import etree
from scrapy.utils.gz import gunzip

from crawler.discover.hostile_xml import defines_entities
from crawler.discover.links import (
    ARTICLE,
    MAX_DATE,
    MAX_LINKS,
    SITEMAP,
    Link,
    Listing,
    absolute,
    newest_day,
    plain,
)
from crawler.discover.listing_words import is_no_article, lists_no_articles

SIZE_LIMIT = 20_000_000
GZIP = b"\x1f\x8b"
"""What a gzipped file begins with."""
_MAX_CHILDREN = 50
_MAX_ENTRIES = 50_000
_ISO = re.compile(r"\d{4}(?!\d)", re.ASCII)
# A year alone counts as a folder or at the end of a sitemap's name: in a headline it may be any.
_DATE_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)"
    r"(?:[-/_]?(0[1-9]|1[0-2])(?:[-/_]?(0[1-9]|[12]\d|3[01]))?(?!\d)|(?=/|\.xml))",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_LATEST = re.compile(r"news|latest|recent", re.I)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A page or a sitemap; `headline` and `keywords` are those of a news sitemap, dates as they are written."""

    url: str
    modified: str
    published: str = ""
    headline: str = ""
    keywords: str = ""

    @property
    def date(self) -> str:
        """The date that it is ordered by, comparable as text; empty if there is none."""
        written = self.modified if _ISO.match(self.modified) else self.published
        if not _ISO.match(written):
            return ""
        try:
            moment = datetime.fromisoformat(written)
            return (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat()[:19]
        except (ValueError, OverflowError):
            return written

    @property
    def clue(self) -> tuple[bool, str, int]:
        """How new it may be by its address: its name, the date and the largest number in it."""
        parts = urlsplit(self.url)
        address = f"{parts.path}?{parts.query}"
        dated = _DATE_IN_ADDRESS.search(address)
        date = "-".join(part for part in dated.groups() if part) if dated else ""
        rest = address[: dated.start()] + address[dated.end() :] if dated else address
        number = max(map(int, _NUMBER.findall(rest)), default=-1)
        return bool(_LATEST.search(parts.path.rpartition("/")[2])), date, number


def read_sitemap(body: bytes, *, url: str) -> Listing:
    """The pages of a sitemap or the sitemaps of an index, the newest first.

    What can be no article by its address is left out, and so are sitemaps of categories, tags, authors and the like.
    """
    if body.startswith(GZIP):
        try:
            body = gunzip(body, max_size=SIZE_LIMIT)
        except (OSError, EOFError, ValueError):
            return Listing(
                problem=f"a gzipped sitemap that is broken or larger than {SIZE_LIMIT // 1_000_000} MB"
            )
        except Exception as error:  # Scrapy's own error for a bomb is private
            return Listing(problem=f"a gzipped sitemap that cannot be read: {type(error).__name__}")
    if len(body) > SIZE_LIMIT:
        return Listing(problem=f"sitemap larger than {SIZE_LIMIT // 1_000_000} MB")
    if defines_entities(body):
        return Listing(problem="refused: a sitemap that defines entities of its own")
    try:
        root, entries = _parse(body, url)
    except (etree.XMLSyntaxError, StopIteration):
        return Listing(problem="broken sitemap: not XML")
    if root not in ("urlset", "sitemapindex"):
        return Listing(problem=f"not a sitemap but <{root[:40]}>")
    is_index = root == "sitemapindex"
    limit = _MAX_CHILDREN if is_index else MAX_LINKS
    kind = SITEMAP if is_index else ARTICLE
    is_left_out = lists_no_articles if is_index else is_no_article
    # A news sitemap names articles and nothing else, wherever they stand.
    entries = [entry for entry in entries if entry.published or not is_left_out(entry.url)]
    entries.sort(key=lambda entry: (entry.date, entry.clue), reverse=True)
    links = tuple(
        Link(kind, entry.url, entry.headline, entry.keywords, entry.modified[:MAX_DATE])
        for entry in entries[:limit]
    )
    newest = newest_day(day for entry in entries for day in (entry.modified, entry.published))
    if len(entries) > limit:
        which = _which(entries[:limit], f"{limit:,}")
        return Listing(links, f"sitemap with {len(entries):,} entries; the {which} were read", newest)
    return Listing(links, newest=newest)


def _parse(body: bytes, url: str) -> tuple[str, list[_Entry]]:
    """The name of the first element and the entries in their order. Raises XMLSyntaxError or StopIteration."""
    # As Scrapy's Sitemap does, which does not look into the elements of a news sitemap.
    elements = etree.iterparse(
        io.BytesIO(body),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    root = _name(next(elements)[1])
    entries: list[_Entry] = []
    for event, element in elements:
        if event == "start" or _name(element) not in ("url", "sitemap"):
            continue
        if len(entries) < _MAX_ENTRIES and (entry := _entry(element, url)):
            entries.append(entry)
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
    return root, entries


def _entry(element: etree._Element, url: str) -> _Entry | None:
    said = _texts(element)
    address = absolute(said.get("loc", ""), url) if said.get("loc") else None
    if address is None:
        return None
    # Titles are often escaped twice, as in feeds.
    news = next((_texts(child) for child in element if _name(child) == "news"), {})
    return _Entry(
        address,
        said.get("lastmod", ""),
        news.get("publication_date", ""),
        plain(unescape(news.get("title", ""))),
        plain(unescape(news.get("keywords", ""))),
    )


def _texts(element: etree._Element) -> dict[str, str]:
    return {_name(child): (child.text or "").strip() for child in element}


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _which(read: Sequence[_Entry], number: str) -> str:
    """Which entries of more were read, in words."""
    if all(_ISO.match(entry.modified) for entry in read):
        return f"{number} last modified"
    if all(entry.date for entry in read):
        return f"{number} with the latest dates"
    if any(entry.date or entry.clue > (False, "", -1) for entry in read):
        return f"{number} that seem newest by dates and numbers in their addresses"
    return f"first {number}"
