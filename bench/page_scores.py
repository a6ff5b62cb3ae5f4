"""What two readers make of pages, and how much of it is what a person reads there."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import trafilatura

from bench.page_expected import ExpectedPage, Fact
from crawler.pages import NotAnArticle, parse_page
from crawler.parse.text import fold, squeeze

FIELDS = ("title", "published", "authors")
OURS, THEIRS = "ours", "trafilatura (precision)"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader finds on a page; `facts` has all of FIELDS."""

    body: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that a reader found otherwise than a person did."""

    page: str
    field: str
    found: Fact
    expected: Fact


@dataclass(frozen=True, slots=True)
class Score:
    """Of one reader: precision and recall of bodies, means over the pages; by field, how many pages were to have it."""

    pages: int
    precision: float
    recall: float
    asked: Mapping[str, int]
    wrong: Sequence[Wrong]

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def right(self, field: str) -> int:
        return self.asked[field] - sum(one.field == field for one in self.wrong)


def score(read: Callable[[bytes, str | None], Reading], pages: Sequence[ExpectedPage]) -> Score:
    """Raises ZeroDivisionError without pages."""
    readings = [read(page.html, page.url) for page in pages]
    overlaps = [_overlap(one.body, page.body) for one, page in zip(readings, pages, strict=True)]
    precision, recall = (sum(one[at] for one in overlaps) / len(pages) for at in (0, 1))
    wrong = [
        Wrong(page.name, field, one.facts[field], page.facts[field])
        for one, page in zip(readings, pages, strict=True)
        for field in page.facts
        if _comparable(field, one.facts[field]) != _comparable(field, page.facts[field])
    ]
    asked = Counter(field for page in pages for field in page.facts)
    return Score(len(pages), precision, recall, asked, wrong)


def read_ours(page: bytes, url: str | None) -> Reading:
    with contextlib.suppress(NotAnArticle):
        article = parse_page(page, url=url)
        return Reading(
            article.article_body, _facts(article.headline, article.date_published, article.authors)
        )
    return Reading("", _facts(None, None, ()))


def read_theirs(page: bytes, url: str | None) -> Reading:
    """Its metadata is asked for by itself, for it is not to be lost where it finds too little text."""
    read = trafilatura.bare_extraction(page, url=url, favor_precision=True, with_metadata=True)
    found = trafilatura.extract_metadata(page, default_url=url)
    names = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return Reading(getattr(read, "text", None) or "", _facts(found.title, found.date, names))


def _facts(title: str | None, published: str | None, authors: Iterable[str]) -> Mapping[str, Fact]:
    return {"title": title or "", "published": published or "", "authors": tuple(authors)}


def _comparable(field: str, value: Fact) -> str | frozenset[str]:
    """Titles without their white space, dates to the day that is written, authors in any order and case."""
    if not isinstance(value, str):
        return frozenset(map(fold, value))
    return value[:10] if field == "published" else squeeze(value)


def _overlap(found: str, expected: str) -> tuple[float, float]:
    one, other = _shingles(found), _shingles(expected)
    same = (one & other).total()
    return same / one.total() if one else 0.0, same / other.total() if other else 1.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def lines_of(reader: str, own: Score, with_wrong: bool) -> Iterator[str]:
    facts = [f"{field} {own.right(field)} of {own.asked[field]}" for field in FIELDS if own.asked[field]]
    bodies = f"{own.pages} bodies, P {own.precision:.3f} R {own.recall:.3f} F1 {own.f1:.3f}"
    yield f"{reader}: {'; '.join((bodies, *facts))}"
    if with_wrong:
        for one in sorted(own.wrong, key=lambda one: FIELDS.index(one.field)):
            yield f"  {one.field} of {one.page}: {_shown(one.found)}, expected {_shown(one.expected)}"


def _shown(value: Fact) -> str:
    # As Python writes them: what comes from a page moves no cursor.
    return repr(value if isinstance(value, str) else list(value)) if value else "none"
