"""Short names that a text gives a company behind its full one: ("KPG"), (known as KPG), or KPG, (the "Group")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from extract.cues import words
from extract.descriptions import description_words
from extract.names import is_capitalised
from extract.short_forms import abbreviation_after, initials
from extract.text import fold

_QUOTES = frozenset({'"', "“", "”", "„", "''", "``", "‘", "’", "'", "«", "»"})
_LONGEST_BRACKET, _LONGEST_NAME = 12, 3
_OR = frozenset({"or", "known"})


@dataclass(frozen=True, slots=True)
class ShortName:
    """A short name as it is written; a generic one ("Group") means the company only with "the" and its capital."""

    words: tuple[str, ...]
    is_generic: bool

    @property
    def key(self) -> tuple[str, ...]:
        """The folded words."""
        return tuple(fold(word) for word in self.words)


def short_names_after(span: Span) -> Iterator[ShortName]:
    """The short names that stand right behind one occurrence of a name or its legal form."""
    doc, end = span.doc, span.end
    if abbreviation := abbreviation_after(span):
        yield ShortName((abbreviation,), False)
        return
    while end < len(doc) and fold(doc[end].text) in words("legal_suffixes"):
        end += 1
    if end >= len(doc):
        return
    if doc[end].text == "(":
        yield from _in_brackets(doc, end + 1)
    elif doc[end].text == ",":
        yield from _between_commas(doc, end + 1, span)


def _in_brackets(doc: Doc, start: int) -> Iterator[ShortName]:
    close = next(
        (i for i in range(start, min(start + _LONGEST_BRACKET, len(doc))) if doc[i].text == ")"), None
    )
    if close is None:
        return
    introduced: list[str] = []
    i = start
    while i < close:
        text = doc[i].text
        if fold(text) in description_words("introduces"):
            introduced.append(fold(text))
            i += 1
            continue
        is_quoted = text in _QUOTES
        first = i + is_quoted
        if is_quoted and fold(doc[first].text) == "the":
            introduced.append("the")
            first += 1
        end = first
        while end < close and doc[end].text not in _QUOTES and is_capitalised(doc[end]):
            end += 1
        if is_quoted and (end >= close or doc[end].text not in _QUOTES):
            return
        if (is_quoted or introduced not in ([], ["the"])) and (
            name := _short_name(doc[first:end], introduced)
        ):
            yield name
        if end == first or (not is_quoted and end < close):
            return
        introduced = []
        i = end + is_quoted


def _short_name(name: Span, introduced: list[str]) -> ShortName | None:
    told = tuple(token.text for token in name)
    if not 0 < len(told) <= _LONGEST_NAME or not is_capitalised(name[0]) or sum(map(len, told)) < 2:
        return None
    folded = [fold(word) for word in told]
    if len(folded) == 1 and folded[0] in words("not_names") - words("company_nouns"):
        return None
    if folded[-1] in description_words("agreed"):
        return None
    kinds = words("company_nouns") | words("organisation_endings") | words("legal_suffixes")
    is_term = all(word in kinds | description_words("terms") for word in folded)
    return ShortName(told, is_term or (introduced[-1:] == ["the"] and not name.text.isupper()))


def _between_commas(doc: Doc, start: int, span: Span) -> Iterator[ShortName]:
    """ "Kestrel Payments Group, or KPG, will": letters that begin like the name's initials."""
    i = start
    while i < len(doc) and i < start + 4 and fold(doc[i].text) in description_words("introduces") - {"the"}:
        i += 1
    if (
        i == start
        or i + 1 >= len(doc)
        or fold(doc[start].text) not in _OR
        or doc[i + 1].text not in {",", "."}
    ):
        return
    letters = doc[i].text
    own = initials(tuple(fold(span.text).split()))
    if letters.isupper() and 2 <= len(letters) <= 6 and len(own) > 1 and fold(letters)[:2] == own[:2]:
        yield ShortName((letters,), False)


def generic_mentions(doc: Doc, name: ShortName) -> Iterator[Span]:
    """Where a text means a company by a generic word that it defined: "the Group", not "the group"."""
    length = len(name.words)
    for i in range(1, len(doc) - length + 1):
        if doc[i].text != name.words[0] or fold(doc[i - 1].text) != "the":
            continue
        if tuple(t.text for t in doc[i : i + length]) != name.words:
            continue
        after = doc[i + length] if i + length < len(doc) else None
        if after is None or not (after.text[:1].isupper() or after.text in _QUOTES):
            yield doc[i : i + length]
