"""Round-ups: each item is read as a report of its own."""

from __future__ import annotations

import pytest

from extract.items import is_round_up, runs


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ([], []),
        ([set()], [(0, 1)]),
        ([{"a"}, set(), {"b"}], [(0, 2), (2, 3)]),
        ([{"a", "b"}, {"c"}, {"a"}, {"d"}], [(0, 3), (3, 4)]),
        ([set(), {"a"}, {"b"}], [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_runs_are_cut_where_no_company_is_on_both_sides(
    named: list[set[str]], expected: list[tuple[int, int]]
) -> None:
    assert runs(named) == expected


def test_an_article_with_one_long_item_is_no_round_up() -> None:
    assert is_round_up([2, 2, 1, 2])
    assert not is_round_up([6, 1, 1, 1])
    assert not is_round_up([1, 1])
