"""May a page report a deal: a cheap score with its reasons, from headline, summary and address, before it is parsed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from sys import intern
from urllib.parse import unquote, urlsplit

import yaml

from crawler.glance import Glance

_PATH = Path(__file__).with_name("relevance.yml")
_TEXT_LIMIT = 2000
# Words and what parts them: spaces and hyphens do not, for a phrase may be written with either.
_WORD = re.compile(r"\w+|[^\w\s-]")
_KEY = 3  # letters by which the beginnings of words are kept
_Phrase = tuple[str, int, tuple[str, ...]]
_NOTHING: tuple[tuple[int, ...], Mapping[str, list[tuple[int, tuple[str, ...]]]]] = ((), {})


@dataclass(frozen=True, slots=True)
class Relevance:
    """`score` from 0 to 1, and what made it with its weights, such as "partners +0.5"."""

    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cues:
    """`weights` are first those of the cues that always count, then those of the topics.

    `phrases` are the words of all of them by the first few letters: the first word of each, to which cue it belongs,
    and the words that must follow.
    """

    base: float
    threshold: float
    kinds: Mapping[str, float]
    narrow: frozenset[str]
    headline: int
    weights: tuple[float, ...]
    always: int
    phrases: Mapping[str, list[_Phrase]]


def score(headline: str, summary: str, url: str, kind: str | None = None) -> Relevance:
    """Score a page by the cues of relevance.yml; `kind` is that of its source."""
    known = _cues()
    text = (f"{headline} {summary}"[:_TEXT_LIMIT] + f" {_words(url)}").lower()
    total = known.base
    reasons = []
    if kind is not None and kind in known.kinds:
        total += known.kinds[kind]
        reasons.append(f"{kind.replace('_', ' ')} {known.kinds[kind]:+.1f}")
    for weight, match in _found(text, known.always if kind in known.narrow else len(known.weights)):
        total += weight
        reasons.append(f"{match} {weight:+.1f}")
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


def _found(text: str, number: int) -> Iterator[tuple[float, str]]:
    """The weights of the first so many cues that are in a text, each with its first match."""
    found: dict[int, str] = {}
    words = _WORD.findall(text)
    for at, (word, following) in enumerate(pairwise((*words, ""))):
        begun = _begun(word)
        if begun is _NOTHING:
            continue
        alone, longer = begun
        for place in alone:
            found.setdefault(place, word)
        for place, rest in longer.get(following[:_KEY], ()):
            if place not in found and _follow(words, at + 1, rest):
                found[place] = " ".join(words[at : at + 1 + len(rest)])
    weights = _cues().weights
    return ((weights[place], found[place]) for place in sorted(found) if place < number)


@lru_cache(maxsize=20_000)
def _begun(word: str) -> tuple[tuple[int, ...], Mapping[str, list[tuple[int, tuple[str, ...]]]]]:
    """The cues that a word is of by itself, and those of longer phrases that it begins, with the words that follow.

    The longer ones are by the first few letters of the second word.
    """
    phrases = [phrase for phrase in _cues().phrases.get(word[:_KEY], ()) if _is(word, phrase[0])]
    if not phrases:
        return _NOTHING
    longer: defaultdict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for _, place, rest in phrases:
        if rest:
            longer[rest[0][:_KEY]].append((place, rest))
    return tuple(place for _, place, rest in phrases if not rest), dict(longer)


def _follow(words: Sequence[str], at: int, asked: Sequence[str]) -> bool:
    return at + len(asked) <= len(words) and all(_is(words[at + n], word) for n, word in enumerate(asked))


def _is(word: str, asked: str) -> bool:
    return word == asked or (asked.endswith("*") and word.startswith(asked[:-1]))


@cache
def _cues() -> _Cues:
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    phrases: defaultdict[str, list[_Phrase]] = defaultdict(list)
    entries = [*data["cues"], *data["topics"]]
    for place, entry in enumerate(entries):
        for phrase in entry["words"]:
            first, *rest = phrase.split()
            phrases[first[:_KEY]].append((first, place, tuple(rest)))
    return _Cues(
        base=float(data["base"]),
        threshold=float(data["threshold"]),
        kinds=data["kinds"],
        narrow=frozenset(data["narrow"]),
        headline=int(data["headline"]),
        weights=tuple(float(entry["weight"]) for entry in entries),
        always=len(data["cues"]),
        phrases=dict(phrases),
    )


def _words(url: str) -> str:
    try:
        return re.sub(r"[^\w]+|_", " ", unquote(urlsplit(url).path))[:500]
    except ValueError:
        return ""
