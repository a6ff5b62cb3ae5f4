"""Who wrote an article: names only, without "By", roles, addresses and desks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from crawler.parse.structured import Structured, as_list
from crawler.parse.text import squeeze

_BY = re.compile(
    r"^(?:(?:written|reported|posted|edited|story|words|article)\s+)?(?:by|von|par|por|di)\b[\s:]*", re.I
)
_SPLIT = re.compile(r"\s*(?:[,;|/•·]|\band\b|&|\bwith\b|\bund\b|\bet\b|\n)\s*", re.I)
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|contributor|analyst|producer|manager|director"
    r"|chief|head|senior|staff|team|desk|bureau|newsroom|press|agency|agencies|office|admin|administrator|guest"
    r"|author|news|editorial|editors|reporters|correspondents|redaktion|updated|published"
    r"|posted|min read|pm|am|reuters|afp|bloomberg|associated press|media|business|inc|ag|ltd|llc|gmbh|plc"
    r"|twitter|facebook|subscribe|follow)\b",
    re.I,
)
_NOISE = re.compile(r"\S+@\S+|https?://\S+|@\w+|\([^)]*\)|\d.*$|\b(?:on|in|at|for)\s+(?-i:[A-Z]).*$", re.I)
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "do",
        "dos",
        "du",
        "van",
        "von",
        "ter",
        "ten",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "y",
        "e",
        "zu",
        "bell",
    ]
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,5}")


def find_authors(
    tree: etree._Element, structured: Structured, *, selected: Iterable[str] = ()
) -> tuple[str, ...]:
    """The authors' names in the page's order, without repetitions; empty if the page names no person."""
    for raws in _sources(tree, structured, list(selected)):
        names = tuple(dict.fromkeys(name for raw in raws for name in clean_authors(raw)))
        if names:
            return names[:12]
    return ()


def clean_authors(raw: str) -> Iterator[str]:
    """The personal names in a byline such as "By Ann Lee, Senior Editor and Bo Li (bo@example.org)"."""
    text = _BY.sub("", squeeze(raw)[:300])
    for piece in _SPLIT.split(text):
        name = squeeze(_NOISE.sub(" ", _BY.sub("", piece))).strip(" .,-–—:")
        words = name.split()
        if (
            3 < len(name) <= 60
            and _NAME.fullmatch(name)
            and not _ROLE.search(name)
            and all(word[0].isupper() or word in _PARTICLES for word in words)
        ):
            yield _cased(name)


def _cased(name: str) -> str:
    return name.title() if name.isupper() and len(name) > 5 else name


def _sources(tree: etree._Element, structured: Structured, selected: list[str]) -> Iterator[list[str]]:
    yield selected
    for key in ("author", "creator"):
        yield [text for _, value in structured.schema(key) for text in _names(value)]
    meta_names = (
        "author",
        "article:author",
        "byl",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
    )
    for name in meta_names:
        yield [content for content in structured.meta.get(name, ()) if "://" not in content]
    for path in (
        "//*[@rel='author']",
        "//*[contains(@itemprop, 'author')]",
        "//*[contains(@class, 'byline')]",
        "//*[contains(@class, 'author-name') or contains(@class, 'article-author')]",
        "//*[@class='author' or @class='authors' or @id='byline']",
        "//p[starts-with(normalize-space(.), 'By ')] | //address",
    ):
        found = [squeeze(" ".join(e.itertext())) for e in tree.xpath(path)[:4]]
        yield [text for text in found if len(text) < 160]


def _names(value: Any) -> Iterator[str]:
    for member in as_list(value):
        if isinstance(member, dict):
            kind = member.get("@type") or member.get("type") or ""
            name = member.get("name")
            if "Organization" not in str(kind):
                yield from (text for text in as_list(name) if isinstance(text, str))
        elif isinstance(member, str) and "://" not in member:
            yield member
