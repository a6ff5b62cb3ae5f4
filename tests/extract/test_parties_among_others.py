"""The second look at who is a party: what it reads of each company beside the others, and what comes of it."""

from __future__ import annotations

import re

import pytest
import spacy
from conftest import Read

from extract.among import second_look
from extract.company import Company
from extract.encoder import load_encoder

HEADLINE = "Brinkholt hands its parcels to Vantelo"
BODY = (
    "The grocer Brinkholt and the courier Vantelo have signed a three-year contract for home delivery in Denmark, the"
    " two companies said on Tuesday. The first vans leave the depot in Odense in May.\n\n"
    "Its rival Grannymarkt has vans of its own."
)
TEXT = f"{HEADLINE}\n\n{BODY}"


def _companies(*names: str, parent: str | None = None) -> list[Company]:
    """Companies of the text; the last one belongs to `parent`."""
    doc = spacy.blank("en")(TEXT)
    owners = [None] * (len(names) - 1) + [parent]
    return [
        Company(
            name, name, "company", None, owner, None, False, 3.0,
            [span for m in re.finditer(name, TEXT) if (span := doc.char_span(*m.span()))],
        )
        for name, owner in zip(names, owners, strict=True)
    ]  # fmt: skip


def _looks(companies: list[Company], odds: list[float]) -> list[dict[str, float]]:
    encoding = load_encoder().read(TEXT, len(HEADLINE) + 2, len(HEADLINE))
    nothing = {company.id: dict[str, float]() for company in companies}
    return second_look(companies, [{}] * len(companies), odds, nothing, encoding)


def test_each_company_is_read_beside_the_two_likeliest_others() -> None:
    brinkholt, vantelo, rival = _looks(_companies("Brinkholt", "Vantelo", "Grannymarkt"), [3.0, 2.0, -1.0])
    assert (brinkholt["ahead_of_first"], brinkholt["ahead_of_second"]) == (1.0, 4.0)
    assert (rival["ahead_of_first"], rival["ahead_of_second"]) == (-4.0, -3.0)
    assert brinkholt["with_first"] == pytest.approx(vantelo["with_first"])
    assert vantelo["with_first"] > 0
    assert max(rival["with_first"], rival["with_second"]) < 0
    assert rival["first_with_second"] == pytest.approx(brinkholt["with_first"])
    assert rival["others"] == pytest.approx(1.833, abs=0.001)


def test_a_company_alone_stands_beside_nobody() -> None:
    (alone,) = _looks(_companies("Brinkholt"), [1.0])
    assert (alone["ahead_of_first"], alone["with_first"], alone["first_with_second"]) == (7.0, -6.0, -6.0)
    assert (alone["others"], alone["companies"]) == (0.0, 0.0)


def test_a_unit_and_its_owner_know_of_each_other() -> None:
    owner, unit = _looks(_companies("Brinkholt", "Vantelo", parent="Brinkholt"), [1.0, 1.0])
    assert (owner["has_unit"], owner["unit_of_other"]) == (1.0, 0.0)
    assert (unit["has_unit"], unit["unit_of_other"]) == (0.0, 1.0)


def test_a_rival_beside_the_partners_is_no_party(read: Read) -> None:
    found = read(f"{BODY} Grannymarkt means to keep them, it said last week.", HEADLINE)
    assert {party.name for deal in found.deals for party in deal.parties} == {"Brinkholt", "Vantelo"}
