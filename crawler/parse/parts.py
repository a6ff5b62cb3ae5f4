"""Joins the parts of a text that a page holds in several boxes, each called the text: extractors read one alone."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable

from lxml import etree

from crawler.parse.place import has_linked_heading
from crawler.parse.text import text_in

_NAME = re.compile(
    r"(?:article|story)[-_]{0,2}(?:body|content|text)|(?:entry|post)-(?:content|body)|articleBody|storyBody"
)
_BOXES = ("div", "section", "span", "td")
_MOST, _SHORT = 60, 100
_PROPERTY = "articleBody"


def join_parts(tree: etree._Element) -> None:
    """Call the box that holds all parts the text, and no part: in place, and only where all are of one article."""
    for parts in _parts(tree):
        around = _holder(parts)
        if around is None:
            continue
        for part in parts:
            part.attrib.pop("itemprop", None)
        around.set("itemprop", _PROPERTY)
        return


def _parts(tree: etree._Element) -> Iterable[list[etree._Element]]:
    """Boxes of one name, the surest name first; none is inside another."""
    yield _outer(tree.xpath("//*[contains(@itemprop, 'articleBody')]"))
    named: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for element in tree.iter(*_BOXES):
        for name in (element.get("class") or "").split():
            if _NAME.fullmatch(name):
                named[name].append(element)
    yield from map(_outer, named.values())


def _outer(elements: Iterable[etree._Element]) -> list[etree._Element]:
    found: dict[etree._Element, None] = {}
    for element in itertools.islice(elements, _MOST):
        if found.keys().isdisjoint(element.iterancestors()):
            found[element] = None
    return list(found)


def _holder(parts: list[etree._Element]) -> etree._Element | None:
    """The smallest box around all parts, null if there are no two with text or they are of several articles."""
    if sum(len(text_in(part)) >= _SHORT for part in parts) < 2:
        return None
    common = set(parts[0].iterancestors()).intersection(*(part.iterancestors() for part in parts))
    around = next((box for box in parts[0].iterancestors() if box in common), None)
    if around is None or around.tag in ("body", "html"):
        return None
    for number, part in enumerate(parts):
        own = list(itertools.takewhile(lambda box: box is not around, part.iterancestors()))
        of_other = number > 0 and any(has_linked_heading(box) for box in own[-1:])
        if of_other or any(box.tag == "article" for box in own):
            return None
    return around if len(around.findall(".//h1")) < 2 else None
