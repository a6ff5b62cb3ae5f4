"""Scores of models on passages that they have not seen, and how much base models and encoder count beside each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from extract.training.examples import Row
from extract.training.reading import Read
from extract.training.solve import Example, best, fit_binary, fit_labels
from extract.weights import logistic, logit, total

FOLDS = 5
HELD_FOLD = 0  # the fold that the encoder was trained without


def held_out(rows: Sequence[Row], folds: Sequence[int], penalty: float) -> list[tuple[Row, float]]:
    """Each example with the score of a model that was fitted without its fold."""
    scored = []
    for number in range(FOLDS):
        fitted = fit_binary([(r.features, r.truth) for r in rows if folds[r.passage] != number], penalty)
        scored += [(r, logistic(fitted, r.features)) for r in rows if folds[r.passage] == number]
    return scored


def fit_mix(rows: Sequence[Row], numbers: Sequence[int]) -> tuple[dict[str, float], dict[str, float]]:
    """How much base model and encoder count, on passages that neither saw; figures by a second cross-validation."""
    examples = [(r.features, r.truth) for r in rows]
    fitted = fit_binary(examples, 1.0)
    scored = []
    for number in range(FOLDS):
        part = fit_binary(
            [(r.features, r.truth) for r in rows if numbers[r.passage] // FOLDS % FOLDS != number], 1.0
        )
        scored += [
            (logit(logistic(part, r.features)), bool(r.truth))
            for r in rows
            if numbers[r.passage] // FOLDS % FOLDS == number
        ]
    figures = at_best_threshold(scored, 0)
    figures["threshold"] = round(1 / (1 + math.exp(-figures.pop("log_odds"))), 3)
    return fitted, figures


def fit_exponents(
    name: str, rows: Sequence[Row], reads: Sequence[Read], folds: Sequence[int]
) -> tuple[dict[str, float], dict[str, float]]:
    """Exponents of the geometric mean of base and encoder shares that get most held-out labels right."""
    fitted = fit_labels([(r.features, r.truth) for r in rows if folds[r.passage] != HELD_FOLD], 6.0, 4)
    unseen = [r for r in rows if folds[r.passage] == HELD_FOLD]
    results = []
    for base, encoder in ((1.0, 0.0), (1.0, 0.3), (1.0, 0.6), (1.0, 1.0), (0.6, 1.0), (0.3, 1.0), (0.0, 1.0)):
        right = 0
        for r in unseen:
            totals = {label: total(w, r.features) for label, w in fitted.items()}
            top = max(totals.values())
            norm = math.log(sum(math.exp(t - top) for t in totals.values())) + top
            encoding = reads[r.passage].encoding
            shares = encoding.shares(name) if encoding else {}
            mixed = {
                label: base * (t - norm) + encoder * math.log(max(shares.get(label, 0.0), 1e-4))
                for label, t in totals.items()
            }
            right += max(mixed, key=lambda label: mixed[label]) == r.truth
        results.append((right / max(1, len(unseen)), -abs(base - encoder), base, encoder))
    accuracy, _, base, encoder = max(results)
    alone = {f"{b}/{e}": round(a, 3) for a, _, b, e in results}
    return {"base": base, "encoder": encoder}, {"n": len(unseen), "accuracy": round(accuracy, 3), **alone}


def at_best_threshold(scored: Sequence[tuple[float, bool]], missed: int) -> dict[str, float]:
    """Precision, recall and F1 at the log-odds with the best F1, cases without any score counted as lost."""
    options = [math.log(t / (1 - t)) for t in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55)]
    lost = [True] * missed

    def figures(limit: float) -> dict[str, float]:
        return _prf([s >= limit for s, _ in scored] + [False] * missed, [bool(t) for _, t in scored] + lost)

    limit = max(options, key=lambda option: figures(option)["f1"])
    return figures(limit) | {"log_odds": limit}


def held_out_parties(
    party: Sequence[Sequence[Example]], is_main: Sequence[bool], fold_of: Sequence[int]
) -> list[list[float]]:
    held: list[list[float]] = [[] for _ in party]
    for number in range(FOLDS):
        train = [
            e for row, m, f in zip(party, is_main, fold_of, strict=True) if f != number and m for e in row
        ]
        fitted = fit_binary(train, 3.0)
        for i, row in enumerate(party):
            if fold_of[i] == number:
                held[i] = [logistic(fitted, features) for features, _ in row]
    return held


def cross_labels(examples: Sequence[Example], folds: Sequence[int], penalty: float) -> dict[str, float]:
    right = 0
    for number in range(FOLDS):
        fitted = fit_labels([e for e, f in zip(examples, folds, strict=True) if f != number], penalty, 4)
        right += sum(
            best(fitted, features) == label
            for (features, label), f in zip(examples, folds, strict=True)
            if f == number
        )
    return {"n": len(examples), "accuracy": round(right / max(1, len(examples)), 3)}


def _prf(guesses: Sequence[bool], truths: Sequence[bool]) -> dict[str, float]:
    tp = sum(g and t for g, t in zip(guesses, truths, strict=True))
    p, r = tp / max(1, sum(guesses)), tp / max(1, sum(truths))
    return {
        "n": len(truths),
        "precision": round(p, 3),
        "recall": round(r, 3),
        "f1": round(2 * p * r / max(1e-9, p + r), 3),
    }
