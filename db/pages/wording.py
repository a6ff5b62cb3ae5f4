"""Dates, counts and addresses as people read them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PERIODS = {
    "21": "spring",
    "22": "summer",
    "23": "autumn",
    "24": "winter",
    "33": "Q1",
    "34": "Q2",
    "35": "Q3",
    "36": "Q4",
}
_EDTF = re.compile(r"(?P<year>\d{4})(?:-(?P<part>\d{2})(?:-(?P<day>\d{2}))?)?(?:T(?P<time>\d{2}:\d{2}).*)?")
_WIKIDATA = re.compile(r"Q[1-9]\d*")


def when(edtf: str | None) -> str:
    """An EDTF date in words: 30 Nov 2018, Mar 2018, Q2 2021, spring 2021, 2021; other text as it is."""
    match = _EDTF.fullmatch(edtf or "")
    if match is None:
        return edtf or ""
    year, part, day = match["year"], match["part"], match["day"]
    if part is None:
        return year
    if part in _PERIODS:
        return f"{_PERIODS[part]} {year}"
    if not 1 <= int(part) <= 12:
        return edtf or ""
    month = _MONTHS[int(part) - 1]
    return f"{int(day)} {month} {year}" if day else f"{month} {year}"


def moment(stamp: str | None) -> str:
    """A UTC time stamp in words: 24 Nov 2025 09:04."""
    match = _EDTF.fullmatch(stamp or "")
    return f"{when(stamp)} {match['time']}" if match and match["time"] else when(stamp)


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: 1 article, 3 articles, 1,204 companies."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def percent(share: float | None) -> str:
    """0.93 as 93 %."""
    return "" if share is None else f"{share * 100:.0f} %"


def money(amount: float | None, currency: str | None) -> str:
    """An amount with its currency, in millions or billions where it is that large."""
    if amount is None:
        return ""
    for size, word in ((1e9, " billion"), (1e6, " million"), (1.0, "")):
        if abs(amount) >= size or size == 1.0:
            number = f"{amount / size:,.2f}".rstrip("0").rstrip(".")
            return f"{number}{word} {currency or ''}".strip()
    return ""


def plain(slug: str | None) -> str:
    """An id of a fixed list as words: business_unit as business unit."""
    return (slug or "").replace("_", " ")


def basis(place: str | None) -> str:
    """Where a date of publication was found, in words."""
    return {"json_ld": "JSON-LD", "url": "the address"}.get(place or "", plain(place)) or "an unnamed place"


def listed(words: list[str]) -> str:
    """Words with commas and a last `and`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def web_link(url: str | None) -> str | None:
    """The address if it is one of the web, else None: `javascript:` never becomes a link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def wikidata_link(item: str | None) -> str | None:
    """The address of a Wikidata item."""
    return f"https://www.wikidata.org/wiki/{item}" if item and _WIKIDATA.fullmatch(item) else None
