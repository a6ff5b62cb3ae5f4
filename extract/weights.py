"""Small linear models over named features: how they decide, how they are read and how they are fitted.

Decisions are plain logistic regressions; each weight can be read in weights.json beside the feature it belongs to.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A rule that leaves nothing likelier than this errs more often than the models that it overrules.
LEAST_ALLOWED = 0.25
_FILE = Path(__file__).parent / "weights.json"
Features = Mapping[str, float]


@lru_cache(maxsize=1)
def load_weights() -> dict[str, Any]:
    """The fitted models by name, as extract.training.weights_file writes them.

    Binary ones map feature to weight; others have `labels`, and in `rows` each feature's weights for them.
    """
    with _FILE.open(encoding="utf-8") as file:
        weights: dict[str, Any] = json.load(file)
    return weights


def total(weights: Features, features: Features) -> float:
    """The weighted sum of features; those that a model does not know count nothing."""
    get = weights.get
    return sum([number * get(name, 0.0) for name, number in features.items()])


def logistic(weights: Features, features: Features) -> float:
    """The probability that a binary model with these weights gives."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total(weights, features)))))


def softmax(totals: Mapping[str, float]) -> dict[str, float]:
    """Totals by label as probabilities."""
    top = max(totals.values())
    exps = {label: math.exp(one - top) for label, one in totals.items()}
    whole = sum(exps.values())
    return {label: e / whole for label, e in exps.items()}


def probability(model: str, features: Features) -> float:
    """The probability that a shipped binary model gives."""
    return logistic(load_weights()[model], features)


def logit(share: float) -> float:
    """Log-odds of a probability, within plus and minus 6."""
    share = min(max(share, 0.0025), 0.9975)
    return math.log(share / (1 - share))


def share_of(log_odds: float) -> float:
    """The probability with these log-odds."""
    return 1 / (1 + math.exp(-log_odds))


def mixed(model: str, share: float, opinion: Features) -> float:
    """A model's probability and the encoder's opinion as one; without an opinion the model's alone.

    How much each counts was fitted on passages that neither had seen.
    """
    if not opinion or f"{model}_mix" not in load_weights():
        return share
    return probability(f"{model}_mix", {"bias": 1.0, "base": logit(share), **opinion})


def mixed_shares(model: str, features: Features, opinion: Features) -> dict[str, float]:
    """A label model's and the encoder's probabilities as one: their geometric mean with fitted exponents."""
    shares = label_shares(model, features)
    exponents: Mapping[str, float] | None = load_weights().get(f"{model}_mix")
    if not opinion or not exponents:
        return shares
    logs = {label: math.log(max(share, 1e-4)) for label, share in shares.items()}
    return softmax(mixed_logs(logs, opinion, exponents["base"], exponents["encoder"]))


def mixed_logs(logs: Features, opinion: Features, base: float, encoder: float) -> dict[str, float]:
    """Logarithms of a label model's shares and the encoder's opinion with these exponents, up to a constant."""
    return {
        label: base * log + encoder * math.log(max(opinion.get(label, 0.0), 1e-4))
        for label, log in logs.items()
    }


def best_of(shares: Mapping[str, float]) -> tuple[str, float]:
    """The most probable label and its probability; the later name where two are equal."""
    label = max(shares, key=lambda name: (shares[name], name))
    return label, shares[label]


def best_allowed(shares: Mapping[str, float], allowed: Mapping[str, float]) -> tuple[str, float]:
    """The best of the labels that a rule allows; of all labels, where the rule leaves none that is at all likely."""
    label, share = best_of(allowed) if allowed else ("", 0.0)
    return (label, share) if share >= LEAST_ALLOWED else best_of(shares)


def label_shares(model: str, features: Features) -> dict[str, float]:
    """The probabilities of a shipped label model."""
    labels, rows = _by_feature(model)
    totals = np.zeros(len(labels))
    for name, number in features.items():
        row = rows.get(name)
        if row is not None:
            totals += number * row
    return softmax(dict(zip(labels, totals.tolist(), strict=True)))


@cache
def _by_feature(model: str) -> tuple[list[str], dict[str, NDArray[np.float64]]]:
    """A label model's labels, and each feature's weights for them."""
    table = load_weights()[model]
    return table["labels"], {name: np.array(row, dtype=float) for name, row in table["rows"].items()}


def threshold(model: str) -> float:
    """The probability from which a binary model says yes: the best on held-out passages, else one half."""
    chosen: float = load_weights().get("thresholds", {}).get(model, 0.5)
    return chosen
