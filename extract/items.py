"""The items of a round-up: runs of paragraphs that no company crosses, as of a digest of several short reports."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import groupby, pairwise

from extract.layout import SUBHEADING
from extract.sentences import HEADLINE_KIND, Sentence

# A round-up has at least so many items, and none that takes more than this share of its paragraphs.
LEAST_ITEMS = 4
LARGEST_ITEM = 0.35


def read_items(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The body's sentences by item."""
    body = [s for s in sentences if s.counts and s.kind != HEADLINE_KIND]
    paragraphs = [list(group) for _, group in groupby(body, key=lambda s: s.paragraph)]
    named = [frozenset(company for s in p for company in s.companies) for p in paragraphs]
    return [[s for p in paragraphs[start:end] for s in p] for start, end in runs(named)]


def round_up(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The items of a round-up that name two companies or more; nothing if the text is no round-up."""
    items = read_items(sentences)
    sizes = [len({s.paragraph for s in item}) for item in items]
    if not is_round_up(sizes):
        return []
    return [item for item in items if len({c for s in item for c in s.companies}) > 1]


def read_sections(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sections under subheadings that name two companies or more, where there are several; else nothing."""
    body = [s for s in sentences if s.counts and s.kind != HEADLINE_KIND]
    starts = [
        i for i, s in enumerate(body) if s.kind == SUBHEADING and (not i or body[i - 1].kind != SUBHEADING)
    ]
    sections = [body[start:end] for start, end in pairwise([*starts, len(body)])]
    named = [section for section in sections if len({c for s in section for c in s.companies}) > 1]
    return named if len(named) > 1 else []


def is_round_up(sizes: Sequence[int]) -> bool:
    """Whether a text whose items have so many paragraphs is a round-up: several items, none of them the main one."""
    return len(sizes) >= LEAST_ITEMS and max(sizes) <= LARGEST_ITEM * sum(sizes)


def runs(named: Sequence[Set[str]]) -> list[tuple[int, int]]:
    """Start and end of each run of paragraphs, given who is named in each: cut wherever nobody is named on both sides.

    A paragraph that names nobody belongs to the run before it.
    """
    last = {name: i for i, names in enumerate(named) for name in names}
    starts: list[int] = []
    until = -1
    for i, names in enumerate(named):
        if not starts or (i > until and names):
            starts.append(i)
        until = max([until, *(last[name] for name in names)])
    return list(pairwise([*starts, len(named)]))
