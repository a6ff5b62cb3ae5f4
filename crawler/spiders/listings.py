"""Listings that arrive in a spider: short ones are read at once, long ones beside fetching."""

from __future__ import annotations

from collections.abc import Callable

from scrapy.http import Response

from crawler.discover.links import Listing
from crawler.discover.listings import takes_long
from crawler.parse_pool import ParsePool
from crawler.parse_worker import ListingToRead, parse


async def read_listing(
    kind: str, response: Response, pool: ParsePool, is_wanted: Callable[[], bool]
) -> Listing:
    """What a feed, sitemap or section page leads to. Raises NotWanted as `ParsePool.parse` does."""
    content_type = response.headers.get("Content-Type")
    asked = ListingToRead(
        kind, response.body, response.url, content_type.decode("latin-1") if content_type else None
    )
    parsed = await pool.parse(asked, is_wanted) if takes_long(kind, response.body) else parse(asked)
    return parsed.listing or Listing(problem=f"parsing failed: {parsed.failed}")
