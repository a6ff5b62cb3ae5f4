"""What a listing (feed, sitemap, section page) leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from w3lib.html import remove_tags

from crawler.parse.text import drop_control, squeeze

FEED, SITEMAP, SECTION, ARTICLE = "feed", "sitemap", "section", "article"

MAX_LINKS = 1000

MAX_ADDRESS = 4_000  # characters
MAX_DATE = 40

_TEXT_LIMIT = 500
_DAY = re.compile(r"\s*(\d{4}(?:-\d\d(?:-\d\d)?)?)(?![\d-])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """An address, its kind (feed, sitemap, section, article) and what the listing says about it.

    `modified` is when the listing says that it was last changed, as it writes it, empty if it does not.
    """

    kind: str
    url: str
    headline: str = ""
    summary: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The links of a listing, in its order, what was wrong with it, and the newest date that it gives.

    `newest` is a day, month or year as in ISO 8601; both are None if there is none.
    """

    links: tuple[Link, ...] = ()
    problem: str | None = None
    newest: str | None = None


def absolute(address: str, url: str) -> str | None:
    """The full address of what a listing at `url` names, or None for what is no address."""
    try:
        target = urljoin(url, address.strip())
        urlsplit(target)
    except ValueError:
        return None
    return target


def newest_day(dates: Iterable[str]) -> str | None:
    """The latest of dates as ISO 8601 writes them, without time of day; what is written otherwise is left out."""
    return max((match[1] for date in dates if (match := _DAY.match(date))), default=None)


def plain(markup: str) -> str:
    """A title or summary of a feed as one line of text without tags, as much as relevance is judged by."""
    return squeeze(remove_tags(drop_control(markup)))[:_TEXT_LIMIT]
