"""The headline that readers see, not the variant written for search engines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree
from rapidfuzz import fuzz

from crawler.parse.structured import Structured, text_of
from crawler.parse.text import squeeze

_SAME = 60.0
_SEPARATOR = re.compile(r"\s+[|–—·»«•]\s+|\s+-\s+|\s+::\s+")
_CUT = re.compile(r"(?:\.\.\.|…)$")


def find_headline(
    tree: etree._Element, structured: Structured, *, selected: Iterable[str] = (), site: str | None = None
) -> str | None:
    """The page's headline, or null if it has none.

    The level-one heading wins if what the page declares elsewhere is about the same thing: declared headlines
    are often cut, or written for search engines. A heading that no declaration resembles is the site's name.
    """
    for chosen in selected:
        if squeeze(chosen):
            return squeeze(chosen)
    declared = [text for _, value in structured.schema("headline") if (text := text_of(value))]
    declared += [text for name in ("og:title", "twitter:title") for text in structured.meta.get(name, ())]
    declared += [squeeze("".join(t.itertext())) for t in tree.xpath("//head/title")[:1]]
    declared = [stripped for text in declared if (stripped := strip_site(text, site))]
    shown = [text for h1 in _headings(tree) if len(text := squeeze(" ".join(h1.itertext()))) > 2]
    for heading in shown:
        if any(fuzz.token_set_ratio(heading.lower(), text.lower()) >= _SAME for text in declared):
            return heading
    whole = [text for text in declared if not _CUT.search(text)] or declared
    if whole:
        return whole[0]
    return next((heading for heading in shown if len(heading.split()) > 2), None)


def _headings(tree: etree._Element) -> list[etree._Element]:
    """Level-one headings, those inside the article first."""
    headings = tree.xpath("//h1")
    return sorted(headings, key=lambda h: not h.xpath("boolean(ancestor::article or ancestor::main)"))


def strip_site(title: str, site: str | None) -> str:
    """The title without the site's name at its end or begin: "Headline | The Paper" is "Headline"."""
    title = squeeze(title)
    pieces = _SEPARATOR.split(title)
    if len(pieces) < 2:
        return title
    for piece, rest in ((pieces[-1], _before_last(title)), (pieces[0], _after_first(title))):
        if site and fuzz.ratio(piece.lower(), site.lower()) > 80:
            return strip_site(rest, site) if rest else title
    # Without a known name, only a short piece after a bar is one: dashes are common inside headlines.
    if not site and re.search(r"\s[|»]\s[^|»]{2,40}$", title) and len(pieces[-1]) * 2 < len(title):
        return _before_last(title)
    return title


def _before_last(title: str) -> str:
    last = list(_SEPARATOR.finditer(title))[-1]
    return title[: last.start()].strip()


def _after_first(title: str) -> str:
    first = next(_SEPARATOR.finditer(title))
    return title[first.end() :].strip()
