"""Bands of confidence: what they count, and how far confidences are from the share that is right."""

from __future__ import annotations

import pytest

from extract.calibration import bands_of, expected_error


def test_bands_hold_how_often_a_confidence_was_right() -> None:
    judged = [(0.82, True), (0.88, False), (1.0, True), (0.05, False)]
    bands = bands_of("party", judged)
    assert [(b.number, b.n, b.predicted, b.observed) for b in bands] == [
        (0, 1, 0.05, 0.0),
        (8, 2, 0.85, 0.5),
        (9, 1, 1.0, 1.0),
    ]
    assert {b.field for b in bands} == {"party"}


def test_the_expected_error_weighs_bands_by_their_counts() -> None:
    assert expected_error(bands_of("deal", [(0.9, True)] * 9 + [(0.9, False)])) == pytest.approx(0.0)
    assert expected_error(bands_of("deal", [(0.9, False)] * 3 + [(0.1, False)])) == pytest.approx(0.7)
    assert expected_error([]) == 0.0
