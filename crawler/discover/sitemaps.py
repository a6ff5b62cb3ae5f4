"""Sitemaps, sitemap indexes and news sitemaps, plain or gzipped."""

from __future__ import annotations

import re

from lxml import etree
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap

from crawler.discover.hostile_xml import defines_entities
from crawler.discover.links import ARTICLE, MAX_LINKS, SITEMAP, Link, Listing, absolute, newest_day

SIZE_LIMIT = 20_000_000
_MAX_CHILDREN = 50
# Scrapy's reader does not look into the elements of a news sitemap.
_NEWS_DATE = re.compile(rb"<(?:\w{1,20}:)?publication_date>\s{0,20}([0-9T:-]{4,19})")


def read_sitemap(body: bytes, *, url: str) -> Listing:
    """The pages of a sitemap or the sitemaps of an index, the last modified first."""
    if body[:2] == b"\x1f\x8b":
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
        sitemap = Sitemap(body)
        if sitemap.type not in ("urlset", "sitemapindex"):
            return Listing(problem=f"not a sitemap but <{sitemap.type[:40]}>")
        entries = [entry for entry, _ in zip(sitemap, range(50_000), strict=False) if entry.get("loc")]
    except (etree.XMLSyntaxError, StopIteration):
        return Listing(problem="broken sitemap: not XML")
    entries.sort(key=lambda entry: str(entry.get("lastmod") or ""), reverse=True)
    is_index = sitemap.type == "sitemapindex"
    limit = _MAX_CHILDREN if is_index else MAX_LINKS
    kind = SITEMAP if is_index else ARTICLE
    dates = [str(entry.get("lastmod") or "") for entry in entries]
    newest = newest_day([*dates, *(found.decode() for found in _NEWS_DATE.findall(body))])
    named = (absolute(str(entry["loc"]), url) for entry in entries[:limit])
    links = tuple(Link(kind, address) for address in named if address)
    if len(entries) > limit:
        over = f"sitemap with {len(entries):,} entries; the {limit:,} last modified were read"
        return Listing(links, over, newest)
    return Listing(links, newest=newest)
