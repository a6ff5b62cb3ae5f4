"""Short ways to ask a real Datasette on a real file, in one line each."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from datasette.app import Datasette

from db.serve import build_datasette


@cache
def served(path: Path, **options: Any) -> Datasette:
    """Datasette as `tieup serve` runs it, one for each file: its first answer is slow."""
    return build_datasette(path, **options)


def get(datasette: Datasette, path: str, **options: Any) -> httpx.Response:
    """The answer to one GET request; redirects are not followed."""
    answer: httpx.Response = asyncio.run(datasette.client.get(path, **options))
    return answer


def ask(datasette: Datasette, query: str, **parameters: object) -> list[dict[str, Any]]:
    """The rows of a canned query or table as objects."""
    answer = get(datasette, f"/tieup/{query}.json?{urlencode({**parameters, '_shape': 'objects'})}")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def error(answer: httpx.Response, status: int) -> str:
    """The message of a JSON answer that refuses with this status."""
    assert answer.status_code == status, answer.text[:500]
    message: str = answer.json()["error"]
    return message
