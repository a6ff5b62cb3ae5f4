"""Periods of time as EDTF names them: a day, month, quarter, season or year, and how far two lie apart."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}
_QUARTERS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12)}


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both ISO and included; `precision` is day, month, quarter, season or
    year."""

    earliest: str
    latest: str
    precision: str

    def days(self) -> int:
        """Length in days; a single day has 1."""
        return (_day(self.latest) - _day(self.earliest)).days + 1


def period(edtf: str | None) -> Period | None:
    """The period that a text of the kinds above names (a date-time counts as its day), or None."""
    match = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?$", edtf or "")
    if not match:
        return None
    year, code, day = (int(part) if part else None for part in match.groups())
    try:
        assert year is not None
        if code is None:
            return _months(year, (1, 12), "year")
        if day is not None:
            single = date(year, code, day).isoformat()
            return Period(single, single, "day")
        if code in _SEASONS:
            return _months(year, _SEASONS[code], "season")
        if code in _QUARTERS:
            return _months(year, _QUARTERS[code], "quarter")
        return _months(year, (code, code), "month")
    except ValueError:
        return None


def narrowed(edtf: str | None, earliest: str | None, latest: str | None) -> Period | None:
    """The period of `edtf` with the bounds that the text around it gave ("by the end of 2021"), where they
    are days."""
    whole = period(edtf)
    first, last = period(earliest), period(latest)
    if whole is None:
        return None
    start = first.earliest if first else whole.earliest
    end = last.latest if last else whole.latest
    return Period(start, end, whole.precision) if start <= end else whole


def days_apart(one: Period, other: Period) -> int:
    """Days between the nearest ends of two periods; 0 where they touch or overlap."""
    gap = max(_day(one.earliest), _day(other.earliest)) - min(_day(one.latest), _day(other.latest))
    return max(0, gap.days)


def days_after(first: str | None, later: str | None) -> int | None:
    """Days from one ISO day (or date-time) to another; None where either is missing or coarser."""
    one, other = period(first), period(later)
    if one is None or other is None or "day" not in (one.precision, other.precision):
        return None
    return (_day(other.earliest) - _day(one.earliest)).days


def _months(year: int, months: tuple[int, int], precision: str) -> Period:
    first = date(year, months[0], 1)
    last_year, last_month = (year, months[1]) if months[1] <= 12 else (year + 1, months[1] - 12)
    last = date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
    return Period(first.isoformat(), last.isoformat(), precision)


def _day(text: str) -> date:
    return date.fromisoformat(text)
