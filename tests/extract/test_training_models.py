"""Fitting the small models: what they learn, that held-out labels are held out, shares that are as sure as right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract import weights
from extract.training.examples import Row
from extract.training.judge import FOLDS, RARE, at_best_threshold, fit_exponents, held_out_labels
from extract.training.solve import best, fit_binary, fit_labels
from extract.training.weights_file import write_weights

COLOURS = ("red", "green", "blue")


def _rows(number: int) -> list[Row]:
    return [Row({"bias": 1.0, f"says={COLOURS[n % 3]}": 1.0}, COLOURS[n % 3], n) for n in range(number)]


def test_a_label_model_learns_what_its_features_say() -> None:
    fitted = fit_labels([(row.features, row.truth) for row in _rows(60)], 1.0, 2)
    assert [best(fitted, {"bias": 1.0, f"says={colour}": 1.0}) for colour in COLOURS] == list(COLOURS)


def test_written_models_decide_as_the_fitted_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = fit_labels([(row.features, row.truth) for row in _rows(60)], 1.0, 2)
    binary = fit_binary([(row.features, row.truth == "red") for row in _rows(60)], 1.0)
    written = tmp_path / "weights.json"
    write_weights({"colour": labels, "is_red": binary}, written)
    monkeypatch.setattr(weights, "load_weights", lambda: json.loads(written.read_text(encoding="utf-8")))
    for colour in COLOURS:
        features = {"bias": 1.0, f"says={colour}": 1.0, "unknown": 1.0}
        shares = weights.softmax({label: weights.total(own, features) for label, own in labels.items()})
        assert weights.label_shares("colour", features) == pytest.approx(shares)
        assert (weights.probability("is_red", features) > 0.5) is (colour == "red")


def test_rare_features_are_left_out() -> None:
    examples = [({"bias": 1.0, "once": float(n == 0)}, "yes" if n % 2 else "no") for n in range(20)]
    examples = [({k: v for k, v in features.items() if v}, label) for features, label in examples]
    assert set(fit_labels(examples, 1.0, 2)["yes"]) <= {"bias"}


def test_held_out_labels_come_from_models_that_did_not_see_the_passage() -> None:
    # Each passage has a feature of its own fold, whose label is nowhere else: only a model that saw it could tell.
    rows = [
        Row({"bias": 1.0, f"fold={n % FOLDS}": 1.0}, COLOURS[n % 2] if n % FOLDS else "blue", n)
        for n in range(20 * FOLDS)
    ]
    folds = [row.passage % FOLDS for row in rows]
    labels = [label for label, _ in held_out_labels(rows, folds, 1.0)]
    assert "blue" not in {label for label, fold in zip(labels, folds, strict=True) if fold == 0}
    assert len(rows) > RARE * FOLDS


@pytest.mark.parametrize(("right", "least", "most"), [(0.6, 0.0, 0.8), (1.0, 0.8, 1.0)])
def test_mixed_shares_are_as_sure_as_they_are_right(right: float, least: float, most: float) -> None:
    """An encoder that says 0.99 each time and errs in four of ten cases is believed less."""
    rows = [Row({"bias": 1.0}, "red" if n % 10 < right * 10 else "green", n) for n in range(200)]
    opinions = [{"red": 0.99, "green": 0.01}] * len(rows)
    _, figures, judged = fit_exponents(rows, opinions, [row.passage // 10 % FOLDS for row in rows], 6.0)
    assert figures["accuracy"] == pytest.approx(right)
    assert all(least <= surety <= most for surety, _ in judged)
    assert sum(is_right for _, is_right in judged) == pytest.approx(right * len(judged))


def test_a_threshold_for_as_many_false_cases_as_true_ones_lets_fewer_false_ones_through() -> None:
    """Of a hundred cases ten are false, and half of those score as the doubtful true ones do."""
    sure, doubtful, low = 3.0, 0.0, -3.0
    scored = [(sure, True)] * 85 + [(doubtful, True)] * 5 + [(doubtful, False)] * 5 + [(low, False)] * 5
    as_they_come, even = (at_best_threshold(scored, 0, evenly=evenly) for evenly in (False, True))
    assert (as_they_come["recall"], as_they_come["precision"]) == (1.0, pytest.approx(0.947))
    assert (even["recall"], even["precision"]) == (pytest.approx(0.944), 1.0)
