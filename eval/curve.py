"""The learning curve of the encoder: `python -m eval.curve 0.25=quarter.log 0.5=half.log 1=all.log`.

Each log is what `extract.training.encoder.train --hold-out K --share S` prints, named with its share of the passages;
of logs with one share (other seeds, other passages held out) the mean counts. The figures are those of the last epoch
on the passages held out: F1 of parties, names of organisations and areas, shares of right answers for the rest.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean

import click

PROGRESS = {"step", "epoch"}  # what lines about the training itself have
WIDTH = 50
Figures = Mapping[str, float]


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="SHARE=LOG ...")
def main(logs: Sequence[str]) -> None:
    """Print figures by share of the passages as a table, then each figure as bars, full at 1."""
    by_share: defaultdict[float, list[Figures]] = defaultdict(list)
    for named in logs:
        share, path = _parsed(named)
        by_share[share].append(held_out(path))
    names = [n for n in by_share[max(by_share)][0] if all(n in f for own in by_share.values() for f in own)]
    curve = {
        share: {name: mean(f[name] for f in own) for name in names} for share, own in sorted(by_share.items())
    }
    click.echo("\n".join((*_table(curve, by_share), "", *_bars(curve))))


def held_out(path: Path) -> Figures:
    """The last figures of a log on what was held out. Raises ClickException if there are none."""
    last: Figures = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue  # a warning of some library
        if isinstance(row, dict) and row and not row.keys() & PROGRESS:
            last = row
    if not last:
        raise click.ClickException(f"{path} has no figures on held-out passages: train with --hold-out")
    return last


def _parsed(named: str) -> tuple[float, Path]:
    share, _, path = named.partition("=")
    try:
        return float(share), click.Path(exists=True, dir_okay=False, path_type=Path)(path)
    except ValueError:
        raise click.UsageError(
            f"{named}: name each log with its share of the passages, 0.5=half.log"
        ) from None


def _table(curve: Mapping[float, Figures], by_share: Mapping[float, Sequence[Figures]]) -> Iterator[str]:
    names = list(next(iter(curve.values())))
    yield f"| share of passages | logs | {' | '.join(names)} |"
    yield "|" + " ---: |" * (len(names) + 2)
    for share, figures in curve.items():
        yield f"| {share:g} | {len(by_share[share])} | {' | '.join(f'{figures[n]:.3f}' for n in names)} |"


def _bars(curve: Mapping[float, Figures]) -> Iterator[str]:
    for name in next(iter(curve.values())):
        yield name
        for share, figures in curve.items():
            yield f"  {share:<5g} {'#' * round(figures[name] * WIDTH):{WIDTH}} {figures[name]:.3f}"


if __name__ == "__main__":
    main()
