"""The shipped encoder: long texts are read whole, window by window, and its labels are those of the vocabularies."""

from __future__ import annotations

import numpy as np
import pytest

from extract.encoder import EncoderReading, load_encoder, shape_of, shapes_of
from extract.vocabularies import load_vocabularies
from extract.weights import load_weights

HEADLINE = "Grocers meet in Leeds"
PARAGRAPH = (
    "The shelves were full and the tills were quiet on the first day of the sale. Few people came in the morning, and"
    " most of them left with one bag. In the afternoon it rained, so the manager sent two of the staff home.\n"
)
LAST = "The grocer Brinkholt Foods has signed an agreement with Tesco, the companies said."


def read(body: str, headline: str = HEADLINE) -> tuple[str, EncoderReading]:
    text = f"{headline}\n\n{body}"
    return text, load_encoder().read(text, len(headline) + 2, len(headline))


def organisation(name: str, text: str, reading: EncoderReading) -> float:
    start = text.rindex(name)
    return reading.entity_of(start, start + len(name))["ORG"]


@pytest.fixture(scope="module")
def long() -> tuple[str, EncoderReading]:
    """An article of 3,000 words."""
    body = PARAGRAPH * 72 + LAST
    assert len(body.split()) > 3000
    return read(body)


def test_names_in_the_last_paragraph_of_a_long_article_are_found(long: tuple[str, EncoderReading]) -> None:
    text, reading = long
    assert organisation("Brinkholt Foods", text, reading) > 0.5
    assert organisation("Tesco", text, reading) > 0.5
    assert organisation("manager", text, reading) < 0.5


def test_every_word_of_a_long_article_is_read(long: tuple[str, EncoderReading]) -> None:
    text, reading = long
    is_word = np.array([c.isalnum() for c in text])
    assert reading.role.any(axis=1)[is_word].all()


def test_what_lies_behind_the_last_window_says_nothing() -> None:
    text, reading = read(PARAGRAPH * 150 + LAST)
    assert organisation("Brinkholt Foods", text, reading) == 0
    assert set(reading.roles_of([(len(text) - 20, len(text))]).values()) == {0.0}
    assert sum(reading.shares("type").values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("word", "shape"),
    [("shop", 1), ("Tesco", 2), ("A", 2), ("IBM", 3), ("eBay", 4), ("7-Eleven", 5), ("&", 6)],
)
def test_how_a_word_is_written(word: str, shape: int) -> None:
    assert shape_of(word) == shape


def test_each_character_has_the_shape_of_its_word() -> None:
    assert shapes_of("eBay, A&P").tolist() == [4, 4, 4, 4, 6, 0, 3, 3, 3, 0]


def test_labels_are_those_of_the_vocabularies() -> None:
    """A model that was trained on other ids would speak of kinds and areas that there are not."""
    labels, known = load_encoder().labels, load_vocabularies()
    assert set(labels["type"]) <= {entry.id for entry in known.deal_types}
    assert set(labels["status"]) <= {entry.id for entry in known.statuses}
    assert set(labels["instrument"]) <= {entry.id for entry in known.instruments}
    assert set(labels["areas"]) <= {area.id for area in known.areas}
    _, reading = read(LAST)
    assert set(labels["party_role"]) <= {role.id for role in known.party_roles if role.is_party}
    by_piece = {"entity", "role", "date", "tense", "party_role", "pair"}
    assert {head: logits.shape[-1] for head, logits in reading.whole.items()} == {
        head: len(names) for head, names in labels.items() if head not in by_piece
    }
    assert reading.whole["commitment"].shape == (len(labels["areas"]), len(labels["commitment"]))


@pytest.mark.parametrize("decision", ["party", "deal", "area", "type", "status", "instrument", "recalled"])
def test_the_encoder_has_a_say_in_each_decision(decision: str) -> None:
    """Weights that were fitted without it have no shares, and the pipeline would not listen to it."""
    assert load_weights()[f"{decision}_mix"]
