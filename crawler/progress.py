"""How far a crawl is: bars on a terminal, a plain line now and then elsewhere; always on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

_WIDTH = 30
_EVERY = 50  # pages from one plain line to the next
_LISTED = 8  # sources that a terminal shows at once


@dataclass(slots=True)
class SourceReached:
    """How far one source is: requests known and done, articles handed on, problems."""

    known: int = 0
    done: int = 0
    articles: int = 0
    problems: int = 0

    @property
    def waiting(self) -> int:
        """Requests that are still to come, as far as is known."""
        return self.known - self.done


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a crawl is: requests done and waiting, articles handed on, pages left out as not relevant, problems.

    `sources` has the same by source (id) and grows while the crawl runs.
    """

    done: int
    waiting: int
    articles: int = 0
    irrelevant: int = 0
    problems: int = 0
    sources: Mapping[str, SourceReached] = field(default_factory=dict)


OnProgress = Callable[[Reached], None]


class Progress:
    """A context manager; its `update` is what `crawl` takes as `progress`."""

    def __init__(self, console: Console | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console or Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        self._clock = clock
        self._started = clock()
        self._last = Reached(0, 0)
        self._told = 0
        self._live = (
            Live(
                console=self._console,
                transient=True,
                refresh_per_second=4,
                redirect_stdout=False,
                get_renderable=self._picture,
            )
            if self._console.is_terminal
            else None
        )

    def __enter__(self) -> Self:
        self._started = self._clock()
        if self._live is not None:
            self._live.__enter__()
        return self

    def __exit__(self, *exit: object) -> None:
        if self._live is not None:
            self._live.stop()
            if self._last.done:
                self._console.print(self._line())

    def update(self, reached: Reached) -> None:
        """Show how far the crawl is now."""
        self._last = reached
        if self._live is None and reached.done - self._told >= _EVERY:
            self._console.print(self._line())
            self._told = reached.done

    def _line(self) -> str:
        reached = self._last
        seconds = self._clock() - self._started
        articles = f"{reached.articles} articles"
        if reached.irrelevant:
            found = reached.articles + reached.irrelevant
            articles = f"{reached.articles} of {found} articles relevant"
        parts = [f"{reached.done} pages", f"{reached.waiting} waiting", articles]
        if reached.problems:
            parts.append(f"{reached.problems} problems")
        return ", ".join([*parts, f"{reached.done / max(seconds, 0.001):.1f} pages/s"])

    def _picture(self) -> Group:
        reached = self._last
        table = Table.grid(padding=(0, 2))
        for name, source in _busiest(reached.sources):
            state = f"{_doing(source)}, {source.articles} articles"
            table.add_row(
                Text(f"  {name[:28]}"),
                ProgressBar(total=max(1, source.known), completed=source.done, width=_WIDTH),
                Text(state + (f", {source.problems} problems" if source.problems else "")),
            )
        if (more := len(reached.sources) - _LISTED) > 0:
            table.add_row(Text(f"  and {more} more"))
        total = ProgressBar(
            total=max(1, reached.done + reached.waiting), completed=reached.done, width=_WIDTH
        )
        return Group(total, Text(self._line()), table)


def _doing(source: SourceReached) -> str:
    """Whether a source is asked for its first answer, read, or through; more pages may turn up until the crawl ends."""
    if not source.done:
        return f"asked for {source.known} pages"
    return f"{source.done} of {source.known} pages" if source.waiting else f"all {source.known} pages"


def _busiest(sources: Mapping[str, SourceReached]) -> Iterator[tuple[str, SourceReached]]:
    """The sources with most to come, then those that are through, by name among equals."""
    # Sorting copies first, so the crawl may go on meanwhile: the display runs in a thread of its own.
    ranked = sorted(sources.items(), key=lambda item: (-item[1].waiting, item[0]))
    yield from ranked[:_LISTED]
