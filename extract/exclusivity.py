"""Whether an agreement is exclusive, read from its sentences with the words of conditions.yml.

What counts is the exclusivity of the agreement, the partner, the rights or the sale, not that of a range of goods, and
not the "Exclusive:" of a headline.
"""

from __future__ import annotations

import re
from functools import cache

from extract.conditions import either
from extract.model import Exclusivity

_NEAR = 40  # characters to each side that tell whose exclusivity it is
_NEGATED = re.compile(r"\b(?:no|not(?! only| just)|without|isn['’]t|never)\b[^.]{0,15}$", re.IGNORECASE)


@cache
def _exclusive() -> re.Pattern[str]:
    """Group `word` is what says it: only that is quoted."""
    word = rf"(?!{either('exclusive_apart')}\b)[\w&.'’/-]+"
    predicate = r"(?:is|are|was|were|be|remains?|being)(?:n['’]t)?(?:\san?)?\s"
    shoppers = rf"(?!\s(?:[\w'’-]+\s){{0,3}}{either('exclusive_shoppers')}\b)"
    rival = r"(?:[\w.&'’-]+\s){1,6}?"
    return re.compile(
        r"\b(?P<word>non-?exclusiv(?:e(?:ly)?|ity)|(?:not|no\slonger)\sexclusive(?:ly)?)\b"
        rf"|\b(?P<bound>exclusive),?\s(?:{word},?\s){{0,2}}?{either('exclusive_of')}\b"
        rf"|\b(?P<party>exclusive)\s(?:to|with|at){shoppers}\s"
        rf"|\b{predicate}(?P<predicate>exclusive)\b(?=\s?(?:[.,:;)]|$|and\b|in\b|for\b))"
        rf"|\b(?P<sale>exclusively)\s{either('exclusively_with')}\b{shoppers}"
        rf"|\b{either('exclusively_sold')}\s(?P<sold>exclusively)\b(?!\s(?:online|in|as)\b){shoppers}"
        rf"|\b(?P<places>exclusively)\sin(?:\s[\w'’&-]+){{1,5}}?\s{either('sale_places')}\b"
        r"|\b(?P<noun>exclusivity)\b"
        rf"|\b(?P<sole>sole\s(?:[\w'’-]+\s){{0,2}}?{either('sole')})\b"
        rf"|\b(?P<bar>no\sother\s{rival}{either('barred')})\b"
        rf"|\b(?P<refusal>(?:will|would|may|can|must|shall)\s?no?t\s{either('not_given')}\b[^.;]{{0,60}}?\b(?:to|with|for)\s(?:another|any\sother))\b"
        rf"|\bthe\s(?P<licensee>only\s(?:[\w.'’-]+\s){{0,2}}?{either('only_bound')})\b"
        rf"|\b(?P<way>{either('only_done')}\s(?:only|solely)\s{either('only_through')}|(?:made|brewed|designed|created)\s(?:only|solely|exclusively)\sfor)\b"
        rf"(?!\s(?:the\s|its\s|their\s|our\s)?{either('only_places')}\b){shoppers}"
        rf"|\bthe\s(?P<only>only\s(?:[\w'’-]+\s){{0,2}}?{either('only_shops')}\s(?:to|that)\s{either('only_sells')}s?)\b",
        re.IGNORECASE,
    )


@cache
def _of_others() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"\b{either('exclusively_told')}\b", re.IGNORECASE),
        re.compile(rf"\b{either('exclusivity_of_others')}", re.IGNORECASE),
    )


def read_exclusivity(sentence: str) -> tuple[Exclusivity, int, int] | None:
    """Whether a sentence calls the deal exclusive, with the offsets of the word that does; None if it says neither."""
    told, of_others = _of_others()
    for match in _exclusive().finditer(sentence):
        group = match.lastgroup
        assert group is not None
        start, end = match.span(group)
        around = sentence[max(0, start - _NEAR) : end + _NEAR]
        if group in ("sale", "sold", "places") and told.search(around):
            continue
        if group == "noun" and of_others.search(around):
            continue
        is_negated = group == "word" or bool(_NEGATED.search(sentence[:start]))
        text = sentence[start:end]
        return Exclusivity(is_exclusive=not is_negated, text=text), start, end
    return None
