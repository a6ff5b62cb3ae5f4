"""Take out of a page's tree what says of itself that it is not the article; keep its text and kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from crawler.items import Block
from crawler.parse.cues import cues
from crawler.parse.text import text_in

_CONTAINERS = frozenset(
    [
        "div",
        "section",
        "aside",
        "ul",
        "ol",
        "dl",
        "figure",
        "figcaption",
        "form",
        "footer",
        "p",
        "span",
        "small",
        "table",
        "details",
        "nav",
        "blockquote",
        "a",
        "button",
    ]
)
_OF_SENTENCES = frozenset(("p", "li", "blockquote", "em", "strong", "i", "b", "span", "td"))
_LISTS = frozenset(("ul", "ol", "dl", "nav"))
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_KEPT_KINDS = frozenset(("related", "newsletter", "bio", "comments", "caption"))
_NAMES = ("class", "id", "role", "aria-label", "data-component", "data-testid", "data-module", "data-type")
_TEASED, _ENOUGH = 200, 600
_MAX_BLOCKS = 60
_MAX_CHARS = 3000


def take_out(tree: etree._Element) -> list[Block]:
    """Remove captions, teasers, newsletter forms, author boxes, comments and share bars; return their texts.

    An element that holds the headline or half of the page's paragraphs is never taken: its name lies.
    """
    weights = _Weights(tree)
    home = _article_home(tree, weights)
    blocks: list[Block] = []
    for element in list(tree.iter(*_CONTAINERS)):
        kind = _named_kind(element)
        if not kind or _is_in_sentence(element) or _is_hidden_text(element):
            continue
        if not _is_gone(element, tree) and not weights.holds_article(element, kind):
            if _is_kept(element, home):
                _keep(blocks, kind, element)
            drop(element)
    for heading in list(tree.iter(*_HEADINGS)) + list(_bold_lines(tree)):
        kind = None if _is_gone(heading, tree) else cues().heading_kind(text_in(heading).rstrip(":.… "))
        if kind and kind in _KEPT_KINDS:
            for element in _under(heading, kind, weights):
                if _is_kept(element, home):
                    _keep(blocks, kind, element)
                drop(element)
    return blocks[:_MAX_BLOCKS]


def _is_in_sentence(element: etree._Element) -> bool:
    """Whether it is a word or two of a sentence: a link to a topic is called a tag, but so is a box of tags."""
    parent = element.getparent()
    if parent is None or parent.tag not in _OF_SENTENCES or not (element.tail or "").strip():
        return False
    previous = element.getprevious()
    before = (parent.text if previous is None else previous.tail) or ""
    # A sentence may begin with a link, but a label that stands in front of it is often a caption.
    return (element.tag == "a" or (element.tag == "span" and bool(before.strip()))) and cues().line_kind(
        text_in(element)
    ) is None


def _is_hidden_text(element: etree._Element) -> bool:
    """Whether it is a paragraph that a paywall hides from some readers, and not the wall."""
    return (
        element.tag == "p"
        and "paywall" in (element.get("class") or "")
        and not cues().paywall.search(text_in(element))
    )


def _article_home(tree: etree._Element, weights: _Weights) -> etree._Element:
    """The part of the page around the article: what stands elsewhere is the site's and changes daily."""
    heading = next((h1 for h1 in tree.iter("h1") if len(text_in(h1)) > 15), None)
    if heading is None:
        return tree
    for ancestor in heading.iterancestors():
        if ancestor.tag == "main" or (ancestor.tag != "body" and weights.of(ancestor) * 2 > weights.whole):
            parent = ancestor.getparent()
            return ancestor if ancestor.tag == "main" or parent is None or parent.tag == "body" else parent
    return tree


def _is_kept(element: etree._Element, home: etree._Element) -> bool:
    """Whether an element's text is kept: it is the article's own, not a widget of the day's headlines."""
    for part in (element, *element.iterancestors()):
        if part.tag not in ("body", "html") and _is_volatile(_names(part)):
            return False
        if part is home:
            return not cues().volatile.fullmatch(text_in(next(iter(element), element))[:60].lower())
    return False


def _named_kind(element: etree._Element) -> str | None:
    if element.tag == "figcaption":
        return "caption"
    names = _names(element)
    return _kind_of_names(names) if names else None


def _names(element: etree._Element) -> str:
    attributes = dict(element.items())
    if not attributes:
        return ""
    return " ".join(value for name in _NAMES if (value := attributes.get(name)))


# Pages repeat their class names, sites repeat their pages.
@lru_cache(maxsize=8192)
def _kind_of_names(names: str) -> str | None:
    return cues().element_kind(names.lower())


@lru_cache(maxsize=8192)
def _is_volatile(names: str) -> bool:
    return bool(cues().volatile.search(names.lower()))


class _Weights:
    """How much paragraph text each element of a tree holds and whether it holds the article's marks.

    Counted once, since asking each element anew would take time in proportion to the square of the page.
    """

    def __init__(self, tree: etree._Element) -> None:
        self._length: dict[etree._Element, int] = {}
        self._marked: set[etree._Element] = set()
        for element in tree.iter("p", "h1", "main"):
            length = len(text_in(element)) if element.tag == "p" else 0
            is_mark = element.tag == "main" or (element.tag == "h1" and len(text_in(element)) > 15)
            self._add(element, length, is_mark)
        for element in tree.xpath("//*[contains(@itemprop, 'articleBody')]"):
            self._add(element, 0, True)
        self.whole = self._length.get(tree, 0)

    def _add(self, element: etree._Element, length: int, is_mark: bool) -> None:
        for part in (element, *element.iterancestors()):
            self._length[part] = self._length.get(part, 0) + length
            if is_mark:
                self._marked.add(part)

    def of(self, element: etree._Element) -> int:
        """The length of the element's paragraphs."""
        return self._length.get(element, 0)

    def holds_article(self, element: etree._Element, kind: str = "") -> bool:
        """Whether the headline, the main part or half of the page's paragraphs are inside.

        A "teaser" may be all that a page shows of its article: less text is enough there.
        """
        own = self.of(element)
        enough = _TEASED if kind == "related" else _ENOUGH
        return element in self._marked or (own * 2 > self.whole > 0 and own > enough)


def _bold_lines(tree: etree._Element) -> Iterator[etree._Element]:
    for bold in tree.iter("strong", "b"):
        parent = bold.getparent()
        if parent is not None and parent.tag in ("p", "div") and text_in(parent) == text_in(bold) != "":
            yield parent


def _under(heading: etree._Element, kind: str, weights: _Weights) -> list[etree._Element]:
    """The heading with what belongs to it: its whole box if not the article's, else its next siblings."""
    parent = heading.getparent()
    first = parent is not None and text_in(parent).startswith(text_in(heading))
    if parent is not None and first and parent.tag in _CONTAINERS | {"article"} and parent.tag != "p":
        small = weights.of(parent) * 3 < weights.whole or kind == "comments"
        if small and not weights.holds_article(parent):
            return [parent]
    taken = [heading]
    for sibling in heading.itersiblings():
        if not isinstance(sibling.tag, str):
            continue
        if sibling.tag in ("h1", *_HEADINGS) or not _belongs(sibling, kind):
            break
        taken.append(sibling)
    return taken


def _belongs(element: etree._Element, kind: str) -> bool:
    if kind == "comments":
        return True
    if kind == "bio":
        return len(text_in(element)) < 600
    if kind == "newsletter":
        return element.tag == "form" or element.find(".//input") is not None or len(text_in(element)) < 200
    return element.tag in _LISTS or link_density(element) > 0.6


def link_density(element: etree._Element) -> float:
    """The share of an element's text that is inside links, 0 to 1."""
    total = len(text_in(element))
    return sum(len(text_in(a)) for a in element.iter("a")) / total if total else 0.0


def _keep(blocks: list[Block], kind: str, element: etree._Element) -> None:
    """Add the element's text: one block for each line of a list of teasers or comments, else one."""
    if kind not in _KEPT_KINDS:
        return
    for junk in list(element.iter("script", "style", "noscript", "template")):
        drop(junk)
    parts = [text_in(item) for item in element.iter("li") if item.find(".//li") is None] or [
        text_in(p) for p in element.iter("p") if kind in ("comments", "related")
    ]
    whole = text_in(element)
    if kind not in ("related", "comments") or sum(map(len, parts)) * 2 < len(whole):
        parts = [whole]
    seen = {block.text for block in blocks}
    for part in parts:
        text = part[:_MAX_CHARS]
        if len(text) > 2 and text not in seen and len(blocks) < _MAX_BLOCKS:
            blocks.append(Block(kind, text))
            seen.add(text)


def drop(element: etree._Element) -> None:
    """Remove an element but not the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + " " + element.tail
        else:
            parent.text = (parent.text or "") + " " + element.tail
    parent.remove(element)


def _is_gone(element: etree._Element, tree: etree._Element) -> bool:
    return element is not tree and element.getroottree().getroot() is not tree
