"""Logistic regressions over named features, as weights.json holds them; scikit-learn finds the weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extract.weights import total

Example = tuple[Mapping[str, float], Any]
# Weights nearer to 0 than this change nothing and are left out.
LEAST_WEIGHT = 1e-3
_STEPS = 400


def fit_labels(examples: Sequence[Example], penalty: float, rare: int) -> dict[str, dict[str, float]]:
    """Multinomial logistic regression, with half of `penalty` times the squares of the weights added to the losses' sum.

    Features that fewer than `rare` examples have are left out.
    """
    fitted = _fit(examples, [label for _, label in examples], penalty, rare)
    others = {label for _, label in examples} - set(fitted)
    if others:  # of two labels, scikit-learn gives the weights of the second against the first
        (no,), (yes,) = others, fitted.values()
        half = {name: weight / 2 for name, weight in yes.items()}
        fitted = {no: {name: -weight for name, weight in half.items()}} | dict.fromkeys(fitted, half)
    return {label: _rounded(weights) for label, weights in sorted(fitted.items())}


def fit_binary(examples: Sequence[Example], penalty: float, rare: int = 5) -> dict[str, float]:
    """Logistic regression of yes against no; with the penalty of two labels' weights, each of which has half of its own."""
    fitted = _fit(examples, [bool(truth) for _, truth in examples], penalty / 2, rare)
    return _rounded(fitted.get(True, {}))


def _fit(
    examples: Sequence[Example], labels: Sequence[Any], penalty: float, rare: int
) -> dict[Any, dict[str, float]]:
    """The weights of each label; of two labels only the second's, of one none."""
    if len(set(labels)) < 2:
        return {label: {} for label in set(labels)}
    seen = Counter(name for features, _ in examples for name in features)
    columns = DictVectorizer(dtype=float)
    rows = columns.fit_transform(
        [
            {name: number for name, number in features.items() if seen[name] >= rare}
            for features, _ in examples
        ]
    )
    model = LogisticRegression(C=1 / penalty, fit_intercept=False, max_iter=_STEPS).fit(rows, labels)
    names = columns.get_feature_names_out()
    classes = model.classes_ if len(model.classes_) > 2 else model.classes_[1:]
    return {
        label: dict(zip(names, map(float, weights), strict=True))
        for label, weights in zip(classes.tolist(), model.coef_, strict=True)
    }


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(weight, 4) for name, weight in sorted(weights.items()) if abs(weight) > LEAST_WEIGHT}


def best(weights: Mapping[str, Mapping[str, float]], features: Mapping[str, float]) -> str:
    """Best label of a label model."""
    return max(weights, key=lambda label: total(weights[label], features))
