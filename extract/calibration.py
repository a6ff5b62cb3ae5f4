"""How often facts of a confidence are right, measured on annotated passages that no model had seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from extract.model import ConfidenceBand

BANDS = 10
_FILE = Path(__file__).with_name("calibration.json")
Judged = tuple[float, bool]  # a confidence, and whether what it was given to is right


def bands_of(field: str, judged: Iterable[Judged]) -> list[ConfidenceBand]:
    """The bands of equal width that hold any of a fact's confidences; 1.0 belongs to the last."""
    held: dict[int, list[Judged]] = {}
    for confidence, is_right in judged:
        held.setdefault(min(int(confidence * BANDS), BANDS - 1), []).append((confidence, is_right))
    return [
        ConfidenceBand(
            field,
            number,
            len(band),
            sum(confidence for confidence, _ in band) / len(band),
            sum(is_right for _, is_right in band) / len(band),
        )
        for number, band in sorted(held.items())
    ]


def expected_error(bands: Sequence[ConfidenceBand]) -> float:
    """The mean distance of confidence and share that is right, weighted by the bands' counts; 0 without any."""
    total = sum(band.n for band in bands)
    return sum(band.n * abs(band.predicted - band.observed) for band in bands) / total if total else 0.0


def load_calibration() -> list[ConfidenceBand]:
    """The bands measured when the shipped models were fitted."""
    return (
        [ConfidenceBand(**row) for row in json.loads(_FILE.read_text(encoding="utf-8"))]
        if _FILE.exists()
        else []
    )


def save_calibration(bands: Iterable[ConfidenceBand]) -> None:
    """Write the bands where the pipeline's users read them."""
    rows = [asdict(replace(b, predicted=round(b.predicted, 4), observed=round(b.observed, 4))) for b in bands]
    _FILE.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
