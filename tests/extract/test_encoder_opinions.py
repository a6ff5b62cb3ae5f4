"""What the shipped encoder says of companies two by two, and of dates."""

from __future__ import annotations

import re

import pytest

from extract.encoder import EncoderReading, load_encoder

HEADLINE = "Brinkholt hands its parcels to Vantelo"
BODY = (
    "The grocer Brinkholt and the courier Vantelo have signed a three-year contract for home delivery in Denmark, the"
    " two companies said on Tuesday. The first vans leave the depot in Odense in May.\n\n"
    "In 2019 Brinkholt struck a similar deal with Rutabel, which ended a year later. Its rival Grannymarkt has vans of"
    " its own, and Costelo is still looking for a courier."
)
TEXT = f"{HEADLINE}\n\n{BODY}"


@pytest.fixture(scope="module")
def reading() -> EncoderReading:
    return load_encoder().read(TEXT, len(HEADLINE) + 2, len(HEADLINE))


def places(name: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(name, TEXT)]


def together(reading: EncoderReading, one: str, two: str, label: str) -> float:
    return reading.together(places(one), places(two))[label]


def test_the_parties_of_the_news_belong_together(reading: EncoderReading) -> None:
    assert together(reading, "Brinkholt", "Vantelo", "main") > 0
    assert together(reading, "Vantelo", "Brinkholt", "main") == pytest.approx(
        together(reading, "Brinkholt", "Vantelo", "main")
    )


def test_the_parties_of_an_older_deal_belong_together_in_that_one(reading: EncoderReading) -> None:
    assert together(reading, "Brinkholt", "Rutabel", "main") < 0
    assert together(reading, "Brinkholt", "Rutabel", "recalled") > together(
        reading, "Brinkholt", "Vantelo", "recalled"
    )


@pytest.mark.parametrize("other", ["Grannymarkt", "Costelo"])
def test_a_rival_belongs_to_nobody(reading: EncoderReading, other: str) -> None:
    for party in ("Brinkholt", "Vantelo", "Rutabel"):
        assert together(reading, party, other, "main") < 0


def test_what_has_not_been_read_has_no_partner(reading: EncoderReading) -> None:
    assert reading.together(places("Brinkholt"), [(len(TEXT), len(TEXT))]) == {}


@pytest.mark.parametrize(
    ("words", "role", "tense"), [("2019", "prior_deal", "past"), ("May", "launch_planned", "future")]
)
def test_a_date_has_a_role_and_a_tense(reading: EncoderReading, words: str, role: str, tense: str) -> None:
    (place,) = places(words)
    roles, tenses = reading.date_shares(*place), reading.tense_shares(*place)
    assert max(roles, key=lambda name: roles[name]) == role
    assert tenses[tense] > 0.8
    assert reading.date_shares(len(HEADLINE), len(HEADLINE) + 1) == {}
