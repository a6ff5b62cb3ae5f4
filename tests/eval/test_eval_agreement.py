"""The second annotator's reading against the first's: what is scored, and agreement beyond chance."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from click.testing import CliRunner
from gold_folder import DEAL, NO_DEAL, gold_folder

from eval import agreement
from eval.figures import Figure, cohen_kappa
from eval.report import Result

SECOND = """\
- article: 1
  deals:
    - main: true
      parties: [Brinkholt A/S, nuvaPay]
      type: service_agreement
      instrument: mou
      status: signed
      announced: 2021-06-17
      areas: {digital_payments: committed}
- article: 2
  deals: []
"""
MORE = """\
- article: 1
  companies: [Brinkholt, nuvaPay, Kassa]
  dates: [{text: Thursday, edtf: 2021-06-17, role: signed}]
  deals:
    - main: true
      parties: [{name: Brinkholt, roles: [retailer]}, {name: nuvaPay, roles: [partner]}]
      type: service_agreement
      instrument: agreement_unspecified
      status: signed
      announced: 2021-06-17
      areas: {digital_payments: committed}
      value: 60000000 USD
      term: 36
"""


def read(folder: Path, second: str) -> Result:
    """The agreement over the articles 1-deal and 2-none of a batch with this second pass."""
    target = gold_folder(folder, DEAL, NO_DEAL)
    batch = target / "a"
    batch.mkdir()
    (target / "01.txt").rename(batch / "1-deal.txt")
    (target / "02.txt").rename(batch / "2-none.txt")
    (batch / "second-pass.yml").write_text(second, encoding="utf-8")
    return agreement.score(target)


def by_field(result: Result) -> dict[str, Figure]:
    return {f.field: f for f in result.figures}


def test_what_both_read_is_compared_and_nothing_else(tmp_path: Path) -> None:
    result = read(tmp_path, SECOND)
    figures = by_field(result)
    assert result.title.startswith("2 articles")
    assert (figures["parties"].f1, figures["status_of_all"].f1, figures["instrument_of_all"].f1) == (
        1.0,
        1.0,
        0.0,
    )
    assert not {"companies", "mentions", "dates", "value", "party_roles", "units"} & figures.keys()


def test_what_a_batch_asked_for_besides_is_scored(tmp_path: Path) -> None:
    figures = by_field(read(tmp_path, MORE))
    assert (figures["companies"].precision, figures["companies"].recall) == (1.0, pytest.approx(3 / 4))
    assert (figures["dates"].f1, figures["date_roles"].f1) == (1.0, 0.0)
    assert (figures["party_roles"].precision, figures["party_roles"].recall) == (0.5, 0.5)
    assert "units" not in figures


def test_kappa_of_each_label_is_noted(tmp_path: Path) -> None:
    notes = "\n".join(read(tmp_path, SECOND).notes)
    assert "kappa of type " in notes
    assert "over 1 deals that both read" in notes


def test_the_agreement_over_another_folder_is_printed(tmp_path: Path) -> None:
    read(tmp_path, SECOND)
    result = CliRunner().invoke(agreement.main, [str(tmp_path / "gold")])
    assert result.exit_code == 0, result.output
    assert "2 articles, second annotator" in result.output
    assert "deal_news" in result.output


def test_a_folder_without_a_second_reading_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(agreement.main, [str(tmp_path)])
    assert result.exit_code == 2
    assert "second-pass.yml" in result.output


def test_kappa_leaves_out_what_chance_would_give() -> None:
    # Cohen's observed 0.7 against 0.5 by chance.
    pairs = [("a", "a")] * 4 + [("a", "b")] * 1 + [("b", "a")] * 2 + [("b", "b")] * 3
    assert cohen_kappa(pairs) == pytest.approx((0.7 - 0.5) / 0.5)
    assert cohen_kappa([("a", "a"), ("b", "b")]) == 1.0
    assert cohen_kappa([("a", "b"), ("b", "a")]) == -1.0
    assert cohen_kappa([("a", "a")]) == 1.0
    assert math.isnan(cohen_kappa([]))
