"""Which names mean one organisation, and which found name answers for which expected one."""

from __future__ import annotations

from pathlib import Path

import pytest
from gold_folder import DEAL, answer, answers_of, gold_folder

from eval import gold
from eval.matching import SAME_COMPANY, likeness, pair_names, same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Marks & Spencer", "Marks and Spencer Group plc"),
        ("Carrefour", "CARREFOUR S.A."),
        ("Brinkholt", "Brinkholt A/S"),
        ("Amazon.com", "Amazon"),
        ("AWS", "Amazon Web Services"),
        ("El Corte Ingles", "El Corte Inglés"),
    ],
)
def test_names_of_one_company(one: str, other: str) -> None:
    assert likeness(one, other) >= SAME_COMPANY
    assert likeness(other, one) == likeness(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("JD.com", "JD Sports"),
        ("Metro AG", "Metro Bank"),
        ("Metro AG", "Metro Inc."),
        ("Target", "Target Hospitality"),
        ("Brinkholt", "Brinkholt Foods"),
        ("Tesco", ""),
    ],
)
def test_names_of_two_companies(one: str, other: str) -> None:
    assert not same(one, other)
    assert not same(other, one)


@pytest.mark.parametrize(
    ("short", "long"),
    [("Brinkholt", "Brinkholt Stores Ltd"), ("Tesco", "Tesco Ireland"), ("Amazon", "Amazon Fresh")],
)
def test_a_longer_name_may_stand_for_a_shorter_one(short: str, long: str) -> None:
    assert 0 < likeness(short, long) == likeness(long, short) < SAME_COMPANY


def test_one_found_name_answers_for_one_expected_name() -> None:
    expected = ["Amazon Fresh", "Amazon Web Services", "Tesco"]
    assert len(pair_names(expected, ["Amazon", "Tesco"])) == 2
    assert pair_names(["Amazon", "Amazon Fresh"], ["Amazon Fresh"]) == {1: 0}
    assert pair_names(["Amazon"], ["Amazon Fresh"]) == {0: 0}


def test_a_short_form_of_the_text_is_another_name() -> None:
    expected = ["Hartnell Fresh Foods", "Lumo"]
    assert pair_names(expected, ["Hartnell"]) == {}
    assert pair_names(expected, ["Hartnell"], {"Hartnell Fresh Foods": ["Hartnell"]}) == {0: 0}


def test_a_marked_short_form_is_the_party(tmp_path: Path) -> None:
    text = DEAL.replace("[[Lumo|competitor]]", "[[Brink=Brinkholt]]. [[Lumo|competitor]]")
    result = gold.score(gold_folder(tmp_path, text), answers_of(answer("Brink", "nuvaPay")))
    parties = next(f for f in result.figures if f.field == "parties")
    assert (parties.precision, parties.recall) == (1.0, 1.0)


def test_a_party_twice_is_one_right_and_one_wrong(tmp_path: Path) -> None:
    found = answer("Brinkholt", "Brinkholt Stores", "nuvaPay")
    result = gold.score(gold_folder(tmp_path, DEAL), answers_of(found))
    figures = {f.field: f for f in result.figures}
    assert figures["parties"].precision == pytest.approx(2 / 3)
    assert figures["exact_parties_of_found"].f1 == 0.0
