"""First component: reads the lines of the text and keeps sentences from running across them."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from extract.extensions import register
from extract.layout import Paragraph, read_layout

register()

NEVER_FIRST = frozenset(",;:)]%")
"""Marks that no sentence begins with: a parser unsure of a dateline would cut behind its place."""
ENDS = frozenset(".!?;:")
LONGEST_SENTENCE = 300
"""Tokens; of a list or of noise that goes on and on, so many are read as a sentence."""
STARTS, INSIDE = 1, -1


@Language.component("tieup_layout")
def read_lines(doc: Doc) -> Doc:
    """Set `doc._.layout`, start a sentence at every line and at the start of the body, none at a comma.

    No sentence goes on for more than LONGEST_SENTENCE tokens.
    """
    start = doc._.body_start
    lines = read_layout(doc.text[start:])
    doc._.layout = tuple(Paragraph(line.start + start, line.end + start, line.kind) for line in lines)
    marks = np.zeros(len(doc), dtype=np.int64)
    after_break = False
    unbroken = 0
    for token in doc:
        text = token.text
        unbroken += 1
        if token.is_space and "\n" in text:
            after_break = True
            marks[token.i] = STARTS if not token.i else INSIDE
        elif after_break or token.idx == start or unbroken > LONGEST_SENTENCE:
            marks[token.i] = STARTS
            after_break, unbroken = False, 1
        elif text in NEVER_FIRST:
            marks[token.i] = INSIDE
        elif text in ENDS:
            unbroken = 0
    # One by one through Token.is_sent_start each would look through the whole text.
    rows: Any = marks.astype(np.uint64)
    doc.from_array([SENT_START], rows)
    return doc
