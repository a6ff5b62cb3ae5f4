"""Where on a page an element stands: under the headline, or in a box of other articles."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from crawler.parse.text import compact, squeeze

_TITLES = "//*[contains(@class, 'title') or contains(@class, 'headline')]"
_OTHERS = re.compile(
    r"related|comment|discussion|disqus|respond|sidebar|teaser|recommend|most-?read|latest|trending|cards?(?![a-z])|promo(?!t)|popular|carousel|recirc"
    r"|masthead|ticker|top-?bar|site-?header|more-?(?:from|stories|news)|up-?next"
)
_OF_WRITERS = re.compile(r"author|byline|contributor|writer|meta")
_LINKED_HEADINGS = etree.XPath(
    "boolean(.//*[self::h1 or self::h2 or self::h3 or self::h4][.//a[@href] or ancestor::a])"
)
_KICKERS, _LONG_LINE = 15, 160


@dataclass(frozen=True, slots=True)
class Place:
    """The element that shows the headline, null if none does, all that holds it, and the order of elements."""

    heading: etree._Element | None
    holders: frozenset[etree._Element]
    order: Mapping[etree._Element, int]

    def first_after(self, elements: Iterable[etree._Element]) -> list[etree._Element]:
        """Elements in the page's order put anew: those in and after the headline, then those before it."""
        found = [e for e in elements if e not in self.holders]
        if self.heading is None:
            return found
        start = self.order.get(self.heading, 0)
        return sorted(found, key=lambda e: self.order.get(e, 0) < start)

    def is_below(self, element: etree._Element) -> bool:
        """Whether an element stands in or after the headline; true of all where no element shows it."""
        return self.heading is None or self.order.get(element, 0) >= self.order.get(self.heading, 0)

    def around(self) -> Iterator[tuple[etree._Element, bool]]:
        """The elements just before and all after the headline, and whether they stand above the running text."""
        if self.heading is None:
            return
        yield from ((element, True) for element in self._kickers())
        above = True
        for element in self.heading.xpath("following::*"):
            line = squeeze("".join(element.xpath("text()"))) if above else ""
            above = above and not (element.tag in ("p", "td", "div") and len(line) > _LONG_LINE)
            yield element, above

    def _kickers(self) -> list[etree._Element]:
        if self.heading is None:
            return []
        box = next(itertools.islice(self.heading.iterancestors(), 1, 2), None)
        before = (e for e in reversed(self.heading.xpath("preceding::*")) if e.tag not in ("script", "style"))
        return [e for e in itertools.islice(before, _KICKERS) if box is None or box in e.iterancestors()]

    def is_elsewhere(self, element: etree._Element) -> bool:
        """Whether it is in a list of other articles, a comment, the navigation or the foot of the page.

        What holds the headline too is the article, whatever its name: layouts are called "has-sidebar".
        """
        of_author = "author" in (element.get("itemprop") or "")
        for parent in element.iterancestors():
            if parent in self.holders:
                return False
            of_author = of_author or "author" in (parent.get("itemprop") or "")
            names = f"{parent.get('class') or ''} {parent.get('id') or ''}".lower()
            listed = parent.tag in ("ul", "ol") and not of_author and not _OF_WRITERS.search(names)
            if parent.tag == "header" and not any(
                a.tag in ("article", "main") for a in parent.iterancestors()
            ):
                return True
            if listed or parent.tag in ("nav", "aside"):
                return True
            if parent.tag == "article" and self._is_in_article() and has_linked_heading(parent):
                return True
            if parent.tag == "footer" and "article" not in names and not self._is_of_article(parent):
                return True
            if _OTHERS.search(names) and not _OF_WRITERS.search(names):
                return parent.tag not in ("body", "html")
        return False

    def _is_in_article(self) -> bool:
        return any(holder.tag == "article" for holder in self.holders)

    def _is_of_article(self, element: etree._Element) -> bool:
        """Whether the article element that holds the headline holds it too."""
        return any(e.tag == "article" and e in self.holders for e in element.iterancestors())


def has_linked_heading(element: etree._Element) -> bool:
    """Whether a heading in it is a link, as those of other articles are."""
    return bool(_LINKED_HEADINGS(element))


def find_place(tree: etree._Element, headline: str | None) -> Place:
    """Where the headline stands: its level-one heading, another heading, or an element called a title."""
    wanted = compact(headline or "")
    if wanted:
        for element in itertools.chain(tree.iter("h1"), tree.iter("h2", "h3"), _titles(tree)):
            text = compact("".join(t for t in element.itertext() if isinstance(t, str)))
            if wanted in text and len(text) < 2 * len(wanted) + 40:
                order = {each: number for number, each in enumerate(tree.iter())}
                return Place(element, frozenset(element.iterancestors()), order)
    return Place(None, frozenset(), {})


def _titles(tree: etree._Element) -> Iterator[etree._Element]:
    yield from tree.xpath(_TITLES)
