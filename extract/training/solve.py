"""Logistic regressions over named features, as weights.json holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.weights import total

Example = tuple[Mapping[str, float], Any]
Array = NDArray[np.float32]


def matrix(examples: Sequence[Mapping[str, float]], names: Sequence[str]) -> Array:
    """Feature rows as a dense matrix over the names."""
    index = {name: i for i, name in enumerate(names)}
    rows = np.zeros((len(examples), len(names)), dtype=np.float32)
    for row, features in enumerate(examples):
        for name, number in features.items():
            if name in index:
                rows[row, index[name]] = number
    return rows


def fit_labels(examples: Sequence[Example], penalty: float, rare: int) -> dict[str, dict[str, float]]:
    """Multinomial logistic regression by Adam on the full batch; features seen fewer than `rare` times are left out."""
    seen: dict[str, int] = {}
    for features, _ in examples:
        for name in features:
            seen[name] = seen.get(name, 0) + 1
    names = sorted(name for name, n in seen.items() if n >= rare)
    labels = sorted({label for _, label in examples})
    rows = matrix([f for f, _ in examples], names)
    target = np.zeros((len(examples), len(labels)), dtype=np.float32)
    for row, (_, label) in enumerate(examples):
        target[row, labels.index(label)] = 1.0
    weights = np.zeros((len(names), len(labels)), dtype=np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, 501):
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        guess = np.exp(scores)
        guess /= guess.sum(axis=1, keepdims=True)
        gradient = rows.T @ (guess - target) / len(examples) + penalty * weights / len(examples)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        weights -= 0.08 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return {
        label: {
            name: round(float(weights[i, j]), 4) for i, name in enumerate(names) if abs(weights[i, j]) > 1e-3
        }
        for j, label in enumerate(labels)
    }


def fit_binary(examples: Sequence[Example], penalty: float, rare: int = 5) -> dict[str, float]:
    """Binary logistic regression: the difference of two labels' weights."""
    fitted = fit_labels([(f, "1" if y else "0") for f, y in examples], penalty, rare)
    yes, no = fitted.get("1", {}), fitted.get("0", {})
    return {name: round(yes.get(name, 0.0) - no.get(name, 0.0), 4) for name in sorted({*yes, *no})}


def best(weights: Mapping[str, Mapping[str, float]], features: Mapping[str, float]) -> str:
    """Best label of a label model."""
    return max(weights, key=lambda label: total(weights[label], features))
