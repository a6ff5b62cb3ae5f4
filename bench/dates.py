"""Compares our reading of date expressions with dateparser and dateutil: `python -m bench.dates FILE ...`.

FILE holds date expressions with what a person expects, as JSON lines: `text`, `ref` (the day that relative words count
from), `expr` (the expression, a piece of the text; `start` says where, if it is there twice), and either `values` (as
the tests of Recognizers-Text state them: `value`, or `start` and `end`) or `expected` (as chrono's: `start` and
perhaps `end`, each with year, month, day).

Each reader reads twice: the expression alone, and its sentence, of which the dates that touch the expression count.
What is counted:

- The answer is a first and a last day. Where a reader finds several dates in one expression ("3 to 5 May"), it is
  the first day of the first and the last day of the last. dateparser's `period` makes months and years of a date; so
  does a day or month that dateutil took from its default. dateparser's search gives no period, so each date is a day.
- `right`: both days are those expected. Where several are expected ("Friday": the last or the next), any of them is
  right. A range that is given by its end ("to 11 November", "to 1 January") may end there or the day before.
- `first day`: of periods, the share of answers that at least begin on the right day, those that are right included.
- `wrong` is every other answer, `none` is no answer.
- Times of day and zones are ignored. Left out is what has no day or month (times alone), no bound on one side ("after
  2018"), what the set itself calls not resolved, and days that no calendar has (a 13th month, years before Christ).

Microseconds are processor time for an expression, in the fastest of several rounds.
"""

from __future__ import annotations

import json
import platform
import re
import time
import warnings
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from dateparser.date import DateDataParser
from dateparser.search import search_dates
from dateutil import parser as dateutil_parser

from extract.dates.find import find_dates

Days = tuple[date, date]  # first and last, both included
OURS = "tieup"


@dataclass(frozen=True, slots=True)
class Expression:
    """A date expression, text[start:end], read against the day `ref`, and the answers that are right.

    `shape` is the class of expressions that it belongs to in its set.
    """

    text: str
    start: int
    end: int
    ref: date
    options: tuple[Days, ...]
    shape: str

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    @property
    def is_day(self) -> bool:
        return all(first == last for first, last in self.options)


Reader = Callable[[Expression], Days | None]


def read_set(path: Path) -> list[Expression]:
    """The expressions of a file that can be counted. Raises ClickException at a line that has another shape."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            start = row["text"].index(row["expr"], row.get("start", 0))
            shape = row["file"] if "file" in row else re.sub(r"\d", "9", row["values"][0]["timex"])
            ref, options = _expected(row)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise click.ClickException(
                f"{path}: line {number} is no date expression with text, ref, expr and values or expected"
            ) from error
        if options:
            end = start + len(row["expr"])
            found.append(Expression(row["text"], start, end, ref, options, shape))
    return found


def _expected(row: Mapping[str, Any]) -> tuple[date, tuple[Days, ...]]:
    """The day that relative words count from, and the right answers; none if the calendar lacks one of their days."""
    try:
        ref = date.fromisoformat(row["ref"])
        return ref, _of_values(row["values"]) if "values" in row else _of_parts(row["expected"], ref)
    except ValueError:
        return date.min, ()


def _of_values(values: Sequence[Mapping[str, str]]) -> tuple[Days, ...]:
    """What is expected in the shape of Recognizers-Text; nothing if one of the values has no day."""
    options: list[Days] = []
    for value in values:
        if value.get("value") == "not resolved" or not (value.keys() >= {"start", "end"} or "value" in value):
            return ()
        if "value" in value:
            day = date.fromisoformat(value["value"])
            options.append((day, day))
        else:
            first, end = date.fromisoformat(value["start"]), date.fromisoformat(value["end"])
            options += [(first, last) for last in (end, end - timedelta(days=1)) if first <= last]
    return tuple(options)


def _of_parts(expected: Mapping[str, Mapping[str, int]], ref: date) -> tuple[Days, ...]:
    """What is expected in the shape of chrono: a month without a day is the whole month."""
    start, end = expected["start"], expected.get("end", expected["start"])
    if "month" not in start or "month" not in end:
        return ()
    (first, _), (_, last) = _days_of(start, ref), _days_of(end, ref)
    return ((first, last),)


def _days_of(parts: Mapping[str, int], ref: date) -> Days:
    year, month = parts.get("year", ref.year), parts["month"]
    if "day" in parts:
        day = date(year, month, parts["day"])
        return day, day
    return _whole(date(year, month, 1), "month")


def _whole(day: date, period: str) -> Days:
    if period == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    if period == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return day, day


def _ours(text: str, ref: date, start: int, end: int) -> Days | None:
    found = [d for d in find_dates(text, ref.isoformat()) if d.start_char < end and d.end_char > start]
    days = [date.fromisoformat(day) for d in found for day in (d.earliest, d.latest) if day]
    return (days[0], days[-1]) if days else None


@cache
def _parser(ref: date) -> DateDataParser:
    return DateDataParser(languages=["en"], settings=_settings(ref))


def _settings(ref: date) -> dict[str, Any]:
    return {"RELATIVE_BASE": datetime(ref.year, ref.month, ref.day, 12)}


def _dateparser(e: Expression) -> Days | None:
    said = _parser(e.ref).get_date_data(e.words)
    return _whole(said.date_obj.date(), said.period) if said and said.date_obj else None


def _dateparser_search(e: Expression) -> Days | None:
    days, at = [], 0
    for words, moment in search_dates(e.text, languages=["en"], settings=_settings(e.ref)) or ():
        start = e.text.find(words, at)
        if start >= 0:
            at = start + len(words)
            if start < e.end and at > e.start:
                days.append(moment.date())
    return (days[0], days[-1]) if days else None


def _dateutil(text: str, ref: date, fuzzy: bool = False) -> Days | None:
    # What two defaults that share neither day, weekday nor month both leave as it was, the text does not say.
    defaults = [datetime(d.year, d.month, d.day) for d in (ref, ref + timedelta(days=32))]
    try:
        read = [dateutil_parser.parse(text, default=default, fuzzy=fuzzy) for default in defaults]
    except (ValueError, OverflowError):
        return None
    if all(one.date() == default.date() for one, default in zip(read, defaults, strict=True)):
        return None
    both = list(zip(read, defaults, strict=True))
    if all(one.day == default.day for one, default in both):
        is_year = all(one.month == default.month for one, default in both)
        return _whole(read[0].date(), "year" if is_year else "month")
    return _whole(read[0].date(), "day")


ALONE, IN_SENTENCE = "expression alone", "in its sentence"
READERS: dict[tuple[str, str], Reader] = {
    (OURS, ALONE): lambda e: _ours(e.words, e.ref, 0, len(e.words)),
    ("dateparser", ALONE): _dateparser,
    ("dateutil", ALONE): lambda e: _dateutil(e.words, e.ref),
    (OURS, IN_SENTENCE): lambda e: _ours(e.text, e.ref, e.start, e.end),
    ("dateparser", IN_SENTENCE): _dateparser_search,
    ("dateutil", IN_SENTENCE): lambda e: _dateutil(e.text, e.ref, fuzzy=True),
}


def verdict(e: Expression, answer: Days | None) -> str:
    """One of right, first day, wrong and none (see above)."""
    if answer is None:
        return "none"
    if answer in e.options:
        return "right"
    return "first day" if answer[0] in {first for first, _ in e.options} and not e.is_day else "wrong"


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--rounds", default=3, show_default=True, help="Rounds that are timed.")
@click.option(
    "--classes", is_flag=True, help="Also list the classes of expressions that a library reads better."
)
def main(files: Sequence[Path], rounds: int, classes: bool) -> None:
    """Print for each reader and set what is right, wrong and unanswered, and the time."""
    python = f"Python {platform.python_version()}"
    libraries = f"dateparser {version('dateparser')}, dateutil {version('python-dateutil')}"
    click.echo(f"{date.today().isoformat()}, {platform.machine()}, {python}, {libraries}")
    # Zones are not compared: that dateutil does not know one is no news.
    with warnings.catch_warnings(action="ignore", category=dateutil_parser.UnknownTimezoneWarning):
        for path in files:
            for line in lines_of(path, rounds, classes):
                click.echo(line)


def lines_of(path: Path, rounds: int, classes: bool) -> Iterator[str]:
    """The table of one set, and the classes if they are asked for. Raises ClickException (see read_set)."""
    expressions = read_set(path)
    left_out = len(path.read_text(encoding="utf-8").splitlines()) - len(expressions)
    days = sum(e.is_day for e in expressions)
    yield f"\n{path.name}: {days} days, {len(expressions) - days} periods, {left_out} left out\n"
    yield "| reader | days: right | wrong | none | periods: right | first day | wrong | none | µs |"
    yield "| --- |" + " ---: |" * 8
    verdicts = {}
    for (name, way), read in READERS.items():
        verdicts[name, way] = [verdict(e, read(e)) for e in expressions]
        micros = _seconds(read, expressions, rounds) * 1e6 / max(1, len(expressions))
        yield f"| {name}, {way} | {_cells(expressions, verdicts[name, way])} | {micros:.0f} |"
    if classes:
        yield ""
        yield from beaten(expressions, verdicts)


def _cells(expressions: Sequence[Expression], verdicts: Sequence[str]) -> str:
    cells = []
    for is_day, names in (
        (True, ("right", "wrong", "none")),
        (False, ("right", "first day", "wrong", "none")),
    ):
        counted = Counter(v for e, v in zip(expressions, verdicts, strict=True) if e.is_day == is_day)
        n = counted.total()
        counted["first day"] += counted["right"]
        if not is_day:  # an answer that only begins right is a wrong one
            counted["wrong"] = n - counted["right"] - counted["none"]
        cells += [f"{counted[name] / n:.3f}" if n else "-" for name in names]
    return " | ".join(cells)


def beaten(
    expressions: Sequence[Expression], verdicts: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[str]:
    """A line for each class of expressions of which a library reads more right than we do, with those we do not."""
    classes: defaultdict[str, list[int]] = defaultdict(list)
    for i, e in enumerate(expressions):
        classes[e.shape].append(i)
    for (name, way), theirs in verdicts.items():
        ours = verdicts[OURS, way]
        for shape, own in classes.items():
            right = [sum(v[i] == "right" for i in own) for v in (ours, theirs)]
            if right[1] > right[0]:
                missed = [expressions[i].words for i in own if theirs[i] == "right" != ours[i]]
                yield f"{name}, {way}: {shape}: {right[1]} of {len(own)} right, {OURS} {right[0]}: {missed}"


def _seconds(read: Reader, expressions: Sequence[Expression], rounds: int) -> float:
    """The processor time of the fastest round."""

    def once() -> float:
        started = time.process_time()
        for e in expressions:
            read(e)
        return time.process_time() - started

    return min(once() for _ in range(rounds))


if __name__ == "__main__":
    main()
