"""How long an agreement runs, read from its sentences with the words of conditions.yml.

A term is what lies ahead and is said of the agreement: not how long two companies have worked together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.conditions import either, numbers
from extract.dates.anchor import anchor_day
from extract.dates.find import find_dates
from extract.model import DealTerm
from extract.text import longest_first

_LONGEST = 600  # months
_REACH = 120  # characters back to the agreement of which "for five years" speaks
_JOINED = 40  # characters between a length and an end that are quoted as one


@dataclass(frozen=True, slots=True)
class _Words:
    length: re.Pattern[str]
    agreement: re.Pattern[str]
    behind: re.Pattern[str]
    over: re.Pattern[str]
    past: re.Pattern[str]
    counted_back: re.Pattern[str]
    until: re.Pattern[str]
    is_until: re.Pattern[str]
    of_others: re.Pattern[str]


@cache
def _words() -> _Words:
    number = rf"(?:\d{{1,3}}|{longest_first(numbers())})"
    noun = either("agreements", "terms_of")
    word = rf"(?!{either('term_apart')}\b)[\w$€£¥&.'’-]+"
    ahead = r"(?:(?:an?|the|another|next|coming|initial|additional|at\sleast|further|minimum|full)\s)*"
    until = either("term_until")
    return _Words(
        length=re.compile(
            rf"(?<![\w-])(?:(?P<n>{number})[\s-](?P<unit>year|yr|month)(?:[\s-]long)?"
            rf"|(?P<whole>decade|year|month)-?long),?\s(?:{word},?\s){{0,4}}?{noun}\b"
            r"|\b(?:(?P<strong>(?:will|to|would|shall)\s(?:last|run)(?:\sfor)?|lasts(?:\sfor)?|lasting(?:\sfor)?|run(?:s|ning)\sfor"
            r"|valid\sfor|(?:term|duration)\sof|(?:term|duration)(?:\sof(?:\s\w+){1,4})?\s(?:is|will\sbe))"
            r"|(?P<weak>(?:for|over)(?:\sa\speriod\sof)?|by|cover(?:s|ing)|span(?:s|ning)))"
            rf"\s{ahead}(?:(?P<n2>{number})\s(?:(?:more|further|additional)\s)?(?P<unit2>year|yr|month)s?\b|(?<=\ba\s)(?P<a>decade|year)\b"
            r"|(?<=\bnext\s)(?P<next>decade)\b)",
            re.IGNORECASE,
        ),
        agreement=re.compile(
            rf"\b(?:{either('concluding')}|(?P<had>(?:has|have|had)\s(?:had\s)?(?:an?|their|its)\s(?:[\w-]+\s){{0,2}})?{noun})\b",
            re.IGNORECASE,
        ),
        behind=re.compile(
            rf"\b{either('term_behind')}\s(?:(?:its|their|the|an?|his|her)\s)?$|{number}-?\sto\s$",
            re.IGNORECASE,
        ),
        over=re.compile(
            rf"(?:\s(?:with|between)\s[^,.;]{{1,40}}?)?,?\s(?:(?:that|which)\s)?{either('term_over')}\b",
            re.IGNORECASE,
        ),
        past=re.compile(rf"\b{either('term_past')}\b", re.IGNORECASE),
        counted_back=re.compile(rf"\s{either('term_counted_back')}\b", re.IGNORECASE),
        until=re.compile(rf"\b{until}\b", re.IGNORECASE),
        is_until=re.compile(rf"\b{until}\s(?:at\sleast\s)?(?:the\s)?$", re.IGNORECASE),
        of_others=re.compile(rf"\b{either('term_until_other')}\b", re.IGNORECASE),
    )


def read_term(sentence: str, anchor: str | None = None) -> tuple[DealTerm, int, int] | None:
    """How long the deal of a sentence runs, with offsets; None if it does not say.

    The day on which it ends is only read if `anchor`, the day of publication, says whether that lies ahead.
    """
    months, end = _months(sentence), _end(sentence, anchor) if anchor else None
    if months is None and end is None:
        return None
    if months is None or end is None:
        known = months or end
        assert known is not None
        start, stop = known[1:]
    elif max(months[1], end[1]) - min(months[2], end[2]) <= _JOINED:
        start, stop = min(months[1], end[1]), max(months[2], end[2])
    else:
        start, stop = months[1:]
    term = DealTerm(
        months=months[0] if months else None, end=end[0] if end else None, text=sentence[start:stop]
    )
    return term, start, stop


def _months(sentence: str) -> tuple[int, int, int] | None:
    words = _words()
    for match in words.length.finditer(sentence):
        before = sentence[max(0, match.start() - _REACH) : match.start()]
        if match["weak"]:
            is_term = _is_of_agreement(before) and not words.counted_back.match(sentence, match.end())
        elif match["strong"]:
            is_term = True
        else:
            is_term = not (words.behind.search(before) or words.over.match(sentence, match.end()))
        months = _count(match)
        if is_term and 1 <= months <= _LONGEST:
            return months, match.start(), match.end()
    return None


def _count(match: re.Match[str]) -> int:
    unit = (match["unit"] or match["unit2"] or match["whole"] or match["a"] or match["next"]).lower()
    number = (match["n"] or match["n2"] or "1").lower()
    count = int(number) if number.isdecimal() else numbers()[number]
    return count * {"decade": 120, "month": 1}.get(unit, 12)


def _is_of_agreement(before: str) -> bool:
    """Whether the clause that ends here speaks of an agreement, and of nothing past since then."""
    words = _words()
    spoken = list(words.agreement.finditer(re.split(r"[;:.!?]\s", before)[-1]))
    if not spoken:
        return False
    last = spoken[-1]
    return not last["had"] and not words.past.search(last.string, last.end())


def _end(sentence: str, anchor: str) -> tuple[str, int, int] | None:
    """The EDTF of the day until which an agreement runs ("through 2027"), with offsets."""
    words = _words()
    if not words.until.search(sentence):
        return None
    for found in find_dates(sentence, anchor):
        if not found.edtf or not found.latest or found.latest <= anchor_day(anchor).isoformat():
            continue
        until = words.is_until.search(sentence[: found.start_char])
        if until is None:
            continue
        before = sentence[max(0, until.start() - _REACH) : until.start()]
        if _is_of_agreement(before) and not words.of_others.search(re.split(r"[;:.!?]\s", before)[-1]):
            return found.edtf, until.start(), found.end_char
    return None
