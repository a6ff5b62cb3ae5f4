"""What reads an address: kept with what is remembered of it, so that it is read anew once that is another."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from crawler.discover.links import ARTICLE
from crawler.sources import Source

PARSER_VERSION = 1
"""To be raised when pages are parsed in another way: unchanged pages are then read once more."""

LISTINGS_VERSION = 2
"""The same for feeds, sitemaps and section pages."""


def read_by(source: Source, kind: str) -> str:
    """A short fingerprint of what reads a page of a source, or a listing: `kind` is that of the link to it."""
    if kind != ARTICLE:
        return f"listing-{LISTINGS_VERSION}"
    return _digest(tuple(sorted(source.selectors.items())) if source.is_listed else ())


# Asked for several times for each page.
@lru_cache(maxsize=1024)
def _digest(selectors: tuple[tuple[str, str], ...]) -> str:
    return hashlib.sha256(json.dumps([PARSER_VERSION, selectors]).encode()).hexdigest()[:12]
