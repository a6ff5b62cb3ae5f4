"""The comparison of readers of date expressions: what counts as right, and what the table says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from bench import dates
from bench.dates import Expression, read_set, verdict

REF = "2018-11-28"  # a Wednesday


def values(expr: str, *own: dict[str, str], timex: str = "X") -> dict[str, Any]:
    """An expression in a sentence, in the shape of Recognizers-Text."""
    return {
        "text": f"We met {expr}.",
        "ref": REF,
        "expr": expr,
        "values": [{"timex": timex, **v} for v in own],
    }


def parts(expr: str, **own: dict[str, int]) -> dict[str, Any]:
    """The same in the shape of chrono."""
    return {"text": f"We met {expr}.", "ref": REF, "expr": expr, "expected": own, "file": "some.test.ts"}


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def days(first: str, last: str) -> dates.Days:
    return date.fromisoformat(first), date.fromisoformat(last)


def only(folder: Path, row: dict[str, Any]) -> Expression:
    (expression,) = read_set(written(folder, row))
    return expression


def test_a_day_is_right_if_it_is_one_of_those_that_are_expected(tmp_path: Path) -> None:
    friday = only(tmp_path, values("on Friday", {"value": "2018-11-23"}, {"value": "2018-11-30"}))
    assert friday.is_day
    assert verdict(friday, days("2018-11-23", "2018-11-23")) == "right"
    assert verdict(friday, days("2018-11-30", "2018-11-30")) == "right"
    assert verdict(friday, days("2018-11-23", "2018-11-30")) == "wrong"
    assert verdict(friday, None) == "none"


def test_a_period_may_end_on_its_end_or_the_day_before(tmp_path: Path) -> None:
    month = only(tmp_path, values("in May 2018", {"start": "2018-05-01", "end": "2018-06-01"}))
    assert not month.is_day
    assert verdict(month, days("2018-05-01", "2018-05-31")) == "right"
    assert verdict(month, days("2018-05-01", "2018-06-01")) == "right"
    assert verdict(month, days("2018-05-01", "2018-05-01")) == "first day"
    assert verdict(month, days("2018-04-30", "2018-05-31")) == "wrong"


def test_a_month_without_a_day_is_the_whole_month(tmp_path: Path) -> None:
    spring = only(tmp_path, parts("March to May", start={"month": 3}, end={"month": 5, "year": 2018}))
    assert spring.options == (days("2018-03-01", "2018-05-31"),)


@pytest.mark.parametrize(
    "row",
    [
        parts("at 9:00", start={"hour": 9}),
        parts("in 234 BC", start={"year": -234, "month": 8, "day": 10}),
        values("after 2018", {"start": "2019-01-01"}),
        values("feb 30", {"value": "not resolved"}),
    ],
    ids=["time", "no year of the calendar", "open", "not resolved"],
)
def test_what_has_no_days_is_left_out(row: dict[str, Any], tmp_path: Path) -> None:
    assert read_set(written(tmp_path, row)) == []


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "x", "ref": "2018-11-28", "expr": "y", "values": []}'])
def test_a_line_of_another_shape_is_one_clear_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(click.ClickException, match="line 1 is no date expression"):
        read_set(path)


def test_each_reader_is_asked_for_the_expression_and_in_its_sentence(tmp_path: Path) -> None:
    day = only(tmp_path, values("November 20, 2018", {"value": "2018-11-20"}))
    month = only(tmp_path, values("November 2018", {"start": "2018-11-01", "end": "2018-12-01"}))
    for reader, read in dates.READERS.items():
        assert verdict(day, read(day)) == "right", reader
        # dateparser's search finds the month and says a day of it.
        assert verdict(month, read(month)) == (
            "wrong" if reader == ("dateparser", dates.IN_SENTENCE) else "right"
        )


def test_only_dates_that_touch_the_expression_count(tmp_path: Path) -> None:
    row = values("on 20 November 2018", {"value": "2018-11-20"}) | {
        "text": "In March 2017 it grew. We met on 20 November 2018. It ended on 1 May 2019."
    }
    expression = only(tmp_path, row)
    for name in (dates.OURS, "dateparser"):
        assert verdict(expression, dates.READERS[name, dates.IN_SENTENCE](expression)) == "right"


def test_the_table_has_a_line_for_each_reader_and_the_classes_that_are_read_worse(tmp_path: Path) -> None:
    rows = [
        values("November 20, 2018", {"value": "2018-11-20"}, timex="2018-11-20"),
        values("no date at all", {"value": "2018-11-20"}, timex="2018-11-20"),
        parts("May 2018", start={"month": 5, "year": 2018}),
    ]
    outcome = CliRunner().invoke(
        dates.main, [str(written(tmp_path, *rows)), "--rounds", "1", "--classes"], catch_exceptions=False
    )
    assert "set.jsonl: 2 days, 1 periods, 0 left out" in outcome.output
    table = [line for line in outcome.output.splitlines() if line.startswith("| tieup")]
    assert [line.split(" | ")[1:8] for line in table] == [
        ["0.500", "0.000", "0.500", "1.000", "1.000", "0.000", "0.000"]
    ] * 2


def test_a_class_that_a_library_reads_better_is_named_with_what_it_has_right(tmp_path: Path) -> None:
    path = written(tmp_path, values("some day", {"value": "2018-11-20"}, timex="2018-11-20"))
    verdicts = {
        (dates.OURS, dates.ALONE): ["wrong"],
        ("dateutil", dates.ALONE): ["right"],
    }
    assert list(dates.beaten(read_set(path), verdicts)) == [
        f"dateutil, {dates.ALONE}: 9999-99-99: 1 of 1 right, tieup 0: ['some day']"
    ]
