"""What a press release says about its company below a rule or a row of asterisks, without a heading "About"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from lxml import etree

from crawler.items import Block
from crawler.parse.set_aside import drop
from crawler.parse.text import compact, squeeze, text_in

_SAYS_WHAT_IT_IS = re.compile(
    r"(?:is|are) (?:an?|the|one of)\b|was (?:founded|established)\b"
    r"|(?:provides|offers|operates|makes|designs|develops|manufactures|delivers|serves|helps)\b",
    re.I,
)
_NAME = re.compile(r"((?:[A-ZÀ-Þ0-9][\w&.'’-]*\s*){1,5})(?:\([^)]{1,60}\))?,?\s*")
_ROW = re.compile(r"[*#_=–—-]{3,}|(?:\*\s){2,}\*|[-–—]\s?(?:ends?|30)\s?[-–—]", re.I)
_MOST, _NEAR, _LAST_RULES = 8, 40, 5


def take_out_about(tree: etree._Element, headline: str) -> list[Block]:
    """Remove the company's words about itself at a text's end and return them as boilerplate.

    They begin below a rule, a row of asterisks or "ENDS", with a name that the headline has too.
    """
    for rule in list(_rules(tree))[:-_LAST_RULES:-1]:
        near = itertools.islice(rule.itersiblings(), _NEAR)
        following = [e for e in near if isinstance(e.tag, str) and text_in(e)]
        if not following or len(following) > _MOST or not _is_about(text_in(following[0]), headline):
            continue
        before = sum(len(text_in(e)) for e in rule.xpath("preceding::p"))
        texts = [text_in(e) for e in following]
        if before > sum(map(len, texts)):
            for element in following:
                drop(element)
            return [Block("boilerplate", text[:3000]) for text in texts]
    return []


def _rules(tree: etree._Element) -> Iterator[etree._Element]:
    for element in tree.iter("hr", "p", "div"):
        if element.tag == "hr" or (not len(element) and _ROW.fullmatch(squeeze((element.text or "")[:40]))):
            yield element


def _is_about(text: str, headline: str) -> bool:
    named = _NAME.match(text)
    if not named or not _SAYS_WHAT_IT_IS.match(text, named.end()):
        return False
    words = [compact(word) for word in named[1].split()]
    return any(len(word) > 2 and word in compact(headline) for word in words)
