"""Times the whole extraction against all of en_core_web_sm on the sample newsroom: `make bench`."""

from __future__ import annotations

import platform
import resource
import time
from collections.abc import Callable
from datetime import date

import click
import spacy

from crawler.items import NewsArticle, content_sha256
from crawler.newsroom.articles import load_articles
from extract.pipeline import extract_one, installed_model, load_pipeline

ROUNDS = 2


def main() -> None:
    """Print words per second of both on one core, their ratio, the time to load and the peak memory."""
    articles = [_article(a.key, a.headline, a.body) for a in load_articles()]
    words = sum(len(a.article_body.split()) for a in articles)
    started = time.perf_counter()
    ours = load_pipeline()
    extract_one(ours, articles[0])
    loading = time.perf_counter() - started
    name = installed_model()
    reference = spacy.load(name)
    own = _best(lambda: [extract_one(ours, a) for a in articles])
    theirs = _best(lambda: list(reference.pipe(a.article_body for a in articles)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    python = f"Python {platform.python_version()}"
    click.echo(f"{date.today().isoformat()}, {platform.machine()}, {python}, {len(articles)} articles")
    click.echo(
        f"tieup {words / own:.0f} words/s, {name} {words / theirs:.0f} words/s, ratio {theirs / own:.2f}"
    )
    click.echo(f"load and first article {loading:.1f} s, peak memory of both {memory:.0f} MB")


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
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
