"""What the figures are meant to reach (targets.yml) beside what they reach, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from eval.figures import Figure

DATASET = "gold"
TARGETS = Path(__file__).with_name("targets.yml")


def target_table(measured: Mapping[str, Sequence[Figure]], path: Path = TARGETS) -> list[str]:
    """The lines of a Markdown table over the figures of each set.

    Each row has a target, what was reached with its 95 % interval, and whether it is met. Of a fact of deals it shows
    the share of all expected deals, which is held to the target, and that of the deals found. The interval is that of
    the F1 or share; precision and recall have none.
    """
    by_field = {(dataset, f.field): f for dataset, figures in measured.items() for f in figures}
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["targets"]
    return [
        "| figure | target | of all | of found | met |",
        "| --- | --- | --- | --- | --- |",
        *(_row(entry, by_field) for entry in entries),
    ]


def _row(entry: Mapping[str, Any], by_field: Mapping[tuple[str, str], Figure]) -> str:
    measure = entry["measure"]
    least, most = entry.get("at_least"), entry.get("at_most")
    target = (
        f"at least {least:.2f}" if least is not None else f"at most {most:.2f}" if most is not None else "-"
    )
    name = f"{entry['figure']}, {measure.upper() if measure == 'f1' else measure}"
    dataset = entry.get("dataset", DATASET)
    figure, of_found = (by_field.get((dataset, entry.get(key, ""))) for key in ("field", "of_found"))
    if figure is None or not figure.n:
        return f"| {name} | {target} | not measured | - | - |"
    number = reached(figure, measure)
    is_met = number >= least if least is not None else number <= most if most is not None else None
    met = "-" if is_met is None else "yes" if is_met else "no"
    found = _cell(of_found, measure) if of_found is not None and of_found.n else "-"
    return f"| {name} | {target} | {_cell(figure, measure)} | {found} | {met} |"


def _cell(figure: Figure, measure: str) -> str:
    interval = f" [{figure.low:.3f}, {figure.high:.3f}]" if measure in ("f1", "share") else ""
    return f"{reached(figure, measure):.3f}{interval}"


def reached(figure: Figure, measure: str) -> float:
    """The number of a figure that a target speaks of."""
    number = {"precision": figure.precision, "recall": figure.recall}.get(measure, figure.f1)
    return 0.0 if number is None else number
