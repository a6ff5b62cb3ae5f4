"""Floors: which figures pass, which do not and what is said of them, and what the command exits with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Outcome
from gold_folder import DEAL, NO_DEAL, answer, answers_of, gold_folder

from eval import agreement, gold, newsroom
from eval.errors import EvaluationError
from eval.gate import failures, read_floors, write_floors
from eval.report import Result
from tieup import cli


@pytest.fixture
def right(tmp_path: Path) -> Result:
    folder = gold_folder(tmp_path, DEAL, NO_DEAL)
    return gold.score(folder, answers_of(answer("Brinkholt", "nuvaPay"), answer()))


@pytest.fixture
def wrong(tmp_path: Path, right: Result) -> Result:
    return gold.score(tmp_path / "gold", answers_of(answer("Brinkholt", "nuvaPay", "Lumo"), answer()))


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    return tmp_path / "floors.yml"


def test_floors_lie_below_what_was_measured(right: Result, floors: Path) -> None:
    write_floors([right], floors)
    entry = read_floors(floors)["gold"]
    assert entry["digest"] == right.digest
    assert entry["floors"]["parties"] == 0.97
    assert entry["ceilings"] == {"non_parties_made_parties": 0.03}
    assert floors.read_text(encoding="utf-8").startswith("# What `tieup eval --gate`")


def test_the_same_figures_pass(right: Result, floors: Path) -> None:
    write_floors([right], floors)
    assert failures([right], floors) == []


def test_a_line_for_each_figure_that_got_worse(right: Result, wrong: Result, floors: Path) -> None:
    write_floors([right], floors)
    lines = failures([wrong], floors)
    assert "gold parties: 0.800 is below its floor 0.970" in lines
    assert "gold non_parties_made_parties: 0.333 is above its ceiling 0.030" in lines
    assert not any(line.startswith("gold type") for line in lines)


def test_better_figures_pass(right: Result, wrong: Result, floors: Path) -> None:
    write_floors([wrong], floors)
    assert failures([right], floors) == []


def test_another_state_of_the_set_does_not_pass(tmp_path: Path, right: Result, floors: Path) -> None:
    write_floors([right], floors)
    (tmp_path / "gold" / "02.txt").write_text(NO_DEAL.replace("oats", "rye"), encoding="utf-8")
    again = gold.score(tmp_path / "gold", answers_of(answer("Brinkholt", "nuvaPay"), answer()))
    (line,) = failures([again], floors)
    assert line == f"gold: digest {again.digest}, but the floors are those of {right.digest}"


def test_a_set_or_a_figure_that_is_missing_does_not_pass(right: Result, floors: Path) -> None:
    write_floors([right], floors)
    figures = [f for f in right.figures if f.field != "type_of_all"]
    assert failures([replace(right, figures=figures)], floors) == [
        "gold type_of_all: not measured, floor 0.970"
    ]
    assert failures([right, replace(right, dataset="other")], floors) == [
        "other: floors.yml has no floors for it"
    ]


def test_sets_that_were_not_measured_keep_their_floors(right: Result, wrong: Result, floors: Path) -> None:
    write_floors([replace(right, dataset="other")], floors)
    write_floors([wrong], floors)
    assert read_floors(floors)["other"]["floors"]["parties"] == 0.97
    assert read_floors(floors)["gold"]["floors"]["parties"] == 0.77


@pytest.mark.parametrize(
    "text", ["gold: [1]", "- gold", "gold: {floors: {parties: high}}", "gold: {floor: {}}", "gold: {", ""]
)
def test_floors_of_another_shape_are_one_clear_line(text: str, floors: Path) -> None:
    floors.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"floors\.yml: ") as caught:
        read_floors(floors)
    assert "\n" not in str(caught.value)


def test_the_committed_floors_can_be_read() -> None:
    assert {"gold", "newsroom", "press"} <= read_floors().keys()


@pytest.mark.parametrize("folder", [gold.FOLDER, gold.PRESS], ids=["gold", "press"])
def test_the_committed_floors_are_those_of_the_articles_as_they_are(folder: Path) -> None:
    assert read_floors()[folder.name]["digest"] == gold.digest_of(folder), (
        f"eval/{folder.name} has changed: read what changed in the figures, then tieup eval --write-floors"
    )


@pytest.fixture
def evaluate(monkeypatch: pytest.MonkeyPatch, floors: Path) -> Callable[..., Outcome]:
    """Runs `tieup eval` where each set has this result, and the floors are those of the test."""

    def run(result: Result, *options: str) -> Outcome:
        monkeypatch.setattr(newsroom, "score", lambda: replace(result, dataset="newsroom"))
        monkeypatch.setattr(gold, "score", lambda folder=gold.FOLDER: replace(result, dataset=folder.name))
        monkeypatch.setattr(agreement, "score", lambda: replace(result, dataset="agreement"))
        return CliRunner().invoke(cli, ["eval", "--floors", str(floors), *options])

    return run


def test_the_command_exits_with_the_gate(
    right: Result, wrong: Result, evaluate: Callable[..., Outcome]
) -> None:
    assert evaluate(right, "--write-floors").exit_code == 0
    passed = evaluate(right, "--gate")
    assert passed.exit_code == 0
    assert "gate: no figure is below its floor" in passed.output
    failed = evaluate(wrong, "--gate")
    assert failed.exit_code == 1
    assert "newsroom parties: 0.800 is below its floor 0.970" in failed.stderr.splitlines()
    assert "gate:" not in failed.output
    assert evaluate(wrong).exit_code == 0


def test_the_command_ends_with_the_table_of_targets(right: Result, evaluate: Callable[..., Outcome]) -> None:
    lines = evaluate(right).stdout.rstrip().splitlines()
    table = lines[lines.index("| figure | target | of all | of found | met |") :]
    assert all(line.startswith("|") for line in table)
    assert any(line.startswith("| Type, share | at least 0.85 | 1.000 [") for line in table)


def test_a_gate_without_floors_is_said_before_anything_is_measured(
    right: Result, evaluate: Callable[..., Outcome]
) -> None:
    outcome = evaluate(right, "--gate")
    assert outcome.exit_code == 2
    assert "there are no floors; write them with tieup eval --write-floors" in outcome.stderr
    assert outcome.stdout == ""
