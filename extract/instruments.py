"""How binding a deal is, in the words of the text: the instrument that it names, or what its words suggest."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from extract.indicators import load_patterns
from extract.sentences import Sentence

# A binding contract is one that the text calls so, though not everything that it calls a contract is this deal.
NEEDS_WORDS = "definitive_agreement"
# Instruments that only their own name makes: no model speaks of a letter of intent where the text does not.
NAMED_INSTRUMENTS = ("letter_of_intent", "mou", "term_sheet", "framework_agreement")


def about_parties(sentences: Sequence[Sentence], parties: Collection[str]) -> list[Sentence]:
    """Sentences whose contract may be this one: those that name a party (id), or no company at all."""
    return [s for s in sentences if not s.companies or any(id in parties for id in s.companies)]


def named_instrument(sentences: Sequence[Sentence]) -> tuple[str, int, int] | None:
    """The first instrument, of those in order of preference, that the sentences name, and where."""
    for name, pattern in load_patterns("instruments").items():
        place = _first(pattern, sentences)
        if place and name in (*NAMED_INSTRUMENTS, NEEDS_WORDS):
            return name, *place
    return None


def instrument_words(instrument: str, sentences: Sequence[Sentence]) -> tuple[int, int] | None:
    """Where the sentences have words for an instrument."""
    pattern = load_patterns("instruments").get(instrument)
    return _first(pattern, sentences) if pattern else None


def possible_instruments(shares: Mapping[str, float], sentences: Sequence[Sentence]) -> dict[str, float]:
    """The shares of the instruments that a model may speak of beside these sentences."""
    ruled_out = set(NAMED_INSTRUMENTS)
    if instrument_words(NEEDS_WORDS, sentences) is None:
        ruled_out.add(NEEDS_WORDS)
    return {name: share for name, share in shares.items() if name not in ruled_out}


def instrument_features(sentences: Sequence[Sentence], status: str) -> dict[str, float]:
    """Which instruments the sentences have words for, near what reports the agreement and anywhere."""
    features: dict[str, float] = {f"status={status}": 1.0}
    for name, pattern in load_patterns("instruments").items():
        if _first(pattern, sentences):
            features[f"words={name}"] = 1.0
        if _first(pattern, [s for s in sentences if s.counts and (s.number <= 1 or s.triggers)]):
            features[f"words={name}@news"] = 1.0
    return features


def _first(pattern: re.Pattern[str], sentences: Sequence[Sentence]) -> tuple[int, int] | None:
    for sentence in sentences:
        match = pattern.search(sentence.text)
        if match:
            start = sentence.span.start_char
            return start + match.start(), start + match.end()
    return None
