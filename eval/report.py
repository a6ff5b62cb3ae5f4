"""The figures of a set of articles and how they are written: lines, a report in Markdown, rows of the metrics table."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from db.store import open_database
from eval.article import F1_FIELDS, SHARE_FIELDS
from eval.calibration import Reliability, calibration_lines
from eval.error_classes import Error, most_common
from eval.figures import Counts, Figure, figure
from eval.targets import target_table
from extract.version import pipeline_version

ALL = "all"


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured on one set: its figures, lines that no field has, and every difference.

    `slices` maps a part of the set, or a way to read it, to its figures. `digest` (hex sha256) says which state of the
    set was measured. A report begins with the targets where `has_targets`, and ends with the most common of `errors`.
    """

    dataset: str
    title: str
    figures: Sequence[Figure]
    notes: Sequence[str]
    differences: Sequence[str]
    slices: dict[str, Sequence[Figure]] = field(default_factory=dict)
    calibration: Sequence[Reliability] = ()
    errors: Sequence[Error] = ()
    digest: str | None = None
    has_targets: bool = False
    command: str = "make eval"


def figures_of(counts: Sequence[Counts], fields: Sequence[str] = (*F1_FIELDS, *SHARE_FIELDS)) -> list[Figure]:
    """The figures of the fields over articles."""
    return [figure(counts, name) for name in fields]


def lines_of(result: Result) -> list[str]:
    """The figures as lines of text; those of the slices where there are no others."""
    slices = [] if result.figures else _slice_lines(result)
    calibration = calibration_lines(result.calibration)
    return [result.title, *(_line(f) for f in result.figures), *slices, *result.notes, *calibration]


def _slice_lines(result: Result) -> list[str]:
    lines = []
    for name, figures in result.slices.items():
        lines += [name, *(f"  {_line(f)}" for f in figures if f.n)]
    return lines


def _line(f: Figure) -> str:
    if f.precision is None or f.recall is None:
        return f"{f.field:26} {f.f1:.3f} [{f.low:.3f}, {f.high:.3f}] n={f.n}"
    return (
        f"{f.field:26} P {f.precision:.3f} R {f.recall:.3f} F1 {f.f1:.3f} [{f.low:.3f}, {f.high:.3f}] n={f.n}"
    )


def targets_of(results: Sequence[Result]) -> list[str]:
    """The table of targets over all that was measured."""
    return target_table({result.dataset: result.figures for result in results})


def write_report(result: Result, path: Path, others: Sequence[Result] = ()) -> None:
    """Write the targets, the figures, those of the slices, every difference and the classes of errors as Markdown.

    Some targets are for figures of other sets; `others` have them.
    """
    python = f"Python {platform.python_version()}"
    made_on = f"{date.today().isoformat()}, {platform.machine()}, {python}, {pipeline_version()}"
    lines = [
        f"# {result.title}",
        "",
        f"Made by `{result.command}` on {made_on}.",
    ]
    if result.has_targets:
        lines += ["", "## Targets", "", *targets_of([result, *others]), "", "## Figures"]
    lines += ["", "```", *lines_of(result)[1:], "```"]
    if result.slices:
        lines += ["", "## By slice" if result.figures else "## Side by side", ""]
        names = [f.field for f in next(iter(result.slices.values()))]
        lines += [f"| slice | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
        for name, figures in result.slices.items():
            cells = [f"{f.f1:.2f} ({f.n})" if f.n else "-" for f in figures]
            lines.append(f"| {name} | {' | '.join(cells)} |")
    if result.differences:
        lines += ["", "## Every difference", "", *(f"- {line}" for line in result.differences)]
    if result.errors:
        lines += ["", "## Most common errors", "", "Classes of errors in deals, each with its first example."]
        lines += ["", *(f"{rank}. {line}" for rank, line in enumerate(most_common(result.errors), start=1))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def store_figures(results: Sequence[Result], path: Path) -> None:
    """Write all figures into `metrics`, bands of confidence into `calibration`, of the knowledge base at `path`."""
    run = f"eval {date.today().isoformat()} {pipeline_version()}"
    rows = [
        {
            "run": run,
            "dataset": result.dataset,
            "slice": name,
            "field": f.field,
            "n": f.n,
            "precision": f.precision,
            "recall": f.recall,
            "f1": f.f1,
            "low": f.low,
            "high": f.high,
        }
        for result in results
        for name, figures in {ALL: result.figures, **result.slices}.items()
        for f in figures
    ]
    bands = [
        {
            "run": run,
            "field": table.field,
            "bin": band.number,
            "n": band.n,
            "predicted": band.predicted,
            "observed": band.observed,
        }
        for result in results
        for table in result.calibration
        for band in table.bins
    ]
    with closing(open_database(path, create=False)) as db, db.atomic():
        db.table("metrics").upsert_all(rows, pk=("run", "dataset", "slice", "field"))
        # A band that is empty now may have had confidences when the same version was measured before.
        db.table("calibration").delete_where("run = ?", [run])
        db.table("calibration").insert_all(bands)
