"""Readers of quarters, halves, seasons, weeks, and of "three years ago"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from extract.dates import periods
from extract.dates.periods import Anchor, Period
from extract.dates.reading import Context, Reader, Reading, absolute, relative
from extract.dates.words import NUMBER, ORDINALS, SEASONS, YEAR, S, number
from extract.dates.years import OF_YEAR, relative_year, short_year, year_of

QUARTER = re.compile(
    rf"\b(?:(?:(?P<before>{YEAR})[\s-])?Q(?P<q>[1-4])(?![\w%]|\.\d)|"
    r"(?:the\s(?=\w+\s))?"
    r"(?:(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th|final)[\s-]quarter\b|last\squarter(?=\sof\b)))"
    rf"{OF_YEAR}?",
    re.IGNORECASE,
)
HALF = re.compile(
    rf"\b(?:(?P<before>{YEAR})[\s-]H(?P<h2>[12])(?![\w%]|\.\d)"
    rf"|(?:H(?P<h>[12])(?![\w%]|[.-]\d)|(?:the{S})?(?P<nth>first|second|1st|2nd|back|latter)[\s-]half\b){OF_YEAR}?)",
    re.IGNORECASE,
)
SHORT_PART = re.compile(
    rf"(?<![\w.,$€£¥-])(?P<n>[1-4])(?P<unit>[QH])(?:\s?(?P<year>{YEAR})|\s?['’]?(?P<digits>\d\d))(?![\w%]|[.,]\d)"
)
WITHIN = re.compile(
    r"\b(?:within\s(?:the\s(?P<next>next|coming)\s)?|(?:in|over|during)\sthe\s(?P<next2>next|coming)\s)"
    rf"(?P<n>{NUMBER})\s(?P<unit>week|month|year)s?\b(?![’'-]|\s(?:of|after|from|before)\b)",
    re.IGNORECASE,
)
QUARTERS = re.compile(
    r"\b(?:the\s)?(?P<a>first|second|third)\sand\s(?P<b>second|third|fourth)\squarters\b(?:\sof\s(?P<year>20\d\d))?",
    re.IGNORECASE,
)
WEEK = re.compile(
    rf"\b[Ww]eek\s(?P<n>[1-9]|[1-4]\d|5[0-3])(?![\w%]|[.,:-]\d|\sof\s(?!{YEAR}))(?:,?\s(?:of\s)?(?P<year>{YEAR}))?"
)
SEASON = re.compile(
    r"\b(?:(?P<which>last|next|this|past|coming)\s)?(?:the\s)?"
    rf"(?P<season>spring|summer|autumn|fall|winter)\b(?![’'-]){OF_YEAR}?",
    re.IGNORECASE,
)
REL_PART = re.compile(
    r"\b(?P<which>this|last|next|the\scurrent|current|coming|the)\s(?P<unit>quarter|month|week|weekend)\b(?![’'-]|\sof\b)",
    re.IGNORECASE,
)
AGO = re.compile(
    r"\b(?:(?:about|around|nearly|almost|just|over|more\sthan|some)\s)?"
    rf"(?<!-)(?P<n>{NUMBER})\s(?P<unit>day|week|fortnight|month|year|decade)s?\sago\b",
    re.IGNORECASE,
)

_SEASON_CUE = re.compile(
    r"\b(?:in|by|during|over|throughout|from|since|until|before|after|for|of|early|late|mid|end)[\s-](?:the\s)?$",
    re.IGNORECASE,
)
# A half without a year needs words before that make it a time, and none after that make it a half of something else.
_HALF_CUE = re.compile(
    r"\b(?:in|during|for|by|from|until|till|before|since|of|into)\s(?:the\s|its\s|their\s|early\s|late\s)?$",
    re.IGNORECASE,
)
_NO_HALF = re.compile(r"\s(?:of|hour|price|dozen|century)\b|-", re.IGNORECASE)
_AFTER_SEASON = re.compile(
    r"\s?(?:[,.;:)]|$|(?:and|or|to|when|at|with|after|before|about|according|its?|the|they|he|she|we|you|their|his|her|"
    r"will|would|is|are|was|were|has|have|as|on|in|by|from|until|because|that|who|which)\b)"
)
_AT_THE = re.compile(r"\b(?:over|at|during)\s$", re.IGNORECASE)
_PART_OF = re.compile(r"\b(?:end|close|start|beginning|middle|later|earlier)\s(?:of|in)\s$", re.IGNORECASE)

_HALVES = ORDINALS | {"back": 2, "latter": 2}


def quarter(match: re.Match[str], at: Context) -> Iterator[Reading]:
    nth = int(match["q"]) if match["q"] else ORDINALS[(match["nth"] or "final").lower()]
    if year_number := int(match["before"] or 0) or year_of(match):
        yield absolute(match, periods.quarter(year_number, nth))
    elif match["ry"]:
        year = relative_year(match, at)
        yield relative(match, periods.quarter(year.first.year, nth) if year else None, "quarter")
    else:
        yield relative(match, _nearest_quarter(nth, match, at), "quarter")


def _nearest_quarter(nth: int, match: re.Match[str], at: Context) -> Period | None:
    if at.anchor is None:
        return None
    this_year = periods.quarter(at.anchor.year, nth)
    if at.tense(match.start(), match.end()) == "future":
        return this_year if this_year.last >= at.anchor.first else periods.quarter(at.anchor.year + 1, nth)
    return this_year if this_year.first <= at.anchor.last else periods.quarter(at.anchor.year - 1, nth)


def half(match: re.Match[str], at: Context) -> Iterator[Reading]:
    digit = match["h"] or match["h2"]
    nth = int(digit) if digit else _HALVES[match["nth"].lower()]
    if year_number := int(match["before"] or 0) or year_of(match):
        yield absolute(match, periods.half(year_number, nth))
    elif match["ry"]:
        year = relative_year(match, at)
        yield relative(match, periods.half(year.first.year, nth) if year else None, "year")
    elif _HALF_CUE.search(at.before(match.start())) and not _NO_HALF.match(at.after(match.end())):
        yield relative(match, _nearest_half(nth, match, at), "year")


def _nearest_half(nth: int, match: re.Match[str], at: Context) -> Period | None:
    if at.anchor is None:
        return None
    this_year = periods.half(at.anchor.year, nth)
    if at.tense(match.start(), match.end()) == "future":
        return this_year if this_year.last >= at.anchor.first else periods.half(at.anchor.year + 1, nth)
    return this_year if this_year.first <= at.anchor.last else periods.half(at.anchor.year - 1, nth)


def quarters(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "the second and third quarters": the year, from the first day to the last."""
    a, b = ORDINALS[match["a"].lower()], ORDINALS[match["b"].lower()]
    if match["year"] is None and at.anchor is None:
        yield relative(match, None, "year")
        return
    year = int(match["year"] or 0) or (at.anchor.year if at.anchor else 0)
    if not match["year"] and at.anchor and at.tense(match.start(), match.end()) != "future":
        year -= periods.quarter(year, b).first > at.anchor.last
    whole = periods.year(year).narrowed(periods.quarter(year, a).first, periods.quarter(year, b).last)
    yield absolute(match, whole) if match["year"] else relative(match, whole, "year")


def week_number(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "week 37" as ISO 8601 counts them; without a year that of the anchor."""
    if match["year"] is None and at.anchor is None:
        yield relative(match, None, "month")
        return
    year = int(match["year"] or 0) or (at.anchor.year if at.anchor else 0)
    try:
        period = periods.week(date.fromisocalendar(year, int(match["n"]), 1))
    except ValueError:
        return
    yield absolute(match, period) if match["year"] else relative(match, period, "month")


def short_part(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "2Q22", "1H 2021"."""
    year, nth = int(match["year"] or 0) or short_year(match["digits"]), int(match["n"])
    if match["unit"] == "Q":
        yield absolute(match, periods.quarter(year, nth))
    elif nth <= 2:
        yield absolute(match, periods.half(year, nth))


def within(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "within six months" of the anchor. A stretch that no month or year holds has no name and stays unread."""
    is_next = match["next"] or match["next2"]
    if not is_next and at.tense(match.start(), match.end()) != "future":
        return  # "was sold within two weeks"
    if at.anchor is None or at.anchor.day is None:
        yield relative(match, None, "year")
        return
    count, first = number(match["n"]), at.anchor.day
    shifts = {"week": relativedelta(weeks=count), "month": relativedelta(months=count)}
    last = first + shifts.get(match["unit"].lower(), relativedelta(years=count))
    if last.year == first.year:
        whole = (
            periods.month(first.year, first.month) if last.month == first.month else periods.year(first.year)
        )
        yield relative(match, whole.narrowed(first, last), "year")


def season(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "this summer", "spring 2021"; a bare season needs a preposition, for "spring" and "fall" are verbs."""
    nth = SEASONS[match["season"].lower()]
    if number_of_year := year_of(match):
        yield absolute(match, periods.season(number_of_year, nth))
    elif match["ry"]:
        year = relative_year(match, at)
        yield relative(match, periods.season(year.first.year, nth) if year else None, "season")
    elif match["which"] or (
        _SEASON_CUE.search(at.before(match.start())) and _AFTER_SEASON.match(at.after(match.end()))
    ):
        yield relative(match, _nearest_season(nth, match, at), "season")


def _nearest_season(nth: int, match: re.Match[str], at: Context) -> Period | None:
    if at.anchor is None:
        return None
    candidates = [periods.season(at.anchor.year + shift, nth) for shift in (-2, -1, 0, 1)]
    which = (match["which"] or "").lower()
    if which == "this":
        # The winter of January and February began in the year before.
        return candidates[1] if candidates[1].last >= at.anchor.first else candidates[2]
    future = which in ("next", "coming") or (not which and at.tense(match.start(), match.end()) == "future")
    if future:
        started = at.anchor.last if which else at.anchor.first
        return next(c for c in candidates if (c.first > started if which else c.last >= started))
    if which:
        return next(c for c in reversed(candidates) if c.last < at.anchor.first)
    return next(c for c in reversed(candidates) if c.first <= at.anchor.last)


def rel_part(match: re.Match[str], at: Context) -> Iterator[Reading]:
    which, unit = match["which"].lower(), match["unit"].lower()
    before = at.before(match.start())
    if which == "the" and unit == "weekend" and _AT_THE.search(before):
        yield relative(match, _weekend(match, at), "month")
        return
    if which == "the" and not _PART_OF.search(before):
        return
    if which == "last" and unit != "quarter" and before.lower().endswith("the "):
        return
    shift = {"last": -1, "next": 1, "coming": 1}.get(which, 0)
    precision = "quarter" if unit == "quarter" else "month"
    yield relative(match, _part(unit, shift, at.anchor), precision)


def _weekend(match: re.Match[str], at: Context) -> Period | None:
    """ "over the weekend": the last that has begun, or the coming one."""
    if at.anchor is None or at.anchor.day is None:
        return _part("month", 0, at.anchor)
    is_ahead = at.tense(match.start(), match.end()) == "future"
    return _part("weekend", 0 if is_ahead or at.anchor.day.weekday() >= 5 else -1, at.anchor)


def _part(unit: str, shift: int, anchor: Anchor | None) -> Period | None:
    if anchor is None or anchor.month is None:
        return periods.year(anchor.year) if anchor else None
    if unit == "quarter":
        return periods.quarter(anchor.year, (anchor.first.month - 1) // 3 + 1 + shift)
    if unit == "month":
        return periods.nth_month(anchor.month + shift)
    if anchor.day is None:
        return periods.nth_month(anchor.month)
    week = periods.week(anchor.day - timedelta(days=anchor.day.weekday() - 7 * shift))
    return week.narrowed(first=week.last - timedelta(days=1)) if unit == "weekend" else week


def ago(match: re.Match[str], at: Context) -> Iterator[Reading]:
    count, unit = number(match["n"]), match["unit"].lower()
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    precision = {"day": "day", "week": "month", "month": "month"}.get(unit, "year")
    yield relative(match, _ago(count, unit, at.anchor), precision)


def _ago(count: int, unit: str, anchor: Anchor | None) -> Period | None:
    if anchor is None:
        return None
    if unit in ("year", "decade"):
        year = anchor.year - count * (10 if unit == "decade" else 1)
        return periods.year(year) if year >= periods.FIRST_YEAR else None
    if unit == "month" and anchor.month is not None:
        return periods.nth_month(anchor.month - count)
    if anchor.day is None:
        return _part("month", 0, anchor)
    then = anchor.day - timedelta(days=count * (7 if unit == "week" else 1))
    return periods.day(then) if unit == "day" else periods.week(then - timedelta(days=3))


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (QUARTER, quarter),
    (HALF, half),
    (QUARTERS, quarters),
    (WEEK, week_number),
    (SHORT_PART, short_part),
    (WITHIN, within),
    (SEASON, season),
    (REL_PART, rel_part),
    (AGO, ago),
)
