"""Days with a name: Singles' Day, Black Friday, Easter ..., read from campaigns.yml."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from dateutil.easter import easter

from extract.records import read_data

CAMPAIGNS = Path(__file__).with_name("campaigns.yml")

_PREPOSITION = (
    r"(?<=\b(?:at|by|on)\s)|(?<=\bfor\s)|(?<=\b(?:over|this|last|next|late|past)\s)|(?<=\bafter\s)"
    r"|(?<=\b(?:before|during|around|year's|year’s)\s)|(?<=\bahead\sof\s)|(?<=\b(?:until|since)\s)"
)


@cache
def campaign_days() -> tuple[re.Pattern[str], Mapping[str, Callable[[int], date | None]]]:
    """A pattern whose group `campaign` is a name, and for every name (straight quotes) its day in a year."""
    free: list[str] = []
    bound: list[str] = []
    rules: dict[str, Callable[[int], date | None]] = {}
    for record in read_data(CAMPAIGNS)["campaigns"]:
        for name in record.fields["names"]:
            rules[name] = _rule(record.fields)
            (bound if record.fields.get("needs_preposition") else free).append(name)
    names = rf"(?:{_any(free)}|(?i:{_PREPOSITION})(?:{_any(bound)}))"
    pattern = re.compile(
        rf"(?:\b(?P<which>last|this|next)(?:\s(?P<years>year)['’]s)?\s)?(?<![\w.,/$€£¥])(?P<campaign>{names})(?![\w%/-]|[.,]\d|\s(?:per|million|billion|euros|yuan)\b)"
        r"(?:\s+(?:in\s+|of\s+)?(?P<year>(?:19|20)\d\d)\b)?"
    )
    return pattern, rules


def _any(names: list[str]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(name).replace("'", "['’]").replace(r"\ ", r"\s") for name in longest_first)


def _rule(fields: Mapping[str, Any]) -> Callable[[int], date | None]:
    if "day" in fields:
        month, number = (int(part) for part in fields["day"].split("-"))
        return lambda year: date(year, month, number)
    if "weekday" in fields:
        return lambda year: _nth_weekday(year, *fields["weekday"])
    if "easter" in fields:
        return lambda year: easter(year) + timedelta(days=fields["easter"])
    days = {date.fromisoformat(text).year: date.fromisoformat(text) for text in fields["days"]}
    return days.get


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
    pattern, rules = campaign_days()
    return any(
        rules[match["campaign"].replace("’", "'")](day.year) == day for match in pattern.finditer(text)
    )
