"""The words of bylines.yml, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_PATH = Path(__file__).with_name("bylines.yml")


@dataclass(frozen=True, slots=True)
class BylineWords:
    """See the header of bylines.yml."""

    by: re.Pattern[str]
    by_below: re.Pattern[str]
    roles: re.Pattern[str]
    posts: re.Pattern[str]
    agencies: re.Pattern[str]
    organisations: re.Pattern[str]
    stops: re.Pattern[str]
    no_person: frozenset[str]
    particles: frozenset[str]


@lru_cache(maxsize=1)
def byline_words() -> BylineWords:
    """The words; read once."""
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    return BylineWords(
        by=re.compile(
            rf"^(?:(?:{_any(data['by'])})(?:\s*:\s*|\s+(?=\S)|$)|(?:{_any(data['by_colon'])})\s*:\s*)", re.I
        ),
        by_below=re.compile(rf"(?:{_any(data['by_below'])}):? [^.!?]{{4,60}}\.?", re.I),
        roles=re.compile(rf"\b(?:{_any(data['roles'])})\b", re.I),
        posts=re.compile(rf"\b(?:{_any(data['posts'])})\b", re.I),
        agencies=re.compile(_any(data["agencies"])),
        organisations=re.compile(
            rf"\b(?:(?i:{_any(data['organisations'])})|{_any(data['agencies'] + data['companies'])})\b"
        ),
        stops=re.compile(rf"(?:^|\s)(?:{_any(data['stops'])})(?:\s*:|(?=\s)).*", re.I),
        no_person=frozenset(data["no_person"]),
        particles=frozenset(data["particles"]),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
