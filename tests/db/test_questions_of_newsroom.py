"""The fifteen questions over the whole newsroom: the example that each is shown with has an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from served import ask, served

METADATA = Path(__file__).parents[2] / "metadata.yml"
QUESTIONS: dict[str, dict[str, Any]] = yaml.safe_load(METADATA.read_text(encoding="utf-8"))["databases"][
    "tieup"
]["queries"]


def test_there_are_fifteen() -> None:
    assert len(QUESTIONS) == 15


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_an_example_has_rows(name: str, newsroom_run: Any) -> None:
    assert ask(served(newsroom_run.path), name, **QUESTIONS[name]["example"])
