"""Two names that differ by one letter: a slip of the pen, or two companies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.model import Extraction
from extract.short_forms import is_slip

Read = Callable[..., Extraction]


def spelt(extraction: Extraction) -> dict[str, list[str]]:
    return {c.id: [m.text for m in c.mentions] for c in extraction.companies}


def test_a_namesake_but_for_one_letter_is_no_known_company(read: Read) -> None:
    found = spelt(
        read(
            "Kruger, a German kitchen maker, has teamed up with Kroger. Kruger will fit kitchens for the grocer.",
            "Kruger teams up with Kroger",
        )
    )
    assert set(found["kroger"]) == {"Kroger"}
    assert set(found["kruger"]) == {"Kruger"}


@pytest.mark.parametrize(
    "body",
    [
        "Carrefour will sell the lamps of Carrefoun. The retailer Carrefour said on Monday that it would start in May.",
        "Carrefour signed an agreement on Monday. Carrefoun, a Danish lamp maker, will supply it.",
        "Carrefour signed a deal. The lamp maker Carrefoun is the supplier. Carrefour buys. Carrefoun will deliver.",
    ],
)
def test_two_companies_that_a_text_tells_apart_are_not_one(body: str, read: Read) -> None:
    assert set(spelt(read(body)).get("carrefour", [])) == {"Carrefour"}


def test_a_misspelt_company_is_the_one_that_is_meant(read: Read) -> None:
    found = spelt(
        read(
            "Carrefour has signed an agreement with Tesco. Carrefuor will buy lamps together with Tesco, it said. "
            "Carrefour has shops in France.",
            "Carrefour and Tesco team up",
        )
    )
    assert "Carrefuor" in found["carrefour"]
    assert set(found) == {"carrefour", "tesco"}


def test_short_names_are_no_slips_of_each_other() -> None:
    assert not is_slip(("kroger",), ("kruger",))
    assert not is_slip(("lumo", "bank"), ("luma", "bank"))
    assert is_slip(("lumora", "supermarkets"), ("lumorra", "supermarkets")) is False
    assert is_slip(("brinkholt", "supermarkets"), ("brinkhollt", "supermarkets"))
