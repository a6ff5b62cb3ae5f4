"""What a text says of a company right at its name: "the Danish grocer X", "its discount arm X", "X, a unit of Y"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Span, Token

from extract.cues import words
from extract.names import is_capitalised, is_title_case
from extract.records import read_data
from extract.text import fold

_FILE = Path(__file__).with_name("descriptions.yml")
_LONGEST_BEFORE, _LONGEST_BEHIND, _LONGEST_PHRASE = 8, 12, 3
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_OPENERS, _CLOSERS = frozenset({",", "(", "–", "—"}), frozenset({",", ".", ";", ")", "–", "—", ":", "\n"})
_ARTICLES = frozenset({"a", "an", "the", "one"})
_PRONOUNS = frozenset({"its", "their"})
# Tags at which the words before a name no longer describe it, and at which a noun behind it has been named.
_NOT_BEFORE = frozenset(
    {"IN", "CC", "TO", "MD", "VB", "VBD", "VBP", "VBZ", "WDT", "WP", "PRP", "RP", "``", "''"}
)
_NOUN_IS_OVER = frozenset({"IN", "TO", "WDT", "WP", "WP$", "VBN", "VBG", "VBD", "VBZ", "VBP", "CC", "RB"})
# A known company may move its seat, sell groceries beside clothes and be called a technology company.
_TRADES = frozenset({"payments_finance", "logistics_delivery", "property", "media"})
_ANY_TRADE = frozenset({None, "technology", "other"})


@dataclass(frozen=True, slots=True)
class Description:
    """The words that describe a name: a noun phrase without the name, its last noun, and the name."""

    phrase: Span
    head: str
    name: Span

    @property
    def is_behind(self) -> bool:
        return self.phrase.start >= self.name.end


@dataclass(frozen=True, slots=True)
class _Words:
    sectors: Mapping[tuple[str, ...], str]
    kinds: Mapping[tuple[str, ...], str]
    units: Mapping[str, str]
    makers: frozenset[str]
    owned: frozenset[str]
    names: Mapping[str, str]
    not_homes: frozenset[str]
    heads: frozenset[str]


@cache
def _content() -> dict[str, Any]:
    return read_data(_FILE)


@cache
def description_words(section: str) -> frozenset[str]:
    """The words of a section of descriptions.yml that is a list."""
    return frozenset(_content()[section])


@cache
def _words() -> _Words:
    content = _content()
    sectors = _by_phrase(content["sectors"])
    kinds = _by_phrase(content["kinds"])
    units = {word: kind for kind, found in content["units"].items() for word in found}
    makers = frozenset(content["makers"])
    last = {phrase[-1] for phrase in (*sectors, *kinds)}
    return _Words(
        sectors,
        kinds,
        units,
        makers,
        frozenset(content["owned"]),
        {word: kind for kind, found in content["names"].items() for word in found},
        frozenset(content["not_homes"]),
        frozenset(words("company_nouns") | last | units.keys() | makers),
    )


def _by_phrase(found: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split(" ")): id for id, phrases in found.items() for phrase in phrases}


def descriptions_of(span: Span) -> Iterator[Description]:
    """What describes one occurrence of a name, before it and behind it."""
    found = [told for told in (_before(span), _behind(span)) if told is not None]
    if found and not is_title_case(span.sent):
        yield from found


def _before(span: Span) -> Description | None:
    doc, first = span.doc, span.sent.start
    if span.start == first or not _is_head(doc[span.start - 1], first):
        return None
    start = span.start
    while start > max(first, span.start - _LONGEST_BEFORE):
        token = doc[start - 1]
        if (token.is_punct and token.text != "-") or token.text in _POSSESSIVE or token.tag_ in _NOT_BEFORE:
            break
        start -= 1
        if fold(token.text) in _ARTICLES or fold(token.text) in _PRONOUNS:
            break
    if start == span.start:
        return None
    return Description(doc[start : span.start], fold(doc[span.start - 1].text), span)


def _is_head(token: Token, first: int) -> bool:
    """Whether a word is a noun for a kind of organisation and not a part of a name."""
    return (token.text.islower() or token.i == first) and fold(token.text) in _words().heads


def _behind(span: Span) -> Description | None:
    doc, last = span.doc, span.sent.end
    start = span.end + 1
    if start >= last or doc[span.end].text not in _OPENERS:
        return None
    end, over = start, None
    while end < min(last, start + _LONGEST_BEHIND) and doc[end].text not in _CLOSERS:
        if over is None and end > start and doc[end].tag_ in _NOUN_IS_OVER and doc[end - 1].text != "-":
            over = end
            if doc[end].tag_ == "CC" and end + 1 < last and not doc[end + 1].text.islower():
                return None  # "X, the grocer and Y" is a list
        end += 1
    over = over or end
    if over == start or not (_is_head(doc[over - 1], start) or fold(doc[start].text) in _words().owned):
        return None
    opens = fold(doc[start].text)
    if not (opens in _ARTICLES | _PRONOUNS | _words().owned or is_capitalised(doc[start])):
        return None
    return Description(doc[start:over], fold(doc[over - 1].text), span)


def sector_of(description: Description) -> str | None:
    """The sector that the words name, None for goods that a maker makes."""
    if description.head in _words().makers:
        return None
    return _last_phrase(description.phrase, _words().sectors)


def kind_of(description: Description) -> str | None:
    """The kind of organisation that the words end in, if they say more than that it is a company."""
    told = [fold(t.text) for t in description.phrase if t.is_alpha]
    for length in range(min(_LONGEST_PHRASE, len(told)), 0, -1):
        if kind := _words().kinds.get(tuple(told[-length:])):
            return kind
    kind = _words().units.get(description.head)
    return kind if kind == "business_unit" else None


def kind_of_name(name: Span) -> str | None:
    """The kind of organisation that a word of the name gives by itself ("Leeds City Council")."""
    ends = (fold(name[0].text), fold(name[-1].text))
    return next((kind for end in ends if (kind := _words().names.get(end))), None) if len(name) > 1 else None


def _last_phrase(phrase: Span, known: Mapping[tuple[str, ...], str]) -> str | None:
    told = [fold(t.text) for t in phrase if t.is_alpha]
    for end in range(len(told), 0, -1):
        for length in range(min(_LONGEST_PHRASE, end), 0, -1):
            if found := known.get(tuple(told[end - length : end])):
                return found
    return None


def is_unit(description: Description) -> bool:
    """Whether the words say that the company belongs to another one, named or not: "a unit", "owned by"."""
    is_owned = description.is_behind and fold(description.phrase[0].text) in _words().owned
    return is_owned or unit_kind(description) == "business_unit"


def unit_kind(description: Description) -> str | None:
    """The kind of what belongs to another company by these words: a business unit, a brand or a platform."""
    return _words().units.get(description.head)


def homes_in(phrase: Span, places: Mapping[str, str]) -> list[str]:
    """The countries of the places in some words: "South African", "Madrid-based", but not "Madrid-listed"."""
    found: list[str] = []
    i = 0
    tokens = list(phrase)
    while i < len(tokens):
        for length in (3, 2, 1):
            name = " ".join(fold(t.text) for t in tokens[i : i + length])
            if tokens[i].text[:1].isupper() and name in places:
                i += length - 1
                if not _is_no_home(tokens[min(i, len(tokens) - 1)]):
                    found.append(places[name])
                break
        i += 1
    return found


def _is_no_home(place: Token) -> bool:
    doc, i = place.doc, place.i
    return i + 2 < len(doc) and doc[i + 1].text == "-" and fold(doc[i + 2].text) in _words().not_homes


def contradicts(
    description: Description,
    country: str | None,
    sector: str | None,
    places: Mapping[str, str],
    is_word: bool,
) -> bool:
    """Whether the words cannot describe a company of this country and sector: both are other ones.

    A unit abroad is the company's own. Of a name that is no common word (`is_word`) only a trade far from the company's
    own and a people ("Danish", not "London-based") speak for another company: firms move and sell many things.
    """
    if is_unit(description):
        return False
    told = sector_of(description)
    homes = homes_in(description.phrase, places)
    if told is None or not homes or country is None or country in homes or told == sector:
        return False
    if is_word:
        return True
    is_based = any(t.text == "-" for t in description.phrase)
    is_far = (told in _TRADES or sector in _TRADES) and not {told, sector} & _ANY_TRADE
    return is_far and not is_based


def owner_of(description: Description, owner_at: Mapping[int, str], own: str) -> str | None:
    """The id of the company that the described one belongs to; `owner_at` tells whose name each token is."""
    phrase, name = description.phrase, description.name
    doc = phrase.doc
    if description.is_behind and fold(phrase[0].text) in _words().owned:
        return _named_behind(doc, phrase.end, name.sent.end, owner_at, own)
    for i in range(phrase.start, phrase.end - 2):
        if i in owner_at and doc[i + 1].text == "-" and fold(doc[i + 2].text) == "owned":
            return owner_at[i] if owner_at[i] != own else None
    if description.head not in _words().units:
        return None
    if (
        description.is_behind
        and is_unit(description)
        and phrase.end < len(doc)
        and doc[phrase.end].text == "of"
    ):
        return _named_behind(doc, phrase.end, name.sent.end, owner_at, own)
    marks = [i for i in range(phrase.start - 1, phrase.end) if i > 0 and doc[i].text in _POSSESSIVE]
    for i in reversed(marks):
        if owner_at.get(i - 1, own) != own:
            return owner_at[i - 1]
    if fold(phrase[0].text) in _PRONOUNS:
        before = {owner_at[i] for i in range(name.sent.start, name.start) if i in owner_at} - {own}
        return before.pop() if len(before) == 1 else None
    return None


def _named_behind(doc: Doc, start: int, end: int, owner_at: Mapping[int, str], own: str) -> str | None:
    for i in range(start, min(end, start + 8)):
        if owner_at.get(i, own) != own:
            return owner_at[i]
        if doc[i].text in _CLOSERS or fold(doc[i].text) in {"and", "or"}:
            return None
    return None
