"""Days with a name: Singles' Day, Black Friday, Easter ..., read from campaigns.yml."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from dateutil.easter import easter

from extract.dates import periods
from extract.dates.periods import Anchor, Period
from extract.dates.reading import Context, Reader, Reading, absolute, relative
from extract.dates.tense import Tense
from extract.records import read_data

CAMPAIGNS = Path(__file__).with_name("campaigns.yml")

_TIME = r"before|after|during|until|till|since|around|through|between|ahead\sof|in\stime\sfor|season\sof|month\sof"
_PREPOSITIONS = {
    "any": rf"\b(?:{_TIME}|at|by|on|for|over|from|in|come|starting|this|last|next|late|past|year['’]s)\s(?:the\s)?$",
    "time": rf"\b(?:{_TIME})\s(?:the\s)?$",
    "ahead": r"\b(?:before|by|ahead\sof|in\stime\sfor|come)\s$",
}
_PREPOSITION = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PREPOSITIONS.items()}
_INSIDE = re.compile(r"\bin\s(?:the\s)?$", re.IGNORECASE)

_GOAL = re.compile(r"\b(?:by|until|till|from|for)\s(?:the\s)?$", re.IGNORECASE)

_NEAR = 60  # days: a campaign that lies this near ahead is meant where the last one is long gone
_IN_SIGHT = 180  # days: and this near where the words before name it as a goal ("by Easter")


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign: its days in a year, whether a day or a month is read, and what must stand before its name."""

    days: Callable[[int], tuple[date, ...]]
    precision: str
    preposition: str | None

    def period(self, day: date) -> Period:
        return periods.day(day) if self.precision == "day" else periods.month(day.year, day.month)


@cache
def campaign_days() -> tuple[re.Pattern[str], Mapping[str, Campaign]]:
    """A pattern whose group `campaign` is a name, and for every name (straight quotes) its campaign."""
    campaigns: dict[str, Campaign] = {}
    for record in read_data(CAMPAIGNS)["campaigns"]:
        needs = record.fields.get("needs_preposition")
        one = Campaign(
            _rule(record.fields), record.fields.get("precision", "day"), "any" if needs is True else needs
        )
        campaigns.update(dict.fromkeys(record.fields["names"], one))
    longest_first = sorted(campaigns, key=len, reverse=True)
    names = "|".join(re.escape(n).replace("'", "['’]").replace(r"\ ", r"\s") for n in longest_first)
    pattern = re.compile(
        rf"(?:\b(?P<which>[Ll]ast|[Tt]his|[Nn]ext)(?:\s(?P<years>year)['’]s)?\s)?(?<![\w.,/$€£¥])(?P<campaign>{names})(?![\w%/-]|[.,]\d|\s(?:per|million|billion|euros|yuan)\b)"
        r"(?:\s+(?:in\s+|of\s+)?(?P<year>(?:19|20)\d\d)\b|\s(?:of\s)?(?P<ry>last|this|next)\syear\b(?!['’-]))?"
    )
    return pattern, campaigns


def _rule(fields: Mapping[str, Any]) -> Callable[[int], tuple[date, ...]]:
    if "day" in fields:
        month, number = (int(part) for part in fields["day"].split("-"))
        return lambda year: (date(year, month, number),)
    if "weekday" in fields:
        return lambda year: (_nth_weekday(year, *fields["weekday"]),)
    if "easter" in fields:
        return lambda year: (easter(year) + timedelta(days=fields["easter"]),)
    days = [date.fromisoformat(text) for text in fields["days"]]
    return lambda year: tuple(day for day in days if day.year == year)


def _nth_weekday(year: int, month: int, weekday: int, nth: int, later: int) -> date:
    if nth > 0:
        first = date(year, month, 1)
        found = first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    else:
        last = date(year, month, monthrange(year, month)[1])
        found = last - timedelta(days=(last.isoweekday() - weekday) % 7)
    return found + timedelta(days=later)


def is_campaign_day(text: str, day: date) -> bool:
    """Whether a text names a campaign that falls on the day."""
    return any(day in found.days(day.year) for match, found in _campaigns(text))


def _campaigns(text: str) -> Iterator[tuple[re.Match[str], Campaign]]:
    for match in campaign_days()[0].finditer(text):
        if found := _named(match, text):
            yield match, found


def _named(match: re.Match[str], text: str) -> Campaign | None:
    """The campaign of a match; None where its name needs a preposition that is not there."""
    found = campaign_days()[1][" ".join(match["campaign"].replace("’", "'").split())]
    start = match.start("campaign")
    before = text[max(0, start - 24) : start]
    if found.preposition and not _PREPOSITION[found.preposition].search(before):
        return None
    # "in Christmas jumpers": only what lasts a month has an inside.
    if found.preposition and found.precision == "day" and _INSIDE.search(before):
        return None
    return found


def campaign(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """A campaign's day in the year named, else the one that the tense and the day of publication point to."""
    found = _named(match, at.text)
    if found is None:
        return
    if match["year"]:
        if days := found.days(int(match["year"])):
            yield absolute(match, found.period(days[0]))
        return
    if at.anchor is None:
        yield relative(match, None, found.precision)
        return
    which = (match["which"] or "").lower()
    shift = {"last": -1, "next": 1, "this": 0}
    if match["years"] or match["ry"]:
        days = found.days(at.anchor.year + shift[match["ry"] or which])
        when = days[0] if days else None
    else:
        near = _IN_SIGHT if _GOAL.search(at.before(match.start())) else _NEAR
        when = _choose(found, at.anchor, which, at.tense(match.start(), match.end()), near)
    yield relative(match, found.period(when) if when else None, found.precision)


def _choose(found: Campaign, anchor: Anchor, which: str, tense: Tense | None, near: int) -> date | None:
    days = [day for year in range(anchor.year - 1, anchor.year + 2) for day in found.days(year)]
    past = max((day for day in days if day <= anchor.last), default=None)
    future = min((day for day in days if day >= anchor.first), default=None)
    if past is None or future is None:
        return past or future
    if which == "last":
        return max((day for day in days if day < anchor.first), default=None)
    if which == "next":
        return min((day for day in days if day > anchor.last), default=None)
    ahead, back = (future - anchor.last).days, (anchor.first - past).days
    if tense == "future":
        return future
    if which == "this":
        return future if ahead <= back else past
    if tense is None:
        return future if ahead <= max(near, back) else past
    return future if ahead <= near and back > 2 * _NEAR else past


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = ((campaign_days()[0], campaign),)
