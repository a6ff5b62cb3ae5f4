"""When a page that was fetched before is asked for again, by its age alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.again import is_due
from crawler.state import CrawlState, Remembered

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [
        (1, 1, False),
        (5.9, 5.9, False),
        (6, 6, True),
        (20, 5, False),
        (20, 6, True),
        (30, 20, False),
        (30, 24, True),
        (24 * 8, 24 * 3, False),
        (24 * 30, 24 * 7, True),
        # A clock that was wrong once does not keep a page from being read.
        (-1, -1, True),
    ],
)
def test_a_page_without_validators_is_asked_for_the_less_often_the_older_it_is(
    first: float, last: float, due: bool
) -> None:
    known = Remembered(fingerprint="f", fetched_at=ago(last), first_fetched_at=ago(first))
    assert is_due(known, NOW) is due


@pytest.mark.parametrize(
    ("first", "last", "due"), [(7, 7, False), (24, 24, True), (48, 24, False), (24 * 9, 24 * 7, True)]
)
def test_a_refused_page_is_asked_for_after_a_day_then_weekly(first: float, last: float, due: bool) -> None:
    known = Remembered(problem="no article", fetched_at=ago(last), first_fetched_at=ago(first))
    assert is_due(known, NOW) is due


@pytest.mark.parametrize(
    "known",
    [
        Remembered(etag='"e"', fetched_at=ago(1), first_fetched_at=ago(1)),
        Remembered(last_modified="Mon", fetched_at=ago(1), first_fetched_at=ago(1)),
        Remembered(fingerprint="f"),
        Remembered(fingerprint="f", fetched_at="yesterday", first_fetched_at=ago(1)),
        Remembered(fingerprint="f", fetched_at="2024-03-04T11:00:00", first_fetched_at="2024-03-04T11:00:00"),
    ],
)
def test_a_page_with_a_validator_or_of_unknown_age_is_asked_for_in_every_run(known: Remembered) -> None:
    assert is_due(known, NOW)


def test_a_page_on_which_the_parser_failed_was_fetched_and_is_expected_still(tmp_path: Path) -> None:
    failed, read = "https://n.example/failed", "https://n.example/read"
    with CrawlState(tmp_path, "one", NOW) as state:
        state.remember(failed, Remembered(read_by="p", problem="parsing failed: a bug"))
        state.remember(read, Remembered(read_by="p", problem="no article: empty", fetched_at=ago(1)))
        for url in (failed, read):
            state.expect(url, "local", "A headline", "")
        assert [url for url, _ in state.expected()] == [failed]
        assert all(known.was_fetched for known in (state.get(failed), state.get(read)) if known)
