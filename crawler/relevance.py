"""May a page report a deal: a cheap score with its reasons, from headline, summary and address, before it is parsed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from sys import intern
from urllib.parse import unquote, urlsplit

import yaml

from crawler.glance import Glance

_PATH = Path(__file__).with_name("relevance.yml")
_TEXT_LIMIT = 2000
_Cue = tuple[re.Pattern[str], float]


@dataclass(frozen=True, slots=True)
class Relevance:
    """`score` from 0 to 1, and what made it with its weights, such as "partners +0.5"."""

    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cues:
    base: float
    threshold: float
    kinds: Mapping[str, float]
    narrow: frozenset[str]
    headline: int
    cues: tuple[_Cue, ...]
    topics: tuple[_Cue, ...]


def score(headline: str, summary: str, url: str, kind: str | None = None) -> Relevance:
    """Score a page by the cues of relevance.yml; `kind` is that of its source."""
    known = _cues()
    # In lower case, since matching without regard to case takes twice the time.
    text = (f"{headline} {summary}"[:_TEXT_LIMIT] + f" {_words(url)}").lower()
    total = known.base
    reasons = []
    if kind is not None and kind in known.kinds:
        total += known.kinds[kind]
        reasons.append(f"{kind.replace('_', ' ')} {known.kinds[kind]:+.1f}")
    for cue, weight in known.cues if kind in known.narrow else (*known.cues, *known.topics):
        if match := cue.search(text):
            total += weight
            reasons.append(f"{match[0]} {weight:+.1f}")
    # The same few reasons again and again: a crawl keeps those of each page.
    return Relevance(round(min(max(total, 0.0), 1.0), 2), tuple(map(intern, reasons)))


def default_threshold() -> float:
    """The score from which on a page is parsed."""
    return _cues().threshold


def says_enough(headline: str, summary: str, kind: str | None = None) -> bool:
    """Whether a listing says enough of an article to leave it out unread.

    A headline alone is enough where a source writes of everything, if it has some words.
    """
    known = _cues()
    return Glance(headline, summary).is_enough or (
        kind not in known.kinds and len(headline.split()) >= known.headline
    )


def threshold_of_listings(threshold: float) -> float:
    """The score below which a page is not even fetched: a few words may not name the deal, but the wrong subject."""
    return min(threshold, _cues().base)


@cache
def _cues() -> _Cues:
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    cues, topics = (
        tuple((re.compile(rf"\b(?:{entry['cue']})\b"), float(entry["weight"])) for entry in data[name])
        for name in ("cues", "topics")
    )
    narrow = frozenset(data["narrow"])
    numbers = (float(data["base"]), float(data["threshold"]))
    return _Cues(*numbers, data["kinds"], narrow, int(data["headline"]), cues, topics)


def _words(url: str) -> str:
    try:
        return re.sub(r"[^\w]+|_", " ", unquote(urlsplit(url).path))[:500]
    except ValueError:
        return ""
