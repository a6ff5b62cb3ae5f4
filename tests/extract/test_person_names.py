"""Names built as persons' are: a given name before them or at their beginning."""

from __future__ import annotations

import pytest
import spacy
from conftest import Read

from extract.person_names import follow_given_name, is_built_as_person


@pytest.mark.parametrize(
    ("name", "is_person"),
    [
        ("Isha Ambani", True),
        ("Fiona Mabey", True),
        ("Carlos Ruiz Zafón", True),
        ("Isha Retail", False),
        ("Ambani Isha & Co", False),
        ("Brinkholt Lumo", False),
        ("Isha", False),
    ],
)
def test_a_given_name_and_a_word_that_is_no_organisations_are_built_as_a_persons_name(
    name: str, is_person: bool
) -> None:
    doc = spacy.blank("en")(name)
    assert is_built_as_person([doc[:]]) is is_person


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("The manager, Rania Haddadin, signed. Haddadin smiled.", 0.5),
        ("So says the manager Rania Haddadin.", 1.0),
        ("Rania. Haddadin signed.", 0.0),
        ("The shop of Haddadin opens.", 0.0),
    ],
)
def test_a_name_stands_behind_a_given_name(text: str, share: float) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    doc = nlp(text)
    assert follow_given_name([doc[t.i : t.i + 1] for t in doc if t.text == "Haddadin"]) == share


@pytest.mark.parametrize("person", ["Rania Haddadin", "Ngozi Adeyemi", "Dragan Petrovitch"])
def test_who_speaks_for_a_company_is_no_party(read: Read, person: str) -> None:
    found = read(
        "The grocer Brinkholt signed a three-year contract with the courier Vantelo on Monday, general manager "
        f"{person} said. Vantelo brings the orders to homes in Denmark from May.",
        "Brinkholt signs with Vantelo",
    )
    assert {party.name for deal in found.deals for party in deal.parties} == {"Brinkholt", "Vantelo"}
    assert not {company.name for company in found.companies} & {person, person.split()[1]}
