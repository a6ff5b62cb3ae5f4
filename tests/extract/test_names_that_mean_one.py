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


@pytest.mark.parametrize(
    ("company", "names", "body"),
    [
        pytest.param(
            "nordland-post",
            {"Nordland Post", "NordPost"},
            "Nordland Post has signed a three-year agreement with the retailer Brinkholt. NordPost will carry all "
            "parcels of Brinkholt. Nordland Post has 900 lockers, and NordPost plans more.",
            id="a blend of its own name",
        ),
        pytest.param(
            "restaurant-brands-international",
            {"Restaurant Brands International", "RBI"},
            "The investor Brinkholt has agreed to buy the British shops of Burger King from Restaurant Brands "
            "International (RBI). RBI will keep the brand, and RBI said the investor would open fifty shops.",
            id="letters that mean the Reserve Bank of India elsewhere",
        ),
        pytest.param(
            "ups",
            {"United Parcel Services", "UPS"},
            "The American carrier United Parcel Services (UPS) has signed an agreement with the online retailer Jumia. "
            "UPS will use the stations of Jumia in Kenya.",
            id="a full name that we do not know",
        ),
    ],
)
def test_a_name_and_its_letters_are_one_company(company: str, names: set[str], body: str, read: Read) -> None:
    found = mentions_of(read(body, "Partners sign agreement"))
    assert found[company] == names
    assert not [id for id, texts in found.items() if id != company and texts & names]


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
            "Kroger and Walgreens will sell groceries in 13 pharmacies near Cincinnati. Kroger has signed an agreement "
            "with Walgreens for the test, both said on Tuesday.",
            "Groceries meet pills in Kroger-Walgreens pilot",
        )
    )
    assert found == {"kroger": {"Kroger"}, "walgreens": {"Walgreens"}}


def test_a_legal_form_at_the_end_of_a_sentence(read: Read) -> None:
    found = mentions_of(
        read(
            "Customers of Brinkholt can pay with the wallet of Lumopay from Monday. The shopping centre covers 750,000 "
            "square metres, according to SM Investments Corp. Lumopay also processes card payments for online shops. "
            "Lumopay signed the agreement with Brinkholt in May.",
            "Brinkholt takes the wallet of Lumopay",
        )
    )
    assert found["lumopay"] == {"Lumopay"}
    assert found["sm-investments"] == {"SM Investments Corp."}


def test_a_name_that_begins_in_a_place(read: Read) -> None:
    found = mentions_of(
        read(
            "China Duty Free Group will open shops at Hong Kong International Airport together with Lagardère, it said "
            "on Tuesday. Hong Kong International Airport signed the agreement last week.",
            "Chinese sign for airport",
        )
    )
    assert found["hong-kong-international-airport"] == {"Hong Kong International Airport"}


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
