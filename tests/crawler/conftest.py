"""Fixtures of several files: the sample newsroom over HTTP, a client that asks nobody else, a site of one's own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from local_site import LocalSite, serve
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


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with serve(LocalSite()) as running:
        yield running
