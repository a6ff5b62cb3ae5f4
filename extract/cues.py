"""Loads cues.yml: the words by which extraction reads news."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent


@cache
def load_cues() -> dict[str, Any]:
    """All sections of cues.yml, as written. Raises ValueError for a file that is no mapping."""
    with (_FOLDER / "cues.yml").open(encoding="utf-8") as file:
        cues = yaml.load(file, Loader=yaml.CSafeLoader)
    if not isinstance(cues, dict):
        raise ValueError("extract/cues.yml must be a mapping of sections")
    return cues


@cache
def words(section: str) -> frozenset[str]:
    """The entries of a section that is a list of words or phrases."""
    return frozenset(str(entry) for entry in load_cues()[section])
