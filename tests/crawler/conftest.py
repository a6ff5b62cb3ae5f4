"""Fixtures of the newsroom's tests: the sample articles served over HTTP, and a client that asks nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from newsroom_samples import ALL

from crawler.newsroom.server import Newsroom, serve_newsroom


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with serve_newsroom(0, ALL) as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as http:
        yield http
