"""Crawl sources: the crawler's one entry point for whole runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from crawler.items import NewsArticle, Problem
from crawler.process import claim_process, run_spider
from crawler.relevance import default_threshold
from crawler.session import Session
from crawler.sources import Source
from crawler.state import CrawlState


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """Counts of one crawl.

    `pages`: answers received, unchanged ones included; `not_modified`: pages unchanged since an earlier
    crawl; `articles`: handed to the sink; `problems`: reported; `interrupted`: stopped by Ctrl-C; `irrelevant`: left
    out unread.
    """

    pages: int
    not_modified: int
    articles: int
    problems: int
    interrupted: bool = False
    irrelevant: int = 0


def crawl(
    sources: Iterable[Source],
    sink: Callable[[NewsArticle], None],
    *,
    state_dir: Path,
    state_key: str,
    on_problem: Callable[[Problem], None],
    allow_loopback: bool = False,
    progress: Callable[[int, int], None] | None = None,
    contact: str | None = None,
    min_relevance: float | None = None,
) -> CrawlReport:
    """Fetch all new and changed articles of the sources and hand each to `sink`.

    `sink` returns when the article is kept; only then is the page's validator remembered in `state_dir`,
    under `state_key` (another key starts afresh). `progress` is called with the numbers of requests done and
    waiting. `allow_loopback` lets the sources, and nothing else, be on this machine. Pages below
    `min_relevance` (0 to 1, see crawler.relevance; the default stands in relevance.yml) are not parsed. `contact`
    goes into the user agent, else the environment's TIEUP_CONTACT.

    Scrapy's reactor runs once in a process: a second call raises RuntimeError. What the sink raises ends the
    crawl and is raised here.
    """
    claim_process()
    by_id = {source.id: source for source in sources}
    with CrawlState(state_dir, state_key) as state:
        session = Session(
            by_id,
            sink,
            state,
            on_problem,
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
    if session.failure is not None:
        raise session.failure
    if not interrupted:
        _check_assertions(session)
    counts = session.counts
    return CrawlReport(
        counts["pages"],
        counts["not_modified"],
        counts["articles"],
        counts["problems"],
        interrupted,
        counts["irrelevant"],
    )


def _check_assertions(session: Session) -> None:
    for source in session.sources.values():
        found = session.articles_of[source.id]
        fewest, most = source.assertions.get("min_articles"), source.assertions.get("max_articles")
        if fewest is not None and found < fewest:
            message = f"{found} articles, at least {fewest} expected"
        elif most is not None and found > most:
            message = f"{found} articles, at most {most} expected"
        else:
            continue
        session.counts["problems"] += 1
        session.on_problem(Problem("warning", source.id, None, message))
