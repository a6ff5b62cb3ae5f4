"""What the figures are meant to reach (targets.yml) beside what they reach, as a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from eval.figures import Figure

DATASET = "gold"
TARGETS = Path(__file__).with_name("targets.yml")


def target_table(
    measured: Mapping[str, Sequence[Figure]], path: Path = TARGETS, reports: Path = TARGETS.parent
) -> list[str]:
    """The lines of a Markdown table over the figures of each set.

    Each row has a target, what was reached with its 95 % interval, and whether it is met. Of a fact of deals it shows
    the share of all expected deals, which is held to the target, and that of the deals found. The interval is that of
    the F1 or share; precision and recall have none. A set that is not among the measured ones is looked up in its
    report below `reports`; the row says so.
    """
    by_field = {(dataset, f.field): f for dataset, figures in measured.items() for f in figures}
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["targets"]
    return [
        "| figure | target | of all | of found | met |",
        "| --- | --- | --- | --- | --- |",
        *(_row(*_looked_up(entry, by_field, measured, reports)) for entry in entries),
    ]


def figure_of_report(path: Path, field: str) -> tuple[Figure, str] | None:
    """A figure with precision and recall as a report prints it, and the day of the report; None if it has none."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    day = re.search(r"^Made by .* on (\d{4}-\d\d-\d\d)", text, re.M)
    number = r"(\d\.\d+)"
    line = re.search(
        rf"^{re.escape(field)} +P {number} R {number} F1 {number} \[{number}, {number}\] n=(\d+)$", text, re.M
    )
    if day is None or line is None:
        return None
    precision, recall, f1, low, high = (float(n) for n in line.groups()[:5])
    return Figure(field, int(line[6]), precision, recall, f1, low, high), day[1]


def _looked_up(
    entry: Mapping[str, Any],
    by_field: Mapping[tuple[str, str], Figure],
    measured: Mapping[str, Sequence[Figure]],
    reports: Path,
) -> tuple[Mapping[str, Any], Mapping[tuple[str, str], Figure]]:
    """The entry and the figures for its row, those of a report if its set was not measured."""
    dataset, field = entry.get("dataset", DATASET), entry["field"]
    if dataset in measured:
        return entry, by_field
    path = reports / f"{dataset}-report.md"
    found = figure_of_report(path, field)
    if found is None:
        return entry, by_field
    named = {**entry, "figure": f"{entry['figure']} ({path.name} of {found[1]})"}
    return named, {(dataset, field): found[0]}


def _row(entry: Mapping[str, Any], by_field: Mapping[tuple[str, str], Figure]) -> str:
    measure, beside = entry["measure"], entry.get("with")
    target = _target(entry) + (f" with {beside['measure']} {_target(beside)}" if beside else "")
    name = f"{entry['figure']}, {measure.upper() if measure == 'f1' else measure}"
    dataset = entry.get("dataset", DATASET)
    figure, of_found = (by_field.get((dataset, entry.get(key, ""))) for key in ("field", "of_found"))
    if figure is None or not figure.n:
        return f"| {name} | {target} | not measured | - | - |"
    held = [_is_met(one, reached(figure, one["measure"])) for one in (entry, *([beside] if beside else []))]
    met = "-" if None in held else "yes" if all(held) else "no"
    cell = _cell(figure, measure)
    if beside:
        cell += f" with {beside['measure']} {_cell(figure, beside['measure'])}"
    found = _cell(of_found, measure) if of_found is not None and of_found.n else "-"
    return f"| {name} | {target} | {cell} | {found} | {met} |"


def _target(entry: Mapping[str, Any]) -> str:
    for key, words in (("at_least", "at least"), ("at_most", "at most")):
        if key in entry:
            return f"{words} {entry[key]:.2f}"
    return "-"


def _is_met(entry: Mapping[str, Any], number: float) -> bool | None:
    """Whether a number is within the entry's limit; None if it has no limit."""
    if "at_least" in entry:
        return bool(number >= entry["at_least"])
    return bool(number <= entry["at_most"]) if "at_most" in entry else None


def _cell(figure: Figure, measure: str) -> str:
    interval = f" [{figure.low:.3f}, {figure.high:.3f}]" if measure in ("f1", "share") else ""
    return f"{reached(figure, measure):.3f}{interval}"


def reached(figure: Figure, measure: str) -> float:
    """The number of a figure that a target speaks of."""
    number = {"precision": figure.precision, "recall": figure.recall}.get(measure, figure.f1)
    return 0.0 if number is None else number
