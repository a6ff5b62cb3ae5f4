"""Section pages: links to articles, to the next page of the list, and to feeds that the page names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from crawler.canonical import same_site
from crawler.discover.links import ARTICLE, FEED, MAX_ADDRESS, MAX_LINKS, SECTION, Link, Listing
from crawler.discover.listing_words import is_no_article
from crawler.discover.next_page import cut_names, leads_on
from crawler.parse.decode import NotAnArticle, decode_page
from crawler.parse.text import squeeze

_SLUG = re.compile(r"(?<![a-z0-9])[a-z0-9]++(?:[-_][a-z0-9]++){2,}|\d{5,}", re.I)
_FEED_TYPE = re.compile(r"\s*application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)\b", re.I)
_MAX_FEEDS = 10
_MAX_TEXT = 500
_ASIDE = frozenset(["nav", "footer"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "article"])


def read_section(body: bytes, *, url: str, content_type: str | None = None) -> Listing:
    """The links of a section page in its order: articles, then pages that go on, then feeds."""
    try:
        text = decode_page(body, content_type)
        tree = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except NotAnArticle as error:
        return Listing(problem=f"section page that is {error}")
    except (etree.ParserError, ValueError):
        return Listing(problem="section page without readable HTML")
    cut_names(tree)
    found: dict[str, Link] = {}
    for anchor, within in _anchors(tree):
        link = _read_anchor(anchor, within, url)
        if link is not None and (link.url not in found or not found[link.url].headline):
            found[link.url] = link
        if len(found) >= MAX_LINKS:
            break
    feeds = 0
    for element in tree.iter("link"):
        if len(found) >= MAX_LINKS + _MAX_FEEDS:
            break
        rel = (element.get("rel") or "").lower().split()
        target = _absolute(element.get("href"), url)
        if target and "next" in rel:
            found.setdefault(target, Link(SECTION, target))
        is_feed = "alternate" in rel and _FEED_TYPE.match(element.get("type") or "")
        if target and is_feed and target not in found and feeds < _MAX_FEEDS:
            feeds += 1
            found[target] = Link(FEED, target)
    order = (ARTICLE, SECTION, FEED)
    return Listing(tuple(sorted(found.values(), key=lambda link: order.index(link.kind))))


def _anchors(tree: etree._Element) -> Iterator[tuple[etree._Element, Set[str]]]:
    """The links in their order, each with which of _ASIDE and _HEADINGS it stands in."""
    # Counted on the way, since a page may have many thousands of links, each in hundreds of elements.
    within: Counter[str] = Counter()
    for event, element in etree.iterwalk(tree, events=("start", "end"), tag=["a", *_ASIDE, *_HEADINGS]):
        if element.tag != "a":
            within[element.tag] += 1 if event == "start" else -1
        elif event == "start":
            yield element, (+within).keys()


def _read_anchor(anchor: etree._Element, within: Set[str], url: str) -> Link | None:
    target = _absolute(anchor.get("href"), url)
    if target is None or not same_site(target, url):
        return None
    text = _text(anchor)
    if leads_on(anchor, text, target, url):
        return Link(SECTION, target)
    if is_no_article(target):
        return None
    if within & _ASIDE:
        return None
    path = urlsplit(target).path
    words = len(text.split())
    if (words >= 3 and (within & _HEADINGS or _SLUG.search(path))) or (words >= 6 and path.count("/") >= 2):
        return Link(ARTICLE, target, text)
    return None


def _text(anchor: etree._Element) -> str:
    """The beginning of a link's text; of links that were never closed each holds the rest of the page."""
    parts: list[str] = []
    room = 10 * _MAX_TEXT
    for part in anchor.itertext():
        if isinstance(part, str):
            parts.append(part[:room])
            room -= len(parts[-1])
            if room <= 0:
                break
    return squeeze(" ".join(parts))[:_MAX_TEXT]


def _absolute(href: str | None, url: str) -> str | None:
    if not href or href.startswith("#"):
        return None
    try:
        target = urljoin(url, href.strip()).partition("#")[0]
        is_address = len(target) <= MAX_ADDRESS and urlsplit(target).scheme in ("http", "https")
    except ValueError:
        return None
    return target if is_address else None
