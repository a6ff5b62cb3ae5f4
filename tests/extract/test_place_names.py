"""Names of cities: places where they only stand as such, companies where the text makes them one."""

from __future__ import annotations

import pytest
import spacy
from conftest import Read

from extract.place_names import is_only_a_place


@pytest.mark.parametrize(
    ("text", "name", "is_place"),
    [
        ("Parcels wait in a hall at Azambuja.", "Azambuja", True),
        ("It has shops in Porto, Vigo and Braga.", "Braga", True),
        ("It left Vigo for Braga. Buses of Braga carry the orders.", "Braga", True),
        ("Braga signed a contract in Porto.", "Braga", False),
        ("It works with Braga.", "Braga", False),
        ("The chain has shops in Braga. Then Braga sold them.", "Braga", False),
        ("It has shops at Lumo.", "Lumo", False),
        ("It sends apples to Zermatt and hires in Tamil Nadu.", "Zermatt", True),
        ("Vigo - The chain has shops in Vigo.", "Vigo", True),
        ("VIGO, Spain (Reuters) - Buses of Vigo carry orders.", "VIGO", True),
    ],
)
def test_a_city_is_a_place_where_it_stands_behind_words_of_place_alone(
    text: str, name: str, is_place: bool
) -> None:
    doc = spacy.blank("en")(text)
    assert is_only_a_place([doc[t.i : t.i + 1] for t in doc if t.text == name]) is is_place


def test_the_place_of_a_hall_is_no_party(read: Read) -> None:
    found = read(
        "Every robot that counts the stock of Brinkholt comes from Lumo Robotics, which signed a contract with the "
        "grocer on Monday. Those at Azambuja were the first, and forty more follow in a hall at Azambuja next year.",
        "Brinkholt signs with Lumo Robotics",
    )
    assert {party.name for deal in found.deals for party in deal.parties} == {"Brinkholt", "Lumo Robotics"}
    assert "Azambuja" not in {company.name for company in found.companies}
