"""Scores of models on passages that they have not seen, and how much base models and encoder count beside each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from extract.calibration import Judged
from extract.training.examples import HELD_FOLD, Row
from extract.training.solve import Example, fit_binary, fit_labels
from extract.weights import (
    Features,
    best_of,
    logistic,
    logit,
    mixed_logs,
    share_of,
    softmax,
    total,
)

FOLDS = 5
RARE = 8
"""Features of label models that fewer examples have are left out."""
_THRESHOLDS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
_HIGHEST = 0.65  # of the thresholds where cases are as they come
_TEMPERATURES = (0.25, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5)


def held_out(rows: Sequence[Row], folds: Sequence[int], penalty: float) -> list[tuple[Row, float]]:
    """Each example with the score of a model that was fitted without its fold."""
    scored = []
    for number in range(FOLDS):
        fitted = fit_binary([(r.features, r.truth) for r in rows if folds[r.passage] != number], penalty)
        scored += [(r, logistic(fitted, r.features)) for r in rows if folds[r.passage] == number]
    return scored


def fit_mix(
    rows: Sequence[Row], numbers: Sequence[int], as_good: float = 0.0, *, evenly: bool = False
) -> tuple[dict[str, float], dict[str, float], list[Judged]]:
    """How much base model and encoder count, on passages that neither saw; figures by a second cross-validation.

    Last come that cross-validation's probabilities, with what is true. `evenly` is that of `at_best_threshold`.
    """
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
    figures = at_best_threshold(scored, 0, as_good, evenly=evenly)
    figures["threshold"] = round(share_of(figures.pop("log_odds")), 3)
    return fitted, figures, [(share_of(score), truth) for score, truth in scored]


def fit_exponents(
    rows: Sequence[Row],
    opinions: Sequence[Mapping[str, float]],
    folds: Sequence[int],
    penalty: float,
    rare: int = RARE,
) -> tuple[dict[str, float], dict[str, float], list[Judged]]:
    """Exponents of the geometric mean of base and encoder shares that get most held-out labels right.

    `opinions` are the encoder's shares for each of the rows.
    Both are then scaled alike, which changes no label, so that the shares are as sure as they are right (temperature
    scaling, Guo et al. 2017). Last come the shares of the chosen labels, with whether they are right.
    """
    fitted = fit_labels([(r.features, r.truth) for r in rows if folds[r.passage] != HELD_FOLD], penalty, rare)
    unseen = [
        (label_logs(fitted, r.features), shares, str(r.truth))
        for r, shares in zip(rows, opinions, strict=True)
        if folds[r.passage] == HELD_FOLD
    ]
    results = []
    for base, encoder in ((1.0, 0.0), (1.0, 0.3), (1.0, 0.6), (1.0, 1.0), (0.6, 1.0), (0.3, 1.0), (0.0, 1.0)):
        mixes = [mixed_logs(logs, shares, base, encoder) for logs, shares, _ in unseen]
        right = sum(
            max(mix, key=lambda label: mix[label]) == truth
            for mix, (_, _, truth) in zip(mixes, unseen, strict=True)
        )
        results.append((right / max(1, len(unseen)), -abs(base - encoder), base, encoder))
    share, _, base, encoder = max(results)
    alone = {f"{b}/{e}": round(a, 3) for a, _, b, e in results}

    def surprise(scale: float) -> float:
        return -sum(
            math.log(
                max(softmax(mixed_logs(logs, shares, base * scale, encoder * scale)).get(truth, 0.0), 1e-4)
            )
            for logs, shares, truth in unseen
        )

    scale = min(_TEMPERATURES, key=surprise)
    figures = {"n": len(unseen), "accuracy": round(share, 3), "scale": scale, **alone}
    judged = []
    for logs, shares, truth in unseen:
        label, surety = best_of(softmax(mixed_logs(logs, shares, base * scale, encoder * scale)))
        judged.append((surety, label == truth))
    return {"base": round(base * scale, 3), "encoder": round(encoder * scale, 3)}, figures, judged


def label_logs(fitted: Mapping[str, Features], features: Features) -> dict[str, float]:
    """The logarithms of a label model's shares."""
    totals = {label: total(weights, features) for label, weights in fitted.items()}
    top = max(totals.values())
    norm = math.log(sum(math.exp(t - top) for t in totals.values())) + top
    return {label: t - norm for label, t in totals.items()}


def at_best_threshold(
    scored: Sequence[tuple[float, bool]], missed: int, as_good: float = 0.0, *, evenly: bool = False
) -> dict[str, float]:
    """Precision, recall and F1 at the log-odds with the best F1, cases without any score counted as lost.

    Of those whose F1 is `as_good` within that margin, the highest: what is claimed should hold. `evenly`: the best F1 is
    that of as many false cases as true ones, where those that are at hand are of one kind mostly.
    """
    lost = [True] * missed
    truths = [truth for _, truth in scored]
    weight = sum(truths) / max(1, len(truths) - sum(truths)) if evenly else 1.0

    def figures(limit: float, false_weight: float) -> dict[str, float]:
        return _prf([s >= limit for s, _ in scored] + [False] * missed, truths + lost, false_weight)

    options = [math.log(t / (1 - t)) for t in _THRESHOLDS if evenly or t <= _HIGHEST]
    reached = [figures(option, weight)["f1"] for option in options]
    best = max(reached)
    limit = max(option for option, f1 in zip(options, reached, strict=True) if f1 >= best - as_good)
    return figures(limit, 1.0) | {"log_odds": limit}


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


def fit_label_mix(
    rows: Sequence[Row], numbers: Sequence[int]
) -> tuple[dict[str, dict[str, float]], dict[str, float], list[Judged]]:
    """A label model over the opinions of others, on passages that none of them saw; figures by a second cross-validation."""
    fitted = fit_labels([(r.features, r.truth) for r in rows], 6.0, RARE)
    labels = held_out_labels(rows, [number // FOLDS % FOLDS for number in numbers], 6.0)
    judged = judged_labels(rows, labels)
    return fitted, accuracy(judged), judged


def held_out_labels(
    rows: Sequence[Row], folds: Sequence[int], penalty: float, rare: int = RARE
) -> list[tuple[str, float]]:
    """The label of each example, with its probability, by a model that was fitted without its fold."""
    labels = [("", 0.0)] * len(rows)
    for number in range(FOLDS):
        fitted = fit_labels(
            [(r.features, r.truth) for r in rows if folds[r.passage] != number], penalty, rare
        )
        for place, row in enumerate(rows):
            if folds[row.passage] == number:
                labels[place] = best_of(softmax(label_logs(fitted, row.features)))
    return labels


def judged_labels(rows: Sequence[Row], labels: Sequence[tuple[str, float]]) -> list[Judged]:
    """The probability of each label, with whether it is right."""
    return [(surety, label == row.truth) for row, (label, surety) in zip(rows, labels, strict=True)]


def accuracy(judged: Sequence[Judged]) -> dict[str, float]:
    """The share of examples whose label is right."""
    return {"n": len(judged), "accuracy": round(sum(right for _, right in judged) / max(1, len(judged)), 3)}


def _prf(guesses: Sequence[bool], truths: Sequence[bool], weight: float = 1.0) -> dict[str, float]:
    """Figures where each false case counts for `weight`."""
    tp = sum(g and t for g, t in zip(guesses, truths, strict=True))
    p = tp / max(1.0, tp + weight * (sum(guesses) - tp))
    r = tp / max(1, sum(truths))
    return {
        "n": len(truths),
        "precision": round(p, 3),
        "recall": round(r, 3),
        "f1": round(2 * p * r / max(1e-9, p + r), 3),
    }
