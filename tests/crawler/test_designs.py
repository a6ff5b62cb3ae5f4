"""Pages in the designs of many publishers, with texts of our own: each must be read as it was written.

A design's JSON holds the page's address and what a reader sees on it: title, authors, published, language, the
body's paragraphs in order, and texts that are on the page but not the article, by the kind of their block.
The body's F1 counts sequences of four words, as extraction benchmarks do.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.items import BODY_KINDS, NewsArticle
from crawler.pages import parse_page

DESIGNS = sorted(Path(__file__).with_name("designs").glob("*.html"))
NOTE = "Sample text, written for this project; all companies and persons are invented."


@cache
def read(page: Path) -> tuple[NewsArticle, dict[str, Any]]:
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    article = parse_page(page.read_bytes(), url=expected["url"], retrieved_at="2025-01-01T00:00:00+00:00")
    return article, expected


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))


def f1(found: str, wanted: str) -> float:
    one, other = shingles(found), shingles(wanted)
    return 2 * (one & other).total() / (one.total() + other.total())


def test_there_are_many_designs_and_each_says_what_it_is() -> None:
    assert len(DESIGNS) >= 40
    assert all(NOTE in page.read_text(encoding="utf-8") for page in DESIGNS)


@pytest.mark.parametrize("page", DESIGNS, ids=lambda path: path.stem)
def test_design(page: Path) -> None:
    article, expected = read(page)
    assert {
        "title": article.headline,
        "authors": list(article.authors),
        "published": article.date_published,
        "language": article.in_language,
        "is_accessible_for_free": article.is_accessible_for_free,
    } == {
        key: expected[key] for key in ("title", "authors", "published", "language", "is_accessible_for_free")
    }
    assert list(lines(article)) == expected["body"]
    for kind, texts in expected["aside"].items():
        for text in texts:
            assert any(text in block.text for block in article.blocks if block.kind == kind), (kind, text)
            assert text not in article.article_body
    assert NOTE not in article.article_body


def lines(article: NewsArticle) -> Iterator[str]:
    for block in article.blocks:
        if block.kind in BODY_KINDS:
            yield from block.text.split("\n")


def test_bodies_as_a_whole(capsys: pytest.CaptureFixture[str]) -> None:
    scores = []
    for page in DESIGNS:
        article, expected = read(page)
        scores.append(f1(article.article_body, "\n".join(expected["body"])))
    mean = sum(scores) / len(scores)
    with capsys.disabled():
        sys.stdout.write(f"\nbody F1 on {len(scores)} designs: {mean:.3f}\n")
    assert mean >= 0.99
