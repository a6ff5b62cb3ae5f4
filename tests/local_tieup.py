"""`tieup` for which the publishers of a sources file are all at one port of this machine.

Usage: python local_tieup.py PORT COMMAND ...
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import tieup
from commands import articles, crawling, reading, sources


def stand_in(port: int) -> None:
    load, choose = reading.load_sources, reading.chosen_sources

    def local_sources(*args: Any) -> tuple[Any, ...]:
        return tuple(replace(source, domain=f"127.0.0.1:{port}", scheme="http") for source in load(*args))

    @contextlib.contextmanager
    def allowed(*args: Any) -> Iterator[tuple[Any, bool]]:
        with choose(*args) as (chosen, _):
            yield chosen, True

    for module in (articles, crawling, reading, sources):
        module.load_sources = local_sources  # type: ignore[attr-defined]
    reading.chosen_sources = sources.chosen_sources = allowed  # type: ignore[assignment]


if __name__ == "__main__":
    stand_in(int(sys.argv[1]))
    tieup.cli(sys.argv[2:], prog_name="tieup")
