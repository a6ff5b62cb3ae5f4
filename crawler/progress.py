"""How far a crawl is: a bar on a terminal, a plain line now and then elsewhere; always on standard error."""

from __future__ import annotations

import sys
from typing import Self

_WIDTH = 30
_EVERY = 50


class Progress:
    """A context manager; its `update` is what `crawl` takes as `progress`."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._last = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_terminal and self._last:
            sys.stderr.write("\n")

    def update(self, done: int, waiting: int) -> None:
        """`done` pages are fetched, `waiting` are known to come."""
        if self._is_terminal:
            filled = _WIDTH * done // max(1, done + waiting)
            bar = "#" * filled + "-" * (_WIDTH - filled)
            sys.stderr.write(f"\r  [{bar}] {done} pages, {waiting} waiting   ")
            sys.stderr.flush()
            self._last = done
        elif done - self._last >= _EVERY:
            sys.stderr.write(f"{done} pages, {waiting} waiting\n")
            self._last = done
