"""What the lines of a plain text are: bodies may come without blocks, so noise has to be seen in the text itself.

Pure text in, paragraphs with kinds out. A paragraph here is one line that is not blank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BODY = "body"
SUBHEADING = "subheading"
TEASER = "teaser"
BYLINE = "byline"
BOILERPLATE = "boilerplate"

_LINE = re.compile(r"[^\n]+")
# A heading after which a list of other stories follows.
_TEASER_HEADING = re.compile(
    r"^(?:related(?: (?:coverage|links?|stories|articles|news|reading|topics|content))?|read (?:more|next|also)|see also|"
    r"more (?:on|from|about) .{0,40}|you may also like|recommended(?: for you)?|most read|trending|also read|don't miss|"
    r"popular(?: stories)?|latest news|further reading|more stories|in other news)\s*[:.…]*$",
    re.I,
)
_TEASER_LINE = re.compile(
    r"^(?i:read (?:more|also|next|on)|see also|related|also read|watch|listen|don't miss|more)\s*[:|–—-]\s*\S|^(?:WATCH|LISTEN|READ(?: MORE)?)\b",
)
_BULLET = re.compile(r"^\s*(?:[-•*·▪‣]|\d{1,2}[.)])\s+")
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+\S")
# One word class a step, so that no text can be read in two ways: linear time on any line.
_NAME_LINE = re.compile(
    r"^[Bb][Yy](?:\s+(?:[A-ZÀ-Ý][\w.'’-]*|and|de|van|von|der|&),?)+(?:\s*[|•–—].{0,60})?$"
)
_BYLINE = re.compile(
    r"^(?:(?:written|reported|posted|published|updated|edited)(?: (?:by|on|at))?\s?:?\s.{0,60}|"
    r"(?:date|source|author|published|last updated|tags?|topics?|categor(?:y|ies)|filed under|photo(?:graph)?s?|image|picture|credit)\s*:.{0,80}|"
    r"\(?(?:photo|image|picture)s?\s*(?:by|courtesy|credit)?\b.{0,60}|.{0,90}\((?:AP|Reuters|AFP|Getty|EPA|PA)[^)]{0,20}(?:Photo|Images?|File)[^)]{0,30}\))$",
    re.I,
)
_BOILERPLATE = re.compile(
    r"^(?:follow\b.{0,60}\bon\b|follow us\b|subscribe\b|sign up\b|share (?:this|on)\b|click here\b|reprints?\b|advertisement\b|all rights reserved|©|copyright\b|"
    r"read on at\b|to (?:read|continue)\b.{0,40}\b(?:subscribe|register)|get the (?:latest|newsletter)|join our\b|contact us\b|cookie|we use cookies|terms\b|privacy\b|"
    r"forward-looking statements|this (?:press )?release contains|media contacts?\b|press contacts?\b|for (?:more|further) information\b.{0,60}(?:visit|contact)|main content\b|menu\b|skip to\b|"
    r"leave a comment|comments?\s*\(?\d*\)?$|about (?:us|the author)\b)",
    re.I,
)
_ABOUT = re.compile(r"^(?:About|ABOUT)\s+(?:the\s+)?[A-Z0-9][^.!?]{1,60}$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a text with its kind; offsets are code points of that text."""

    start: int
    end: int
    kind: str


def read_layout(text: str) -> tuple[Paragraph, ...]:
    """Split a body into lines and say what each is. Linear in the length of the text."""
    paragraphs: list[Paragraph] = []
    in_teasers = False
    in_about = False
    after_bullet = False
    last_end = 0
    for line in _LINE.finditer(text):
        stripped = line.group().strip()
        if not stripped:
            continue
        blank_before = text.count("\n", last_end, line.start()) > 1
        last_end = line.end()
        is_sentence = bool(_SENTENCE_END.search(stripped)) and len(stripped) > 60
        is_bullet = bool(_BULLET.match(stripped))
        if in_teasers and not is_bullet and (after_bullet or (is_sentence and blank_before)):
            in_teasers = False
        after_bullet = is_bullet
        if _ABOUT.match(stripped) and len(stripped) < 60:
            in_about, in_teasers = True, False
            kind = BOILERPLATE
        elif in_about:
            kind = BOILERPLATE
        elif _TEASER_HEADING.match(stripped):
            in_teasers = True
            kind = TEASER
        elif in_teasers or (_TEASER_LINE.match(stripped) and len(stripped) < 160):
            kind = TEASER
        elif _BOILERPLATE.match(stripped) and len(stripped) < 200:
            kind = BOILERPLATE
        elif len(stripped) < 140 and (_NAME_LINE.match(stripped) or _BYLINE.match(stripped)):
            kind = BYLINE
        elif (
            len(stripped) < 80
            and not _SENTENCE_END.search(stripped)
            and (not is_bullet or _heads_a_paragraph(text, line))
        ):
            kind = SUBHEADING
        else:
            kind = BODY
        paragraphs.append(Paragraph(line.start(), line.end(), kind))
    return tuple(paragraphs)


def _heads_a_paragraph(text: str, line: re.Match[str]) -> bool:
    """Whether a numbered line is the heading of the paragraph after it ("2. Dick's and Nike ..."), not one of a list."""
    following = _LINE.search(text, line.end())
    return (
        bool(_NUMBERED.match(line.group()))
        and following is not None
        and len(following.group()) > 120
        and not _BULLET.match(following.group())
    )
