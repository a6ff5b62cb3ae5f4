"""May a page report a deal: a cheap score with its reasons, from headline, summary and address, before it is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from sys import intern
from urllib.parse import unquote, urlsplit

import yaml

from crawler.glance import Glance

_PATH = Path(__file__).with_name("relevance.yml")
_TEXT_LIMIT = 2000
_WORD = re.compile(r"\w+")
_LITERAL = re.compile(r"\w*")
_OPTIONAL = re.compile(r"\(\?:([^()]*)\)(\??)")


@dataclass(frozen=True, slots=True)
class Relevance:
    """`score` from 0 to 1, and what made it with its weights, such as "partners +0.5"."""

    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue, and what the first words of its matches are, or begin with."""

    pattern: re.Pattern[str]
    weight: float
    firsts: frozenset[str]
    beginnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cues:
    """`cues` are first those that always count, then the topics."""

    base: float
    threshold: float
    kinds: Mapping[str, float]
    narrow: frozenset[str]
    headline: int
    cues: tuple[_Cue, ...]
    always: int


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
    for cue, match in _found(text, known.always if kind in known.narrow else len(known.cues)):
        total += cue.weight
        reasons.append(f"{match} {cue.weight:+.1f}")
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


def _found(text: str, number: int) -> Iterator[tuple[_Cue, str]]:
    """The first so many cues that are in a text, each with its first match.

    What searching for each would find, in a fraction of the time: where a match may begin is known of most words.
    """
    found: dict[int, str] = {}
    for word in _WORD.finditer(text):
        for place in _may_begin(word[0]):
            if place not in found and (match := _cues().cues[place].pattern.match(text, word.start())):
                found[place] = match[0]
    return ((_cues().cues[place], found[place]) for place in sorted(found) if place < number)


@lru_cache(maxsize=20_000)
def _may_begin(word: str) -> tuple[int, ...]:
    """The cues of which a match may begin with a word."""
    return tuple(
        place
        for place, cue in enumerate(_cues().cues)
        if word in cue.firsts or word.startswith(cue.beginnings)
    )


@cache
def _cues() -> _Cues:
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    cues = tuple(_cue(entry["cue"], float(entry["weight"])) for entry in (*data["cues"], *data["topics"]))
    narrow = frozenset(data["narrow"])
    numbers = (float(data["base"]), float(data["threshold"]))
    return _Cues(*numbers, data["kinds"], narrow, int(data["headline"]), cues, len(data["cues"]))


def _cue(pattern: str, weight: float) -> _Cue:
    firsts, beginnings = set(), set()
    for part in _without_optional(_parts(pattern)):
        literal = found[0] if (found := _LITERAL.match(part)) else ""
        after = part[len(literal) : len(literal) + 2]
        if after[:1] in (" ", "-", "") and after[1:] not in ("?", "*", "{"):
            firsts.add(literal)
        else:
            # What follows may repeat or drop the last letter.
            beginnings.add(literal[:-1] if after[:1] in ("?", "*", "{") else literal)
    return _Cue(re.compile(rf"\b(?:{pattern})\b"), weight, frozenset(firsts), tuple(beginnings))


def _without_optional(parts: list[str]) -> Iterator[str]:
    """The alternatives again, a group at the beginning of one of them written out."""
    for part in parts:
        group = _OPTIONAL.match(part)
        if group is None:
            yield part
            continue
        rest = part[group.end() :]
        for inner in (*group[1].split("|"), *([""] if group[2] else [])):
            yield inner + rest


def _parts(pattern: str) -> list[str]:
    """The alternatives of a regular expression, those inside groups left whole."""
    parts, depth = [""], 0
    for character in pattern:
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _words(url: str) -> str:
    try:
        return re.sub(r"[^\w]+|_", " ", unquote(urlsplit(url).path))[:500]
    except ValueError:
        return ""
