"""Times the whole extraction against all of en_core_web_sm on the sample newsroom: `make bench`."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeVar

import click
import spacy

from crawler.items import NewsArticle, content_sha256
from crawler.newsroom.articles import load_articles
from extract.pipeline import extract_one, installed_model, load_pipeline
from extract.training.topic import apart, other_news

ROUNDS = 2
ARTICLES = 100  # at least so many are read before memory is looked at
RELEVANT_EVERY = 10
T = TypeVar("T")


def main() -> None:
    """Print words per second of both on one core, their ratio, the time to load and the peak memory of 100 articles.

    The ratio is told of the sample newsroom, and of a mix in which one article in ten is of it; the rest is other news
    that the model of extract.topic was not fitted to.
    """
    if (
        os.environ.get("OPENBLAS_NUM_THREADS") != "1"
    ):  # NumPy reads it when it is imported: begin again with it
        os.environ["OPENBLAS_NUM_THREADS"] = "1"
        os.execv(sys.executable, [sys.executable, "-m", "bench.extract"])
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    articles = [_article(a.key, a.headline, a.body) for a in load_articles()]
    words = sum(len(a.article_body.split()) for a in articles)
    ours, loading = _timed(load_pipeline)
    _, first = _timed(lambda: extract_one(ours, articles[0]))
    own = _best(lambda: [extract_one(ours, a) for a in articles])
    for article in articles[: max(0, ARTICLES - len(articles))]:
        extract_one(ours, article)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = installed_model()
    reference = spacy.load(name)
    theirs = _best(lambda: list(reference.pipe(a.article_body for a in articles)))
    python = f"Python {platform.python_version()}"
    click.echo(
        f"{date.today().isoformat()}, {platform.machine()}, {python}, one core, {len(articles)} articles"
    )
    click.echo(
        f"tieup {words / own:.0f} words/s, {name} {words / theirs:.0f} words/s, ratio {theirs / own:.2f}"
    )
    mix = list(_mixed(articles))
    own, theirs = (
        _best(lambda: [extract_one(ours, a) for a in mix]),
        _best(lambda: list(reference.pipe(a.article_body for a in mix))),
    )
    click.echo(f"one article in {RELEVANT_EVERY} about retail, {len(mix)} articles: ratio {theirs / own:.2f}")
    click.echo(f"load {loading:.1f} s, first article {first:.1f} s, peak memory {memory:.0f} MB")


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    result = run()
    return result, time.perf_counter() - started


def _mixed(articles: Sequence[NewsArticle]) -> Iterator[NewsArticle]:
    """Other news, with an article of the newsroom before every nine."""
    _, others = apart(other_news())
    for number, text in enumerate(others):
        if number % (RELEVANT_EVERY - 1) == 0:
            yield articles[number // (RELEVANT_EVERY - 1)]
        headline, _, body = text.partition("\n\n")
        yield _article(f"other {number}", headline, body)


def _article(key: str, headline: str, body: str) -> NewsArticle:
    return NewsArticle(
        url=f"bench:{key}",
        canonical_url=None,
        headline=headline,
        date_published="2020-01-01",
        article_body=body,
        content_sha256=content_sha256(headline, body, ()),
    )


def _best(run: Callable[[], object]) -> float:
    """The faster of ROUNDS runs, in seconds."""
    return min(_timed(run)[1] for _ in range(ROUNDS))


if __name__ == "__main__":
    main()
