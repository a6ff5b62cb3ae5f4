"""A quote in the sentence around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

REACH = 220
"""Most characters shown before and after a quote."""

_END = re.compile(r"[.!?][\"'”’)]?(?=\s)|\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """The words before a quote in its sentence, the quote, and the words after it."""

    before: str
    quote: str
    after: str


def passage(text: str | None, start: int, end: int, quote: str) -> Passage:
    """The quote at text[start:end] with the rest of its sentence; alone where the text is not at hand."""
    if text is None or text[start:end] != quote:
        return Passage("", quote, "")
    return Passage(_before(text, start), quote, _after(text, end, quote))


def _before(text: str, start: int) -> str:
    reached = text[max(0, start - REACH) : start]
    ends = [match.end() for match in _END.finditer(text[max(0, start - REACH) : start + 1])]
    inside = [end for end in ends if end <= len(reached)]
    if inside:
        return reached[inside[-1] :].lstrip()
    if start > REACH:
        return "… " + reached.partition(" ")[2]
    return reached.lstrip()


def _after(text: str, end: int, quote: str) -> str:
    if quote.rstrip("\"'”’)").endswith((".", "!", "?")) or text[end : end + 1] == "\n":
        return ""
    reached = text[end : end + REACH]
    match = _END.search(text[end : end + REACH + 1])
    if match and match.end() <= len(reached):
        return reached[: match.end()].rstrip("\n")
    if end + REACH < len(text):
        return reached.rpartition(" ")[0] + " …"
    return reached
