"""The value of a deal, read from single sentences."""

from __future__ import annotations

import pytest

from extract.money import read_value


@pytest.mark.parametrize(
    ("sentence", "amount", "currency", "text"),
    [
        ("The deal is worth $500 million.", 500_000_000, "USD", "$500 million"),
        ("The agreement is worth 500 million euros.", 500_000_000, "EUR", "500 million euros"),
        ("They will invest £1.5bn in the venture.", 1_500_000_000, "GBP", "£1.5bn"),
        ("The contract is worth Rs 200 crore.", 2_000_000_000, "INR", "Rs 200 crore"),
        ("The deal is worth HK$40m, they said.", 40_000_000, "HKD", "HK$40m"),
        ("The stake is valued at 3 billion yuan.", 3_000_000_000, "CNY", "3 billion yuan"),
        ("The deal is worth AED 3 million.", 3_000_000, "AED", "AED 3 million"),
        ("It bought the chain for ¥2 trillion.", 2_000_000_000_000, "JPY", "¥2 trillion"),
        ("The deal is worth R$50 million.", 50_000_000, "BRL", "R$50 million"),
        ("The deal is worth NZ$5 million.", 5_000_000, "NZD", "NZ$5 million"),
        ("The deal is worth NT$300 million.", 300_000_000, "TWD", "NT$300 million"),
        ("The deal is worth AU$40 million.", 40_000_000, "AUD", "AU$40 million"),
        ("The deal is worth CA$40 million.", 40_000_000, "CAD", "CA$40 million"),
        ("The deal is worth CAD $40 million.", 40_000_000, "CAD", "CAD $40 million"),
        ("It is worth $40 million (CAD) to both.", 40_000_000, "CAD", "$40 million (CAD)"),
        ("It is worth $40 million Canadian.", 40_000_000, "CAD", "$40 million Canadian"),
        ("It is worth 40 million Canadian dollars.", 40_000_000, "CAD", "40 million Canadian dollars"),
        ("It is worth 40m Hong Kong dollars.", 40_000_000, "HKD", "40m Hong Kong dollars"),
        ("A $40 million Canadian chain is worth more.", 40_000_000, "USD", "$40 million"),
        ("The deal is worth € 50 million.", 50_000_000, "EUR", "€ 50 million"),
        ("The deal is worth US$ 25 million.", 25_000_000, "USD", "US$ 25 million"),
        ("It is a $1.2-billion deal.", 1_200_000_000, "USD", "$1.2-billion"),
        ("It is a 50-million-euro deal.", 50_000_000, "EUR", "50-million-euro"),
        ("The deal is worth 25m euros.", 25_000_000, "EUR", "25m euros"),
        ("The deal is worth 25 million €.", 25_000_000, "EUR", "25 million €"),
        ("In 2021 €50 million was paid.", 50_000_000, "EUR", "€50 million"),
        ("The deal is worth half a billion euros.", 500_000_000, "EUR", "half a billion euros"),
        ("The deal is worth 1,5 billion euros.", 1_500_000_000, "EUR", "1,5 billion euros"),
        ("It is worth 50 million Swiss francs.", 50_000_000, "CHF", "50 million Swiss francs"),
        ("The deal is worth 200 million rand.", 200_000_000, "ZAR", "200 million rand"),
        ("The deal is worth R200 million.", 200_000_000, "ZAR", "R200 million"),
        ("It paid 5 lakh rupees.", 500_000, "INR", "5 lakh rupees"),
        ("It paid 300 million Pakistani rupees.", 300_000_000, "PKR", "300 million Pakistani rupees"),
        ("It is worth 1.5bn Danish kroner.", 1_500_000_000, "DKK", "1.5bn Danish kroner"),
        ("It is worth 1.5bn Swedish kronor.", 1_500_000_000, "SEK", "1.5bn Swedish kronor"),
    ],
)
def test_value(sentence: str, amount: float, currency: str, text: str) -> None:
    found = read_value(sentence)
    assert found is not None
    value, start, end = found
    assert (value.amount, value.currency, value.text) == (amount, currency, text)
    assert sentence[start:end] == text


@pytest.mark.parametrize(
    "sentence",
    [
        "The two signed a deal in March.",
        "The retailer, with annual revenue of $500 million, signed a deal.",
        "The chain, whose sales were $3 billion, signed an agreement.",
        "Under the deal a subscription costs 20 dollars a month.",
        "It signed a deal for 300 items at $5.",
        "$500 million is what they had.",
        "Their deal is for 20 million real estate listings and 500,000 pounds of food.",
        "",
    ],
)
def test_no_value(sentence: str) -> None:
    assert read_value(sentence) is None


@pytest.mark.parametrize("money", ["1.5bn kroner", "50 million pesos", "50 million francs", "XY$50 million"])
def test_a_sum_in_a_currency_of_several_countries_is_left_out(money: str) -> None:
    assert read_value(f"The deal is worth {money}.") is None


def test_the_sum_of_the_deal_is_told_from_that_of_the_company() -> None:
    sentence = "The deal is worth $20 million to a supplier that, as filed in its latest accounts, has revenue of $9bn."
    found = read_value(sentence)
    assert found is not None
    assert found[0].amount == 20_000_000


@pytest.mark.parametrize(
    "sentence", ["It paid US$12,500,000 for a stake.", "It paid US$12,500,000, they said."]
)
def test_wording_of_a_value_ends_with_the_sum(sentence: str) -> None:
    found = read_value(sentence)
    assert found is not None
    assert found[0].text == "US$12,500,000"


@pytest.mark.parametrize("text", ["$" * 20_000, "US$ 1 " * 3_000, "a-" * 20_000])
def test_odd_long_sentences_are_read_to_the_end(text: str) -> None:
    sentence = f"The deal is worth {text}"
    found = read_value(sentence)
    assert found is None or sentence[found[1] : found[2]] == found[0].text


@pytest.mark.usefixtures("must_finish")
def test_a_long_row_of_digits_is_read_to_the_end() -> None:
    assert read_value("The deal is worth " + "1" * 60_000) is None
