"""The command `eval`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from commands.options import path_type


@click.command(name="eval")
@click.option("--db", "path", type=path_type, help="Also write the figures into this knowledge base.")
@click.option("--write", is_flag=True, help="Write the reports, eval/gold-report.md and others.")
@click.option("--compare", is_flag=True, help="Also score baselines, and the pipeline without its parts.")
@click.option("--ner", multiple=True, metavar="NAME", help="Compare also with this installed spaCy pipeline.")
@click.option(
    "--pairs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also score sentences with two companies (JSON lines).",
)
@click.option(
    "--entities",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Also score names of organisations in public sets (SET/dev.spacy).",
)
@click.option("--gate", is_flag=True, help="Exit 1 if a figure is below its floor.")
@click.option("--write-floors", is_flag=True, help="Write the floors, 0.03 below these figures.")
@click.option("--floors", type=path_type, metavar="FILE", help="The floors (default: eval/floors.yml).")
def evaluate(path: Path | None, floors: Path | None, **options: Any) -> None:
    """Score the whole pipeline against eval/newsroom.yml, eval/gold and eval/press. Needs a checkout.

    \b
    Example:
      tieup eval --write
      tieup eval --gate
    """
    folder = Path(__file__).parent.parent
    if not (folder / "eval" / "score.py").is_file():
        raise click.UsageError(
            "evaluation needs a checkout of the project: its gold is not in the installed package"
        )
    sys.path.insert(0, str(folder))
    score = importlib.import_module("eval.score")
    floors = floors or folder / "eval" / "floors.yml"
    if not score.main(score.Options(path=path, floors=floors, **options)):
        sys.exit(1)
