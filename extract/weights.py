"""Small linear models over named features: how they decide, how they are read and how they are fitted.

Decisions are plain logistic regressions; each weight can be read in weights.json beside the feature it belongs to.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "weights.json"
Features = Mapping[str, float]


@lru_cache(maxsize=1)
def load_weights() -> dict[str, Any]:
    """The fitted models by name: binary ones map feature to weight, others label to such a map."""
    with _FILE.open(encoding="utf-8") as file:
        weights: dict[str, Any] = json.load(file)
    return weights


def probability(model: str, features: Features) -> float:
    """The probability that a binary model gives; features that it does not know count nothing."""
    weights: Mapping[str, float] = load_weights()[model]
    total = sum(number * weights.get(name, 0.0) for name, number in features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def best_label(model: str, features: Features) -> tuple[str, float]:
    """The most probable label of a model with several labels, and its probability."""
    labels: Mapping[str, Mapping[str, float]] = load_weights()[model]
    totals = {
        label: sum(number * weights.get(name, 0.0) for name, number in features.items())
        for label, weights in labels.items()
    }
    top = max(totals.values())
    exps = {label: math.exp(total - top) for label, total in totals.items()}
    label = max(exps, key=lambda name: (exps[name], name))
    return label, exps[label] / sum(exps.values())


def threshold(model: str) -> float:
    """The probability from which a binary model says yes: the best on held-out passages, else one half."""
    chosen: float = load_weights().get("thresholds", {}).get(model, 0.5)
    return chosen
