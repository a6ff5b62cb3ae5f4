"""Scores the whole pipeline: the sample newsroom from HTML to merged deals, and the gold articles from their text."""

from __future__ import annotations

from pathlib import Path

import click

from eval import gold, newsroom
from eval.report import lines_of, store_figures, write_report

FOLDER = Path(__file__).parent


def main(path: Path | None = None, *, write: bool = False) -> None:
    """Print the figures; write reports, and rows of `metrics` into the knowledge base at `path`, where asked."""
    results = [newsroom.score(), gold.score()]
    for result in results:
        click.echo("\n".join(lines_of(result)) + "\n")
        if write:
            write_report(result, FOLDER / f"{result.dataset}-report.md")
    if path is not None:
        store_figures(results, path)
