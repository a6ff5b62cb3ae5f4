"""Whether a deal is exclusive, read from single sentences."""

from __future__ import annotations

import pytest

from extract.exclusivity import read_exclusivity


@pytest.mark.parametrize(
    ("sentence", "is_exclusive", "text"),
    [
        ("They signed an exclusive agreement.", True, "exclusive"),
        ("It will be sold exclusively at the chain.", True, "exclusively"),
        ("It is the sole distributor in Spain.", True, "sole distributor"),
        ("They signed a non-exclusive deal.", False, "non-exclusive"),
        ("The agreement is not exclusive.", False, "not exclusive"),
        ("The deal is not an exclusive one.", False, "exclusive"),
        ("No exclusivity was agreed.", False, "exclusivity"),
        ("It comes without exclusivity.", False, "exclusivity"),
        ("It is no longer exclusive.", False, "no longer exclusive"),
        ("The agreement isn't exclusive.", False, "exclusive"),
        ("They signed an exclusive, five-year agreement.", True, "exclusive"),
        ("It is the exclusive partner of the chain.", True, "exclusive"),
        ("It has exclusive UK distribution rights.", True, "exclusive"),
        ("The range will be exclusive to the chain.", True, "exclusive"),
        ("The range is sold exclusively in Tesco shops.", True, "exclusively"),
        ("It is available exclusively through Tmall.", True, "exclusively"),
        ("It is the only supermarket to sell the range.", True, "only supermarket to sell"),
        ("The tie is exclusive: for two years it will work for nobody else.", True, "exclusive"),
        ("Brightbank will become the exclusive issuer of the card.", True, "exclusive"),
        ("It has the sole rights to the name in Kuwait.", True, "sole rights"),
        ("No other grocer in Idaho may issue the tickets.", True, "No other grocer in Idaho may"),
        (
            "Brightbank will not offer the software to another chain.",
            True,
            "will not offer the software to another",
        ),
        ("It makes Merrow the only British licensee of the robots.", True, "only British licensee"),
        ("The lamps are sold only by Merrow.", True, "sold only by"),
    ],
)
def test_exclusivity(sentence: str, is_exclusive: bool, text: str) -> None:
    found = read_exclusivity(sentence)
    assert found is not None
    exclusive, start, end = found
    assert (exclusive.is_exclusive, exclusive.text) == (is_exclusive, text)
    assert sentence[start:end] == text


@pytest.mark.parametrize(
    "sentence",
    [
        "The lamps are sold only at the checkout.",
        "No other details were given.",
        "Nothing was said of exclusivity.",
        "They will make an exclusive collection.",
        "It has an exclusive range of shoes.",
        "He said so in an exclusive interview.",
        "They signed an agreement.",
        "Exclusive: Tesco signs deal",
        "EXCLUSIVE - Tesco seals partnership",
        "Members get an exclusive preview of the partnership.",
        "An exclusive photo shows the partner.",
        "He told the paper exclusively at the fair that the deal is done.",
        "We can exclusively reveal the deal.",
        "The discount is exclusively for members of the club.",
        "Under the partnership there are exclusive deals for shoppers.",
        "It is in exclusive talks with the chain about a deal.",
        "It will sell exclusively online.",
        "The range has a sense of exclusivity.",
    ],
)
def test_exclusive_things_make_no_exclusive_deal(sentence: str) -> None:
    assert read_exclusivity(sentence) is None


@pytest.mark.usefixtures("must_finish")
@pytest.mark.parametrize(
    "text", ["not exclusive " * 2_000, "exclusive a b " * 2_000, "sole " * 5_000, "a-" * 20_000]
)
def test_odd_long_sentences_are_read_to_the_end(text: str) -> None:
    found = read_exclusivity(text)
    assert found is None or text[found[1] : found[2]] == found[0].text
