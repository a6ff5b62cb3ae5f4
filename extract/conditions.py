"""The words of conditions.yml as parts of patterns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from extract.records import read_data
from extract.text import longest_first


@cache
def _data() -> dict[str, Any]:
    return read_data(Path(__file__).with_name("conditions.yml"))


def either(*sections: str) -> str:
    """A pattern for any word of the sections, the longest first; a space stands for any."""
    words = [str(word) for section in sections for word in _data()[section]]
    return "(?:" + longest_first(words).replace(" ", r"\s") + ")"


def numbers() -> Mapping[str, int]:
    """Numbers in words, as lengths of time are written."""
    counts: Mapping[str, int] = _data()["term_numbers"]
    return counts
