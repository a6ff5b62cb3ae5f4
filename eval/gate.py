"""Whether the figures are as good as they were: floors.yml against what was measured."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from eval.errors import EvaluationError
from eval.extras import EXTRA_FIELDS
from eval.report import Result

FLOORS = Path(__file__).with_name("floors.yml")
SLACK = 0.03
# Shares of what went wrong: the less the better.
CEILED = frozenset({"non_parties_made_parties"})
_HEADER = """\
# What `tieup eval --gate` holds the figures to; `tieup eval --write-floors` writes it anew from what it measures.
# By set of articles:
#   digest: the state of the set (sha256) on which the floors were measured, where the set has one
#   floors: by field, the least F1 or share; ceilings: by field, the highest share of what went wrong
"""


def failures(results: Sequence[Result], path: Path = FLOORS) -> list[str]:
    """A line for each figure below its floor or above its ceiling, and for each set that is not the one of the floors.

    Raises EvaluationError if the file of floors is missing or of another shape.
    """
    floors = read_floors(path)
    return [line for result in results for line in _failures(result, floors.get(result.dataset), path.name)]


def _failures(result: Result, entry: dict[str, Any] | None, name: str) -> Iterator[str]:
    if entry is None:
        yield f"{result.dataset}: {name} has no floors for it"
        return
    if entry.get("digest") != result.digest:
        yield f"{result.dataset}: digest {result.digest}, but the floors are those of {entry.get('digest')}"
    reached = {f.field: f.f1 for f in result.figures if f.n}
    for word, is_floor in (("floor", True), ("ceiling", False)):
        for field, limit in entry.get(f"{word}s", {}).items():
            if field not in reached:
                yield f"{result.dataset} {field}: not measured, {word} {limit:.3f}"
            elif (reached[field] < limit) if is_floor else (reached[field] > limit):
                side = "below" if is_floor else "above"
                yield f"{result.dataset} {field}: {reached[field]:.3f} is {side} its {word} {limit:.3f}"


def read_floors(path: Path = FLOORS) -> dict[str, dict[str, Any]]:
    """The floors by set. Raises EvaluationError if the file is missing or of another shape."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError:
        raise EvaluationError(
            f"{path}: there are no floors; write them with tieup eval --write-floors"
        ) from None
    except yaml.YAMLError as error:
        raise EvaluationError(f"{path}: no valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or not all(_is_entry(entry) for entry in content.values()):
        raise EvaluationError(
            f"{path}: must map each set to digest, floors and ceilings, with a number for each field"
        )
    return content


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict) or not entry.keys() <= {"digest", "floors", "ceilings"}:
        return False
    limits = [entry.get(key, {}) for key in ("floors", "ceilings")]
    return all(
        isinstance(by_field, dict)
        and all(isinstance(n, int | float) and math.isfinite(n) for n in by_field.values())
        for by_field in limits
    )


def write_floors(results: Sequence[Result], path: Path = FLOORS, slack: float = SLACK) -> None:
    """Write floors `slack` below the figures (ceilings above); sets that were not measured keep theirs.

    What few deals have (EXTRA_FIELDS) gets none: one of them more or less would be a leap.
    """
    floors = read_floors(path) if path.exists() else {}
    for result in results:
        reached = {f.field: f.f1 for f in result.figures if f.n and f.field not in EXTRA_FIELDS}
        floors[result.dataset] = {
            **({"digest": result.digest} if result.digest else {}),
            "floors": {
                k: max(0.0, math.floor((n - slack) * 1000) / 1000)
                for k, n in reached.items()
                if k not in CEILED
            },
            "ceilings": {k: math.ceil((n + slack) * 1000) / 1000 for k, n in reached.items() if k in CEILED},
        }
    path.write_text(_HEADER + yaml.safe_dump(floors, sort_keys=False), encoding="utf-8")
