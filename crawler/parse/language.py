"""The language of an article: what the page declares, checked against its words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree

from crawler.parse.structured import Structured

_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "on",
        "with",
        "as",
        "was",
        "it",
        "by",
        "at",
        "from",
        "has",
        "have",
        "its",
    ]
)
_ENOUGH_WORDS = 60
_ENGLISH_SHARE = 0.12


def find_language(tree: etree._Element, structured: Structured, body: str) -> str | None:
    """The ISO 639-1 code of the body's language, or null if it is too short to tell and nothing is declared.

    Templates often declare English whatever they hold, so that is checked against the body's words.
    """
    declared = _declared(tree, structured)
    words = re.findall(r"[^\W\d_]+", body.lower())[:2000]
    if len(words) < _ENOUGH_WORDS:
        return declared
    looks_english = sum(word in _ENGLISH for word in words) / len(words) >= _ENGLISH_SHARE
    if declared is None or looks_english != (declared == "en"):
        return _detect(body[:5000])
    return declared


def _declared(tree: etree._Element, structured: Structured) -> str | None:
    html = next(iter(tree.xpath("/html/@lang | /html/@*[local-name()='lang']")), None)
    for name in (html, structured.first_schema_text("inLanguage"), structured.first_meta("og:locale"),
                 structured.first_meta("content-language", "language", "dc.language")):  # fmt: skip
        match = re.match(r"([a-z]{2})(?:[-_]|$)", (name or "").strip().lower())
        if match:
            return match[1]
    return None


def _detect(text: str) -> str:
    code: str = _identifier().classify(text)[0]
    return code


@lru_cache(maxsize=1)
def _identifier() -> Any:
    import py3langid  # here, since its model takes a second to load and is seldom needed

    return py3langid
