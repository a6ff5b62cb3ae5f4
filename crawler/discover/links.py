"""What a listing (feed, sitemap, section page) leads to."""

from __future__ import annotations

from dataclasses import dataclass

FEED, SITEMAP, SECTION, ARTICLE = "feed", "sitemap", "section", "article"

MAX_LINKS = 1000


@dataclass(frozen=True, slots=True)
class Link:
    """An address, its kind (feed, sitemap, section, article) and what the listing says about it."""

    kind: str
    url: str
    headline: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The links of a listing, in its order, and what was wrong with it (null if nothing)."""

    links: tuple[Link, ...] = ()
    problem: str | None = None
