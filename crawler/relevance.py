"""Is an article worth fetching: a cheap score with its reasons, from headline, summary and address alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

_PATH = Path(__file__).with_name("relevance.yml")


@dataclass(frozen=True, slots=True)
class Relevance:
    """`score` from 0 to 1, and the words that made it with their weights, such as "partners +0.5"."""

    score: float
    reasons: tuple[str, ...]


def score(headline: str, summary: str, url: str) -> Relevance:
    """Score an article by the cues of relevance.yml."""
    base, cues = _cues()
    text = f"{headline} {summary} {_words(url)}"[:2000]
    total = base
    reasons = []
    for cue, weight in cues:
        if match := cue.search(text):
            total += weight
            reasons.append(f"{match[0].lower()} {weight:+.1f}")
    return Relevance(round(min(max(total, 0.0), 1.0), 2), tuple(reasons))


@lru_cache(maxsize=1)
def _cues() -> tuple[float, tuple[tuple[re.Pattern[str], float], ...]]:
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    cues = tuple((re.compile(rf"\b(?:{c['cue']})\b", re.I), float(c["weight"])) for c in data["cues"])
    return float(data["base"]), cues


def _words(url: str) -> str:
    try:
        return re.sub(r"[^\w]+|_", " ", unquote(urlsplit(url).path))
    except ValueError:
        return ""
