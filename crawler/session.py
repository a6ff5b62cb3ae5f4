"""What the parts of one crawl share: where articles and problems go, what was seen, what is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from crawler.canonical import same_article_key
from crawler.discover.links import ARTICLE, Link
from crawler.items import NewsArticle, Problem
from crawler.parse_pool import ParsePool
from crawler.progress import OnProgress, Reached, SourceReached
from crawler.sources import Source
from crawler.state import CrawlState, Remembered

MAX_ARTICLES = 3000
MAX_LISTINGS = 100
MAX_DEPTH = 5


# Asked for several times in a row for each page.
@lru_cache(maxsize=8192)
def _key(url: str) -> bytes:
    """What the addresses of one article share; small, for there are many."""
    return blake2b(same_article_key(url).encode("utf-8", "replace"), digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class Task:
    """Why an address is fetched: for which source, as what, how many listings deep.

    `home` is where the listing was that sources.yml names, after redirects: its site counts as the source's too.
    """

    source: Source
    link: Link
    depth: int = 0
    home: str | None = None


@dataclass(slots=True)
class Session:
    """The state of one crawl. Not thread-safe: Scrapy calls from one thread."""

    sources: Mapping[str, Source]
    sink: Callable[[NewsArticle], Awaitable[None]]
    state: CrawlState
    on_problem: Callable[[Problem], None]
    pool: ParsePool
    progress: OnProgress | None = None
    counts: Counter[str] = field(default_factory=Counter)
    articles_of: Counter[str] = field(default_factory=Counter)
    reached: dict[str, SourceReached] = field(default_factory=dict)
    failure: BaseException | None = None
    min_relevance: float = 0.0
    _left_out: set[bytes] = field(default_factory=set)
    _admitted: set[bytes] = field(default_factory=set)
    _resting: set[bytes] = field(default_factory=set)
    _pages_of: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _taken: set[bytes] = field(default_factory=set)
    _kept: set[bytes] = field(default_factory=set)
    _copies: dict[bytes, dict[str, Remembered]] = field(default_factory=dict)

    @property
    def is_failing(self) -> bool:
        """Whether the crawl is to end, since the receiver, or what it remembers by, does not work."""
        return self.failure is not None or self.state.failure is not None

    def report(self, level: str, task: Task | None, url: str | None, message: str) -> None:
        """Report a problem: `level` is error or warning."""
        self.counts["problems"] += 1
        if task is not None:
            self.reached_by(task.source.id).problems += 1
        self.on_problem(
            Problem(level, task.source.id if task else None, url, " ".join(message.split())[:500])
        )

    def admit(self, task: Task) -> bool:
        """Whether an address is to be fetched: not yet seen in any of its variants, and within the bounds."""
        key = _key(task.link.url)
        if key in self._admitted or task.depth > MAX_DEPTH:
            return False
        is_article = task.link.kind == ARTICLE
        limit = max(MAX_ARTICLES, len(task.source.pages)) if is_article else MAX_LISTINGS
        counter = (task.source.id, is_article)
        if self._pages_of[counter] >= limit:
            if self._pages_of[counter] == limit:
                self._pages_of[counter] += 1
                kind = "articles" if is_article else "feeds, sitemaps and section pages"
                self.report(
                    "warning", task, task.link.url, f"more than {limit:,} {kind}; the rest is left out"
                )
            return False
        self._pages_of[counter] += 1
        self._admitted.add(key)
        self.counts["queued"] += 1
        self.reached_by(task.source.id).known += 1
        return True

    def leave_out(self, task: Task) -> None:
        """A page is not relevant enough. It counts as one of its source's articles: the source is not silent."""
        key = _key(task.link.url)
        if key not in self._left_out:
            self._left_out.add(key)
            self.counts["irrelevant"] += 1
            self.articles_of[task.source.id] += 1

    def take_back(self, task: Task) -> None:
        """Another listing says that a page is relevant enough after all."""
        key = _key(task.link.url)
        if key in self._left_out:
            self._left_out.discard(key)
            self.counts["irrelevant"] -= 1
            self.articles_of[task.source.id] -= 1

    def is_admitted(self, task: Task) -> bool:
        """Whether a page is fetched in this run, by whichever listing."""
        return _key(task.link.url) in self._admitted

    def is_left_out(self, task: Task) -> bool:
        """Whether a page was found not relevant enough in this run, by whichever listing."""
        return _key(task.link.url) in self._left_out

    def rest(self, task: Task, known: Remembered) -> None:
        """A page is not asked for in this run. It counts as one of its source's articles, if it was one."""
        key = _key(task.link.url)
        if key not in self._resting and key not in self._admitted:
            self._resting.add(key)
            self.articles_of[task.source.id] += known.problem is None
            if known.canonical:
                self.keep(known.canonical)

    def note_fetched(self, url: str) -> None:
        """An address that a redirect led to counts as seen."""
        self._admitted.add(_key(url))

    def take(self, canonical: str) -> bool:
        """Whether an article has not come in this run yet, under whichever address; from now on it has."""
        key = _key(canonical)
        if key in self._taken:
            return False
        self._taken.add(key)
        return True

    def keep(self, canonical: str) -> None:
        """An article is kept, now or since an earlier run: its other addresses may be remembered."""
        key = _key(canonical)
        self._taken.add(key)
        self._kept.add(key)
        for url, remembered in self._copies.pop(key, {}).items():
            self.state.remember(url, remembered)

    def give_back(self, canonical: str) -> None:
        """An article was not kept: another address of it may bring it."""
        key = _key(canonical)
        self._taken.discard(key)
        self._copies.pop(key, None)

    def remember_copy(self, canonical: str, url: str, remembered: Remembered) -> None:
        """Remember another address of an article once the article is kept, and never if it is not."""
        key = _key(canonical)
        if key in self._kept:
            self.state.remember(url, remembered)
        else:
            self._copies.setdefault(key, {})[url] = remembered

    def finish(self, task: Task) -> None:
        """One request is done, however it ended."""
        self.counts["done"] += 1
        self.reached_by(task.source.id).done += 1
        self.tell()

    def count_article(self, source: str) -> None:
        """An article of a source (id) was handed on."""
        self.counts["articles"] += 1
        self.articles_of[source] += 1
        self.reached_by(source).articles += 1
        self.tell()

    def reached_by(self, source: str) -> SourceReached:
        """How far a source (id) is."""
        return self.reached.setdefault(source, SourceReached())

    def tell(self) -> None:
        """Tell whoever watches how far the crawl is."""
        if self.progress is not None:
            counts = self.counts
            waiting = counts["queued"] - counts["done"]
            self.progress(
                Reached(
                    counts["done"],
                    waiting,
                    counts["articles"],
                    counts["irrelevant"],
                    counts["problems"],
                    self.reached,
                )
            )


def session_of(crawler: Any) -> Session:
    """The session of a running Scrapy crawler: its spider carries it."""
    session: Session = crawler.spider.session
    return session


def is_running(crawler: Any) -> bool:
    """Whether a Scrapy crawler goes on: neither Ctrl-C nor anything else has stopped it."""
    return crawler.engine is not None and bool(crawler.engine.running)
