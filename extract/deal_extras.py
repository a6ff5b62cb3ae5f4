"""Facts of a deal that most reports leave out: value, term, exclusivity, scope, and where it is to work."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from extract.draft_deal import DraftDeal, news_sentence
from extract.exclusivity import read_exclusivity
from extract.model import Claim, DealTerm, DealValue, Exclusivity
from extract.money import read_value
from extract.quotes import Quoter, claim
from extract.scope import read_scope
from extract.sentences import Sentence
from extract.term import read_term
from extract.text import longest_first


@dataclass(slots=True)
class Extras:
    """Facts that most reports leave out."""

    value: DealValue | None = None
    term: DealTerm | None = None
    exclusive: Exclusivity | None = None
    scope: str | None = None


def read_extras(
    draft: DraftDeal, quoter: Quoter, anchor: str | None, countries: Collection[str] = ()
) -> tuple[Extras, list[Claim]]:
    """Value, term, exclusivity and scope where a sentence of the deal gives them; the first of each counts.

    `anchor` is the day of publication, `countries` names of countries.
    """
    found = Extras()
    claims: list[Claim] = []
    ids = {c.id for c in (*draft.parties, *draft.units)}

    def note(field: str, stated: str, sentence: Sentence, start: int, end: int) -> None:
        offset = sentence.span.start_char
        claims.append(
            claim(field, None, stated, quoter.at(offset + start, offset + end), f"cue:{field}", 0.8)
        )

    for sentence in draft.sentences:
        if (sentence.is_recall and draft.is_main) or not (ids & set(sentence.companies) or sentence.triggers):
            continue
        if found.value is None and sentence.triggers and (value := read_value(sentence.text)):
            found.value = value[0]
            note("value", f"{_plain(found.value.amount)} {found.value.currency}", sentence, *value[1:])
        if found.term is None and sentence.triggers and (term := read_term(sentence.text, anchor)):
            found.term = term[0]
            note("term", str(found.term.months or found.term.end), sentence, *term[1:])
        if found.exclusive is None and (exclusive := read_exclusivity(sentence.text)):
            found.exclusive = exclusive[0]
            note("exclusive", str(found.exclusive.is_exclusive).lower(), sentence, *exclusive[1:])
        if found.scope is None and sentence.triggers and (scope := read_scope(sentence.text, countries)):
            found.scope = scope[0]
            note("scope", scope[0], sentence, *scope[1:])
    return found, claims


def places_of(
    draft: DraftDeal, country_names: Mapping[str, str], quoter: Quoter
) -> tuple[tuple[str, ...], list[Claim]]:
    """Countries where the deal is to work, as its sentences say; else the home countries of its parties."""
    found: dict[str, Claim] = {}
    ids = {c.id for c in (*draft.parties, *draft.units)}
    pattern = _place_pattern(tuple(country_names))
    for sentence in draft.sentences:
        if (
            (sentence.is_recall and draft.is_main)
            or not (sentence.triggers or sentence.number <= 1)
            or not (ids & set(sentence.companies) or sentence.number <= 1)
        ):
            continue
        for match in pattern.finditer(sentence.text):
            code = country_names[match["place"]]
            if code not in found:
                start = sentence.span.start_char
                quote = quoter.at(start + match.start(), start + match.end())
                found[code] = claim("place", None, code, quote, "cue:place", 0.7)
    if found:
        return tuple(sorted(found)), [found[c] for c in sorted(found)]
    homes = sorted({c.country for c in draft.parties if c.country})
    quote = quoter.sentence(news_sentence(draft))
    return tuple(homes), [claim("place", None, code, quote, "default:home_country", 0.5) for code in homes]


def _plain(amount: float) -> str:
    return str(int(amount)) if amount == int(amount) else str(amount)


@lru_cache(maxsize=2)
def _place_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the names after a word that says where; longer names first, so that none is cut short."""
    places = longest_first(map(re.escape, names))
    return re.compile(
        rf"\b(?:in|across|into|throughout|to|for|of|and|enters?|from) (?:the )?(?P<place>{places})\b"
    )
