"""Fixtures of the database tests: real SQLite files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from build import database
from sqlite_utils import Database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A knowledge base with the reference data and no articles."""
    opened = database(tmp_path / "tieup.db")
    yield opened
    opened.close()
