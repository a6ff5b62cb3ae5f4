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

ROUNDS = 5
ARTICLES = 100  # at least so many are read before memory is looked at
RELEVANT_EVERY = 10
T = TypeVar("T")


def main() -> None:
    """Print words per second of both on one core, their ratio, the time to load and the peak memory of 100 articles.

    The ratio is told of the sample newsroom, and of a mix in which one article in ten is of it; the rest is other news
    that the model of extract.topic was not fitted to, in articles as long.
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
    for article in [*articles, *articles][:ARTICLES]:
        extract_one(ours, article)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = installed_model()
    reference = spacy.load(name)
    own, theirs = _best(
        lambda: [extract_one(ours, a) for a in articles],
        lambda: list(reference.pipe(a.article_body for a in articles)),
    )
    python = f"Python {platform.python_version()}"
    click.echo(
        f"{date.today().isoformat()}, {platform.machine()}, {python}, one core, {len(articles)} articles"
    )
    click.echo(
        f"tieup {words / own:.0f} words/s, {name} {words / theirs:.0f} words/s, ratio {theirs / own:.2f}"
    )
    mix = list(_mixed(articles))
    own, theirs = _best(
        lambda: [extract_one(ours, a) for a in mix],
        lambda: list(reference.pipe(a.article_body for a in mix)),
    )
    click.echo(f"one article in {RELEVANT_EVERY} about retail, {len(mix)} articles: ratio {theirs / own:.2f}")
    click.echo(f"load {loading:.1f} s, first article {first:.1f} s, peak memory {memory:.0f} MB")


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    result = run()
    return result, time.perf_counter() - started


def _mixed(articles: Sequence[NewsArticle]) -> Iterator[NewsArticle]:
    """Other news, with an article of the newsroom before every nine; the texts are joined until they are as long."""
    _, texts = apart(other_news())
    least = sum(len(a.article_body.split()) for a in articles) / len(articles)
    others: list[NewsArticle] = []
    headline, joined = "", ""
    for number, text in enumerate(texts):
        first, _, body = text.partition("\n\n")
        headline, joined = headline or first, f"{joined}\n\n{body}".strip()
        if len(joined.split()) >= least:
            others.append(_article(f"other {number}", headline, joined))
            headline, joined = "", ""
    for number, other in enumerate(others):
        if number % (RELEVANT_EVERY - 1) == 0:
            yield articles[number // (RELEVANT_EVERY - 1)]
        yield other


def _article(key: str, headline: str, body: str) -> NewsArticle:
    return NewsArticle(
        url=f"bench:{key}",
        canonical_url=None,
        headline=headline,
        date_published="2020-01-01",
        article_body=body,
        content_sha256=content_sha256(headline, body, ()),
    )


def _best(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """The fastest of ROUNDS runs of two tasks by turns, in seconds: what else the machine does slows both alike."""
    times = [(_timed(one)[1], _timed(other)[1]) for _ in range(ROUNDS)]
    return min(t for t, _ in times), min(t for _, t in times)


if __name__ == "__main__":
    main()
