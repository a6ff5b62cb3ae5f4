"""What a feed, sitemap or section page leads to, whichever it is."""

from __future__ import annotations

from crawler.discover.feeds import read_feed
from crawler.discover.links import FEED, SECTION, SITEMAP, Listing
from crawler.discover.sections import read_section
from crawler.discover.sitemaps import GZIP, read_sitemap

_LARGE = {FEED: 50_000, SITEMAP: 100_000, SECTION: 200_000}
"""Bytes that take up to 90 ms; a process that reads more beside the crawl takes longer than that to start."""


def read_listing(kind: str, body: bytes, *, url: str, content_type: str | None) -> Listing:
    """The links of a listing; `kind` is that of the link to it, `content_type` the HTTP header's value."""
    if kind == FEED:
        return read_feed(body, url=url)
    if kind == SITEMAP:
        return read_sitemap(body, url=url)
    return read_section(body, url=url, content_type=content_type)


def takes_long(kind: str, body: bytes) -> bool:
    """Whether reading a listing may hold up a crawl that waits for it; what is packed may be of any size."""
    return len(body) > _LARGE[kind] or body.startswith(GZIP)
