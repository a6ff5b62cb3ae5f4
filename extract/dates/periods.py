"""Periods of the calendar, what EDTF calls them, and the day of publication that others count from."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1000, 9990

# First month of spring, summer, autumn and winter; a winter bears the year in which it begins.
_SEASON_STARTS = {1: 3, 2: 6, 3: 9, 4: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A period and its bounds, both included. `edtf` names the whole period, which the bounds may narrow."""

    edtf: str
    first: date
    last: date
    precision: str

    def narrowed(self, first: date | None = None, last: date | None = None) -> Period:
        """The same period with closer bounds; bounds that would leave nothing change nothing."""
        first, last = max(self.first, first or self.first), min(self.last, last or self.last)
        return replace(self, first=first, last=last) if first <= last else self


def day(when: date) -> Period:
    return Period(when.isoformat(), when, when, "day")


def month(year: int, number: int) -> Period:
    """The month `number`, which may lie outside 1 to 12: month 0 is December of the year before."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    last = date(year, number, monthrange(year, number)[1])
    return Period(f"{year:04}-{number:02}", last.replace(day=1), last, "month")


def nth_month(count: int) -> Period:
    """The month `count` months after January of the year 0 (see Anchor.month)."""
    return month(count // 12, count % 12 + 1)


def quarter(year: int, number: int) -> Period:
    """The quarter `number`, which may lie outside 1 to 4."""
    year, number = year + (number - 1) // 4, (number - 1) % 4 + 1
    first, last = month(year, 3 * number - 2), month(year, 3 * number)
    return Period(f"{year:04}-{32 + number}", first.first, last.last, "quarter")


def season(year: int, number: int) -> Period:
    """Spring (1) to winter (4) of the northern half of the world."""
    start = _SEASON_STARTS[number]
    return Period(f"{year:04}-{20 + number}", month(year, start).first, month(year, start + 2).last, "season")


def year(number: int) -> Period:
    return Period(f"{number:04}", date(number, 1, 1), date(number, 12, 31), "year")


def decade(start: int) -> Period:
    """The ten years from `start`. They are named by years, so their precision is the year."""
    return Period(f"{start // 10:03}X", date(start, 1, 1), date(start + 9, 12, 31), "year")


def half(of_year: int, number: int) -> Period:
    """The first or second half of a year: EDTF level 1 has no name for it, so it is the year, narrowed."""
    months = month(of_year, 6 * number - 5), month(of_year, 6 * number)
    return year(of_year).narrowed(months[0].first, months[1].last)


def week(monday: date) -> Period:
    """The seven days from `monday`. EDTF has no name for a week: it is the month of the Thursday, bounded."""
    thursday = monday + timedelta(days=3)
    return replace(month(thursday.year, thursday.month), first=monday, last=monday + timedelta(days=6))


@dataclass(frozen=True, slots=True)
class Anchor:
    """The publication date of a text, as far as it is known: a day, a month or a year."""

    text: str
    first: date
    last: date
    precision: str

    @property
    def day(self) -> date | None:
        return self.first if self.precision == "day" else None

    @property
    def month(self) -> int | None:
        """Months since the year 0, so that months can be added and compared."""
        return None if self.precision == "year" else self.first.year * 12 + self.first.month - 1

    @property
    def year(self) -> int:
        return self.first.year


_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?=T|\s|$).*)?)?$", re.ASCII | re.DOTALL)


def parse_anchor(text: str | None) -> Anchor | None:
    """Read an ISO date, date-time, year-month or year; the day is the one written. None if it is none."""
    match = _ISO.match(text.strip()) if text else None
    if match is None:
        return None
    of_year, of_month, of_day = (int(part) if part else None for part in match.groups())
    if of_year is None or not FIRST_YEAR < of_year < LAST_YEAR:
        return None
    try:
        if of_month is None:
            period = year(of_year)
        elif of_day is None:
            period = month(of_year, date(of_year, of_month, 1).month)
        else:
            period = day(date(of_year, of_month, of_day))
    except ValueError:
        return None
    return Anchor(period.edtf, period.first, period.last, period.precision)
