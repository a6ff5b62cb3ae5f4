"""Which number of 03/04/2021 is the day, if the page or the publisher's country tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from lxml import etree

from crawler.parse.date_text import two_readings

_NUMBERS = re.compile(r"(?<![\d/.-])([0-3]?\d)([/.-])([0-3]?\d)\2(?:19|20)\d\d(?!\d)")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?=/)")
_MONTH_FIRST = frozenset(["US", "PH"])
_MIXED = frozenset(["CA", "KE", "GH", "PR"])
_DAY_FIRST = re.compile(
    r"(?i)en[-_](?:gb|au|ie|nz|in|za|sg|hk|ng|my|pk|bd|lk|ae)\b|(?!en\b|[^a-z])[a-z]{2}\b"
)
_ENOUGH, _NEAR, _LONGEST = 2, timedelta(days=3), 300_000


def settled_day(
    raw: str,
    tree: etree._Element,
    *,
    now: datetime,
    url: str | None,
    changed: str | None,
    country: str | None,
) -> str | None:
    """The one day of the two that a date in numbers can mean, null if nothing tells.

    What tells, in this order: one of them is yet to come, or is after the page's last change; the address has the year
    and month; other dates of the page can be read one way only; the country; the declared language.
    """
    readings = two_readings(raw)
    if readings is None:
        return None
    past = [
        day
        for day in readings
        if datetime.fromisoformat(day).replace(tzinfo=now.tzinfo) <= now + timedelta(days=1)
    ]
    if changed:
        until = datetime.fromisoformat(changed[:10]) + timedelta(days=1)
        past = [day for day in past if datetime.fromisoformat(day) <= until]
        near = [day for day in past if until - datetime.fromisoformat(day) <= _NEAR]
        past = near if len(near) == 1 else past
    if match := _IN_ADDRESS.search(url or ""):
        month = f"{match[1]}-{match[2].zfill(2)}"
        past = [day for day in past if day.startswith(month)] or past
    if len(past) == 1:
        return past[0]
    month_first = _of_page(raw, tree)
    if month_first is None and country and country not in _MIXED:
        month_first = country in _MONTH_FIRST
    if month_first is None and not country and _DAY_FIRST.match(_declared(tree)):
        month_first = False
    if month_first is None or len(past) < 2:
        return None
    day_first, other = readings
    return other if month_first else day_first


def _of_page(raw: str, tree: etree._Element) -> bool | None:
    """Whether the page's other dates of this form have the month first, null if they do not tell."""
    here = _NUMBERS.search(raw)
    text = " ".join(_up_to(tree.itertext(), _LONGEST))
    found = [m for m in _NUMBERS.finditer(text) if here is not None and m[2] == here[2]]
    month_first = sum(int(m[1]) <= 12 < int(m[3]) for m in found)
    day_first = sum(int(m[3]) <= 12 < int(m[1]) for m in found)
    if max(month_first, day_first) < _ENOUGH or min(month_first, day_first):
        return None
    return month_first > day_first


def _up_to(texts: Iterable[str], most: int) -> Iterable[str]:
    for text in texts:
        most -= len(text)
        if most < 0:
            return
        yield text


def _declared(tree: etree._Element) -> str:
    declared = tree.xpath("string(/html/@lang)") or tree.xpath(
        "string(//meta[@property='og:locale']/@content)"
    )
    return str(declared).strip()
