"""Cuts annotated round-ups into their items, so that models learn to read each as a report of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from extract.items import is_round_up, runs
from extract.training.passages import DateMark, NameMark, Passage

Mark = TypeVar("Mark", NameMark, DateMark)
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")


def items_of(passage: Passage) -> Iterator[Passage]:
    """The items of a round-up that name two organisations or more, each as a passage without a headline.

    An item keeps the deals of which two parties are named in it; a passage that is no round-up has none.
    """
    paragraphs = [m.span() for m in _PARAGRAPH.finditer(passage.body)]
    body_names = [m for m in passage.names if m.part == "article_body"]
    named = [frozenset(m.name for m in body_names if start <= m.start < end) for start, end in paragraphs]
    cuts = runs(named)
    if not is_round_up([end - start for start, end in cuts]):
        return
    for start, end in cuts:
        if len(frozenset().union(*named[start:end])) > 1:
            yield _part(passage, paragraphs[start][0], paragraphs[end - 1][1])


def _part(passage: Passage, start: int, end: int) -> Passage:
    names, dates = _within(passage.names, start, end), _within(passage.dates, start, end)
    here = {m.name for m in names}
    roles = {name: pairs for name, pairs in passage.roles.items() if name in here}
    deals = tuple(
        deal
        for deal in passage.deals
        if sum(
            any(letter == deal.letter and role != "unit_of_party" for letter, role in pairs)
            for pairs in roles.values()
        )
        > 1
    )
    kept = {deal.letter for deal in deals}
    roles = {
        name: tuple(
            (letter, role) if letter is None or letter in kept else (None, "mentioned")
            for letter, role in pairs
        )
        for name, pairs in roles.items()
    }
    return replace(
        passage,
        headline="",
        body=passage.body[start:end],
        deals=deals,
        names=names,
        dates=dates,
        roles=roles,
    )


def _within(marks: Sequence[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """The marks of a stretch of the body, at their offsets in it."""
    return tuple(
        replace(m, start=m.start - start, end=m.end - start)
        for m in marks
        if m.part == "article_body" and start <= m.start < end
    )
