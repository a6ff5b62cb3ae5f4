"""First component: reads the lines of the text and keeps sentences from running across them."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extract.extensions import register
from extract.layout import Paragraph, read_layout

register()

NEVER_FIRST = frozenset(",;:)]%")
"""Marks that no sentence begins with: a parser unsure of a dateline would cut behind its place."""


@Language.component("tieup_layout")
def read_lines(doc: Doc) -> Doc:
    """Set `doc._.layout`, start a sentence at every line and at the start of the body, none at a comma."""
    start = doc._.body_start
    lines = read_layout(doc.text[start:])
    doc._.layout = tuple(Paragraph(line.start + start, line.end + start, line.kind) for line in lines)
    after_break = False
    for token in doc:
        if token.is_space and "\n" in token.text:
            after_break = True
            token.is_sent_start = not token.i
        elif after_break or token.idx == start:
            token.is_sent_start = True
            after_break = False
        elif token.text in NEVER_FIRST:
            token.is_sent_start = False
    return doc
