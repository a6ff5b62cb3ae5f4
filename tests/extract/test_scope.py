"""Where a deal holds, read from single sentences."""

from __future__ import annotations

import pytest

from extract.scope import read_scope

COUNTRIES = ("Germany", "Austria", "UK", "United Kingdom", "Spain")


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [
        ("The range will be sold in all 400 shops from May.", "in all 400 shops"),
        ("It will be rolled out across 12 states.", "across 12 states"),
        ("The tills are to be installed in more than 1,200 supermarkets.", "in more than 1,200 supermarkets"),
        ("It will test the service at 20 of its convenience stores.", "at 20 of its convenience stores"),
        ("The service launches in selected stores.", "in selected stores"),
        ("The range is available online only.", "online only"),
        ("The service will be offered nationwide.", "nationwide"),
        ("The deal covers deliveries in Germany and Austria.", "in Germany and Austria"),
        ("It will sell the brand only in Spain.", "only in Spain"),
        ("It got the rights in the UK, Germany and Austria.", "in the UK, Germany and Austria"),
    ],
)
def test_the_scope_in_the_words_of_the_text(sentence: str, scope: str) -> None:
    found = read_scope(sentence, COUNTRIES)
    assert found is not None
    assert found[0] == scope
    assert sentence[found[1] : found[2]] == scope


@pytest.mark.parametrize(
    "sentence",
    [
        "The chain, which has 3,000 shops in 12 countries, signed a deal.",
        "It agreed to sell its wares to a group that operates in 12 countries.",
        "The partnership joins it with a grocer with shops across 12 states.",
        "They met in Germany.",
        "It sells in Germany Street, in Spain's north and at shops.",
        "In 12 countries people shop.",
        "",
    ],
)
def test_sizes_of_companies_and_other_places_are_no_scope(sentence: str) -> None:
    assert read_scope(sentence, COUNTRIES) is None


def test_countries_are_those_that_are_given() -> None:
    assert read_scope("The deal covers deliveries in Germany.") is None


@pytest.mark.usefixtures("must_finish")
@pytest.mark.parametrize(
    "text", ["in all 400 a b " * 2_000, "in Germany and " * 2_000, "1" * 20_000, "a-" * 20_000]
)
def test_odd_long_sentences_are_read_to_the_end(text: str) -> None:
    sentence = f"sold {text}"
    found = read_scope(sentence, COUNTRIES)
    assert found is None or sentence[found[1] : found[2]] == found[0]
