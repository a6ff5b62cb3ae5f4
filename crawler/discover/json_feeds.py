"""JSON Feed, version 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from typing import Any

from crawler.discover.links import ARTICLE, MAX_DATE, MAX_LINKS, Link, Listing, absolute, newest_day, plain
from crawler.parse.text import drop_control

_VERSION = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")


def is_json(body: bytes) -> bool:
    """Whether a body begins as a JSON object does: servers name many types for one."""
    return body[:100].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_json_feed(body: bytes, *, url: str) -> Listing:
    """The items of a JSON Feed that have an address, in its order."""
    try:
        feed = json.loads(body)
    except RecursionError:
        return Listing(problem="broken feed: JSON that is nested too deeply")
    except ValueError:
        return Listing(problem="broken feed: not JSON although it begins so")
    if not str(feed.get("version")).startswith(_VERSION):
        return Listing(problem="not a feed: JSON without the version of a JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list):
        return Listing(problem="broken feed: a JSON Feed without a list of items")
    read = [item for item in items[:MAX_LINKS] if isinstance(item, dict)]
    links = tuple(link for item in read if (link := _link(item, url)))
    days = (item.get(key) for item in read for key in ("date_published", "date_modified"))
    over = f"feed with {len(items):,} entries; the first {MAX_LINKS:,} were read"
    return Listing(links, over if len(items) > MAX_LINKS else None, newest_day(map(str, days)))


def _link(item: dict[str, Any], url: str) -> Link | None:
    named = _string(item.get("url")) or _string(item.get("external_url"))
    known = _string(item.get("id"))
    if not named and known.startswith(("http://", "https://")):
        named = known  # version 1.1 asks for the full address as id; some feeds give nothing else
    address = absolute(named, url) if named else None
    if address is None:
        return None
    summary = item.get("summary") or item.get("content_text") or item.get("content_html")
    modified = _string(item.get("date_modified"))[:MAX_DATE]
    return Link(ARTICLE, address, plain(_string(item.get("title"))), plain(_string(summary)), modified)


def _string(value: object) -> str:
    return drop_control(value[:20_000]).strip() if isinstance(value, str) else ""
