"""A page's text in the pieces that a browser sets apart: paragraphs, headings, list items, lines."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from crawler.parse.text import squeeze, text_in

_INLINE = frozenset(
    ["a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s", "small", "span", "strong",
     "sub", "sup", "time", "tt", "u", "var", "wbr", "ins", "label", "big", "strike", "center"]
)  # fmt: skip
_UNSEEN = frozenset(
    ["script", "style", "noscript", "template", "head", "svg", "iframe", "select", "button", "nav",
     "textarea", "option", "object", "video", "audio", "title"]
)  # fmt: skip
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of text.

    `kind` is paragraph, subheading, quote or item, `tag` that of the element that holds it, `linked` the number of its
    characters that are inside links, `box` the element around the one that holds it.
    """

    text: str
    kind: str
    tag: str
    linked: int
    box: etree._Element

    @property
    def link_share(self) -> float:
        """The share of the text that is inside links, 0 to 1."""
        return self.linked / len(self.text)


def segments(tree: etree._Element) -> list[Segment]:
    """All that is seen of a tree, in the page's order."""
    reader = _Reader()
    reader.read(tree, "paragraph")
    reader.end()
    return reader.found


class _Reader:
    """Collects inline text until a box begins or ends."""

    def __init__(self) -> None:
        self.found: list[Segment] = []
        self._parts: list[str] = []
        self._linked = 0
        self._holder: tuple[etree._Element, str] | None = None

    def read(self, element: etree._Element, kind: str, *, in_link: bool = False) -> None:
        """Read an element's text and its children's; what stands behind the element is its parent's."""
        self._add(element.text, element, kind, in_link)
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _UNSEEN:
                pass
            elif tag == "br":
                following = child.getnext()
                if following is not None and following.tag == "br" and not squeeze(child.tail or ""):
                    self.end()
                else:
                    self._add(" ", element, kind, in_link)
            elif tag == "tr" and _is_plain_row(child):
                self.end()
                self._add_row(child, kind)
            elif tag in _INLINE or "-" in tag:
                self.read(child, kind, in_link=in_link or tag == "a")
            else:
                self.end()
                self.read(child, _kind(tag, kind), in_link=in_link)
                self.end()
            self._add(child.tail, element, kind, in_link)

    def _add_row(self, row: etree._Element, kind: str) -> None:
        box = next((e.getparent() for e in row.iterancestors("table")), None)
        text = " | ".join(filter(None, map(text_in, row)))
        if text and box is not None:
            linked = sum(len(text_in(link)) for link in row.iter("a"))
            self.found.append(Segment(text, kind, "tr", min(linked, len(text)), box))

    def _add(self, text: str | None, element: etree._Element, kind: str, in_link: bool) -> None:
        if not text:
            return
        if self._holder is None and not text.isspace():
            self._holder = (element, kind)
        self._parts.append(text)
        self._linked += len(squeeze(text)) if in_link else 0

    def end(self) -> None:
        """What follows is another piece."""
        if self._holder is not None:
            element, kind = self._holder
            while (element.tag in _INLINE or "-" in element.tag) and element.getparent() is not None:
                element = element.getparent()
            parent = element.getparent()
            box = (
                parent
                if parent is not None and element.tag not in ("div", "td", "section", "article")
                else element
            )
            text = squeeze("".join(self._parts))
            self.found.append(Segment(text, kind, element.tag, min(self._linked, len(text)), box))
        self._parts, self._linked, self._holder = [], 0, None


def _is_plain_row(row: etree._Element) -> bool:
    return len(row) > 1 and not any(inner.tag in ("p", "div", "table", "ul") for inner in row.iter())


def _kind(tag: str, outer: str) -> str:
    if tag in _HEADINGS:
        return "subheading"
    if tag == "blockquote":
        return "quote"
    if tag == "li":
        return "item" if outer != "quote" else outer
    return outer if outer in ("quote", "item") else "paragraph"
