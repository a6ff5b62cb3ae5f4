"""Which company a name means where a text abbreviates it, joins it to another, or others bear it, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.model import Extraction
from extract.short_forms import stands_for

Read = Callable[..., Extraction]


def mentions_of(extraction: Extraction) -> dict[str, set[str]]:
    return {c.id: {m.text for m in c.mentions} for c in extraction.companies}


@pytest.mark.parametrize(
    ("letters", "name"),
    [
        ("MSRT", "Ministry of Skills, Retail and Trade"),  # small words give no letter
        ("MTRF", "Merrow Trust for Retail & Fashion"),
        ("BCPL", "Brinkholt Consumer Products"),  # the legal form is left out of the name
        ("NordPost", "Nordland Post"),
        ("TRRAST", "Trust for Retailers and Retail Assistants of Stenland"),
    ],
)
def test_letters_that_stand_for_a_name(letters: str, name: str) -> None:
    assert stands_for(letters.lower(), tuple(name.lower().replace(",", "").split()))


@pytest.mark.parametrize(
    ("letters", "name"),
    [
        ("BBC", "Best Buy"),
        ("NBC", "New Balance"),
        ("MSR", "Ministry of Skills, Retail and Trade"),
        ("LUM", "Lumo"),
    ],
)
def test_letters_that_stand_for_something_else(letters: str, name: str) -> None:
    assert not stands_for(letters.lower(), tuple(name.lower().replace(",", "").split()))


def test_a_blend_of_a_name_is_no_second_company(read: Read) -> None:
    found = mentions_of(
        read(
            "Nordland Post has signed a three-year agreement with the retailer Brinkholt. NordPost will carry all "
            "parcels of Brinkholt. Nordland Post has 900 lockers, and NordPost plans more.",
            "NordPost and Brinkholt sign carrier deal",
        )
    )
    assert found["nordland-post"] == {"Nordland Post", "NordPost"}


def test_letters_that_the_text_gives_another_company(read: Read) -> None:
    """RBI is the Reserve Bank of India, but not where the text says otherwise."""
    found = mentions_of(
        read(
            "The investor Brinkholt has agreed to buy the British shops of Burger King from Restaurant Brands "
            "International (RBI). RBI will keep the brand, and RBI said the investor would open fifty shops.",
            "Brinkholt to buy British Burger King",
        )
    )
    assert found["restaurant-brands-international"] == {"Restaurant Brands International", "RBI"}
    assert "reserve-bank-of-india" not in found


def test_a_known_company_by_a_full_name_that_we_do_not_know(read: Read) -> None:
    found = mentions_of(
        read(
            "The American carrier United Parcel Services (UPS) has signed an agreement with the online retailer Jumia. "
            "UPS will use the stations of Jumia in Kenya.",
            "UPS turns to Jumia",
        )
    )
    assert found["ups"] == {"United Parcel Services", "UPS"}


def test_a_known_name_that_only_begins_another_companys(read: Read) -> None:
    """What is named after a known short form with words of its own is another company, whatever word it ends in."""
    found = mentions_of(
        read(
            "The retailer Brinkholt has signed an agreement with SBI Orchard Services, the card company said. "
            "SBI Orchard Services will issue a card for customers of Brinkholt.",
            "Brinkholt launches card with SBI Orchard Services",
        )
    )
    assert "state-bank-of-india" not in found
    assert "SBI Orchard Services" in found["sbi-orchard-services"]


def test_a_known_name_inside_a_place(read: Read) -> None:
    found = mentions_of(
        read(
            "Shops at the Mall of the Emirates in Dubai can now take payments through WeChat. The owner, Majid Al "
            "Futtaim, signed an agreement with WeChat on Tuesday.",
            "Mall of the Emirates teams up with WeChat",
        )
    )
    assert "emirates" not in found


def test_two_names_joined_by_a_hyphen(read: Read) -> None:
    found = mentions_of(
        read(
            "Kroger and Walgreens will sell groceries in 13 pharmacies. Kroger has signed an agreement with Walgreens "
            "for the test.",
            "Shoppers like Kroger-Walgreens pilot",
        )
    )
    assert not [id for id in found if "kroger-walgreens" in id]


@pytest.mark.parametrize(
    ("country", "expected"), [("the Netherlands", "hema-b-v"), ("China", "hema")], ids=["Dutch", "Chinese"]
)
def test_of_two_companies_of_one_name_that_of_the_country(country: str, expected: str, read: Read) -> None:
    found = mentions_of(
        read(
            f"The retailer Hema has signed an agreement with the delivery firm Lumo in {country}. Lumo will bring "
            f"orders from the shops of Hema to customers.",
            "Hema finds delivery partner",
        )
    )
    assert expected in found
    assert not {"hema", "hema-b-v"} - {expected} & set(found)


def test_a_name_without_its_capitals(read: Read) -> None:
    found = mentions_of(
        read(
            "Energy company bp has signed an agreement with the grocer Auchan. Auchan will supply 120 shops of bp in "
            "Poland. The agreement with bp runs for five years.",
            "bp expands partnership with Auchan",
        )
    )
    assert "bp" in found["bp"]


def test_the_surname_of_a_person_named_before(read: Read) -> None:
    found = mentions_of(
        read(
            "The drugstore chain Brinkholt is ending its agreement with Amazon, said Erich Harsch, who heads the "
            "company. Sales were too small. Harsch did not rule out another attempt.",
            "Brinkholt stops selling through Amazon",
        )
    )
    assert set(found) == {"brinkholt", "amazon"}


def test_figures_before_a_name_are_no_part_of_it(read: Read) -> None:
    found = mentions_of(
        read(
            "Brinkholt will make room in its shops for the lockers of Nordland Post. The retailer has signed an "
            "agreement with Nordland Post.",
            "Brinkholt makes room for 500 Nordland Post lockers",
        )
    )
    assert set(found) == {"brinkholt", "nordland-post"}
