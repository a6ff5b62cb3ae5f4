"""Which parties of an article belong together in one deal, by how surely each two are parties of one deal."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import cast

import pytest
from spacy.lang.en import English

import extract.grouping
from extract.company import Company
from extract.encoder import EncoderReading
from extract.grouping import group_parties

NAMES = ("Arbo", "Brink", "Coda", "Dune")


def groups(monkeypatch: pytest.MonkeyPatch, odds: Mapping[str, float]) -> list[str]:
    """The groups made of log-odds by the first letters of two names; what is not given is far apart."""
    monkeypatch.setattr(
        extract.grouping,
        "together_odds",
        lambda *_: {
            frozenset((one, two)): odds.get(one[0] + two[0], -5.0) for one, two in combinations(NAMES, 2)
        },
    )
    doc = English()(" ".join(NAMES))
    companies = [
        Company(name, name, "company", None, None, None, False, 2.0, [doc[i : i + 1]])
        for i, name in enumerate(NAMES)
    ]
    found = group_parties(companies, [], dict.fromkeys(NAMES, 0.9), cast(EncoderReading, "any"))
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
def test_parties_are_grouped_by_who_goes_with_whom(
    odds: Mapping[str, float], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert groups(monkeypatch, odds) == expected
