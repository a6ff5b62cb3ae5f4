"""Readers of longer periods: months, quarters, halves, seasons, years, weeks, and "three years ago"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from extract.dates import periods
from extract.dates.periods import Anchor, Period
from extract.dates.reading import Context, Reader, Reading, absolute, relative
from extract.dates.tense import Tense
from extract.dates.words import FULL_MONTH, MONTH, NUMBER, ORDINALS, SEASONS, YEAR, S, month_number, number

_REL_YEAR = (
    r"(?P<ry>this|last|next|the\scurrent|the\sprevious|the)\s"
    r"(?:fiscal\s|financial\s|calendar\s)?year\b(?![’'-])"
)
_FISCAL = r"(?:(?:fiscal|financial)\s(?:year\s)?|FY\s?)?"
_OF_YEAR = rf"(?:,?{S}(?:of{S}|in{S})?(?:{_FISCAL}(?P<y>{YEAR})(?![\d%]|[.,]\d)|{_REL_YEAR}))"

MONTH_YEAR = re.compile(rf"\b(?P<month>{MONTH}){_OF_YEAR}")
BARE_MONTH = re.compile(
    rf"\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Pp]ast|[Cc]oming)\s)?"
    rf"(?P<month>{FULL_MONTH}|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)(?![\w-])"
    rf"|\b(?P<range>{MONTH})(?=[-–]{MONTH}(?:{S}{YEAR})?\b)"
)
QUARTER = re.compile(
    rf"\b(?:Q(?P<q>[1-4])(?![\w%.])|(?:the\s(?=\w+\s))?(?:(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th|final)[\s-]quarter\b|last\squarter(?=\sof\b))){_OF_YEAR}?",
    re.IGNORECASE,
)
HALF = re.compile(
    rf"\b(?:H(?P<h>[12])(?![\w%.])|(?:the{S})?(?P<nth>first|second|1st|2nd)[\s-]half\b){_OF_YEAR}",
    re.IGNORECASE,
)
SEASON = re.compile(
    rf"\b(?:(?P<which>last|next|this|past|coming)\s)?(?:the\s)?(?P<season>spring|summer|autumn|fall|winter)\b(?![’'-]){_OF_YEAR}?",
    re.IGNORECASE,
)
FISCAL_YEAR = re.compile(
    rf"\b(?:(?:fiscal|financial)\s(?:year\s)?|FY\s?)(?P<y>{YEAR}|\d\d(?![\d%]|[.,]\d))(?:[/–-]\d\d(?:\d\d)?)?(?!\d)",
    re.IGNORECASE,
)
REL_YEAR = re.compile(rf"\b{_REL_YEAR}", re.IGNORECASE)
YEAR_END = re.compile(r"\b(?:(?:the\s)?year[\s-]end|end[\s-]of[\s-]year)\b", re.IGNORECASE)
REL_PART = re.compile(
    r"\b(?P<which>this|last|next|the)\s(?P<unit>quarter|month|week|weekend)\b(?![’'-]|\sof\b)", re.IGNORECASE
)
AGO = re.compile(
    rf"\b(?:(?:about|around|nearly|almost|just|over|more\sthan|some)\s)?(?P<n>{NUMBER})\s(?P<unit>day|week|month|year|decade)s?\sago\b",
    re.IGNORECASE,
)
DECADE = re.compile(r"\b(?:(?:the|early|late|mid)[\s-])?(?P<y>(?:1[89]|20)\d)0['’]?s\b", re.IGNORECASE)
PLAIN_YEAR = re.compile(
    rf"(?<![\w$€£¥#@.,:/+&'’])(?P<y>{YEAR})(?![\w%°@]|[.,:]\d|/\d(?!\d(?!\d))|[-–—]\d(?!\d\d\d\b|\d\b)|-[a-z])(?:/\d\d(?!\d))?"
)

_MORE_DIGITS = re.compile(rf"[\s-](?!{YEAR}\b)\d{{3,}}(?![\d-])")
_MONTH_CUE = re.compile(
    r"\b(?:in|since|until|till|during|before|after|through|throughout|between|early|late|mid|end|as\sof|starting|beginning"
    r"|(?P<weak>by|from|of|to|and|or|around|for))[\s-]$",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?:every|each|last|next|this)\s$", re.IGNORECASE)
_SEASON_CUE = re.compile(
    r"\b(?:in|by|during|from|since|until|before|after|for|of|early|late|mid|end)[\s-](?:the\s)?$",
    re.IGNORECASE,
)
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|of|during|before|after|through|to|and|early|late|mid|end|year|between|circa|founded"
    r"|established|around|about|for|pre|post)[\s-](?:about\s|around\s|the\s(?:year\s)?)?|\()$",
    re.IGNORECASE,
)
_NO_YEAR_BEFORE = re.compile(
    r"(?:\b(?:some|over|nearly|almost|roughly|exactly|approximately|only|than|least|up\sto|top|no\.?|number|nos?\.|store|room|model"
    r"|version|flight|route|gate|page|level|windows|office|server|forbes|global|russell|iso|rfc|s&p|employs|total\sof|another|these"
    r"|those|all|its|their|with|further|additional|maximum|minimum|phone|tel|call|fax|box|code|\d)[\s.:-]{1,2}|[\d)][\s-])$",
    re.IGNORECASE,
)
_JOINED = re.compile(rf"(?:{YEAR}|\s|\b(?:early|mid|late|end|pre|post))[-–—]$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s(?:(?:new|more|other|different|small|local|physical|retail|grocery|additional|independent|convenience|chinese|"
    r"american|british|french|german)\s){0,2}(?:stores?|shops?|outlets?|employees|staff|people|workers|jobs|points|locations|products"
    r"|items|brands|square|sq|metres|meters|m2|m²|km|kilomet\w+|miles|feet|tons|tonnes|euros?|dollars|pounds|yuan|rupees|yen|won"
    r"|million|billion|bn|customers|consumers|shoppers|users|households|sites|suppliers|sellers|merchants|partners|members|rooms|units"
    r"|cars|vehicles|vans|trucks|restaurants|branches|supermarkets|hypermarkets|pharmacies|pages|words|times|hours|calories|cities"
    r"|villages|towns|companies|retailers|farmers|robots|lockers|drivers|couriers|SKUs|articles|lines|references|full-time|years)\b",
    re.IGNORECASE,
)


def month_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    month = month_number(match["month"])
    if match["y"]:
        yield absolute(match, periods.month(int(match["y"]), month))
    elif year := _relative_year(match, at):
        yield relative(match, periods.month(year.first.year, month), "month")
    else:
        yield relative(match, None, "month")


def bare_month(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "March", "last March": months are verbs and people too; a lone one needs words that go with it."""
    if not (match["which"] or match["range"] or _is_month(match, at)):
        return
    month, which = month_number(match["month"] or match["range"]), (match["which"] or "").lower()
    period = None
    if at.anchor is not None:
        tense = at.tense(match.start(), match.end())
        period = choose_month(month, at.anchor, tense, which)
    yield Reading(match.start(), match.end(), period, "month", True, None if which else (month, 0))


def choose_month(month: int, anchor: Anchor, tense: Tense | None, which: str = "") -> Period:
    """The month without a year: the last that began by the anchor, or in the future the first after it.

    "last" and "past" leave the anchor's own month out, and so do "next" and "coming".
    """
    now = anchor.month
    if now is None:
        return periods.month(anchor.year, month)
    back = (now - (month - 1)) % 12  # months back to the last such month
    if which in ("last", "past"):
        return _month(now - (back or 12))
    if which in ("next", "coming"):
        return _month(now - back + 12)
    # Without any verb a month that is 10 or 11 months gone is read as the coming one.
    if back and (tense == "future" or (which == "this" and tense is None) or (tense is None and back >= 10)):
        return _month(now - back + 12)
    return _month(now - back)


def quarter(match: re.Match[str], at: Context) -> Iterator[Reading]:
    nth = int(match["q"]) if match["q"] else ORDINALS[(match["nth"] or "final").lower()]
    if match["y"]:
        yield absolute(match, periods.quarter(int(match["y"]), nth))
    elif match["ry"]:
        year = _relative_year(match, at)
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
    nth = int(match["h"]) if match["h"] else ORDINALS[match["nth"].lower()]
    if match["y"]:
        yield absolute(match, periods.half(int(match["y"]), nth))
    else:
        year = _relative_year(match, at)
        yield relative(match, periods.half(year.first.year, nth) if year else None, "year")


def season(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "this summer", "spring 2021"; a bare season needs a preposition, for "spring" and "fall" are verbs."""
    nth = SEASONS[match["season"].lower()]
    if match["y"]:
        yield absolute(match, periods.season(int(match["y"]), nth))
    elif match["ry"]:
        year = _relative_year(match, at)
        yield relative(match, periods.season(year.first.year, nth) if year else None, "season")
    elif match["which"] or (
        _SEASON_CUE.search(at.before(match.start()))
        and re.match(r"\s?(?:[,.;)]|$|and\b|or\b|to\b|of\b|when\b|at\b|with\b)", at.after(match.end()))
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


def fiscal_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """Companies' years begin when they like; the year that gives its name is the best that can be said."""
    year = int(match["y"])
    yield absolute(match, periods.year(year + 2000 if year < 100 else year))


def rel_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    word = match["ry"].lower()
    before = at.before(match.start())
    if word == "the" and not re.search(
        r"\b(?:end|start|beginning|middle|late|later|early|earlier)\s(?:of|in)\s$", before, re.I
    ):
        return
    if word == "last" and re.search(r"\b(?:over|in|during)\sthe\s$", before, re.I):
        return  # "over the last year" is a span of time
    yield relative(match, _relative_year(match, at), "year")


def year_end(match: re.Match[str], at: Context) -> Iterator[Reading]:
    year = periods.year(at.anchor.year) if at.anchor else None
    if year and at.anchor:
        year = year.narrowed(
            first=at.anchor.first
            if at.tense(match.start(), match.end()) == "future"
            else periods.quarter(at.anchor.year, 4).first
        )
    yield relative(match, year, "year")


def _relative_year(match: re.Match[str], at: Context) -> Period | None:
    if at.anchor is None:
        return None
    word = match["ry"].lower()
    shift = 1 if word == "next" else -1 if word in ("last", "the previous") else 0
    return periods.year(at.anchor.year + shift)


def rel_part(match: re.Match[str], at: Context) -> Iterator[Reading]:
    which, unit = match["which"].lower(), match["unit"].lower()
    before = at.before(match.start())
    if which == "the" and not re.search(
        r"\b(?:end|start|beginning|middle|later|earlier)\s(?:of|in)\s$", before, re.I
    ):
        return
    if which == "last" and re.search(r"\bthe\s$", before, re.I):
        return
    shift = {"last": -1, "next": 1}.get(which, 0)
    precision = "quarter" if unit == "quarter" else "month"
    yield relative(match, _part(unit, shift, at.anchor), precision)


def _part(unit: str, shift: int, anchor: Anchor | None) -> Period | None:
    if anchor is None or anchor.month is None:
        return periods.year(anchor.year) if anchor else None
    if unit == "quarter":
        return periods.quarter(anchor.year, (anchor.first.month - 1) // 3 + 1 + shift)
    if unit == "month":
        return _month(anchor.month + shift)
    if anchor.day is None:
        return _month(anchor.month)
    week = periods.week(anchor.day - timedelta(days=anchor.day.weekday() - 7 * shift))
    return week.narrowed(first=week.last - timedelta(days=1)) if unit == "weekend" else week


def ago(match: re.Match[str], at: Context) -> Iterator[Reading]:
    count, unit = number(match["n"]), match["unit"].lower()
    precision = {"day": "day", "week": "month", "month": "month"}.get(unit, "year")
    yield relative(match, _ago(count, unit, at.anchor), precision)


def _ago(count: int, unit: str, anchor: Anchor | None) -> Period | None:
    if anchor is None:
        return None
    if unit in ("year", "decade"):
        year = anchor.year - count * (10 if unit == "decade" else 1)
        return periods.year(year) if year >= periods.FIRST_YEAR else None
    if unit == "month" and anchor.month is not None:
        return _month(anchor.month - count)
    if anchor.day is None:
        return _part("month", 0, anchor)
    then = anchor.day - timedelta(days=count * (7 if unit == "week" else 1))
    return periods.day(then) if unit == "day" else periods.week(then - timedelta(days=3))


def decade(match: re.Match[str], at: Context) -> Iterator[Reading]:
    yield absolute(match, periods.decade(int(match["y"]) * 10))


def plain_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """A four-digit number is a year unless the words around it count something or name a thing."""
    year, before, after = int(match["y"]), at.before(match.start(), 32), at.after(match.end(), 48)
    if _COUNTED.match(after) or _MORE_DIGITS.match(after):
        return
    joined = _JOINED.search(before)
    if before.endswith(("-", "–", "—")) and not joined:
        return
    has_cue = joined or _YEAR_CUE.search(before)
    if not has_cue and (_NO_YEAR_BEFORE.search(before) or not 1900 <= year <= 2050):
        return
    yield absolute(match, periods.year(year))


def _is_month(match: re.Match[str], at: Context) -> bool:
    before, after = at.before(match.start()), at.after(match.end())
    if _EVERY.search(before):
        return False
    is_ambiguous = match["month"] in ("May", "March", "April", "June", "August")
    if cue := _MONTH_CUE.search(before):
        # "in May Target said" against "from June Chen": after other prepositions two capitals are a person.
        return not (is_ambiguous and cue["weak"] and re.match(r"\s[A-Z][a-z]", after))
    return not is_ambiguous and not re.match(r"\s[A-Z]", after)


def _month(months: int) -> Period:
    return periods.month(months // 12, months % 12 + 1)


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (MONTH_YEAR, month_year),
    (BARE_MONTH, bare_month),
    (QUARTER, quarter),
    (HALF, half),
    (SEASON, season),
    (FISCAL_YEAR, fiscal_year),
    (REL_YEAR, rel_year),
    (YEAR_END, year_end),
    (REL_PART, rel_part),
    (AGO, ago),
    (DECADE, decade),
    (PLAIN_YEAR, plain_year),
)
