"""Counts and the figures made of them, with intervals by bootstrap over articles."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Counts = Mapping[str, float]
RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with its number of cases, or precision, recall and F1; `low` and `high` bound it (95 %)."""

    field: str
    n: int
    precision: float | None
    recall: float | None
    f1: float
    low: float
    high: float


def prf(counts: Sequence[Counts], field: str) -> tuple[float, float, float]:
    """Precision, recall and F1 from the sums of `<field>_tp`, `<field>_p` and `<field>_g`."""
    tp, p, g = (sum(c.get(f"{field}_{part}", 0.0) for c in counts) for part in ("tp", "p", "g"))
    precision, recall = (tp / p if p else 0.0), (tp / g if g else 0.0)
    return precision, recall, (2 * precision * recall / (precision + recall) if precision + recall else 0.0)


def share(counts: Sequence[Counts], field: str) -> float:
    """`<field>_ok` of `<field>_n`."""
    n = sum(c.get(f"{field}_n", 0.0) for c in counts)
    return sum(c.get(f"{field}_ok", 0.0) for c in counts) / n if n else 0.0


def figure(counts: Sequence[Counts], field: str) -> Figure:
    """The figure of a field over articles; a field with `_tp` is an F1, else a share."""
    is_f1 = any(f"{field}_g" in c for c in counts)
    measure: Callable[[Sequence[Counts]], float] = (
        (lambda c: prf(c, field)[2]) if is_f1 else (lambda c: share(c, field))
    )
    rng = random.Random(0)
    samples = sorted(measure(rng.choices(counts, k=len(counts))) for _ in range(RESAMPLES))
    low, high = samples[int(0.025 * RESAMPLES)], samples[int(0.975 * RESAMPLES) - 1]
    if is_f1:
        precision, recall, f1 = prf(counts, field)
        return Figure(
            field, int(sum(c.get(f"{field}_g", 0.0) for c in counts)), precision, recall, f1, low, high
        )
    return Figure(
        field, int(sum(c.get(f"{field}_n", 0.0) for c in counts)), None, None, share(counts, field), low, high
    )


def b_cubed(gold: Mapping[object, str], predicted: Mapping[object, str]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of a clustering of the items in both maps (Bagga and Baldwin, 1998)."""
    items = [i for i in gold if i in predicted]
    if not items:
        return 0.0, 0.0, 0.0
    precision = recall = 0.0
    for item in items:
        own_gold = {i for i in items if gold[i] == gold[item]}
        own_predicted = {i for i in items if predicted[i] == predicted[item]}
        both = len(own_gold & own_predicted)
        precision += both / len(own_predicted)
        recall += both / len(own_gold)
    precision, recall = precision / len(items), recall / len(items)
    return precision, recall, 2 * precision * recall / (precision + recall)


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Agreement of two annotators' labels beyond chance (Cohen, 1960, "A coefficient of agreement for nominal scales").

    1 is full agreement, 0 what two who label at random, each with their own shares of labels, would reach. NaN without
    pairs; 1 if both gave one and the same label throughout.
    """
    if not pairs:
        return math.nan
    n = len(pairs)
    observed = sum(one == other for one, other in pairs) / n
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(count * others[label] for label, count in ones.items()) / n**2
    return 1.0 if by_chance == 1.0 else (observed - by_chance) / (1 - by_chance)
