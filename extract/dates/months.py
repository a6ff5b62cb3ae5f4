"""Readers of months: "March 2018", "March", "last March", "June of this year"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.dates import periods
from extract.dates.periods import Anchor, Period
from extract.dates.reading import Context, Reader, Reading, absolute, relative
from extract.dates.tense import Tense
from extract.dates.words import FULL_MONTH, MONTH, SMALL_MONTH, YEAR, S, month_number
from extract.dates.years import OF_YEAR, relative_year, year_of

MONTH_YEAR = re.compile(rf"\b(?P<month>{MONTH}){OF_YEAR}")
JOINED_YEAR = re.compile(
    rf"(?<![\w/.-])(?:(?P<month>{MONTH})|(?P<number>0?[1-9]|1[0-2]))(?P<sep>[/-])(?P<y>{YEAR})(?![\w/-]|[.,]\d)"
)
BARE_MONTH = re.compile(
    rf"\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Pp]ast|[Cc]oming)\s)?"
    rf"(?P<month>{FULL_MONTH}|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)(?![\w-])"
    rf"|\b(?P<small>{SMALL_MONTH})(?![\w-])"
    rf"|\b(?P<range>{MONTH})(?=[-–]{MONTH}(?:{S}{YEAR})?\b)"
)

_MONTH_CUE = re.compile(
    r"\b(?:in|since|until|till|during|before|after|through|throughout|between|early|late|mid|end|as\sof|starting|beginning"
    r"|(?P<weak>by|from|of|to|and|or|around|for))[\s-]$",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?:every|each|last|next|this)\s$", re.IGNORECASE)


def month_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    month = month_number(match["month"])
    if number := year_of(match):
        yield absolute(match, periods.month(number, month))
    elif year := relative_year(match, at):
        yield relative(match, periods.month(year.first.year, month), "month")
    else:
        yield relative(match, None, "month")


def joined_year(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "Dec-2018", "12/2018"; a number needs the slash, for "5-2018" may be anything."""
    if match["month"]:
        yield absolute(match, periods.month(int(match["y"]), month_number(match["month"])))
    elif match["sep"] == "/":
        yield absolute(match, periods.month(int(match["y"]), int(match["number"])))


def bare_month(match: re.Match[str], at: Context) -> Iterator[Reading]:
    """ "March", "last March": months are verbs and people too; a lone one needs words that go with it."""
    if not (match["which"] or match["range"] or _is_month(match, at)):
        return
    month, which = (
        month_number(match["month"] or match["small"] or match["range"]),
        (match["which"] or "").lower(),
    )
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
    if which == "this":
        return periods.month(anchor.year, month)
    if which in ("last", "past"):
        return periods.nth_month(now - (back or 12))
    if which in ("next", "coming"):
        return periods.nth_month(now - back + 12)
    # Without any verb a month that is 10 or 11 months gone is read as the coming one.
    if back and (tense == "future" or (tense is None and back >= 10)):
        return periods.nth_month(now - back + 12)
    return periods.nth_month(now - back)


def _is_month(match: re.Match[str], at: Context) -> bool:
    before, after = at.before(match.start()), at.after(match.end())
    if _EVERY.search(before):
        return False
    if match["small"]:
        cue = _MONTH_CUE.search(before)
        return cue is not None and not cue["weak"]
    is_ambiguous = match["month"] in ("May", "March", "April", "June", "August")
    if cue := _MONTH_CUE.search(before):
        # "in May Target said" against "from June Chen": after other prepositions two capitals are a person.
        return not (is_ambiguous and cue["weak"] and re.match(r"\s[A-Z][a-z]", after))
    return not is_ambiguous and not re.match(r"\s[A-Z]", after)


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (MONTH_YEAR, month_year),
    (JOINED_YEAR, joined_year),
    (BARE_MONTH, bare_month),
)
