"""Finding the date expressions of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from extract.dates import campaigns, days, months, periods, sequence, spans, years
from extract.dates.periods import Anchor, Period, parse_anchor
from extract.dates.reading import Context, Reading, TenseOf
from extract.dates.words import ORDINALS
from extract.rule_index import RuleIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class DateExpression:
    """A date expression: `text` is the text's [start_char:end_char].

    `edtf` names the period; `earliest` and `latest` are its first and last day, closer where the words narrow
    it. `precision` is day, month, quarter, season or year. `anchor` is the date that a relative expression is
    read against; "a day later" is read against the date before it in the text. A relative
    expression without an anchor has edtf, earliest, latest and anchor None.
    """

    start_char: int
    end_char: int
    text: str
    edtf: str | None
    earliest: str | None
    latest: str | None
    precision: str
    anchor: str | None
    is_relative: bool


def find_dates(text: str, anchor: str | None = None, tense: TenseOf | None = None) -> list[DateExpression]:
    """All date expressions of a text, in order, none overlapping.

    `anchor` is the publication date (an ISO day, date-time, year-month or year, or None): what relative words
    count from. An anchor that is none of these counts as None. `tense` may say of characters whether the date in them
    lies in the past or the future; where it says nothing, the words around them decide.
    """
    at = Context(text, parse_anchor(anchor), tense)
    readings = [_extended(reading, at) for reading in _longest(_readings(at), len(text))]
    readings = sequence.resolved(_with_range_years(readings, at), at)
    return [_expression(reading, at) for reading in readings]


_READERS = (
    *days.READERS,
    *campaigns.READERS,
    *months.READERS,
    *spans.READERS,
    *years.READERS,
    *sequence.READERS,
)


@lru_cache(maxsize=1)
def _index() -> RuleIndex:
    return RuleIndex([pattern for pattern, _ in _READERS])


def _readings(at: Context) -> Iterator[Reading]:
    for number in _index().candidates(at.text):
        pattern, read = _READERS[number]
        for match in pattern.finditer(at.text):
            yield from read(match, at)


def _longest(readings: Iterator[Reading], length: int) -> list[Reading]:
    """Of readings that overlap, the longest; of two as long, the one whose reader comes first."""
    taken = bytearray(length)
    kept = []
    for reading in sorted(readings, key=lambda r: r.start - r.end):
        if not any(taken[reading.start : reading.end]):
            taken[reading.start : reading.end] = b"\1" * (reading.end - reading.start)
            kept.append(reading)
    return sorted(kept, key=lambda r: r.start)


_PART = re.compile(
    r"\b(?:(?:the\s)?(?:very\s)?(?P<edge>end|close|beginning|start|middle)\sof\s(?:the\s)?|(?P<short>end|mid)-"
    r"|(?:the\s)?(?P<week>first|second|third|fourth|last|final)\sweek\sof\s(?:the\s)?"
    r"|(?P<part>early|mid|late|earlier|later)(?:\son)?(?:\sin)?\s(?:the\s)?|(?P<hyphen>early|late)-)$",
    re.IGNORECASE,
)
_FIRST_THIRD = ("early", "earlier", "beginning", "start")
_LAST_THIRD = ("late", "later", "end", "close")
_UP_TO = re.compile(r"\b(?:by|before|until|till)\s(?:the\s)?$", re.IGNORECASE)


def _extended(reading: Reading, at: Context) -> Reading:
    """Take in the words before a period that narrow it ("early 2021", "the end of March")."""
    if reading.step is not None:
        return reading
    if reading.precision == "day":
        return sequence.from_day(reading, at)
    match = _PART.search(at.text, max(0, reading.start - 26), reading.start)
    if match is None:
        return reading
    word = next(group for group in match.groups() if group).lower()
    period = reading.period
    if period is not None:
        by = word in ("end", "close") and _UP_TO.search(at.text, max(0, match.start() - 12), match.start())
        if match["week"]:
            period = _week_of(period, word)
        else:
            period = _up_to(period, at.anchor) if by else _part_of(period, word, at.anchor)
    is_relative = reading.is_relative or word in ("earlier", "later")
    return replace(reading, start=match.start(), period=period, is_relative=is_relative, month_day=None)


def _up_to(period: Period, anchor: Anchor | None) -> Period:
    return period.narrowed(first=anchor.first) if anchor else period


def _part_of(period: Period, word: str, anchor: Anchor | None) -> Period:
    if anchor and word == "earlier" and period.first <= anchor.last:
        return period.narrowed(last=anchor.last)
    if anchor and word == "later" and anchor.first <= period.last:
        return period.narrowed(first=anchor.first)
    part = 0 if word in _FIRST_THIRD else 2 if word in _LAST_THIRD else 1
    if period.precision == "year" and period.edtf.isdecimal():
        first, last = (periods.month(period.first.year, 4 * part + shift) for shift in (1, 4))
        return period.narrowed(first.first, last.last)
    third = ((period.last - period.first).days + 1) // 3
    first_day = period.first + timedelta(days=third * part)
    return period.narrowed(first_day, period.last if part == 2 else first_day + timedelta(days=third - 1))


def _week_of(period: Period, nth: str) -> Period:
    week = timedelta(days=7)
    if nth == "last":
        return period.narrowed(first=period.last - week + timedelta(days=1))
    first = period.first + (ORDINALS[nth] - 1) * week
    return period.narrowed(first, first + week - timedelta(days=1))


_BETWEEN = re.compile(r"\s?(?:[-–—]|,|to|and|or|through|until|till)\s?(?:in\s|on\s|from\s)?", re.IGNORECASE)


def _with_range_years(readings: list[Reading], at: Context) -> list[Reading]:
    """Give the dates of a range one order of years.

    "between March and July 2021": the first takes its year from the second. "from November to February": the
    second follows the first.
    """
    result = list(readings)
    for i in range(len(result) - 2, -1, -1):
        first, second = result[i], result[i + 1]
        if first.month_day is None or first.precision != second.precision or second.period is None:
            continue
        if not _BETWEEN.fullmatch(at.text, first.end, second.start):
            continue
        later = second.period.first
        if not second.is_relative:
            year = later.year - (first.month_day > (later.month, later.day if first.month_day[1] else 0))
            if period := _in_year(first.month_day, year):
                result[i] = replace(first, period=period, is_relative=False, month_day=None)
        elif second.month_day is not None and first.period is not None and later < first.period.first:
            year = first.period.first.year + (second.month_day < first.month_day)
            result[i + 1] = replace(second, period=_in_year(second.month_day, year) or second.period)
    return result


def _in_year(month_day: tuple[int, int], year: int) -> Period | None:
    month, number = month_day
    return days.day_of(year, month, number) if number else periods.month(year, month)


def _expression(reading: Reading, at: Context) -> DateExpression:
    period = reading.period
    return DateExpression(
        start_char=reading.start,
        end_char=reading.end,
        text=at.text[reading.start : reading.end],
        edtf=period.edtf if period else None,
        earliest=period.first.isoformat() if period else None,
        latest=period.last.isoformat() if period else None,
        precision=period.precision if period else reading.precision,
        anchor=reading.base or (at.anchor.text if at.anchor and period and reading.is_relative else None),
        is_relative=reading.is_relative,
    )
