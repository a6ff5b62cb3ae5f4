"""Finds the words that report an agreement (triggers.yml) in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """One entry of triggers.yml with its compiled pattern."""

    id: str
    kind: str
    pattern: re.Pattern[str]
    suggests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger in a text; offsets are code points of that text."""

    rule: TriggerRule
    start: int
    end: int


@lru_cache(maxsize=1)
def load_triggers() -> tuple[TriggerRule, ...]:
    """The rules of triggers.yml, in order."""
    with (_FOLDER / "triggers.yml").open(encoding="utf-8") as file:
        entries = yaml.load(file, Loader=yaml.CSafeLoader)["triggers"]
    return tuple(
        TriggerRule(
            e["id"],
            e["kind"],
            re.compile(rf"(?<![\w-])(?:{e['pattern']})(?![\w])", re.I),
            e.get("suggests", {}),
        )
        for e in entries
    )


def find_triggers(text: str, start: int = 0) -> Iterator[Trigger]:
    """Every trigger of a sentence; `start` is added to the offsets."""
    for rule in load_triggers():
        for match in rule.pattern.finditer(text):
            yield Trigger(rule, start + match.start(), start + match.end())
