"""What a source asserts of its articles in sources.yml, and whether a crawl found it so.

Numbers of articles are judged by one crawl. Shares of fields ("nine of ten have a date") are judged by the source's
latest articles, whichever crawls brought them, since an hourly crawl brings one or two and would say nothing.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crawler.items import NewsArticle, Problem
from crawler.sources import SHARES, Source

WINDOW = 100
"""So many of a source's latest new or changed articles are judged."""

_FILE = "latest-fields.json"
_HAS: Mapping[str, Callable[[NewsArticle], object]] = {
    "min_with_date": lambda article: article.date_published,
    "min_with_author": lambda article: article.authors,
    "min_with_standfirst": lambda article: article.standfirst,
    "min_with_section": lambda article: article.section,
    "min_with_language": lambda article: article.in_language,
}


class LatestFields:
    """Which fields the latest articles of each source have, as far as it asserts a share of them.

    They are kept in `folder` between crawls under `key`; another key starts afresh.
    """

    def __init__(self, sources: Iterable[Source], folder: Path, key: str) -> None:
        self._path = folder / _FILE
        self._key = key
        self._asserted = {
            source.id: {name: share for name, share in source.assertions.items() if name in SHARES}
            for source in sources
        }
        known = _read(self._path, key)
        self._latest = {
            id: deque(known.get(id, ()), WINDOW) for id, shares in self._asserted.items() if shares
        }
        self._has_new: set[str] = set()

    def add(self, article: NewsArticle) -> None:
        """Count an article that was handed on."""
        if (latest := self._latest.get(article.source or "")) is not None:
            latest.append([name for name in SHARES if _HAS[name](article)])
            self._has_new.add(article.source or "")

    def save(self) -> None:
        """Write what was counted, for the next crawl."""
        if not self._has_new:
            return
        record = {"key": self._key, "latest": {id: list(latest) for id, latest in self._latest.items()}}
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(record), encoding="utf-8")
        fresh.replace(self._path)

    def broken(self, source: Source) -> Iterator[str]:
        """What is less than the source asserts, if this crawl brought articles of it: one message a field."""
        if source.id not in self._has_new:
            return
        latest = self._latest[source.id]
        for name, least in self._asserted[source.id].items():
            having = sum(name in fields for fields in latest)
            if having < least * len(latest):
                field = name.removeprefix("min_with_")
                yield f"with {field}: {having} of the latest {len(latest)} articles, at least {least:.0%} expected"


def broken_assertions(
    sources: Iterable[Source], articles_of: Mapping[str, int], fields: LatestFields
) -> Iterator[Problem]:
    """An error for each assertion that does not hold; `articles_of` are the articles that the crawl found."""
    for source in sources:
        found = articles_of[source.id]
        fewest, most = source.assertions.get("min_articles"), source.assertions.get("max_articles")
        messages = [*fields.broken(source)]
        if fewest is not None and found < fewest:
            messages.insert(0, f"{found} articles, at least {fewest} expected")
        elif most is not None and found > most:
            messages.insert(0, f"{found} articles, at most {most} expected")
        for message in messages:
            yield Problem("error", source.id, None, message)


def _read(path: Path, key: str) -> dict[str, list[list[str]]]:
    """What an earlier crawl kept, as far as it is readable; it is no loss if it is not."""
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict) or record.get("key") != key or not isinstance(record.get("latest"), dict):
        return {}
    return {
        id: [[str(name) for name in fields] for fields in latest if isinstance(fields, list)]
        for id, latest in record["latest"].items()
        if isinstance(latest, list)
    }
