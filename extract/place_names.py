"""Names that a text uses for places only: a city's, where it stands behind words such as "in" and "from" alone.

In the training passages, about one name in ninety that is used so is an organisation's.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span

from extract.cues import words
from extract.plain_words import cities
from extract.text import fold

_JOINED = frozenset({"and", "or", ","})


def is_only_a_place(spans: Sequence[Span]) -> bool:
    """Whether the name that some spans share is a city's and always stands as a place does ("from Vigo and Porto")."""
    return bool(spans) and fold(spans[0].text) in cities() and all(_stands_as_place(span) for span in spans)


def _stands_as_place(span: Span) -> bool:
    doc, at = span.doc, span.start - 1
    # Over the other places of a list to its first.
    while at > 0 and doc[at].lower_ in _JOINED and fold(doc[at - 1].text) in cities():
        at -= 2
    return at >= 0 and doc[at].lower_ in words("before_places")
