"""The learning curve: what is read from the logs of training, and the table made of it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from eval.curve import main

LOSS = {"epoch": 1, "loss": 2.5}
STEP = {"step": 50, "of": 400, "seconds": 61}


def log(path: Path, *lines: dict[str, float] | str) -> str:
    path.write_text(
        "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines),
        encoding="utf-8",
    )
    return str(path)


def curve(*logs: str) -> Result:
    return CliRunner().invoke(main, logs)


def test_figures_by_share_are_those_of_the_last_epoch(tmp_path: Path) -> None:
    full = log(
        tmp_path / "full",
        "UserWarning: something of a library",
        STEP,
        LOSS,
        {"party": 0.5, "type": 0.6},
        {"epoch": 2, "loss": 1.5},
        {"party": 0.8, "type": 0.9},
    )
    half = log(tmp_path / "half", LOSS, {"party": 0.7, "type": 0.85}, STEP)
    lines = curve(f"1={full}", f"0.5={half}").output.splitlines()
    assert lines[:4] == [
        "| share of passages | logs | party | type |",
        "| ---: | ---: | ---: | ---: |",
        "| 0.5 | 1 | 0.700 | 0.850 |",
        "| 1 | 1 | 0.800 | 0.900 |",
    ]
    party = lines[lines.index("party") :][1:3]
    assert [line.count("#") for line in party] == [35, 40]
    assert [line.split()[0] for line in party] == ["0.5", "1"]


def test_logs_of_one_share_count_as_their_mean(tmp_path: Path) -> None:
    one, other = (log(tmp_path / str(n), LOSS, {"party": n / 10, str(n): 0.5}) for n in (6, 7))
    lines = curve(f"0.5={one}", f"0.5={other}").output.splitlines()
    assert lines[0] == "| share of passages | logs | party |"  # what not every log has is no column
    assert "| 0.5 | 2 | 0.650 |" in lines


def test_a_log_without_figures_or_share_is_one_clear_line(tmp_path: Path) -> None:
    path = log(tmp_path / "own", STEP, LOSS)
    without = curve(f"1={path}")
    assert without.exit_code == 1
    assert "has no figures on held-out passages: train with --hold-out" in without.stderr
    for named in (path, f"half={path}", "1=no-such.log"):
        outcome = curve(named)
        assert outcome.exit_code == 2
        assert outcome.stderr.splitlines()[-1].startswith("Error: ")
