"""Readers of single days: full dates, dates without a year, weekdays, "yesterday"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from extract.dates import periods
from extract.dates.periods import Anchor, Period
from extract.dates.reading import Context, Reader, Reading, absolute, relative
from extract.dates.tense import Tense
from extract.dates.words import (
    DAY,
    FULL_WEEKDAY,
    MONTH,
    NUMBER,
    ORDINALS,
    TH,
    WEEKDAY,
    YEAR,
    S,
    month_number,
    number,
    weekday_number,
)

_NOT_A_DAY = (
    r"(?![\d%°]|[.,:]\d|\s?(?:percent|per\scent|million|billion|bn\b|m\b|stores|shops|outlets|countries))"
)
_TO_DAY = rf"(?:\s?[-–—]\s?|\s(?:to|through|and)\s)(?P<last>{DAY}){TH}"
_NTH_DAYS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_IN_WEEK = rf"(?:\b(?P<weekday>{WEEKDAY}),?{S}(?:the{S})?)?"
_REL_YEAR = rf"{S}(?:of{S})?(?P<ry>this|last|next)\syear\b(?![’'-])"

MONTH_DAY = re.compile(
    rf"{_IN_WEEK}\b(?P<month>{MONTH})(?:\s{{0,2}}|,\s(?=\d\d?(?:st|nd|rd|th)\b))(?P<day>{DAY}){TH}(?![\d%°]|[.,:]\d)(?:{_TO_DAY}{_NOT_A_DAY})?"
    rf"(?:\s?,?{S}(?:(?:of|in){S})?(?P<year>{YEAR})(?![\d%]|[.,]\d)|{_REL_YEAR})?"
)
DAY_MONTH = re.compile(
    rf"{_IN_WEEK}(?<![\d.,$€£¥/-])(?<!\d:)\b(?:(?P<first>{DAY}){TH}(?:\s?[-–—]\s?|\s(?:to|and)\s))?(?P<day>{DAY}){TH}[\s-]"
    rf"(?:of{S})?(?P<month>{MONTH})(?![\w])(?:[,-]?(?:{S}|(?<=-))(?:(?:of|in){S})?(?P<year>{YEAR})(?![\d%]|[.,]\d)|{_REL_YEAR})?"
)
ISO = re.compile(
    r"(?<![\w/.-])(?P<y>(?:1[89]|20)\d\d)(?:(?P<sep>[-/])(?P<m>\d\d)(?P=sep)(?P<d>\d\d)"
    r"|/(?P<m2>\d\d?)/(?P<d2>\d\d?))(?![\d/]|-\d)",
    re.ASCII,
)
NUMERIC = re.compile(
    r"(?<![\w/.,$€£-])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:1[89]|20)\d\d)(?![\w/]|[.,-]\d)",
    re.ASCII,
)
NAMED = re.compile(
    rf"(?<![\w/.-])(?:(?P<day>{DAY})(?P<sep>[/-])(?P<month>{MONTH})(?P=sep)(?P<year>{YEAR})"
    rf"|(?P<month2>{MONTH})(?P<sep2>[/-])(?P<day2>{DAY})(?P=sep2)(?P<year2>{YEAR})"
    rf"|(?P<year3>{YEAR})(?P<sep3>[/-])(?P<month3>{MONTH})(?P=sep3)(?P<day3>{DAY}))(?![\w/])"
)
ON_THE = re.compile(
    rf"(?:(?<=\bon\s)|(?<=\b(?:by|to)\s)|(?<=\b(?:from|till)\s)|(?<=\bsince\s)|(?<=\buntil\s)|(?<=\bbefore\s))the\s(?P<day>{DAY})(?:st|nd|rd|th)"
    r"(?=[.,;:!?)]|$|\s(?:that|when|after|as|but|of\s(?:this|the|last)\smonth)\b)(?:\sof\sthis\smonth)?"
)
FROM_NOW = re.compile(
    rf"\b(?P<n>{NUMBER})\s(?P<unit>day|week|month|year)s?\sfrom\s(?:now|today)\b"
    rf"|\bin\s(?P<n2>{NUMBER})\s(?P<unit2>day|week|month|year)(?:s[’']|[’']s)\stime\b"
    rf"|\bin\s(?P<n3>{NUMBER})\s(?P<unit3>day)s\b(?=[.,;]|$)",
    re.IGNORECASE,
)
BARE_WEEKDAY = re.compile(
    rf"\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Cc]oming)\s)?(?P<weekday>{FULL_WEEKDAY})(?!s\b|-s\b|[’']s\b(?!\s[a-z]))"
    rf"(?:\s(?:morning|afternoon|evening|night))?\b(?P<week>\sweek\b(?![’'-]|end))?"
)
DAY_OF_WEEK = re.compile(
    rf"\b(?P<weekday>{FULL_WEEKDAY})(?:\s(?:morning|afternoon|evening|night))?\s(?:of\s)?(?P<which>last|this|next)\sweek\b(?![’'-])"
    rf"|\b(?P<which2>[Ll]ast|[Tt]his|[Nn]ext)\sweek,?\s(?:on\s)?(?P<weekday2>{FULL_WEEKDAY})\b(?![’'-])"
)
NTH_OF = re.compile(
    rf"\b(?:the\s)?(?P<nth>{'|'.join(_NTH_DAYS)})(?:\sday)?\sof\s(?P<month>{MONTH})(?:,?{S}(?P<year>{YEAR})(?![\d%]|[.,]\d))?(?![\w])",
    re.IGNORECASE,
)
NTH_WEEKDAY = re.compile(
    rf"\b(?:the\s)?(?P<nth>first|second|third|fourth|last)\s(?P<weekday>{FULL_WEEKDAY})\s(?:of|in)\s"
    rf"(?:(?P<which>this|next|last|the)\smonth\b|(?P<month>{MONTH})(?:,?{S}(?P<year>{YEAR})(?![\d%]|[.,]\d)|{_REL_YEAR})?)",
    re.IGNORECASE,
)
EDGE_DAY = re.compile(
    rf"\bthe\s(?:(?P<edge>first|last|final)\sday|(?P<day>{DAY})(?:st|nd|rd|th)(?=\sof\s(?:next|last)\smonth))\sof\s(?:(?P<which>this|next|last|the)\smonth\b"
    rf"|(?P<month>{MONTH})(?:,?{S}(?P<year>{YEAR})(?![\d%]|[.,]\d)|{_REL_YEAR})?(?!\w))",
    re.IGNORECASE,
)
NEAR = re.compile(
    r"\b(?P<word>today|tomorrow|yesterday|tonight|the\sday\sbefore\syesterday|the\sday\safter\stomorrow"
    r"|last\snight|this\s(?:morning|lunchtime|afternoon|evening))\b(?:(?<=yesterday)(?=[’']s\s[a-z])|(?![’']s))(?:\s(?:morning|afternoon|evening|night)\b)?",
    re.IGNORECASE,
)
_NEAR = {
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}

# Weekdays in the names of other things.
_NO_WEEKDAY = re.compile(
    r"\b(?:TGI|T\.G\.I\.|Black|Cyber|Good|Easter|Super|Prime|every|each)\s$", re.IGNORECASE
)

_FAR = 300  # days: a date without a year that would lie further back and can lie ahead soon is read as ahead
_SOON = 60
_JUST = 30  # days: and one just gone is not read as one nearly a year ahead


def month_day(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "Nov. 30, 2018", "Wednesday, March 3", "March 3-5" (two days)."""
    if not match["year"] and _counts_things(at, match):
        return
    month, year = month_number(match["month"]), int(match["year"]) if match["year"] else None
    split = match.end("day") if match["last"] else match.end()
    yield from _dated(at, match.start(), split, match, year, month, int(match["day"]))
    if match["last"]:
        yield from _dated(at, match.start("last"), match.end(), match, year, month, int(match["last"]))


def day_month(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "30 November 2018", "the 30th of November", "3-5 March" (two days)."""
    month, year = month_number(match["month"]), int(match["year"]) if match["year"] else None
    start = match.start("weekday") if match["weekday"] else match.start("day")
    if match["first"]:
        first_start = match.start("weekday") if match["weekday"] else match.start("first")
        yield from _dated(at, first_start, match.end("first"), match, year, month, int(match["first"]))
        start = match.start("day")
    yield from _dated(at, start, match.end(), match, year, month, int(match["day"]))


def iso(match: re.Match[str], at: Context) -> Iterator[Reading]:
    if when := _date(int(match["y"]), int(match["m"] or match["m2"]), int(match["d"] or match["d2"])):
        yield absolute(match, periods.day(when))


def numeric(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "30.11.2018", "11/30/2018"; where day and month cannot be told apart only the year is certain."""
    year, a, b = int(match["y"]), int(match["a"]), int(match["b"])
    european, american = _date(year, b, a), None if match["sep"] == "." else _date(year, a, b)
    if european and american and european != american:
        bounds = sorted((european, american))
        yield absolute(match, periods.year(year).narrowed(*bounds))
    elif when := european or american:
        yield absolute(match, periods.day(when))


def named(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "30/Nov/2018", "Nov-30-2018", "2018-Nov-30"."""
    groups = ("year", "month", "day")
    for suffix in ("", "2", "3"):
        year, month, day = (match[group + suffix] for group in groups)
        if year and (when := _date(int(year), month_number(month), int(day))):
            yield absolute(match, periods.day(when))


def on_the(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "on the 15th": the last such day on or before the anchor, by the tense the first after it."""
    if at.anchor is None or at.anchor.month is None:
        yield relative(match, None, "day")
        return
    months = [at.anchor.month + shift for shift in range(-3, 4)]
    days = [when for m in months if (when := _date(m // 12, m % 12 + 1, int(match["day"])))]
    if at.tense(match.start(), match.end()) == "future":
        found = next(when for when in days if when >= at.anchor.first)
    else:
        found = next(when for when in reversed(days) if when <= at.anchor.last)
    yield relative(match, periods.day(found), "day")


def from_now(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "three weeks from now": as exactly as the unit says."""
    if match["n3"] and at.tense(match.start(), match.end()) != "future":
        return  # "sold out in five days"
    count = number(match["n"] or match["n2"] or match["n3"])
    unit = (match["unit"] or match["unit2"] or match["unit3"]).lower()
    period = None
    if at.anchor is not None and unit == "year":
        period = periods.year(at.anchor.year + count)
    elif at.anchor is not None and at.anchor.month is not None and unit == "month":
        period = periods.nth_month(at.anchor.month + count)
    elif at.anchor is not None and at.anchor.day is not None:
        period = periods.day(at.anchor.day + timedelta(days=count * (7 if unit == "week" else 1)))
    yield relative(match, period, {"month": "month", "year": "year"}.get(unit, "day"))


def weekday(match: re.Match[str], at: Context) -> Iterator[Reading]:
    if _NO_WEEKDAY.search(at.before(match.start())):
        return
    if at.anchor is None or at.anchor.day is None:
        yield relative(match, _month_of(at.anchor), "day")
        return
    today, which = at.anchor.day, (match["which"] or "").lower()
    ahead = (weekday_number(match["weekday"]) - today.weekday()) % 7
    tense = at.tense(match.start(), match.end())
    if match["week"]:
        if which:
            return
        found = today + timedelta(days=(ahead or 7) + 7)  # "Thursday week" is a week after the coming one
    elif which == "last":
        found = today + timedelta(days=ahead - 7)
    elif which == "next":
        # The one of next week, also where this week's still lies ahead.
        found = today + timedelta(days=7 - today.weekday() + weekday_number(match["weekday"]))
    elif tense == "future" or (which == "coming") or (which == "this" and tense is None):
        found = today + timedelta(days=ahead)
    else:
        found = today + timedelta(days=ahead - 7 if ahead else 0)
    yield relative(match, periods.day(found), "day")


def day_of_week(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "Tuesday of last week", "next week, on Thursday"."""
    if at.anchor is None or at.anchor.day is None:
        yield relative(match, _month_of(at.anchor), "day")
        return
    shift = {"last": -7, "next": 7}.get((match["which"] or match["which2"]).lower(), 0)
    monday = at.anchor.day - timedelta(days=at.anchor.day.weekday())
    nth = weekday_number(match["weekday"] or match["weekday2"])
    yield relative(match, periods.day(monday + timedelta(days=nth + shift)), "day")


def nth_of(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "the first of July", "fourth of July 1995"."""
    month, nth = month_number(match["month"]), _NTH_DAYS.index(match["nth"].lower()) + 1
    if match["year"]:
        yield absolute(match, periods.day(date(int(match["year"]), month, nth)))
        return
    if (month, nth) == (7, 4):
        return  # a holiday: campaigns.yml
    tense = at.tense(match.start(), match.end())
    period = choose_day(month, nth, at.anchor, tense, None) if at.anchor else None
    yield Reading(match.start(), match.end(), period, "day", is_relative=True, month_day=(month, nth))


def nth_weekday(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "the last Monday of October", "the first Friday of next month"."""
    weekday, nth = weekday_number(match["weekday"]), ORDINALS.get(match["nth"].lower(), 0)

    def pick(month: Period) -> date:
        if not nth:
            return month.last - timedelta(days=(month.last.weekday() - weekday) % 7)
        return month.first + timedelta(days=(weekday - month.first.weekday()) % 7 + 7 * (nth - 1))

    yield from _in_month(match, at, pick)


def edge_day(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "the last day of March", "the first day of this month", "the 31st of next month"."""
    edge, day = (match["edge"] or "").lower(), int(match["day"] or 1)

    def pick(month: Period) -> date:
        return month.last if edge in ("last", "final") else month.first.replace(day=min(day, month.last.day))

    yield from _in_month(match, at, pick)


def _in_month(match: re.Match[str], at: Context, pick: Callable[[Period], date]) -> Iterator[Reading]:
    """The day that `pick` takes of the month named: with a year, counted from the anchor's, or by the tense."""
    if match["year"]:
        yield absolute(
            match, periods.day(pick(periods.month(int(match["year"]), month_number(match["month"]))))
        )
        return
    if at.anchor is None or at.anchor.month is None:
        yield relative(match, None, "day")
        return
    if match["which"]:
        shift = {"last": -1, "next": 1}.get(match["which"].lower(), 0)
        yield relative(match, periods.day(pick(periods.nth_month(at.anchor.month + shift))), "day")
        return
    month = month_number(match["month"])
    if match["ry"]:
        days = [pick(periods.month(_shifted_year(match["ry"], at.anchor), month))]
    else:
        days = [pick(periods.month(at.anchor.year + shift, month)) for shift in (-1, 0, 1)]
    is_ahead = at.tense(match.start(), match.end()) == "future"
    ahead = [day for day in days if day >= at.anchor.first] if is_ahead else []
    past = [day for day in days if day <= at.anchor.last]
    yield relative(match, periods.day(ahead[0] if ahead else past[-1] if past else days[0]), "day")


def _shifted_year(which: str, anchor: Anchor) -> int:
    return anchor.year + {"last": -1, "next": 1}.get(which, 0)


def near(match: re.Match[str], at: Context) -> Iterator[Reading]:
    if at.anchor is None or at.anchor.day is None:
        yield relative(match, _month_of(at.anchor), "day")
        return
    days = _NEAR.get(" ".join(match["word"].lower().split()), 0)
    yield relative(match, periods.day(at.anchor.day + timedelta(days=days)), "day")


def choose_day(
    month: int, number: int, anchor: Anchor, tense: Tense | None, weekday: str | None
) -> Period | None:
    """The day of a date without a year: the last on or before the anchor, by the tense the first after it.

    A weekday decides by itself. None if there is no such day.
    """
    days = [when for year in range(anchor.year - 4, anchor.year + 5) if (when := _date(year, month, number))]
    if weekday:
        days = [when for when in days if when.weekday() == weekday_number(weekday)] or days
        return periods.day(min(days, key=lambda when: abs(when - anchor.last))) if days else None
    past = max((when for when in days if when <= anchor.last), default=None)
    future = min((when for when in days if when >= anchor.first), default=None)
    if past is None or future is None:
        return None
    ahead, back = (future - anchor.last).days, (anchor.first - past).days
    if tense == "future" and not (ahead > _FAR and back <= _JUST):
        return periods.day(future)
    # A past tense a day or two ahead of the anchor is a clock in another zone.
    return periods.day(future if back > _FAR and ahead <= (2 if tense == "past" else _SOON) else past)


def _dated(
    at: Context, start: int, end: int, match: re.Match[str], year: int | None, month: int, number: int
) -> Iterator[Reading]:
    if year is not None:
        if when := _date(year, month, number):
            yield Reading(start, end, periods.day(when), "day")
        return
    if match["ry"]:
        when = _date(_shifted_year(match["ry"], at.anchor), month, number) if at.anchor else None
        if when or at.anchor is None:
            yield Reading(start, end, periods.day(when) if when else None, "day", is_relative=True)
        return
    if _date(2000, month, number) is None:
        return
    period = None
    if at.anchor is not None:
        tense = at.tense(match.start(), match.end())
        period = choose_day(month, number, at.anchor, tense, match["weekday"])
    yield Reading(start, end, period, "day", is_relative=True, month_day=(month, number))


def _counts_things(at: Context, match: re.Match[str]) -> bool:
    """ "in March 30 stores opened": the number belongs to what follows."""
    return (
        re.match(
            r"\s(?:new\s|of\s)?(?:stores|shops|outlets|sites|brands|people|companies|retailers|countries|jobs)\b",
            at.after(match.end()),
        )
        is not None
    )


def _month_of(anchor: Anchor | None) -> Period | None:
    """All that an anchor without a day can say of a day near it: its month (or year)."""
    return Period(anchor.text, anchor.first, anchor.last, anchor.precision) if anchor else None


def day_of(year: int, month: int, number: int) -> Period | None:
    """The day as a period, None if there is no such day."""
    when = _date(year, month, number)
    return periods.day(when) if when else None


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (MONTH_DAY, month_day),
    (DAY_MONTH, day_month),
    (ISO, iso),
    (NUMERIC, numeric),
    (NAMED, named),
    (ON_THE, on_the),
    (EDGE_DAY, edge_day),
    (NTH_OF, nth_of),
    (NTH_WEEKDAY, nth_weekday),
    (FROM_NOW, from_now),
    (DAY_OF_WEEK, day_of_week),
    (BARE_WEEKDAY, weekday),
    (NEAR, near),
)
