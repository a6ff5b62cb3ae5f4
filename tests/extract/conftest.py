"""What tests of the extraction share: articles of our own, read by one pipeline, and a check of every span."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from crawler.items import Block, NewsArticle
from extract.model import Extraction
from extract.pipeline import extract

Read = Callable[..., Extraction]
ADDRESS = "https://example.com/story"


def _part(article: NewsArticle, name: str) -> str:
    if name.startswith("blocks/"):
        return article.blocks[int(name.removeprefix("blocks/"))].text
    return {"headline": article.headline, "article_body": article.article_body}[name]


def check_spans(article: NewsArticle, extraction: Extraction) -> None:
    """Every mention, date and claim must read in its part exactly as it is quoted."""
    spans = [(m.part, m.start_char, m.end_char, m.text) for c in extraction.companies for m in c.mentions]
    spans += [(d.part, d.start_char, d.end_char, d.text) for d in extraction.dates]
    claims = [c for deal in extraction.deals for c in deal.claims]
    assert {c.part for c in claims} <= {"headline", "article_body"}
    spans += [(c.part, c.start_char, c.end_char, c.quote) for c in claims]
    for part, start, end, text in spans:
        assert text
        assert _part(article, part)[start:end] == text


@pytest.fixture
def must_finish() -> Iterator[None]:
    """Fails a test that would run for minutes or for ever, instead of waiting for it."""

    def give_up(number: int, frame: FrameType | None) -> None:
        pytest.fail("it does not come to an end")

    # Of processor time: other work on the machine may take its own.
    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, 4)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="session")
def read() -> Read:
    """Reads one article given as text, and checks every span of what it gives.

    `extract` keeps its pipeline, so all tests of a process share one.
    """

    def run(
        body: str,
        headline: str = "",
        *,
        date: str | None = "2021-06-17",
        language: str | None = "en",
        is_free: bool | None = None,
        blocks: tuple[Block, ...] = (),
    ) -> Extraction:
        article = NewsArticle(
            url=ADDRESS,
            canonical_url=ADDRESS,
            headline=headline,
            article_body=body,
            date_published=date,
            in_language=language,
            is_accessible_for_free=is_free,
            blocks=blocks,
        )
        (extraction,) = extract([article])
        assert extraction.url == ADDRESS
        check_spans(article, extraction)
        return extraction

    return run
