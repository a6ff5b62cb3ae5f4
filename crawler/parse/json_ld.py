"""The objects of a page's JSON-LD scripts, also of those that templates have broken."""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from extruct.jsonld import JsonLdExtractor
from lxml import etree

_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")
_WRAPPER = re.compile(
    r"^\s*(?:<!--|/?\*?\s*<!\[CDATA\[\s*\*?/?|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_COMMENT = re.compile(r"(?m)^[^\S\n]*//[^\n]*$|(?<=[{,])[^\S\n]*//[^\n\"]*$|/\*[^*\"]*\*/")
_TOLD = re.compile(
    r"\"(@type|headline|author|creator|publisher|datePublished|dateCreated|dateModified|articleSection"
    r"|inLanguage|isAccessibleForFree)\"\s*:\s*(?=[\[{\"tf])"
)
_MAX_SCRIPTS, _MAX_BROKEN, _MAX_ITEMS, _MAX_DEPTH = 60, 400_000, 400, 12
_MAX_RESCUED, _MAX_TOLD = 100_000, 40
_PARTS = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")


def json_ld_nodes(tree: etree._Element) -> Iterator[dict[str, Any]]:
    """All objects at the top of scripts, in arrays and @graph, and the main entity and parts of a page object."""
    scripts = [s for s in tree.iter("script") if "ld+json" in (s.get("type") or "").lower()]
    for script in scripts[:_MAX_SCRIPTS]:
        script.set("type", "application/ld+json")
        try:
            found = JsonLdExtractor().extract_items(script)
        except (ValueError, RecursionError, AttributeError, TypeError):
            found = _mended((script.text or "")[:_MAX_BROKEN])
        yield from _walk(found, 0)


def _mended(text: str) -> list[Any]:
    """JSON with what templates often break: comments in and around it, commas and semicolons at ends, bare line breaks.

    Several objects in a row are read too. Of what cannot be mended at all, the properties that can be read make an
    object.
    """
    if text.lstrip()[:8].count("&quot;"):
        text = html.unescape(text)
    text = _TRAILING_COMMA.sub("", _COMMENT.sub("", _WRAPPER.sub("", text))).strip().rstrip(";")
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    place = 0
    try:
        while place < len(text) and len(found) < _MAX_ITEMS:
            value, place = decoder.raw_decode(text, place)
            found.append(value)
            place += len(text[place:]) - len(text[place:].lstrip(" \t\r\n,;"))
    except (ValueError, RecursionError):
        if text.endswith(("}", "]")):  # else it breaks off, and says perhaps what it was going to take back
            found.append(_rescued(text[place:], decoder))
    return found


def _rescued(text: str, decoder: json.JSONDecoder) -> dict[str, Any]:
    """What a broken object says of itself, as far as it can be read: a stray quotation mark breaks one text only."""
    told: dict[str, Any] = {}
    for match in itertools.islice(_TOLD.finditer(text[:_MAX_RESCUED]), _MAX_TOLD):
        try:
            value, _ = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        told.setdefault(match[1], value)
    return told


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for member in value[:_MAX_ITEMS]:
            yield from _walk(member, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in _PARTS:
            if isinstance(value.get(key), list | dict):
                yield from _walk(value[key], depth + 1)
