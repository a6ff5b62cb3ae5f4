"""What a deal has besides its main facts: each is counted over what was expected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from gold_folder import DEAL, answer, answers_of, gold_folder

from eval import gold
from eval.extras import EXTRA_FIELDS
from eval.figures import Figure
from eval.gate import read_floors, write_floors
from extract.model import (
    CompanyMention,
    DateMention,
    DealLink,
    DealTerm,
    DealValue,
    Exclusivity,
    Extraction,
    Party,
    Span,
)

FULL = (
    DEAL.replace(
        "areas=digital_payments:committed",
        'areas=digital_payments:committed; places=DK, SE; value="60000000 USD"; term=36; exclusive=true; '
        "link=extends:b\n"
        "deal b: recalled; type=service_agreement; areas=digital_payments:committed",
    )
    .replace("|a:retailer]]", "|a:retailer b:retailer]]")
    .replace("[[nuvaPay|a:", "[[nuvaPay|b:payment_provider a:")
)


def full_answer() -> Extraction:
    """Everything that FULL says, with one of the two countries."""
    read = answer("Brinkholt", "nuvaPay")
    (deal,) = read.deals
    parties = (
        Party(company="brinkholt", name="Brinkholt", roles=("retailer",), confidence=0.9),
        Party(company="nuvapay", name="nuvaPay", roles=("partner",), confidence=0.9),
    )
    main = replace(
        deal,
        parties=parties,
        units=("kassa",),
        places=("DK",),
        value=DealValue(amount=6e7, currency="USD", text="$60 million"),
        term=DealTerm(months=36, end=None, text="three years"),
        exclusive=Exclusivity(is_exclusive=True, text="exclusive"),
        links=(DealLink(kind="extends", deal=1),),
    )
    spans = {"Brinkholt": ("headline", 0), "nuvaPay": ("headline", 14), "Kassa": ("article_body", 5)}
    companies = tuple(
        CompanyMention(
            id=name.lower(),
            name=name,
            roles=("partner",),
            is_party=True,
            reason="",
            mentions=(Span(part, start, start + len(name), name),),
        )
        for name, (part, start) in spans.items()
    )
    day = DateMention(
        part="article_body", start_char=0, end_char=8, text="Thursday", edtf="2021-06-17",
        earliest=None, latest=None, precision="day", role="announced",
    )  # fmt: skip
    return replace(read, deals=(main, replace(deal, main=False)), companies=companies, dates=(day,))


def figures(folder: Path, read: Extraction) -> dict[str, Figure]:
    return {f.field: f for f in gold.score(folder, answers_of(read)).figures}


def test_all_that_is_said_is_counted(tmp_path: Path) -> None:
    found = figures(gold_folder(tmp_path, FULL), full_answer())
    for field in ("units", "value", "term", "exclusive", "links", "date_roles"):
        assert (found[field].n, found[field].f1) == (1, 1.0), field
    assert (found["places"].precision, found["places"].recall, found["places"].n) == (1.0, 0.5, 2)
    assert (found["party_roles"].precision, found["party_roles"].n) == (0.5, 2)


def test_another_sum_term_link_or_role_is_wrong(tmp_path: Path) -> None:
    read = full_answer()
    main, older = read.deals
    other = replace(
        main,
        value=DealValue(amount=6e7, currency="EUR", text="€60 million"),
        term=DealTerm(months=60, end=None, text="five years"),
        exclusive=Exclusivity(is_exclusive=False, text="not exclusive"),
        links=(DealLink(kind="renews", deal=1),),
    )
    dates = (replace(read.dates[0], role="signed"),)
    found = figures(gold_folder(tmp_path, FULL), replace(read, deals=(other, older), dates=dates))
    for field in ("value", "term", "exclusive", "links", "date_roles"):
        assert (found[field].precision, found[field].recall) == (0.0, 0.0), field
    assert found["dates"].f1 == 1.0


def test_a_missed_deal_counts_with_all_that_it_has(tmp_path: Path) -> None:
    found = figures(gold_folder(tmp_path, FULL), answer())
    assert {field: found[field].n for field in ("value", "term", "exclusive", "links", "party_roles")} == {
        "value": 1, "term": 1, "exclusive": 1, "links": 1, "party_roles": 2,
    }  # fmt: skip


def test_home_countries_are_no_mistake_where_no_place_is_named(tmp_path: Path) -> None:
    found = figures(gold_folder(tmp_path, DEAL), full_answer())
    assert found["places"].n == 0
    assert found["value"].precision == 0.0


def test_names_are_counted_by_exact_places(tmp_path: Path) -> None:
    mentions = figures(gold_folder(tmp_path, FULL), full_answer())["mentions"]
    assert mentions.n == 6
    assert (mentions.precision, mentions.recall) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_what_few_deals_have_gets_no_floor(tmp_path: Path) -> None:
    result = gold.score(gold_folder(tmp_path, FULL), answers_of(full_answer()))
    write_floors([result], tmp_path / "floors.yml")
    floors = read_floors(tmp_path / "floors.yml")["gold"]["floors"]
    assert "mentions" in floors
    assert not set(EXTRA_FIELDS) & set(floors)
