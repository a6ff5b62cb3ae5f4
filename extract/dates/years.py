"""Readers of years: "2018", "last year", "fiscal 2022", "year-end", "the 1990s"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from extract.dates import periods
from extract.dates.periods import Period
from extract.dates.reading import Context, Reader, Reading, absolute, relative
from extract.dates.words import YEAR, S
from extract.records import read_data

_RELATIVE = (
    r"(?P<ry>this|last|next|the\scurrent|the\sprevious|the)\s"
    r"(?:fiscal\s|financial\s|calendar\s)?year\b(?![’'-])"
)
_FISCAL = r"(?:(?:fiscal|financial)\s(?:year\s)?|FY\s?)"

_OF_FISCAL = rf"(?:{YEAR}|\d\d)(?:[/–-]\d\d(?:\d\d)?)?(?![\d%]|[.,]\d)"

# What may follow a month, a quarter ...: a year, which year_of reads, or the group `ry` ("last", "this" ... year).
OF_YEAR = (
    rf"(?:,?{S}(?:of{S}|in{S})?(?:(?P<y>{YEAR})(?![\d%]|[.,]\d)|{_FISCAL}(?P<fiscal>{_OF_FISCAL})|{_RELATIVE})"
    r"|\s?['’](?P<short>\d\d)(?![\w%'’]|[.,]\d))"
)

FISCAL_YEAR = re.compile(
    rf"\b{_FISCAL}(?P<fiscal>{_OF_FISCAL})|(?<![\w.,$€£¥/-])(?P<fiscal2>{YEAR}[/–-]\d\d(?:\d\d)?)\s(?:fiscal|financial)\syear\b",
    re.IGNORECASE,
)
REL_YEAR = re.compile(rf"\b{_RELATIVE}", re.IGNORECASE)
YEAR_END = re.compile(
    r"\b(?:(?:the\s)?year(?:['’]s\s|[\s-])?end|end[\s-]of[\s-]year|(?P<mid>mid-?year))\b(?!-)", re.IGNORECASE
)
NEW_YEAR = re.compile(r"\bthe\snew\syear\b(?![’'-])", re.IGNORECASE)
DECADE = re.compile(r"\b(?:(?:the|early|late|mid)[\s-])?(?P<y>(?:1[89]|20)\d)0['’]?s\b", re.IGNORECASE)
SPLIT_YEAR = re.compile(rf"(?<![\w$€£¥#@.,:/+&'’–-])(?P<a>{YEAR})[-–/](?P<b>\d\d)(?![\w%-]|[.,/]\d)")
PLAIN_YEAR = re.compile(
    rf"(?<![\w$€£¥#@.,:/+&'’])(?P<y>{YEAR})"
    r"(?![\w%°@]|[.,:]\d|/\d(?!\d(?!\d))|[-–—]\d(?!\d\d\d\b|\d\b)|-[a-z])(?:/\d\d(?!\d))?"
)

_PART_OF = re.compile(
    r"\b(?:end|close|start|beginning|middle|late|later|early|earlier)\s(?:of|in)\s$", re.IGNORECASE
)
_NEW_YEAR_CUE = re.compile(r"\b(?:in|by|from|into|after|until|before)\s$", re.IGNORECASE)
_SPAN_OF_TIME = re.compile(r"\b(?:over|in|during)\sthe\s$", re.IGNORECASE)
_MORE_DIGITS = re.compile(rf"[\s-](?!{YEAR}\b)\d{{3,}}(?![\d-])")
_JOINED = re.compile(rf"(?:{YEAR}|\s|\b(?:early|mid|late|end|pre|post))[-–—]$", re.IGNORECASE)


def fiscal_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """Companies' years begin when they like; the year that gives its name is the best that can be said.

    That is the one in which it ends, so that "FY2022-23" and "FY23" are one.
    """
    yield absolute(match, periods.year(_fiscal(match["fiscal"] or match["fiscal2"])))


def _fiscal(text: str) -> int:
    first, *rest = (int(part) for part in re.split("[/–-]", text))
    year = rest[0] if rest and (rest[0] - first - 1) % 100 == 0 else first
    return year + 2000 if year < 100 else year


def year_of(match: re.Match[str]) -> int | None:
    """The year that OF_YEAR found as a number: "2022", "FY22", "'22"; None if it found none."""
    if match["y"]:
        return int(match["y"])
    if match["fiscal"]:
        return _fiscal(match["fiscal"])
    return short_year(match["short"]) if match["short"] else None


def short_year(digits: str) -> int:
    """The year of two digits: 1951 to 2050."""
    return int(digits) + (2000 if int(digits) <= 50 else 1900)


def rel_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    word = match["ry"].lower()
    before = at.before(match.start())
    if word == "the" and not _PART_OF.search(before):
        return
    if word == "last" and _SPAN_OF_TIME.search(before):
        return  # "over the last year"
    yield relative(match, relative_year(match, at), "year")


def year_end(match: re.Match[str], at: Context) -> Iterator[Reading]:
    if at.anchor is None:
        yield relative(match, None, "year")
        return
    if match["mid"]:
        year = periods.year(at.anchor.year)
        yield relative(match, year.narrowed(date(at.anchor.year, 5, 1), date(at.anchor.year, 8, 31)), "year")
        return
    is_ahead = at.tense(match.start(), match.end()) == "future"
    first = at.anchor.first if is_ahead else periods.quarter(at.anchor.year, 4).first
    yield relative(match, periods.year(at.anchor.year).narrowed(first=first), "year")


def new_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "in the new year": the first third of the year that comes, or early in a year that of the anchor."""
    if not _NEW_YEAR_CUE.search(at.before(match.start())):
        return
    if at.anchor is None or at.anchor.month is None:
        yield relative(match, periods.year(at.anchor.year) if at.anchor else None, "year")
        return
    year = periods.year(at.anchor.year + (at.anchor.month % 12 >= 3))
    yield relative(match, year.narrowed(last=date(year.first.year, 4, 30)), "year")


def relative_year(match: re.Match[str], at: Context) -> Period | None:
    """The year of the group `ry`, None without an anchor."""
    if at.anchor is None:
        return None
    word = match["ry"].lower()
    shift = 1 if word == "next" else -1 if word in ("last", "the previous") else 0
    return periods.year(at.anchor.year + shift)


def decade(match: re.Match[str], at: Context) -> Iterator[Reading]:
    yield absolute(match, periods.decade(int(match["y"]) * 10))


def split_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "2016-17": a financial year or a season, which bears the year in which it ends."""
    if int(match["b"]) == (int(match["a"]) + 1) % 100:
        yield absolute(match, periods.year(int(match["a"]) + 1))


def plain_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """A four-digit number is a year unless the words around it count something or name a thing."""
    year, before, after = int(match["y"]), at.before(match.start(), 32), at.after(match.end(), 48)
    marks_year, marks_number, is_counted = _words()
    if is_counted.match(after) or _MORE_DIGITS.match(after):
        return
    joined = _JOINED.search(before)
    if before.endswith(("-", "–", "—")) and not joined:
        return
    has_cue = joined or marks_year.search(before)
    if not has_cue and (marks_number.search(before) or not 1900 <= year <= 2050):
        return
    yield absolute(match, periods.year(year))


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Words that mark a year before it or a number before it, or that are counted after it (years.yml)."""
    lists = read_data(Path(__file__).with_name("years.yml"))
    cues, numbers, counted, adjectives = (
        "|".join(re.escape(word).replace(r"\ ", r"\s").replace(r"\?", "?") for word in lists[name])
        for name in ("year_after", "number_after", "counted", "adjectives")
    )
    return (
        re.compile(rf"(?:\b(?:{cues})[\s-](?:(?:about|around|the|the\syear)\s)?|\()$", re.IGNORECASE),
        re.compile(rf"(?:\b(?:{numbers})[\s.:-]{{1,2}}|[\d)][\s-])$", re.IGNORECASE),
        re.compile(rf"\s(?:(?:{adjectives})\s){{0,2}}(?:{counted})\b", re.IGNORECASE),
    )


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (FISCAL_YEAR, fiscal_year),
    (REL_YEAR, rel_year),
    (YEAR_END, year_end),
    (NEW_YEAR, new_year),
    (DECADE, decade),
    (SPLIT_YEAR, split_year),
    (PLAIN_YEAR, plain_year),
)
