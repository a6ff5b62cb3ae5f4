"""Recognise pages that are no article, and say what they are."""

from __future__ import annotations

import itertools
import re
from urllib.parse import urlsplit

from lxml import etree

from crawler.items import Block
from crawler.parse.cues import cues
from crawler.parse.decode import NotAnArticle
from crawler.parse.set_aside import link_density
from crawler.parse.structured import ARTICLE_TYPES, LISTING_TYPES, Structured
from crawler.parse.text import squeeze

_SCRIPT_WORDS = re.compile(
    r"enable javascript|javascript is (?:disabled|required)|requires javascript|turn on javascript", re.I
)
_COOKIE_LIMIT = 1500
_MIN_TEXT = 40
_MOST_HEADINGS, _LONG_HEADING, _REPEATED = 5, 5, 0.6
_CHALLENGE = re.compile(
    r"verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|unusual traffic|access denied"
    r"|are you a robot",
    re.I,
)


def refuse_listing(tree: etree._Element, structured: Structured, url: str | None) -> None:
    """Raise NotAnArticle for a home page or a section page."""
    if claims_article(tree, structured):
        return
    if url is not None and urlsplit(url).path.rstrip("/") in (
        "",
        "/index.html",
        "/index.php",
        "/en",
        "/home",
    ):
        raise NotAnArticle("a home page")
    if url is not None and _is_named_after_heading(tree, url):
        return
    paragraphs = sum(len(squeeze("".join(p.itertext()))) for p in tree.iter("p") if link_density(p) < 0.5)
    main = next(iter(tree.xpath("//main | //*[@role='main'] | //body")), tree)
    headlines = [a for a in main.iter("a") if len(squeeze("".join(a.itertext())).split()) >= 4]
    teasers = len(main.xpath(".//article")) >= 4 or len(headlines) >= 8
    listing = bool(structured.types & LISTING_TYPES) or "website" in structured.meta.get("og:type", ())
    linked = sum(len(squeeze("".join(a.itertext()))) for a in headlines)
    if teasers and (linked > paragraphs or (listing and linked * 3 > paragraphs)):
        raise NotAnArticle("a list of articles")


def _is_named_after_heading(tree: etree._Element, url: str) -> bool:
    """Whether the address repeats the words of the page's long heading: a list's is called by one word or two."""
    named = set(re.findall(r"[a-z0-9]{3,}", urlsplit(url).path.rstrip("/").rpartition("/")[2].lower()))
    for h1 in itertools.islice(tree.iter("h1"), _MOST_HEADINGS):
        words = set(re.findall(r"[a-z0-9]{3,}", squeeze("".join(h1.itertext())).lower()))
        if len(words) >= _LONG_HEADING and len(words & named) >= _REPEATED * len(words):
            return True
    return False


def claims_article(tree: etree._Element, structured: Structured) -> bool:
    """Whether the page declares that it is one article."""
    return (
        bool(structured.types & ARTICLE_TYPES and len(structured.json_ld) + len(structured.microdata) <= 2)
        or "article" in structured.meta.get("og:type", ())
        or bool(structured.meta.get("article:published_time"))
    )


def refuse_empty(tree: etree._Element, blocks: list[Block], headline: str | None, free: bool | None) -> None:
    """Raise NotAnArticle for a page without an article's text, with the reason that its other text gives."""
    text = " ".join(block.text for block in blocks)
    page = squeeze(" ".join(t for e in tree.xpath("//body") for t in _visible(e)))
    if len(page) < _COOKIE_LIMIT and _CHALLENGE.search(page):
        raise NotAnArticle("a check for robots")
    cookie_words = len(cues().cookies.findall(text or page))
    if len(text or page) < _COOKIE_LIMIT and cookie_words >= 3 and cookie_words * 60 > len(text or page):
        raise NotAnArticle("a cookie or consent wall")
    if len(text) >= _MIN_TEXT and headline:
        return
    if not text and free is False:
        raise NotAnArticle("behind a paywall, without any text of the article")
    scripts = len(tree.xpath("//script"))
    if _SCRIPT_WORDS.search(squeeze(" ".join(tree.itertext())) if len(page) < 3000 else "") or (
        scripts and len(page) < 200
    ):
        raise NotAnArticle("a page that shows nothing without JavaScript")
    raise NotAnArticle("without a headline" if len(text) >= _MIN_TEXT else "without the text of an article")


def _visible(element: etree._Element) -> list[str]:
    junk = ("script", "style", "noscript", "template")
    return [text for text in element.xpath(".//text()") if text.getparent().tag not in junk and text.strip()]
