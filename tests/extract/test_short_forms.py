"""Which names of one text mean one organisation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.model import Extraction
from extract.plain_words import cities, common_words
from extract.short_forms import full_name, initials, is_slip

Read = Callable[..., Extraction]


def key(name: str) -> tuple[str, ...]:
    return tuple(name.lower().split())


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Hallasan", "Hallasan Duty Free"),  # the first word, after the full name
        ("Don Chuy", "Abarrotes Don Chuy"),  # the last words
        ("Senyu", "Zhejiang Senyu Department Store"),  # a word inside
        ("Movilpago", "Movil Pago"),  # written in one
        ("Carrefuor", "Carrefour"),  # two letters swapped
        ("Paragonn", "Paragon"),
        ("Walmarts", "Walmart"),
        ("Fenwold Council", "Fenwold Borough Council"),
    ],
)
def test_a_name_and_its_other_form(short: str, full: str) -> None:
    assert full_name(key(short), {key(full): 3}, 9) == key(full)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lumo", "Lume"),  # too short to be a slip
        ("Supermarket", "Fenwold Supermarket"),  # a word for a kind of company
        ("Brinkholt", "Brinkhold Air"),  # other words beside
        ("Boots", "Boot"),
        ("Fenwold Council", "Fenwold Borough Market"),
        ("Area51", "Area52"),
    ],
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert full_name(key(one), {key(other): 3}, 9) is None


def test_the_company_comes_before_its_unit() -> None:
    """ "Lumo ... Lumo Pay": who is named first by the short name is not named after the unit."""
    assert full_name(key("Lumo"), {key("Lumo Harbour"): 40}, 2) is None


def test_a_last_word_that_two_names_share_means_neither() -> None:
    names = {key("Grupo Ferraz"): 2, key("Casa Ferraz"): 8}
    assert full_name(key("Ferraz"), names, 20) is None


def test_initials_and_slips() -> None:
    assert initials(key("All Nippon Airways")) == "ana"
    assert is_slip(key("Carrefour"), key("Carrefuor"))
    assert not is_slip(key("Hartley"), key("Bartley"))  # a first letter is hardly ever the slip


def test_words_that_are_no_evidence_of_a_company() -> None:
    assert {"whitby", "mombasa", "tromso"} <= cities()
    assert {"hardware", "shoe", "ten"} <= common_words()
    assert not {"brinkholt", "walmart"} & common_words()


def test_a_ticker_in_brackets_is_the_companys(read: Read) -> None:
    extraction = read(
        "Kestrel Home (KSTL) has signed an agreement with Tesco. The retailer Kestrel Home will sell its lamps there.",
        "Tesco sells lamps",
    )
    found = {c.id: [m.text for m in c.mentions] for c in extraction.companies}
    assert "kstl" not in found
    assert "KSTL" in found["kestrel-home"]


def test_a_short_form_is_no_second_company(read: Read) -> None:
    extraction = read(
        "The supermarket chain Casa Valmorin has teamed up with Walmart. Valmorin said it would open ten shops. "
        "Casa Valmorin has 40 shops.",
        "Walmart teams up with grocer",
    )
    assert [c.id for c in extraction.companies if "valmorin" in c.id] == ["casa-valmorin"]


def test_a_word_that_only_opens_a_sentence_is_no_company(read: Read) -> None:
    extraction = read("Hardware chain Brinkholt has teamed up with Tesco.", "Tesco finds partner")
    assert "hardware" not in {c.id for c in extraction.companies}


def test_other_forms_of_a_name_are_one_company(read: Read) -> None:
    """A plural, a name without its inner word, initials without "de": all are the company named in full."""
    extraction = read(
        "Carrefours in Lyon will sell the shirts of Olympique de Corvaux. The club and Carrefour signed a contract. "
        "OM's rival buys elsewhere, OC said. Carrefours elsewhere follow. "
        "Fenwold Borough Council has also partnered with Carrefour, as Fenwold Council said.",
        "Carrefour teams up with Olympique de Corvaux and Fenwold Council",
    )
    found = {c.id: {m.text for m in c.mentions} for c in extraction.companies}
    assert "carrefours" not in found
    assert "Carrefours" in found["carrefour"]
    assert {"OC", "Olympique de Corvaux"} <= found["olympique-de-corvaux"]
    assert {"Fenwold Council", "Fenwold Borough Council"} <= found["fenwold-borough-council"]
