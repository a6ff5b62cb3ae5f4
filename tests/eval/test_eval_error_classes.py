"""Classes of errors: which an article's errors fall into, and the most common ones at the end of a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gold_folder import DEAL, NO_DEAL, answer, answers_of, gold_folder

from eval import gold
from eval.error_classes import Error, errors_of, most_common
from eval.report import write_report


def deal(*parties: str, **facts: Any) -> dict[str, Any]:
    """What was expected or found of a deal; areas by commitment."""
    return {
        "key": "story/a",
        "main": True,
        "parties": [{"name": name} for name in parties],
        "type": "service_agreement",
        "instrument": "memorandum",
        "status": "signed",
        "announced": "2021-06-17",
        "areas": {"digital_payments": "committed"},
        **facts,
    }


def expected(*deals: dict[str, Any], **others: str) -> dict[str, Any]:
    return {"deals": list(deals), "not_parties": others}


def found(*deals: dict[str, Any], companies: tuple[str, ...] = ()) -> dict[str, Any]:
    as_listed = [
        {**d, "areas": [{"area": area, "commitment": own} for area, own in d["areas"].items()]} for d in deals
    ]
    return {"deals": as_listed, "companies": [{"name": name} for name in companies]}


def kinds(entry: dict[str, Any], predicted: dict[str, Any]) -> list[tuple[str, str]]:
    return [(e.kind, e.example) for e in errors_of("story", entry, predicted)]


def test_what_is_right_is_no_error() -> None:
    assert kinds(expected(deal("Brinkholt", "nuvaPay")), found(deal("Brinkholt", "nuvaPay"))) == []
    assert kinds(expected(), found()) == []


def test_of_a_missed_or_false_deal_nothing_else_counts() -> None:
    own = deal("Brinkholt", "nuvaPay")
    assert kinds(expected(own), found()) == [("missed deal", "story/a")]
    assert kinds(expected(Brinkholt="mentioned"), found(own)) == [
        ("false deal", "story: Brinkholt and nuvaPay")
    ]
    older = deal("Brinkholt", "nuvaPay", main=False)
    assert kinds(expected(older), found()) == [("missed older deal", "story/a")]
    assert kinds(expected(), found(older)) == [("false older deal", "story: Brinkholt and nuvaPay")]


def test_a_missed_party_was_found_as_a_company_or_not() -> None:
    entry = expected(deal("Brinkholt", "nuvaPay", "Aldermoor", "Tarn"))
    predicted = found(deal("Brinkholt", "nuvaPay"), companies=("Brinkholt", "nuvaPay", "Tarn"))
    assert kinds(entry, predicted) == [
        ("missed party, the company was not found", "story: Aldermoor"),
        ("missed party, found, but not made a party", "story: Tarn"),
    ]


def test_a_party_too_many_is_an_outsider_a_unit_or_no_organisation() -> None:
    entry = expected(deal("Brinkholt", "nuvaPay", units=["Kassa"]), Lumo="competitor")
    assert kinds(entry, found(deal("Brinkholt", "nuvaPay", "Lumo", "Kassa", "Copenhagen"))) == [
        ("unit made a party", "story: Kassa"),
        ("non-party made a party", "story: Lumo (competitor)"),
        ("party that is no organisation of the article", "story: Copenhagen"),
    ]


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"type": "licence_franchise"}, ("type licence_franchise instead of service_agreement", "story/a")),
        ({"instrument": "contract"}, ("instrument contract instead of memorandum", "story/a")),
        ({"status": "denied"}, ("status denied instead of signed", "story/a")),
        (
            {"announced": "2021"},
            ("wrong day of announcement", "story/a: 2021 instead of 2021-06-17"),
        ),
        ({"announced": None}, ("missing day of announcement", "story/a: none instead of 2021-06-17")),
        ({"areas": {}}, ("missed area digital_payments", "story/a")),
        (
            {"areas": {"digital_payments": "committed", "tourism": "option"}},
            ("false area tourism", "story/a"),
        ),
        (
            {"areas": {"digital_payments": "option"}},
            ("commitment option instead of committed", "story/a: digital_payments"),
        ),
    ],
)
def test_a_fact_that_is_read_wrong_is_a_class_by_what_it_is_taken_for(
    facts: dict[str, Any], error: tuple[str, str]
) -> None:
    entry = expected(deal("Brinkholt", "nuvaPay"))
    assert kinds(entry, found(deal("Brinkholt", "nuvaPay", **facts))) == [error]


def test_the_most_common_come_first_with_their_count_and_first_example() -> None:
    errors = [
        Error("rare", "a"),
        *(Error("common", n) for n in "bcd"),
        Error("rare", "e"),
        Error("once", "f"),
    ]
    assert most_common(errors, 2) == ["3 × common: b", "2 × rare: a"]


def test_the_report_ends_with_them(tmp_path: Path) -> None:
    folder = gold_folder(tmp_path, DEAL, NO_DEAL)
    result = gold.score(
        folder, answers_of(answer("Brinkholt", "nuvaPay", "Lumo"), answer("Aldermoor", "Tarn"))
    )
    write_report(result, tmp_path / "report.md")
    section = (tmp_path / "report.md").read_text(encoding="utf-8").partition("## Most common errors")[2]
    assert section.splitlines()[4:] == [
        "1. 1 × non-party made a party: 01: Lumo (competitor)",
        "2. 1 × false deal: 02: Aldermoor and Tarn",
    ]
    write_report(replace(result, errors=()), tmp_path / "report.md")
    assert "Most common errors" not in (tmp_path / "report.md").read_text(encoding="utf-8")
