"""How long a deal runs, and until when, read from single sentences."""

from __future__ import annotations

import pytest

from extract.term import read_term

ANCHOR = "2021-06-17"


@pytest.mark.parametrize(
    ("sentence", "months", "text"),
    [
        ("They signed a five-year deal.", 60, "five-year deal"),
        ("It is a 10-year partnership.", 120, "10-year partnership"),
        ("It is an 18-month exclusive pilot.", 18, "18-month exclusive pilot"),
        ("They signed a three-year, multi-brand agreement.", 36, "three-year, multi-brand agreement"),
        ("The agreement runs for five years.", 60, "runs for five years"),
        ("It will last for the next 24 months.", 24, "will last for the next 24 months"),
        ("The licence is valid for ten years.", 120, "valid for ten years"),
        ("They signed a 10-year, $2 billion agreement.", 120, "10-year, $2 billion agreement"),
        ("It is a decade-long agreement.", 120, "decade-long agreement"),
        ("They agreed to work together for a decade.", 120, "for a decade"),
        ("The term is five years.", 60, "term is five years"),
        ("The term of the agreement is five years.", 60, "term of the agreement is five years"),
        ("The agreement covers three years.", 36, "covers three years"),
        ("The deal is worth $2bn over five years.", 60, "over five years"),
        ("They signed a deal for an initial two years.", 24, "for an initial two years"),
        ("They extended the deal by three years.", 36, "by three years"),
        ("They extended the deal for five more years.", 60, "for five more years"),
        ("Under the deal, it will supply the chain for 25 years.", 300, "for 25 years"),
    ],
)
def test_term(sentence: str, months: int, text: str) -> None:
    found = read_term(sentence)
    assert found is not None
    term, start, end = found
    assert (term.months, term.text) == (months, text)
    assert sentence[start:end] == text


@pytest.mark.parametrize(
    "sentence",
    [
        "They signed a multi-year deal.",
        "The chain is a two year old company in a two year old partnership.",
        "They signed it three years ago.",
        "Sales have grown over the past two years.",
        "It is a 999-year lease.",
        "A zero-year deal, a 0-month agreement.",
        "For the past three years the agreement has held.",
        "Over two years the chain lost sales in spite of the agreement.",
        "The partnership has been in place for five years.",
        "The companies have had a partnership for ten years.",
        "It signed a deal with a chain, which has traded for 20 years.",
        "They have worked together for five years and signed nothing.",
        "It ended its five-year partnership with the chain.",
        "The five-year partnership with the chain ended in May.",
        "The deal follows a two-year pilot.",
        "It has a five-year plan to deal with rivals.",
        "It is a three- to five-year agreement.",
        "",
    ],
)
def test_no_term(sentence: str) -> None:
    assert read_term(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "end", "text"),
    [
        ("The deal runs through 2027.", "2027", "through 2027"),
        ("The deal was extended until the end of 2027.", "2027", "until the end of 2027"),
        ("The contract, announced on Monday, runs to March 2030.", "2030-03", "runs to March 2030"),
        ("The licence expires on 30 June 2024.", "2024-06-30", "expires on 30 June 2024"),
        ("They signed an agreement valid until next year.", "2022", "until next year"),
    ],
)
def test_the_end_of_a_term(sentence: str, end: str, text: str) -> None:
    found = read_term(sentence, ANCHOR)
    assert found is not None
    assert (found[0].months, found[0].end, found[0].text) == (None, end, text)
    assert sentence[found[1] : found[2]] == text


@pytest.mark.parametrize(
    "sentence",
    [
        "The partnership ran through 2019.",
        "The deal ran until the end of 2020.",
        "They signed a deal to open 50 stores through 2027.",
        "Until 2027 the chain will open shops.",
        "The chain sells through Tmall and plans to grow until 2027.",
    ],
)
def test_no_end_of_a_term(sentence: str) -> None:
    assert read_term(sentence, ANCHOR) is None


def test_a_length_and_an_end_make_one_term() -> None:
    found = read_term("They signed a five-year contract, which runs until June 2026.", ANCHOR)
    assert found is not None
    assert (found[0].months, found[0].end) == (60, "2026-06")
    assert found[0].text == "five-year contract, which runs until June 2026"


def test_without_a_day_of_publication_no_end_is_read() -> None:
    assert read_term("The deal runs through 2027.") is None


@pytest.mark.usefixtures("must_finish")
@pytest.mark.parametrize(
    "text", ["one year " * 3_000, "for two years " * 2_000, "a-" * 20_000, "deal " * 8_000]
)
def test_odd_long_sentences_are_read_to_the_end(text: str) -> None:
    sentence = f"The deal is {text}"
    found = read_term(sentence, ANCHOR)
    assert found is None or sentence[found[1] : found[2]] == found[0].text
