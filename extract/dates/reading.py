"""What a date expression was read as, before it is placed in its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extract.dates.periods import Anchor, Period
from extract.dates.tense import Tense, tense_around

TenseOf = Callable[[int, int], Tense | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """Text[start:end] read as `period`; None where the reading needs an anchor and there is none.

    `month_day` is the month (and day, or 0) of an expression without a year, which a range may still supply. `step`
    gives the period from that of the date before it in the text ("a day later"), which `base` names once it is known.
    """

    start: int
    end: int
    period: Period | None
    precision: str
    is_relative: bool = False
    month_day: tuple[int, int] | None = None
    step: Callable[[Period], Period | None] | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The text that is read, the day it was published, and who may know whether a stretch speaks of past or future."""

    text: str
    anchor: Anchor | None
    opinion: TenseOf | None = None

    def tense(self, start: int, end: int) -> Tense | None:
        said = self.opinion(start, end) if self.opinion else None
        return said or tense_around(self.text, start, end)

    def before(self, start: int, length: int = 24) -> str:
        """The characters before `start` on the same line."""
        return self.text[max(0, start - length) : start].rpartition("\n")[2]

    def after(self, end: int, length: int = 24) -> str:
        return self.text[end : end + length].partition("\n")[0]


Reader = Callable[[re.Match[str], Context], Iterable[Reading]]


def absolute(match: re.Match[str], period: Period) -> Reading:
    return Reading(match.start(), match.end(), period, period.precision)


def relative(match: re.Match[str], period: Period | None, precision: str) -> Reading:
    """A reading that counts from the anchor; its precision is known even where the period is not."""
    return Reading(
        match.start(), match.end(), period, period.precision if period else precision, is_relative=True
    )
