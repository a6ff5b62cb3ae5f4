"""Names that are built as persons' are: with a given name before them or at their beginning.

The encoder has met few of the world's given names, and takes some persons for organisations. Many companies are named
so, too ("Karen Millen"): this is evidence, no verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span

from extract.cues import words
from extract.names import is_capitalised
from extract.plain_words import given_names
from extract.text import fold

_LENGTHS = range(2, 4)  # words of a full name


def is_built_as_person(spans: Sequence[Span]) -> bool:
    """Whether the name of some spans is a given name and one or two more words, none of them an organisation's."""
    span = spans[0]
    rest = [fold(token.text) for token in span[1:]]
    return (
        len(span) in _LENGTHS
        and fold(span[0].text) in given_names()
        and all(token.is_alpha for token in span)
        and not words("organisation_endings") & set(rest)
    )


def follow_given_name(spans: Sequence[Span]) -> float:
    """The share of spans right behind a given name that is no part of them: "Rania" before "Haddadin"."""
    return sum(_follows_given_name(span) for span in spans) / len(spans)


def _follows_given_name(span: Span) -> bool:
    if span.start <= span.sent.start:
        return False
    before = span.doc[span.start - 1]
    return is_capitalised(before) and fold(before.text) in given_names()
