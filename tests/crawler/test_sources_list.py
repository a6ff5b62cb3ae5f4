"""The lists of publishers that come with Tieup: each address of the one in use was seen somewhere public."""

from collections import Counter

import pytest

from crawler.sources import DEFAULT_PATH, Source, load_sources

UNCHECKED_PATH = DEFAULT_PATH.with_name("sources-unchecked.yml")


def _repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


@pytest.fixture(scope="module")
def listed() -> tuple[Source, ...]:
    return load_sources()


@pytest.fixture(scope="module")
def unchecked() -> tuple[Source, ...]:
    return load_sources(UNCHECKED_PATH)


def test_at_least_thirty_publishers_are_listed(listed: tuple[Source, ...]) -> None:
    assert len(listed) >= 30


def test_every_listed_publisher_says_where_its_address_was_seen(listed: tuple[Source, ...]) -> None:
    unseen = [s.name for s in listed if not s.seen_in or not all(p.startswith("https://") for p in s.seen_in)]
    assert unseen == []


def test_no_unchecked_publisher_claims_to_have_been_seen(unchecked: tuple[Source, ...]) -> None:
    assert [s.name for s in unchecked if s.seen_in] == []


def test_every_publisher_has_a_licence_note_a_country_and_a_kind(
    listed: tuple[Source, ...], unchecked: tuple[Source, ...]
) -> None:
    sources = listed + unchecked
    assert [s.name for s in sources if not (s.licence and s.country and s.kind and s.language == "en")] == []


def test_no_publisher_is_listed_twice_in_either_file(
    listed: tuple[Source, ...], unchecked: tuple[Source, ...]
) -> None:
    sources = listed + unchecked
    assert _repeated([s.id for s in sources]) == []
    assert _repeated([s.domain.removeprefix("www.") for s in sources]) == []


def test_no_bounds_are_given_that_no_run_has_measured(
    listed: tuple[Source, ...], unchecked: tuple[Source, ...]
) -> None:
    assert [s.name for s in listed + unchecked if s.assertions] == []
