"""Names that a text uses for places only: a town's that stands behind words such as "in" and "from", or as a dateline.

In the training passages, about one name in ninety that is used so is an organisation's.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span

from extract.cues import words
from extract.plain_words import cities, towns
from extract.text import fold

_JOINED = frozenset({"and", "or", ","})
_AFTER_DATELINE = frozenset({",", "(", ":", "-", "--", "–", "—"})


def is_only_a_place(spans: Sequence[Span]) -> bool:
    """Whether the name that some spans share is a place's and always stands as a place does ("from Vigo and Porto")."""
    return bool(spans) and is_place(fold(spans[0].text)) and all(_stands_as_place(span) for span in spans)


def is_place(name: str) -> bool:
    """Whether a folded name is a city's, a town's or a region's."""
    return name in cities() or name in towns()


def _stands_as_place(span: Span) -> bool:
    if _is_dateline(span):
        return True
    doc, at = span.doc, span.start - 1
    # Over the other places of a list to its first.
    while at > 0 and doc[at].lower_ in _JOINED and is_place(fold(doc[at - 1].text)):
        at -= 2
    return at >= 0 and doc[at].lower_ in words("before_places")


def _is_dateline(span: Span) -> bool:
    """Whether a name opens a paragraph as the place where news was written: "PLEASANTON, Calif. - "."""
    doc = span.doc
    opens = span.start == 0 or "\n" in doc[span.start - 1].text
    return opens and span.end < len(doc) and doc[span.end].text in _AFTER_DATELINE
