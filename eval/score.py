"""Scores the whole pipeline: the sample newsroom from HTML to merged deals, two sets of articles from their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from eval import agreement, compare, entities, gold, newsroom, pairs
from eval.errors import EvaluationError
from eval.gate import FLOORS, failures, read_floors, write_floors
from eval.report import Result, lines_of, store_figures, targets_of, write_report

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is asked for besides the figures of newsroom and gold (see `tieup eval --help`)."""

    path: Path | None = None
    write: bool = False
    compare: bool = False
    ner: Sequence[str] = ()
    pairs: Path | None = None
    entities: Path | None = None
    gate: bool = False
    write_floors: bool = False
    floors: Path = FLOORS


def main(options: Options) -> bool:
    """Print the figures, and do what the options ask for. Whether the gate, if asked for, lets them pass.

    Raises ClickException for floors or sentences that cannot be read and a spaCy pipeline that is not installed.
    """
    try:
        return _evaluate(options)
    except EvaluationError as error:
        raise click.ClickException(str(error)) from error


def _evaluate(options: Options) -> bool:
    if options.gate:
        read_floors(options.floors)  # what is wrong with them should not wait for the figures
    others: list[Result] = []
    if options.compare or options.ner:
        others.append(compare.score(ner=options.ner))
    measured = [newsroom.score(), gold.score(), gold.score(gold.PRESS)]
    if options.pairs is not None:
        measured.append(pairs.score(options.pairs))
    if options.entities is not None:
        others.append(entities.score(options.entities))
    results = (*measured, agreement.score(), *others)
    for result in results:
        click.echo("\n".join(lines_of(result)) + "\n")
        if options.write:
            write_report(result, FOLDER / f"{result.dataset}-report.md", results)
    click.echo("\n".join(targets_of(results)) + "\n")
    if options.path is not None:
        store_figures(results, options.path)
    if options.write_floors:
        write_floors(measured, options.floors)
    return _pass_gate(measured, options.floors) if options.gate else True


def _pass_gate(measured: Sequence[Result], floors: Path) -> bool:
    lines = failures(measured, floors)
    for line in lines:
        click.echo(line, err=True)
    if not lines:
        click.echo("gate: no figure is below its floor")
    return not lines
