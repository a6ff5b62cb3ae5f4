"""Small, pure helpers for text that comes from the web."""

from __future__ import annotations

import re

from lxml import etree

# Control characters except tab and newline, lone surrogates and noncharacters that XML (and so lxml) refuses.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")


def drop_control(text: str) -> str:
    """The text without what cannot be stored or shown; line ends become newlines, all else stays as it is."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


def squeeze(text: str) -> str:
    """One line: every run of whitespace is one space, none at the ends."""
    return " ".join(text.split())


def text_in(element: etree._Element) -> str:
    """All text of an element as one line, with a space between that of two elements."""
    return squeeze(" ".join(text for text in element.itertext() if isinstance(text, str)))


def text_up_to(element: etree._Element, most: int) -> str | None:
    """An element's text, null if it has more characters: the page's outer boxes are not read to their end."""
    parts: list[str] = []
    room = most + 1
    for part in element.itertext():
        if isinstance(part, str):
            room -= len(part) + 1
            if room < 0:
                return None
            parts.append(part)
    return " ".join(parts)


def squeeze_lines(text: str) -> str:
    """Like squeeze, but single newlines stay; empty lines go."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def fold(text: str) -> str:
    """Letters and digits in lower case with single spaces: what two renderings of one sentence share."""
    return " ".join(re.findall(r"\w+", text.lower()))


def compact(text: str) -> str:
    """Letters and digits in lower case without anything between: what two spellings of one name share."""
    return "".join(re.findall(r"[^\W_]+", text.lower()))
