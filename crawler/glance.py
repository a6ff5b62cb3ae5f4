"""What a page is about at first glance: titles, descriptions and the first sentences, without parsing all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from w3lib.encoding import html_to_unicode
from w3lib.html import replace_entities

from crawler.parse.text import squeeze

_WINDOW = 400_000  # bytes of a page that are looked at
_HEAD = 100_000
_LEAD = 700  # characters: some hundred words
_PARAGRAPH = 40
_MAX_PARAGRAPHS = 200
_TITLES = frozenset(["og:title", "twitter:title", "title", "parsely-title", "dc.title"])
_SUMMARIES = frozenset(
    [
        *("og:description", "twitter:description", "description"),
        *("keywords", "news_keywords", "article:section", "article:tag"),
    ]
)
_END_OF_HEAD = re.compile(r"</head|<body", re.I)
_TITLE = re.compile(r"<h1\b", re.I)
_P = re.compile(r"<p(?:\s[^<>]*)?>([^<]*(?:<(?!/?p\b)[^<]*){0,60})", re.I)
_TAG = re.compile(r"<[^<>]*>")
_JSON = re.compile(r'"(headline|alternativeHeadline|description)"\s*:\s*("(?:[^"\\]|\\.){1,600}")')
_ENOUGH_WORDS = 8
# Not that of lxml.html, whose elements can more and take longer to make.
_PARSER = etree.HTMLParser(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Glance:
    """A headline and a summary, each of all that was found, as plain text."""

    headline: str
    summary: str

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to judge the page by."""
        return bool(self.headline) and len(self.summary.split()) >= _ENOUGH_WORDS


def glance(page: bytes, content_type: str | None) -> Glance:
    """Look at a page; `content_type` is the HTTP header's value. What cannot be read is empty."""
    try:
        _, text = html_to_unicode(content_type, page[:_WINDOW])
    except (LookupError, ValueError):
        return Glance("", "")
    end = _END_OF_HEAD.search(text)
    head = text[: min(end.start() if end else _HEAD, _HEAD)]
    titles, summaries = _declared(head)
    for name, literal in _JSON.findall(text):
        found = _unquoted(literal)
        (summaries if name == "description" else titles).append(found)
        if len(titles) + len(summaries) > 40:
            break
    summaries.append(_lead(text))
    return Glance(_joined(titles), _joined(summaries))


def _declared(head: str) -> tuple[list[str], list[str]]:
    titles: list[str] = []
    summaries: list[str] = []
    try:
        tree = etree.fromstring(head.encode("utf-8", "replace"), parser=_PARSER)
    except (etree.LxmlError, ValueError, AssertionError):
        return titles, summaries
    if tree is None:  # nothing but spaces or comments
        return titles, summaries
    titles += ["".join(title.itertext()) for title in tree.iter("title")][:1]
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name in _TITLES:
            titles.append(meta.get("content") or "")
        elif name in _SUMMARIES:
            summaries.append(meta.get("content") or "")
    return titles, summaries


def _lead(text: str) -> str:
    """The first paragraphs, below the title where there is one."""
    title = _TITLE.search(text)
    lead = ""
    for paragraph in _paragraphs(text, title.start() if title else 0):
        lead = f"{lead} {paragraph}"
        if len(lead) >= _LEAD:
            break
    return lead[:_LEAD]


def _paragraphs(text: str, start: int) -> Iterator[str]:
    for match in islice(_P.finditer(text, start), _MAX_PARAGRAPHS):
        paragraph = squeeze(replace_entities(_TAG.sub("", match[1])))
        if len(paragraph) >= _PARAGRAPH:
            yield paragraph


def _unquoted(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return literal


def _joined(texts: list[str]) -> str:
    """Each text once."""
    return squeeze(" ".join(dict.fromkeys(texts)))[:2000]
