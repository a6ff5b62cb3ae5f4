"""Which link of a section page leads to the next page of its list."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.discover.listing_words import WORDS, any_of

_NEXT = re.compile(rf"\W*{any_of(WORDS['next'])}\W*", re.I)
_ARROW = re.compile(any_of(map(re.escape, WORDS["arrows"])))
_PAGER = re.compile(rf"(?<![^\W_]){any_of(WORDS['pagers'])}(?![^\W_])", re.I)
_CAROUSEL = re.compile(rf"(?<![^\W_]){any_of(WORDS['carousels'])}(?![^\W_])", re.I)
_STORY = re.compile(rf"(?<![^\W_]){any_of(WORDS['stories'])}(?![^\W_])", re.I)
_NEXT_CLASS = re.compile(r"(?<![^\W_])next(?![^\W_])|nextpostslink", re.I)
_PAGE_NUMBER = re.compile(
    r"(?<=[?&])(?:page|paged|pg|p)=(\d{1,6})|/page[/-](\d{1,6})(?=/|$)", re.I | re.ASCII
)
_MAX_ANCESTORS = 5
_NAMES = ("class", "aria-label", "id")
_MAX_NAME = 1_000  # characters
_TOO_LONG = etree.XPath(" | ".join(f"//@{name}[string-length() > {_MAX_NAME}]/.." for name in _NAMES))


def cut_names(tree: etree._Element) -> None:
    """Cut classes, labels and ids that have no end: `leads_on` reads those of a box anew for each link in it."""
    for element in _TOO_LONG(tree):
        for name in _NAMES:
            if value := element.get(name):
                element.set(name, value[:_MAX_NAME])


def leads_on(anchor: etree._Element, text: str, target: str, url: str) -> bool:
    """Whether a link of the page at `url`, with this text and full address, is that to the next page."""
    if target == url.partition("#")[0]:
        return False
    if "next" in (anchor.get("rel") or "").lower().split():
        return True
    labels = (text, anchor.get("aria-label") or "", anchor.get("title") or "")
    names_it = any(_NEXT.fullmatch(label[:100].strip()) for label in labels)
    if names_it or _NEXT_CLASS.search(anchor.get("class") or ""):
        return not (_is_named(_names(anchor), _STORY) or _is_within(anchor, _CAROUSEL))
    if _ARROW.fullmatch(text):
        same_list = urlsplit(target).path == urlsplit(url).path or _page(target) is not None
        return (same_list or _is_within(anchor, _PAGER)) and not _is_within(anchor, _CAROUSEL)
    return text.isdecimal() and _is_one_further(text, target, url)


def _is_one_further(text: str, target: str, url: str) -> bool:
    """Whether an address is that of the page after `url`, by its number; the first page has none in its own."""
    if _PAGE_NUMBER.sub("", target).rstrip("/?&") != _PAGE_NUMBER.sub("", url.partition("#")[0]).rstrip(
        "/?&"
    ):
        return False
    page, current = _page(target), _page(url)
    if current is not None:
        return page == current + 1
    # Some count from nought and show one more.
    return page in (1, 2) and int(text[:9]) == 2


def _page(url: str) -> int | None:
    found = _PAGE_NUMBER.search(url)
    return int(found[1] or found[2]) if found else None


def _is_within(anchor: etree._Element, words: re.Pattern[str]) -> bool:
    """Whether a link or what it stands in is named so."""
    return any(
        _is_named(_names(element), words)
        for element in (anchor, *islice(anchor.iterancestors(), _MAX_ANCESTORS))
    )


@lru_cache(maxsize=4096)
def _is_named(names: str, words: re.Pattern[str]) -> bool:
    # The links of a page stand in the same few elements.
    return words.search(names) is not None


def _names(element: etree._Element) -> str:
    return " ".join(element.get(name) or "" for name in _NAMES)
