"""Finds the words that report an agreement (triggers.yml) in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from extract.rule_index import RuleIndex

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


@lru_cache(maxsize=1)
def _index() -> RuleIndex:
    return RuleIndex([rule.pattern for rule in load_triggers()])


def find_triggers(text: str, start: int = 0) -> Iterator[Trigger]:
    """Every trigger of a sentence; `start` is added to the offsets."""
    rules = load_triggers()
    for number in _index().candidates(text):
        rule = rules[number]
        for match in rule.pattern.finditer(text):
            yield Trigger(rule, start + match.start(), start + match.end())
