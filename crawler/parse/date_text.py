"""A date as publishers write it, read only if it can mean one thing.

03/04/2021 stays unread here (crawler.parse.day_order has more to go by), and so do the future and the year 1970, which
machines write when they know no date.
Zones stay as the publisher wrote them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.parse.text import squeeze

_ISO = re.compile(
    r"(?P<day>(?:19|20)\d\d-[01]\d-[0-3]\d)(?:[T ]+(?P<time>[0-2]?\d:[0-5]\d(?::[0-5]\d)?)(?:[.,]\d+)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][01]\d:?[0-5]\d|[+-]\d\d)?)?(?:\[[\w/]+\])?"
)
_ISO_BASIC = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?:T?[0-2]\d[0-5]\d(?:[0-5]\d)?(?:Z|[+-]\d{4})?)?"
)
_EPOCH = re.compile(r"(?P<seconds>1\d{9})(?:\d{3})?")
_EAST_ASIAN = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*[年년]\s*(?P<m>[01]?\d)\s*[月월]\s*(?P<d>[0-3]?\d)\s*[日일]"
)
_DOTTED = re.compile(r"(?<![\d.])(?P<d>[0-3]?\d)\.(?P<m>[01]?\d)\.(?P<y>(?:19|20)\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"\b(?P<y>(?:19|20)\d\d)[/.-](?P<m>[01]?\d)[/.-](?P<d>[0-3]?\d)\b")
_YEAR_MONTH = re.compile(r"(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])")
_NUMERIC = re.compile(r"\b(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)[/.-](?P<y>(?:19|20)\d\d)\b")
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY_MONTH = re.compile(
    rf"\b(?P<d>[0-3]?\d)(?:st|nd|rd|th)?\.?(?:\s+of)?[\s-]*{_MONTH},?[\s-]*(?P<y>(?:19|20)\d\d)\b", re.I
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}[\s-]+(?P<d>[0-3]?\d)(?:st|nd|rd|th)?[,-]?\s*(?P<y>(?:19|20)\d\d)\b", re.I
)
_UNIX = re.compile(
    rf"\b{_MONTH}\s+(?P<d>[0-3]?\d)\s+[0-2]\d:[0-5]\d:[0-5]\d\s+(?:[A-Z]{{3,4}}\s+)?(?P<y>(?:19|20)\d\d)\b",
    re.I,
)
_MONTH_ALONE = re.compile(
    rf"(?:(?:issue|published|posted|date)\s*:?\s*)?{_MONTH},?\s+(?P<y>(?:19|20)\d\d)", re.I
)
_SHORT_YEAR = re.compile(
    rf"(?:\b(?P<d>[0-3]?\d)(?:st|nd|rd|th)?\s+{_MONTH},?\s+['’](?P<y>[0-3]\d)"
    r"|(?<![\d/.-])(?P<a>[0-3]?\d)(?P<s>[/.])(?P<b>[0-3]?\d)(?P=s)(?P<z>[0-3]\d))(?![\d/.:-])",
    re.I,
)
_CLOCK = re.compile(
    r"\b(?P<h>[0-2]?\d)[:.](?P<min>[0-5]\d)(?::(?P<s>[0-5]\d))?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>Z\b|UTC\b|GMT\b|[+-][01]\d:?[0-5]\d)?",
    re.I,
)
_WORD_DATE = re.compile(r"^\W*(?:\w+\W+){0,4}?(\d{1,2}\.?\s+[^\W\d]{3,12}\.?\s+(?:19|20)\d\d)\b")


def parse_date(raw: str, *, now: datetime) -> str | None:
    """The date in ISO form at its own precision (year-month, day or date-time), or null if it is not certain.

    `now` is when the page was fetched: what lies more than a day after it is not a publication date.
    """
    text = squeeze(raw)[:200]
    found = _read(text)
    if found is None:
        return None
    iso, moment = found
    if moment.year <= 1970 or moment.replace(tzinfo=moment.tzinfo or UTC) > now + timedelta(days=1):
        return None
    return iso


def two_readings(raw: str) -> tuple[str, str] | None:
    """The days that a date in numbers can mean, day first and month first, null if it means one or none."""
    match = _NUMERIC.search(squeeze(raw)[:200])
    if not match or _read(squeeze(raw)[:200]) is not None:
        return None
    readings = _day(match["y"], match["b"], match["a"]), _day(match["y"], match["a"], match["b"])
    one, other = (reading[0] if reading else None for reading in readings)
    return (one, other) if one and other else None


def _read(text: str) -> tuple[str, datetime] | None:
    if match := _ISO.match(text):
        return _with_time(match["day"], match["time"], match["zone"])
    if match := _ISO_BASIC.fullmatch(text):
        return _day(match["y"], match["m"], match["d"])
    if match := _EPOCH.fullmatch(text):
        moment = datetime.fromtimestamp(int(match["seconds"]), UTC)
        return moment.isoformat(), moment
    if match := _YEAR_MONTH.fullmatch(text):
        return match[0], datetime(int(match["y"]), int(match["m"]), 1)
    if re.match(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*, \d", text, re.I) and re.search(
        r"\d:\d\d:\d\d", text
    ):
        try:
            moment = parsedate_to_datetime(text)
            return moment.isoformat(), moment
        except ValueError:
            pass
    for pattern in (_DAY_MONTH, _MONTH_DAY, _UNIX, _YEAR_FIRST, _EAST_ASIAN):
        if match := pattern.search(text):
            day = _day(match["y"], match["m"], match["d"])
            return _add_clock(day, text[: match.start()] + " " + text[match.end() :]) if day else None
    # With dots the day goes first wherever dates are written so; two such dates contradict each other.
    if len(dotted := _DOTTED.findall(text)) == 1:
        return _day(dotted[0][2], dotted[0][1].zfill(2), dotted[0][0].zfill(2))
    if match := _NUMERIC.search(text):
        first, second = int(match["a"]), int(match["b"])
        if first > 12 >= second:
            return _day(match["y"], match["b"], match["a"])
        if second > 12 >= first or first == second:
            return _day(match["y"], match["a"], match["b"])
        return _by_weekday(text, match["y"], match["a"], match["b"])
    if match := _MONTH_ALONE.fullmatch(text):
        return _month(match["y"], match["m"])
    if match := _SHORT_YEAR.search(text):
        return _of_short_year(match)
    return _read_other_language(text)


def _month(year: str, name: str) -> tuple[str, datetime] | None:
    first = _day(year, name, "1")
    return (first[0][:7], first[1]) if first else None


def _of_short_year(match: re.Match[str]) -> tuple[str, datetime] | None:
    """5 Mar '24, and 25/03/24 or 3/25/24, of which one number can only be the day."""
    if match["d"]:
        return _day(f"20{match['y']}", match["m"], match["d"])
    first, second = int(match["a"]), int(match["b"])
    day, month = (first, second) if first > 12 else (second, first)
    if month > 12 or (day <= 12 and first != second):
        return None
    return _day(f"20{match['z']}", str(month).zfill(2), str(day))


def _by_weekday(text: str, year: str, one: str, other: str) -> tuple[str, datetime] | None:
    """Which of two numbers is the day, if a weekday beside them tells."""
    if not (named := re.search(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", text, re.I)):
        return None
    readings = (_day(year, other, one), _day(year, one, other))
    fitting = [r for r in readings if r and r[1].strftime("%a").lower() == named[1].lower()]
    return fitting[0] if len(fitting) == 1 else None


def _day(year: str, month: str, day: str) -> tuple[str, datetime] | None:
    names = [name[:3] for name in MONTHS]
    number = names.index(month[:3].lower()) + 1 if month[:3].lower() in names else month
    try:
        moment = datetime(int(year), int(number), int(day))
    except ValueError:
        return None
    return moment.date().isoformat(), moment


def _with_time(day: str, clock: str | None, zone: str | None) -> tuple[str, datetime] | None:
    if clock is None:
        return _day(*day.split("-"))
    zone = {"UTC": "+00:00", "GMT": "+00:00", "Z": "+00:00"}.get((zone or "").upper(), zone or "")
    try:
        moment = datetime.fromisoformat(f"{day}T{clock.rjust(len(clock) + (clock[1] == ':'), '0')}{zone}")
    except ValueError:
        return _day(*day.split("-"))
    return moment.isoformat(), moment


def _add_clock(day: tuple[str, datetime], rest: str) -> tuple[str, datetime]:
    match = _CLOCK.search(rest)
    if not match:
        return day
    hour = int(match["h"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
    return _with_time(day[0], f"{hour:02}:{match['min']}:{match['s'] or '00'}", match["zone"]) or day


def _read_other_language(text: str) -> tuple[str, datetime] | None:
    match = _WORD_DATE.match(text)
    if not match or len(text) > 80:
        return None
    import dateparser  # type: ignore[import-untyped]  # here, since it is slow to import and seldom needed

    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"]}
    moment = dateparser.parse(match[1], settings=settings)
    return (moment.date().isoformat(), moment) if moment else None
