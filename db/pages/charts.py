"""Bars of small pictures: numbers in, rectangles out; the templates draw them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands in the picture, what it stands for, and how much."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int


def bars(counts: Sequence[tuple[str, int]], width: float, height: float, gap: float = 0.25) -> list[Bar]:
    """Bars from left to right, the highest as high as the picture. `gap` is a share of a step."""
    if not counts:
        return []
    step = width / len(counts)
    most = max(count for _, count in counts) or 1
    return [
        Bar(
            x=round(number * step + step * gap / 2, 2),
            y=round(height - height * count / most, 2),
            width=round(step * (1 - gap), 2),
            height=round(height * count / most, 2),
            label=label,
            count=count,
        )
        for number, (label, count) in enumerate(counts)
    ]


def quarters(first: str, last: str) -> list[str]:
    """Every quarter from one to another, both included: 2021-Q4, 2022-Q1 ..."""
    year, number = int(first[:4]), int(first[-1])
    found = []
    while f"{year}-Q{number}" <= last:
        found.append(f"{year}-Q{number}")
        year, number = (year + 1, 1) if number == 4 else (year, number + 1)
    return found
