"""Which parties of an article belong together in one deal, by what the encoder says of each two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import cast

import pytest
from spacy.lang.en import English

from extract.company import Company
from extract.encoder import EncoderReading
from extract.grouping import group_parties

NAMES = ("Arbo", "Brink", "Coda", "Dune")


class Opinion:
    """An encoder's opinion on pairs of companies that stand one after another: log-odds of being in one deal."""

    def __init__(self, odds: Mapping[str, float]) -> None:
        self.odds = odds

    def together(self, one: Sequence[tuple[int, int]], two: Sequence[tuple[int, int]]) -> Mapping[str, float]:
        first, second = sorted(names_at(one) + names_at(two))
        return {"main": self.odds.get(first + second, -5.0), "recalled": -5.0}


def names_at(spans: Sequence[tuple[int, int]]) -> str:
    return " ".join(NAMES)[spans[0][0]]


def groups(odds: Mapping[str, float]) -> list[str]:
    doc = English()(" ".join(NAMES))
    companies = [
        Company(name, name, "company", None, None, None, False, 2.0, [doc[i : i + 1]])
        for i, name in enumerate(NAMES)
    ]
    found = group_parties(companies, [], dict.fromkeys(NAMES, 0.9), cast(EncoderReading, Opinion(odds)))
    return ["".join(c.name[0] for c in group) for group in found]


@pytest.mark.parametrize(
    ("odds", "expected"),
    [
        ({"AB": 4.0, "CD": 4.0}, ["AB", "CD"]),
        ({"AB": 4.0, "AC": 4.0, "AD": 3.0}, ["AB", "AC", "AD"]),
        ({a + b: 3.0 for a, b in combinations("ABCD", 2)}, ["ABCD"]),
        ({"AB": 4.0, "AC": 4.0, "BC": -0.5, "CD": -4.0}, ["ABCD"]),
        ({"AB": 4.0, "AC": 4.0, "BC": -4.0}, ["AB", "AC"]),
        ({}, ["ABCD"]),
    ],
    ids=[
        "two deals",
        "a hub of three",
        "one deal",
        "one doubtful pair",
        "a hub of two, one alone",
        "nothing said",
    ],
)
def test_parties_are_grouped_by_who_goes_with_whom(odds: Mapping[str, float], expected: list[str]) -> None:
    assert groups(odds) == expected
