"""When a page that was fetched before is asked for again, by its age alone."""

from __future__ import annotations

from dataclasses import replace
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


@pytest.mark.parametrize(
    ("modified", "hours", "due"),
    [
        # The listing says the same as last time: the page goes by its age.
        ("2024-03-01", 5, False),
        ("2024-03-01", 6, True),
        # It says something else, or nothing.
        ("2024-03-04T11:30:00Z", 1, True),
        ("2024-02-01", 1, True),
        ("a while ago", 1, True),
        ("", 1, True),
    ],
)
def test_a_listing_that_says_the_same_spares_a_page_with_a_validator(
    modified: str, hours: float, due: bool
) -> None:
    known = Remembered(
        etag='"e"', fetched_at=ago(hours), first_fetched_at=ago(hours), modified="2024-03-01", fingerprint="f"
    )
    assert is_due(known, NOW, modified) is due
    # One that was fetched before its listing gave dates is asked once more.
    assert is_due(replace(known, modified=None), NOW, modified)


@pytest.mark.parametrize(
    ("modified", "due"),
    [
        ("2024-03-04T11:30:00Z", True),
        ("2024-03-04T11:30:00", True),
        ("2024-03-04T06:30:00-05:00", True),
        # Before it was fetched, in the future, or no date.
        ("2024-03-04T10:30:00Z", False),
        ("2024-03-04", False),
        ("2024-03-05", False),
        ("just now", False),
        ("", False),
    ],
)
def test_a_listing_that_says_a_page_was_changed_brings_it_at_once_until_that_proved_wrong(
    modified: str, due: bool
) -> None:
    known = Remembered(fingerprint="f", fetched_at=ago(1), first_fetched_at=ago(100), modified="2024-03-01")
    assert is_due(known, NOW, modified) is due
    assert not is_due(replace(known, was_misled=True), NOW, modified)
    # A page that was left out or refused goes by its age.
    assert not is_due(replace(known, fingerprint=None), NOW, modified)


def test_a_page_on_which_the_parser_failed_was_fetched_and_is_expected_still(tmp_path: Path) -> None:
    failed, read = "https://n.example/failed", "https://n.example/read"
    with CrawlState(tmp_path, "one", NOW) as state:
        state.remember(failed, Remembered(read_by="p", problem="parsing failed: a bug"))
        state.remember(read, Remembered(read_by="p", problem="no article: empty", fetched_at=ago(1)))
        for url in (failed, read):
            state.expect(url, "local", "A headline", "")
        assert [url for url, _ in state.expected()] == [failed]
        assert all(known.was_fetched for known in (state.get(failed), state.get(read)) if known)
