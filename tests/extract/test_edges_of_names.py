"""Where the name of a company begins and ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.model import Extraction

Read = Callable[..., Extraction]


@pytest.mark.parametrize(
    ("name", "behind"),
    [
        ("Oakhurst Co-op", ""),
        ("Atelier 404", ""),
        ("99 Entrega", ""),
        ("Harbour Lane (Hong Kong)", " Limited"),
        ("Luna Living", " A/S"),
    ],
)
def test_a_name_is_found_whole(name: str, behind: str, read: Read) -> None:
    body = (
        f"The retailer Brinkholt said on Tuesday that it had signed a two-year agreement with the delivery firm "
        f"{name}{behind}. {name}{behind} will carry parcels for all shops of Brinkholt, the two companies said."
    )
    found = read(body, "Brinkholt signs a delivery partner")
    assert {c.name for c in found.companies} == {"Brinkholt", name}
    assert {p.company for d in found.deals if d.main for p in d.parties} == {c.id for c in found.companies}


def test_a_known_company_by_the_first_word_of_its_name(read: Read) -> None:
    body = (
        "Ace Hardware has signed an agreement with the paint maker Merrow Colours, the companies said on Tuesday. "
        "Ace will sell the paints in all its shops. Merrow Colours will train the staff of Ace."
    )
    found = read(body, "Ace Hardware to sell Merrow Colours paints")
    assert {c.name for c in found.companies} == {"Ace Hardware", "Merrow Colours"}


def test_the_full_name_may_stand_in_the_headline_alone(read: Read) -> None:
    body = (
        "Employees can now lease bicycles at Ostermann. The dealer has signed a framework agreement with the leasing "
        "company Radleih, it said on Tuesday. Radleih pays Ostermann for each bicycle."
    )
    found = read(body, "Zweirad Ostermann and Radleih agree on leasing")
    assert {c.name for c in found.companies} == {"Zweirad Ostermann", "Radleih"}


def test_a_name_does_not_begin_with_the_word_that_opens_its_sentence(read: Read) -> None:
    body = (
        "The village shop Harlech Larder has signed an agreement with the farm Siop Glas, it said on Tuesday. "
        "The people at the quarry do not object. Indeed Breedon, whose quarry it is, has thrown in the stone."
    )
    assert "Breedon" in {c.name for c in read(body).companies}


def test_a_full_stop_behind_an_ampersand_name_ends_the_sentence(read: Read) -> None:
    extraction = read(
        "Brinkholt has signed a partnership with H&M. The Swedish chain will sell its lamps.", ""
    )
    mentions = {m.text for c in extraction.companies if c.id == "h-m" or c.name == "H&M" for m in c.mentions}
    assert mentions == {"H&M"}


def test_a_ticker_behind_a_legal_form_is_no_part_of_the_name(read: Read) -> None:
    extraction = read("The grocer Tarnwick Co TWK has teamed up with Kestrel Home Inc KHM to sell lamps.", "")
    texts = {m.text for c in extraction.companies for m in c.mentions}
    assert {"Tarnwick Co", "Kestrel Home Inc"} <= texts
    assert not {"TWK", "KHM", "Tarnwick Co TWK"} & texts


@pytest.mark.parametrize("name", ["Central Norrland Co-op", "British Hill Stores", "General Larder"])
def test_a_word_that_seldom_begins_a_name_may_begin_one(read: Read, name: str) -> None:
    found = read(
        f"The grocer {name} has signed a contract with the courier Vantelo, it said on Tuesday. Vans of Vantelo will "
        f"bring the orders of {name} to homes from May.",
        f"{name} signs with Vantelo",
    )
    assert {c.name for c in found.companies} == {name, "Vantelo"}


def test_a_ticker_in_brackets_is_no_company(read: Read) -> None:
    found = read(
        "The grocer Tarnwick (TRNW3) has signed a contract with Kestrel Home [KSTHUS.UL], it said on Tuesday. Kestrel "
        "Home will sell the lamps of Tarnwick from May.",
        "Tarnwick signs with Kestrel Home",
    )
    assert {c.name for c in found.companies} == {"Tarnwick", "Kestrel Home"}
