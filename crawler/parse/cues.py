"""The cues of set_aside.yml, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_PATH = Path(__file__).with_name("set_aside.yml")
_FLAGS = re.IGNORECASE | re.DOTALL


@dataclass(frozen=True, slots=True)
class Cues:
    """Compiled patterns by kind of block; see the header of set_aside.yml."""

    elements: Mapping[str, re.Pattern[str]]
    headings: Mapping[str, re.Pattern[str]]
    lines: Mapping[str, re.Pattern[str]]
    tails: Mapping[str, re.Pattern[str]]
    cookies: re.Pattern[str]
    paywall: re.Pattern[str]
    volatile: re.Pattern[str]
    says_who: re.Pattern[str]

    def heading_kind(self, text: str) -> str | None:
        """The kind that begins after a heading with this text."""
        return _full(self.headings, text, limit=90)

    def line_kind(self, text: str) -> str | None:
        """The kind of a paragraph that stands alone."""
        return _full(self.lines, text, limit=600)

    def tail_kind(self, text: str) -> str | None:
        """The kind of everything from this paragraph on."""
        return _full(self.tails, text, limit=90)

    def element_kind(self, names: str) -> str | None:
        """The kind of an element with these class and other names."""
        return next((kind for kind, pattern in self.elements.items() if pattern.search(names[:500])), None)


@lru_cache(maxsize=1)
def cues() -> Cues:
    """The cues; read once."""
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    compiled: dict[str, Any] = {
        key: {kind: re.compile(pattern, _FLAGS) for kind, pattern in value.items()}
        if isinstance(value, dict)
        else re.compile(value, _FLAGS)
        for key, value in data.items()
    }
    return Cues(**compiled)


def _full(patterns: Mapping[str, re.Pattern[str]], text: str, *, limit: int) -> str | None:
    if not text or len(text) > limit:
        return None
    return next((kind for kind, pattern in patterns.items() if pattern.fullmatch(text)), None)
