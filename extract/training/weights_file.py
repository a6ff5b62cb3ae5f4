"""How weights.json is written: a line for each feature, with the weights of all labels, so that its name stands once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_weights(models: Mapping[str, Any], path: Path) -> None:
    """Write models by name as extract.weights reads them.

    Binary models map feature to weight and are written so; label models map label to such a map and become `labels` and
    `rows`, which has a list of weights in the labels' order for each feature.
    """
    parts = (f"{json.dumps(name)}: {_text_of(model)}" for name, model in sorted(models.items()))
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _text_of(model: Mapping[str, Any]) -> str:
    if not any(isinstance(own, Mapping) for own in model.values()):
        return _lines(model)
    labels = sorted(model)
    features = {feature for own in model.values() for feature in own}
    rows = {feature: [model[label].get(feature, 0) for label in labels] for feature in features}
    return f'{{"labels": {json.dumps(labels)}, "rows": {_lines(rows)}}}'


def _lines(table: Mapping[str, Any]) -> str:
    lines = (
        f" {json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}"
        for name, value in sorted(table.items())
    )
    return "{\n" + ",\n".join(lines) + "\n}"
