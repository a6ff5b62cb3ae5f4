"""Expressions that count from another date of the text: "a day later", "the following year", "two weeks before X"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from extract.dates import periods
from extract.dates.periods import Period
from extract.dates.reading import Context, Reader, Reading
from extract.dates.words import NUMBER, SEASONS, number

_UNIT = r"(?P<unit>day|month|year)"
_PRECISIONS = {"day": "day", "week": "month", "month": "month", "year": "year"}
_SIZE = {"day": 0, "month": 1, "season": 2, "quarter": 2, "year": 3}

LATER = re.compile(
    rf"\b(?P<n>{NUMBER})\s{_UNIT}s?\s(?P<way>later|afterwards|(?<=(?:day|ays)\s)earlier)\b(?!\sthan)",
    re.IGNORECASE,
)
_END = r"(?=[.,;:!?)]|$|\s(?:and|or|but|when|with|because|in|at|by|as|for|after|over|to)\b)"
FOLLOWING = re.compile(
    r"\b(?:the\s(?P<same>same)\s(?P<unit3>day|morning|afternoon|evening)|(?P<way>the\sfollowing)\s(?P<unit>day|year|spring|summer|autumn|fall|winter)"
    r"|(?P<way3>that|the\snext)\s(?P<unit4>spring|summer|autumn|fall|winter)|the\s(?P<unit2>year)\s(?P<way2>after))\b"
    + _END,
    re.IGNORECASE,
)
OF_THAT_MONTH = re.compile(
    r"\bthe\s(?:(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)|(?P<edge>first|last)(?:\sday)?)\sof\s(?P<way>that|the\s(?:same|following|next))\smonth\b",
    re.IGNORECASE,
)
BEFORE_A_DAY = re.compile(
    rf"\b(?:(?!an?\b)(?P<n>{NUMBER})\s(?P<unit>day|week)s?|the\s(?P<unit2>day|week(?=\safter)))\s(?P<way>before|after)\s(?:the\s)?$",
    re.IGNORECASE,
)
_PARTS_OF_DAY = ("morning", "afternoon", "evening")
_DEED = re.compile(r"\b(?:sign|announc|seal|disclos|agree|present|unveil|initial|publish|confirm)[a-z]*\b")
_REACH = 250  # characters: a date further back is not the one that is counted from


def later(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "16 months later": as exactly as its unit and the date before it say."""
    way = -1 if match["way"].lower() == "earlier" else 1
    count, unit = way * number(match["n"]), match["unit"].lower()
    yield _step(match, unit, lambda period: shifted(period, count, unit))


def following(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "the next morning", "that winter", "the year before"."""
    unit = next(match[name] for name in ("unit", "unit2", "unit3", "unit4") if match[name]).lower()
    count = 0 if match["same"] or (match["way3"] or "").lower() == "that" else 1
    if unit in SEASONS:
        yield _step(match, "season", lambda period: _season(period, SEASONS[unit], count))
        return
    if match["same"] and not _DEED.search(at.before(match.start(), 60)):
        return  # "parcels that arrive the same day"
    unit = "day" if unit in _PARTS_OF_DAY else unit
    yield _step(match, unit, lambda period: shifted(period, count, unit))


def of_that_month(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "the 19th of that month", "the last day of the following month"."""
    count = 1 if match["way"].lower().endswith(("following", "next")) else 0

    def step(period: Period) -> Period | None:
        if _SIZE[period.precision] > 1:
            return None
        month = periods.month(period.first.year, period.first.month + count)
        last = month.last.day
        number = int(match["day"] or (1 if match["edge"].lower() == "first" else last))
        return periods.day(month.first.replace(day=number)) if 1 <= number <= last else None

    yield _step(match, "day", step)


def _step(match: re.Match[str], unit: str, step: Callable[[Period], Period | None]) -> Reading:
    precision = _PRECISIONS.get(unit, unit)
    return Reading(match.start(), match.end(), None, precision, is_relative=True, step=step)


def shifted(period: Period, count: int, unit: str) -> Period | None:
    """The day, month or year `count` units after a period, as exactly as that is known; None if it is not."""
    if unit == "day":
        return periods.day(period.first + timedelta(days=count)) if period.precision == "day" else None
    if unit == "week":
        if period.precision != "day":
            return None
        return periods.day(period.first + timedelta(days=7 * count))
    if unit == "month" and _SIZE[period.precision] <= 1:
        return periods.month(period.first.year, period.first.month + count)
    # Of a year only whole years can be told: 16 months after 2020 may be 2021 or 2022.
    months = count if unit == "month" else 12 * count
    if unit == "month" and months % 12:
        return None
    if period.edtf.endswith("X"):
        return None
    return periods.year((period.first + relativedelta(months=months)).year)


def _season(period: Period, nth: int, count: int) -> Period | None:
    if count:
        return _first_season(nth, period.last)
    if period.precision == "year":
        return periods.season(period.first.year, nth)
    return min(
        (periods.season(period.first.year + shift, nth) for shift in (-1, 0, 1)),
        key=lambda season: abs(season.first - period.first),
    )


def _first_season(nth: int, after: date) -> Period:
    season = periods.season(after.year, nth)
    return season if season.first > after else periods.season(after.year + 1, nth)


def resolved(readings: list[Reading], at: Context) -> list[Reading]:
    """Read what counts from the date before it; what has none before it, or too vague a one, is left out."""
    result: list[Reading] = []
    for reading in readings:
        if reading.step is None:
            result.append(reading)
            continue
        is_past = at.tense(reading.start, reading.end) == "past"
        for base in reversed(result):
            if reading.start - base.end > _REACH:
                break
            if base.period is None or (is_past and at.anchor and base.period.first > at.anchor.last):
                continue
            if period := _stepped(reading.step, base.period):
                result.append(
                    replace(reading, period=period, precision=period.precision, base=base.period.edtf)
                )
            break
    return result


def _stepped(step: Callable[[Period], Period | None], base: Period) -> Period | None:
    try:
        period = step(base)
    except (ValueError, OverflowError):
        return None  # beyond the years that have a date
    return period if period and period.last.year < periods.LAST_YEAR else None


def from_day(reading: Reading, at: Context) -> Reading:
    """Take in the words before a day that count from it ("two weeks before Christmas")."""
    match = BEFORE_A_DAY.search(at.text, max(0, reading.start - 40), reading.start)
    if match is None:
        return reading
    unit = (match["unit"] or match["unit2"]).lower()
    count = number(match["n"] or "a") * (1 if match["way"].lower() == "after" else -1)
    period = shifted(reading.period, count, unit) if reading.period else None
    if period is not None and unit == "week":
        period = periods.week(period.first - timedelta(days=period.first.weekday()))
    if reading.period is not None and period is None:
        return reading
    precision = period.precision if period else _PRECISIONS[unit]
    return replace(reading, start=match.start(), period=period, precision=precision, month_day=None)


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (LATER, later),
    (FOLLOWING, following),
    (OF_THAT_MONTH, of_that_month),
)
