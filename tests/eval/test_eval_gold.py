"""Gold articles whose right and wrong answers are known: figures, calibration, targets, rows of the knowledge base."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from gold_folder import DEAL, NO_DEAL, answer, answers_of, gold_folder

from crawler.items import NewsArticle
from db.store import open_database
from eval import gold
from eval.calibration import reliability
from eval.figures import Figure
from eval.report import Result, lines_of, store_figures, write_report
from eval.targets import target_table
from extract.model import Extraction


def figure(result: Result, field: str) -> Figure:
    return next(f for f in result.figures if f.field == field)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return gold_folder(tmp_path, DEAL, NO_DEAL)


def test_right_answers_reach_one(folder: Path) -> None:
    result = gold.score(folder, answers_of(answer("Brinkholt", "nuvaPay"), answer()))
    for field in (
        "deals",
        "parties",
        "type_of_all",
        "type_of_found",
        "announced_of_all",
        "areas",
        "no_deal_right",
    ):
        assert figure(result, field).f1 == 1.0
    assert figure(result, "non_parties_made_parties").f1 == 0.0
    assert not [line for line in result.differences if "parties" in line]


def test_a_wrong_party_costs_precision_and_counts_among_outsiders(folder: Path) -> None:
    result = gold.score(folder, answers_of(answer("Brinkholt", "nuvaPay", "Lumo"), answer()))
    parties = figure(result, "parties")
    assert (parties.precision, parties.recall) == (pytest.approx(2 / 3), 1.0)
    assert figure(result, "non_parties_made_parties").f1 == pytest.approx(1 / 3)  # of Lumo, Aldermoor, Tarn


def test_facts_of_a_missed_deal_are_wrong_of_all_and_not_counted_of_found(folder: Path) -> None:
    (folder / "03.txt").write_text(DEAL, encoding="utf-8")
    right = answer("Brinkholt", "nuvaPay")
    result = gold.score(folder, answers_of(right, answer(), answer()))
    for fact in ("exact_parties", "type", "instrument", "status", "announced", "commitment"):
        of_all, of_found = figure(result, f"{fact}_of_all"), figure(result, f"{fact}_of_found")
        assert (of_all.n, of_all.f1, of_found.n, of_found.f1) == (2, 0.5, 1, 1.0), fact
    type_row = next(line for line in target_table({"gold": result.figures}) if line.startswith("| Type"))
    assert " | 0.500 [" in type_row
    assert " | 1.000 [" in type_row
    assert type_row.endswith("| no |")


def test_areas_of_a_deal_that_is_none_are_wrong_and_those_of_a_missed_one_missing(folder: Path) -> None:
    made_up = gold.score(folder, answers_of(answer("Brinkholt", "nuvaPay"), answer("Aldermoor", "Tarn")))
    assert (figure(made_up, "areas").precision, figure(made_up, "areas").recall) == (0.5, 1.0)
    missed = gold.score(folder, answers_of(answer(), answer()))
    assert figure(missed, "areas").recall == 0.0


def test_a_deal_where_none_is_costs_precision(folder: Path) -> None:
    result = gold.score(folder, answers_of(answer("Brinkholt", "nuvaPay"), answer("Aldermoor", "Tarn")))
    assert figure(result, "deals").precision == 0.5
    assert figure(result, "no_deal_right").f1 == 0.0
    assert "02: no deal, but ['Aldermoor', 'Tarn']" in result.differences


def test_confidences_are_judged_by_what_was_expected(folder: Path) -> None:
    sure, unsure = (
        answer("Brinkholt", "nuvaPay", confidence=0.95),
        answer("Aldermoor", "Tarn", confidence=0.55),
    )
    party, deal, *_ = gold.score(folder, answers_of(sure, unsure)).calibration
    assert [(b.number, b.n, b.observed) for b in party.bins] == [(5, 2, 0.0), (9, 2, 1.0)]
    assert [(b.number, b.n, b.observed) for b in deal.bins] == [(5, 1, 0.0), (9, 1, 1.0)]
    assert party.error == pytest.approx((2 * 0.55 + 2 * 0.05) / 4)


def test_each_fact_of_an_expected_deal_is_judged_with_its_confidence(folder: Path) -> None:
    right = answer("Brinkholt", "nuvaPay")
    stated = {
        "type": ("service_agreement", 0.95),
        "status": ("launched", 0.35),
        "instrument": ("agreement_unspecified", 0.65),
        "area": ("cloud_it", 0.45),
        "announced": ("2021-06-17", 0.75),
    }
    (deal,) = right.deals
    claims = tuple(
        replace(deal.claims[0], field=field, stated=value, confidence=confidence)
        for field, (value, confidence) in stated.items()
    )
    read = replace(right, deals=(replace(deal, claims=claims),))
    made_up = replace(
        read,
        deals=tuple(replace(d, parties=answer("Aldermoor", "Tarn").deals[0].parties) for d in read.deals),
    )
    tables = {t.field: t for t in gold.score(folder, answers_of(read, made_up)).calibration}
    assert list(tables) == ["party", "deal", "type", "status", "instrument", "area", "announced"]
    assert {f: [(b.number, b.n, b.observed) for b in tables[f].bins] for f in stated} == {
        "type": [(9, 1, 1.0)],
        "status": [(3, 1, 0.0)],
        "instrument": [(6, 1, 1.0)],
        "area": [(4, 1, 0.0)],
        "announced": [(7, 1, 1.0)],
    }


def test_a_unit_of_a_party_is_neither_right_nor_wrong(folder: Path) -> None:
    with_unit = answer("Brinkholt", "nuvaPay", "Kassa", confidence=0.95)
    result = gold.score(folder, answers_of(with_unit, answer()))
    assert result.calibration[0].n == 2
    assert figure(result, "parties").precision == 1.0


def test_the_error_is_the_mean_distance_weighted_by_counts() -> None:
    judged = [(0.92, True), (0.98, True), (0.95, False), (1.0, True), (0.31, False), (0.0, True)]
    table = reliability("party", judged)
    assert [(b.number, b.n) for b in table.bins] == [(0, 1), (3, 1), (9, 4)]
    assert table.bins[2].predicted == pytest.approx(0.9625)
    assert table.bins[2].observed == 0.75
    assert table.error == pytest.approx((1 * 1.0 + 1 * 0.31 + 4 * 0.2125) / 6)


def test_nothing_to_judge_gives_an_empty_table() -> None:
    table = reliability("deal", [])
    assert (table.n, table.error, table.bins) == (0, 0.0, ())


def test_the_report_begins_with_the_targets(folder: Path, tmp_path: Path) -> None:
    result = gold.score(folder, answers_of(answer("Brinkholt", "nuvaPay", "Lumo"), answer()))
    write_report(result, tmp_path / "report.md")
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    first_table = report.partition("| figure | target | of all | of found | met |")[0]
    assert "##" in first_table
    assert "```" not in first_table
    rows = {line.split(" | ")[0]: line for line in report.splitlines() if line.startswith("| ")}
    assert "at least 0.90 | 0.800 [" in rows["| Parties, F1"]
    assert rows["| Parties, F1"].endswith("| no |")
    assert rows["| Day of announcement, share"].endswith("| yes |")
    assert rows["| Non-parties made parties, share"].endswith("| no |")
    assert "expected calibration error" in report


def test_a_target_is_a_limit_or_two(tmp_path: Path) -> None:
    def row(name: str, *figures: Figure) -> str:
        table = target_table({"gold": figures}, reports=tmp_path)
        return next(line for line in table if line.startswith(f"| {name}"))

    non_parties = Figure("non_parties_made_parties", 100, None, None, 0.02, 0.0, 0.05)
    assert row("Non-parties", non_parties).endswith("share | at most 0.03 | 0.020 [0.000, 0.050] | - | yes |")
    assert row("Type", Figure("type_of_all", 0, None, None, 0.0, 0.0, 0.0)).endswith("not measured | - | - |")
    precise = Figure("companies", 10, 0.85, 0.96, 0.9, 0.8, 1.0)
    assert row("Companies", precise).endswith(
        "recall | at least 0.95 with precision at least 0.85 | 0.960 with precision 0.850 | - | yes |"
    )
    assert row("Companies", replace(precise, precision=0.8)).endswith("| no |")


def test_a_set_that_was_not_measured_is_looked_up_in_its_report(tmp_path: Path) -> None:
    def row(**measured: list[Figure]) -> str:
        table = target_table({"gold": [], **measured}, reports=tmp_path)
        return next(line for line in table if line.startswith("| Partners"))

    assert "| not measured |" in row()
    figure = Figure("collaboration", 4, 0.75, 0.5, 0.6, 0.4, 0.8)
    write_report(Result("pairs", "pairs", [figure], [], []), tmp_path / "pairs-report.md")
    assert re.search(
        r"\(pairs-report\.md of 20[\d-]+\), F1 \| at least 0\.60 \| 0\.600 \[0\.400, 0\.800\] \|", row()
    )
    assert "pairs-report" not in row(pairs=[replace(figure, f1=0.7)])
    assert "| 0.700 [" in row(pairs=[replace(figure, f1=0.7)])


def test_figures_and_bands_go_into_the_knowledge_base(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    open_database(path).close()
    right = answer("Brinkholt", "nuvaPay", confidence=0.95)
    store_figures([gold.score(folder, answers_of(right, answer("Aldermoor", "Tarn")))], path)
    store_figures([gold.score(folder, answers_of(right, answer()))], path)
    with closing(open_database(path, create=False)) as db:
        bands = list(db.query("SELECT field, bin, n, predicted, observed FROM calibration ORDER BY field"))
        f1 = db.execute("SELECT f1 FROM metrics WHERE slice = 'all' AND field = 'parties'").fetchall()
    assert bands == [
        {"field": "deal", "bin": 9, "n": 1, "predicted": 0.95, "observed": 1.0},
        {"field": "party", "bin": 9, "n": 2, "predicted": 0.95, "observed": 1.0},
    ]
    assert f1 == [(1.0,)]


def test_the_digest_follows_names_and_texts(folder: Path) -> None:
    def digest() -> str | None:
        return gold.score(folder, read_nothing).digest

    before = digest()
    assert digest() == before
    assert any(str(before)[:16] in line for line in lines_of(gold.score(folder, read_nothing)))
    (folder / "02.txt").rename(folder / "03.txt")
    renamed = digest()
    assert renamed != before
    (folder / "03.txt").write_text(NO_DEAL.replace("oats", "rye"), encoding="utf-8")
    assert digest() not in (before, renamed)


def read_nothing(articles: Iterable[NewsArticle]) -> Iterator[Extraction]:
    return (answer() for _ in articles)
