"""Capitalised words that are not names of companies by themselves: places, given names, words that open a sentence."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from extract.text import fold

FOLDER = Path(__file__).parent


@cache
def cities() -> frozenset[str]:
    """Folded names of cities and states (cities.txt). Companies bear such names too: this is evidence, no verdict."""
    return _lines("cities.txt")


@cache
def towns() -> frozenset[str]:
    """Folded names of places that are no cities: smaller towns, and regions of countries (towns.txt)."""
    return _lines("towns.txt")


@cache
def given_names() -> frozenset[str]:
    """Folded given names of many languages (given_names.txt) that are no common words of English."""
    return _lines("given_names.txt")


@cache
def common_words() -> frozenset[str]:
    """Words that news writes in lower case (common_words.txt, made by extract.training.common_words)."""
    return _lines("common_words.txt")


def _lines(name: str) -> frozenset[str]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if line and not line.startswith("#"))
    # Folding goes character by character: each of a few hundred is folded once, not each of thousands of lines.
    return frozenset(text.translate({ord(character): fold(character) for character in set(text)}).split("\n"))
