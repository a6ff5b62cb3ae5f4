"""Crawl sources: the crawler's one entry point for whole runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from crawler.assertions import LatestFields, broken_assertions
from crawler.items import NewsArticle, Problem
from crawler.parse_pool import ParsePool
from crawler.process import claim_process, run_spider
from crawler.progress import OnProgress
from crawler.relevance import default_threshold
from crawler.session import Session
from crawler.sources import Source
from crawler.state import CrawlState


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """Counts of one crawl.

    `pages`: answers received, unchanged ones included; `not_modified`: pages unchanged since an earlier
    crawl; `articles`: handed to the sink; `problems`: reported; `interrupted`: stopped by Ctrl-C; `irrelevant`: left
    out unread; `broken`: those of the problems that are assertions of sources which do not hold.
    """

    pages: int
    not_modified: int
    articles: int
    problems: int
    interrupted: bool = False
    irrelevant: int = 0
    broken: tuple[Problem, ...] = ()


def crawl(
    sources: Iterable[Source],
    sink: Callable[[NewsArticle], Awaitable[None] | None],
    *,
    state_dir: Path,
    state_key: str,
    on_problem: Callable[[Problem], None],
    allow_loopback: bool = False,
    progress: OnProgress | None = None,
    contact: str | None = None,
    min_relevance: float | None = None,
) -> CrawlReport:
    """Fetch all new and changed articles of the sources and hand each to `sink`.

    `sink` returns when the article is kept; only then is the page's validator remembered in `state_dir`,
    under `state_key` (another key starts afresh). A sink that takes long gives an awaitable instead, so that fetching
    goes on; several may be waited for at a time. It raises NotKept (see crawler.items) for an article that it cannot
    keep, which is then not remembered. `progress` is told how far the crawl is after
    each request and article. `allow_loopback` lets the sources, and nothing else, be on this machine. Pages below
    `min_relevance` (0 to 1, see crawler.relevance; the default stands in relevance.yml) are not parsed. `contact`
    goes into the user agent, else the environment's TIEUP_CONTACT.

    Scrapy's reactor runs once in a process: a second call raises RuntimeError. What else the sink raises ends
    the crawl and is raised here; so is a StateError if the disk is full.
    """
    claim_process()
    by_id = {source.id: source for source in sources}
    fields = LatestFields(by_id.values(), state_dir, state_key)

    async def deliver(article: NewsArticle) -> None:
        keeping = sink(article)
        if keeping is not None:
            await keeping
        fields.add(article)

    with CrawlState(state_dir, state_key) as state:
        session = Session(
            by_id,
            deliver,
            state,
            on_problem,
            ParsePool(),
            progress=progress,
            min_relevance=default_threshold() if min_relevance is None else min_relevance,
        )
        interrupted = run_spider(
            "crawler.spiders.news.NewsSpider",
            by_id.values(),
            allow_loopback=allow_loopback,
            contact=contact,
            session=session,
        )
        if state.failure is None:
            fields.save()
    if failure := session.failure or state.failure:
        raise failure
    broken = () if interrupted else tuple(broken_assertions(by_id.values(), session.articles_of, fields))
    for problem in broken:
        on_problem(problem)
    counts = session.counts
    return CrawlReport(
        counts["pages"],
        counts["not_modified"],
        counts["articles"],
        counts["problems"] + len(broken),
        interrupted,
        counts["irrelevant"],
        broken,
    )
