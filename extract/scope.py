"""Where an agreement holds, as its sentences say it: "in all 400 shops", "online only", "in Germany and Austria"."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from extract.conditions import either
from extract.text import longest_first

_REACH = 90  # characters back to the word that says what happens there


@cache
def _scope(countries: tuple[str, ...]) -> re.Pattern[str]:
    """Phrases that say where: whole ones, places with how many of them, and countries."""
    where = r"(?:only\s)?(?:in|at|across|throughout)"
    count = (
        r"(?:(?:more\sthan|over|about|around|some|nearly|almost|up\sto|an\sinitial|the\sfirst|its|all|all\sof\sits)\s)*"
        r"\d{1,3}(?:,?\d{3})*"
    )
    place = either("scope_places")
    pattern = (
        rf"\b(?:{either('scope_phrases')})\b"
        rf"|\b(?:{where}\s(?:{count}|{either('scope_which')})(?:\s(?:of\s)?[\w'’&-]+){{0,3}}?\s{place})\b"
    )
    if countries:
        name = f"(?:{longest_first(map(re.escape, countries))})"
        pattern += (
            rf"|\b(?:(?:only\s)?(?:in|across|throughout)\s(?:the\s)?{name}"
            rf"(?:(?:,\s(?:and\s)?|\sand\s)(?:the\s)?{name})*)(?!['’\w-]|\s[A-Z])"
        )
    return re.compile(pattern)


@cache
def _happens() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"\b{either('scope_happens')}\b", re.IGNORECASE),
        re.compile(rf"\b{either('scope_of_company')}\b", re.IGNORECASE),
    )


def read_scope(sentence: str, countries: Collection[str] = ()) -> tuple[str, int, int] | None:
    """The limitation of a deal in the sentence's own words, with its offsets; None if it gives none.

    `countries` are names as texts write them; without any, countries are not read. Sizes of companies ("which has
    400 shops in 12 states") are no scope.
    """
    happens, of_company = _happens()
    for match in _scope(tuple(countries)).finditer(sentence):
        before = re.split(r"[;:.!?]\s", sentence[max(0, match.start() - _REACH) : match.start()])[-1]
        said = list(happens.finditer(before))
        if said and not of_company.search(before, said[-1].end()):
            return match.group(), match.start(), match.end()
    return None
