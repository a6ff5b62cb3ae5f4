"""The article's own text as blocks: trafilatura finds it, line rules set aside what is left."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence

import trafilatura
from lxml import etree

from crawler.items import BODY_KINDS, Block
from crawler.parse.cues import cues
from crawler.parse.headline import is_generic, is_site, shown_text
from crawler.parse.parts import join_parts
from crawler.parse.set_aside import drop
from crawler.parse.text import compact, drop_control, fold, squeeze, squeeze_lines, text_in
from crawler.parse.vote import settle

_MIN_FALLBACK, _SHORTEST_COPY = 40, 60
_LONGEST_PULL_QUOTE, _LONGEST_LINE_ABOVE, _LONGEST_WORDS_ABOVE = 240, 110, 40
_LAYOUT_CELL, _KICKER = 600, 30
_CALLED_HEADING = re.compile(r"(?i)sub-?head|cross-?head|sub-?title|section-?(?:title|heading)")
_LONGEST_NOTE = 500
_DIGITS = re.compile(r"\d")
_ANCHOR_SIGN = re.compile(r"[#¶§🔗]*")
_LINE_WRAP = re.compile(r"\s*\n\s*")
_DATE_WORDS = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|mon|tue|wed|thu|fri|sat|sun|published|posted|updated|last|on|at|am|pm|min|read|minutes?|hours?|ago|uhr"
    r"|[a-z]{2,3}t|utc|st|nd|rd|th|a\.m|p\.m)\b\.?",
    re.I,
)


def find_body(
    tree: etree._Element,
    *,
    chosen: etree._Element | None = None,
    headline: str = "",
    declared: str | None = None,
) -> list[Block]:
    """The blocks of the article's text, still with furniture; an empty list if there is none.

    `chosen` is the element that a source's selector names as the body, `declared` the text that the page states for
    machines.
    """
    if chosen is not None:
        return list(_html_blocks(chosen))
    _unfold_layout(tree)
    _mend_headings(tree)
    join_parts(tree)
    document = _extract(tree)
    blocks = list(_blocks(document)) if document is not None else []
    blocks = settle(tree, blocks, headline=headline, declared=declared)
    if sum(len(block.text) for block in blocks) < 200:
        # trafilatura gives up on briefs and paywall stubs: take what calls itself the article.
        fallback = _stub_blocks(tree)
        if sum(len(block.text) for block in fallback) > sum(len(block.text) for block in blocks):
            return fallback
    return blocks


def _unfold_layout(tree: etree._Element) -> None:
    """Make boxes of the tables that old pages are laid out with: they hold most of the text, and are no tables."""
    tables = list(tree.iter("table"))
    if not tables:
        return
    whole = sum(len(text) for text in tree.itertext("body", "div", "td", "p", "font", "span", "b", "a", "br"))
    for table in tables:
        cells = table.xpath("./tr/td | ./tbody/tr/td")
        longest = max((len(squeeze("".join(cell.itertext()))) for cell in cells), default=0)
        if longest > _LAYOUT_CELL and longest * 3 > whole:
            for part in [table, *table.xpath("./tbody | ./tr | ./tbody/tr"), *cells]:
                part.tag = "div"


def _mend_headings(tree: etree._Element) -> None:
    """Make plain headings of those with markup inside, and of boxes between paragraphs that are called headings.

    trafilatura drops a heading whose text comes behind an empty element.
    """
    for box in tree.xpath("//*[@role='heading'][not(self::h1)]"):
        box.tag = "h3"
    for heading in tree.iter("h2", "h3", "h4", "h5", "h6"):
        if not len(heading):
            continue
        for link in heading.findall(".//a"):
            if _ANCHOR_SIGN.fullmatch(text_in(link)):
                drop(link)
        if all(_is_anchor(link) for link in heading.iter("a")):
            text = shown_text(heading)
            for child in list(heading):
                heading.remove(child)
            heading.text = text
    for box in tree.iter("div", "p"):
        names = box.get("class")
        if names and _CALLED_HEADING.search(names):
            previous, following = box.getprevious(), box.getnext()
            between = all(near is not None and near.tag == "p" for near in (previous, following))
            if between and len(text_in(box)) < _LONGEST_LINE_ABOVE and box.find(".//p") is None:
                box.tag = "h3"


def _is_anchor(link: etree._Element) -> bool:
    """Whether it leads nowhere but to its own place on the page."""
    return not link.get("href") or link.get("href", "").startswith("#")


def _extract(tree: etree._Element) -> etree._Element | None:
    try:
        document = trafilatura.bare_extraction(
            copy.deepcopy(tree), favor_precision=True, include_comments=False, with_metadata=False, fast=True
        )
    except (RecursionError, ValueError, TypeError, AttributeError, etree.LxmlError):
        return None
    return getattr(document, "body", None)


def _blocks(body: etree._Element) -> Iterator[Block]:
    if body.text and squeeze(body.text):
        yield Block("paragraph", _clean(body.text))
    for element in body:
        yield from _block(element)
        if element.tail and squeeze(element.tail):
            yield Block("paragraph", _clean(element.tail))


def _block(element: etree._Element) -> Iterator[Block]:
    tag = element.tag
    if tag in ("list", "quote", "div", "section", "table") and any(
        child.tag in ("p", "head", "list", "item", "row", "quote") for child in element
    ):
        yield from (
            Block("quote" if tag == "quote" and block.kind == "paragraph" else block.kind, block.text)
            for block in _blocks(element)
        )
        return
    if tag == "row":
        text = " | ".join(filter(None, (squeeze("".join(cell.itertext())) for cell in element)))
    else:
        text = _clean(_with_breaks(element))
    kind = {"head": "subheading", "quote": "quote"}.get(tag, "paragraph")
    for part in text.split("\n\n"):
        if part:
            yield Block(kind, part)


def _with_breaks(element: etree._Element) -> str:
    """Its text with a line break where the page has one: not where the page's source is wrapped."""
    parts = [_unwrapped(element.text)]
    for child in element:
        parts.append("\n" if child.tag in ("lb", "br") else _with_breaks(child))
        parts.append(_unwrapped(child.tail))
    return "".join(parts)


def _unwrapped(text: str | None) -> str:
    return _LINE_WRAP.sub(" ", text or "")


def _clean(text: str) -> str:
    """Two line breaks in a row part paragraphs, a single one stays, other whitespace is one space."""
    paragraphs = (squeeze_lines(part) for part in drop_control(text).split("\n\n"))
    return "\n\n".join(filter(None, paragraphs))


_TAG_KINDS = {"p": "paragraph", "li": "paragraph", "blockquote": "quote"} | {
    f"h{n}": "subheading" for n in range(2, 7)
}


def _html_blocks(element: etree._Element) -> Iterator[Block]:
    """Blocks of plain HTML, in document order, without nesting."""
    inside: etree._Element | None = None
    for inner in element.iter():
        kind = _TAG_KINDS.get(inner.tag) if isinstance(inner.tag, str) else None
        if kind is None or (inside is not None and inside in inner.iterancestors()):
            continue
        inside = inner
        text = text_in(inner)
        if text:
            yield Block(kind, text)


def _stub_blocks(tree: etree._Element) -> list[Block]:
    for path in (
        "//*[contains(@itemprop, 'articleBody')]",
        "//article",
        "//*[contains(@class, 'article-body') or contains(@class, 'story-body')]",
        "//*[contains(@class, 'entry-content')]",
        "//main",
        "//*[@role='main']",
    ):
        for element in tree.xpath(path)[:1]:
            blocks = [b for b in _html_blocks(element) if b.kind != "subheading"]
            if sum(len(block.text) for block in blocks) >= _MIN_FALLBACK:
                return blocks
    return []


def set_lines_aside(
    blocks: list[Block],
    *,
    headline: str,
    authors: Sequence[str] = (),
    site: str | None = None,
    host: str = "",
) -> tuple[list[Block], list[Block]]:
    """Part a text's blocks into the article's own and what is furniture, each in the page's order."""
    own: list[Block] = []
    aside: list[Block] = []
    run: str | None = None
    copies = _Copies()
    names = {compact(name) for name in authors}
    whole = "\n".join(fold(block.text) for block in blocks if len(block.text) > _LONGEST_PULL_QUOTE / 2)
    for number, block in enumerate(blocks):
        late = number >= len(blocks) * 0.3
        kind, run = _judge(block, run, late)
        if kind is None and _repeats_headline(block, own, headline):
            continue
        if kind is None and not own and _is_of_site(block, site, host):
            kind = "boilerplate"
        repeated = copies.has(block)
        if kind is None and (repeated or (own and _is_pull_quote(block, whole))):
            continue
        if kind is None and not own and is_line_above(block, names):
            kind = "boilerplate"
        if kind is None:
            own.append(block)
        else:
            aside.append(Block(kind, block.text))
    while own:
        if len(own) > 1 and _is_note_on_author(own[-1], authors):
            aside.append(Block("bio", own[-1].text))
        elif own[-1].kind != "subheading" and any(map(str.isalnum, own[-1].text)):
            break
        own.pop()
    return own, aside


def _is_note_on_author(block: Block, authors: Iterable[str]) -> bool:
    """Whether a text's last lines say who wrote it: "Ann Lee is the founder of ..."."""
    text = block.text.lstrip("*•—– ")
    return len(text) < _LONGEST_NOTE and any(
        text.startswith(name) and cues().says_who.match(text, len(name)) for name in authors
    )


def is_line_above(block: Block, names: Iterable[str]) -> bool:
    """Whether a text's first line is a section's name, a byline or a date, which stand above the text."""
    text = block.text
    if len(text) > _LONGEST_LINE_ABOVE or block.kind == "quote":
        return False
    if any(name in compact(text) for name in names):
        return not re.search(r"[.!?][”\"’]?$", text) or bool(_DIGITS.search(text))
    if len(text.split()) <= 3 and len(text) <= _LONGEST_WORDS_ABOVE:
        return block.kind == "paragraph" and not re.search(r"[.!?:…”\"。！？]$", text)
    bare = _DATE_WORDS.sub(" ", text)
    return bool(_DIGITS.search(text)) and len(re.findall(r"[^\W\d_]+", bare)) <= 2


class _Copies:
    """Paragraphs that a page holds twice, hidden or for print: in lists of like things they are no copies."""

    def __init__(self) -> None:
        self._sections: dict[str, int] = {}
        self._section = 0
        self._first: str | None = None
        self._copying = False

    def has(self, block: Block) -> bool:
        """Whether a block, given in the page's order, repeats one: of its own section, or of the whole text."""
        text = block.text
        if block.kind == "subheading":
            self._section += text not in self._sections
        elif len(text) > _SHORTEST_COPY:
            self._first = self._first or text
            before = self._sections.get(text)
            self._copying = before is not None and (self._copying or text == self._first)
            if before is not None:
                return self._copying or before == self._section
        self._sections.setdefault(text, self._section)
        return False


def _is_pull_quote(block: Block, whole: str) -> bool:
    """Words of the text that are shown a second time, in large letters."""
    text = fold(block.text)
    return (
        len(block.text) < _LONGEST_PULL_QUOTE
        and len(text.split()) > 6
        and text in whole
        and (not any(line == text for line in whole.split("\n")))
    )


def _judge(block: Block, run: str | None, late: bool) -> tuple[str | None, str | None]:
    """The kind to set a block aside as, or null to keep it, and the run that it starts or goes on with."""
    text = squeeze(block.text).lstrip("|•·—– ")
    if run and run.startswith("tail:"):
        return run.removeprefix("tail:"), run
    bare = text.rstrip(":.… ")
    if late and (kind := cues().tail_kind(text)):
        return kind, f"tail:{kind}"
    if (block.kind == "subheading" or text.endswith(":") or len(text) < 40) and (
        kind := cues().heading_kind(bare)
    ):
        return (kind, kind) if kind != "boilerplate" else (kind if block.kind != "subheading" else None, None)
    if kind := cues().line_kind(text):
        return kind, run
    if (
        run
        and block.kind == "paragraph"
        and len(text) < 160
        and not text.endswith((".", "!", "?", "”", '"', "’"))
    ):
        return run, run
    return None, None


def _is_of_site(block: Block, site: str | None, host: str) -> bool:
    """Whether it is a heading above all articles of the site."""
    return block.kind == "subheading" and (is_generic(block.text) or is_site(block.text, site, host))


def _repeats_headline(block: Block, own: list[Block], headline: str) -> bool:
    """The headline, perhaps with its kicker, which the extractor took for the first line of the body."""
    text, title = compact(block.text), compact(headline)
    return (
        len(own) < 2
        and title != ""
        and (
            text == title
            or (text.endswith(title) and len(text) < len(title) + _KICKER)
            or (text.startswith(title) and (block.kind == "subheading" or len(text) < len(title) + _KICKER))
        )
    )


def as_text(blocks: list[Block]) -> str:
    """The article's body: its body blocks joined by blank lines."""
    return "\n\n".join(block.text for block in blocks if block.kind in BODY_KINDS)
