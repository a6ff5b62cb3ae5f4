"""A second and a third opinion on a page's text, where trafilatura's reading looks doubtful."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml import etree
from w3lib.html import remove_tags

from crawler.items import Block
from crawler.parse.density import densest
from crawler.parse.segments import Segment, segments
from crawler.parse.text import compact

_SAME, _WITHIN, _UNLIKE, _WHOLE = 0.95, 0.9, 0.85, 0.6
_LINE = 50
_FEW, _PART, _LINES = 500, 0.4, 0.6
_ENDS = re.compile(r"[.!?…。！？:][\"”’»)\]]*$")
_NAMES_TEXT = re.compile(
    r"(?:article|story)[-_]{0,2}(?:body|content|text)|(?:entry|post)-(?:content|body)|articleBody|storyBody"
)
_NAMES = etree.XPath(
    "//*[self::div or self::section or self::article or self::main]/@*[name()='class' or name()='id'"
    " or name()='itemprop'] | //*/@itemprop",
    smart_strings=False,
)


def settle(
    tree: etree._Element, first: list[Block], *, headline: str = "", declared: str | None = None
) -> list[Block]:
    """The first reading of a page, or what speaks for another if that looks doubtful.

    `declared` is the text that the page states for machines; it counts if it is not just the text's beginning.
    The second opinion is our own: where on the page most running text stands.
    """
    words = _words(first)
    stated = _stated(declared, words)
    named = bool(_NAMES_TEXT.search("\n".join(_NAMES(tree))))
    partial = _is_partial(tree, first)
    unlike = stated is not None and agreement(words, stated) < _UNLIKE
    if named and not partial and not unlike:
        return first
    pieces = segments(tree)
    second = densest(pieces, headline)
    others = _words(second)
    if agreement(words, others) >= _SAME and not unlike:
        return first
    if stated is not None:
        likeness = {agreement(words, stated): first, agreement(others, stated): second}
        if max(likeness) >= _SAME:
            return likeness[max(likeness)]
        third = by_majority(pieces, [[Block("paragraph", declared or "")]])
        if max(likeness) < _UNLIKE and agreement(_words(third), stated) >= _WITHIN:
            return third
        return by_majority(pieces, [first, second, [Block("paragraph", declared or "")]]) or first
    shared = (words & others).total()
    if named:
        return second if shared >= _WITHIN * words.total() else first
    is_part = others.total() * 2 < words.total() and shared < _WITHIN * others.total()
    return second if others and not is_part else first


def agreement(one: Counter[str], other: Counter[str]) -> float:
    """How much two texts have in common, 0 to 1: the F1 of their words."""
    most = one.total() + other.total()
    return 2 * (one & other).total() / most if most else 1.0


def by_majority(pieces: Iterable[Segment], readings: Sequence[Iterable[Block]]) -> list[Block]:
    """The page's pieces that more than half of the readings have, in the page's order."""
    texts = ["".join(compact(block.text) for block in reading) for reading in readings]
    return [
        Block("paragraph" if piece.kind == "item" else piece.kind, piece.text)
        for piece in pieces
        if (letters := compact(piece.text)) and sum(letters in text for text in texts) * 2 > len(texts)
    ]


def _is_partial(tree: etree._Element, blocks: list[Block]) -> bool:
    """Whether a reading is short, lacks most of the page's paragraphs, or is hardly more than lines of a list."""
    length = sum(len(block.text) for block in blocks)
    if length < _FEW:
        return True
    running = sum(len(block.text) for block in blocks if _ENDS.search(block.text))
    if running < (1 - _LINES) * length:
        return True
    paragraphs = sum(len(text) for text in tree.itertext("p") if len(text) > _LINE)
    return length < _PART * paragraphs


def _stated(declared: str | None, words: Counter[str]) -> Counter[str] | None:
    """The words of the text that a page states, null if they are but a beginning."""
    if not declared:
        return None
    stated = Counter(re.findall(r"\w+", remove_tags(declared)))
    return stated if stated.total() >= _WHOLE * words.total() and stated.total() >= _LINE else None


def _words(blocks: Iterable[Block]) -> Counter[str]:
    return Counter(word for block in blocks for word in re.findall(r"\w+", block.text))
