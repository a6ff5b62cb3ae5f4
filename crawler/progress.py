"""How far a crawl is: bars on a terminal, a plain line now and then elsewhere; always on standard error."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

_WIDTH = 30
_EVERY = 50  # pages from one plain line to the next
_LISTED = 8  # sources that a terminal shows at once
_TOLD = 10  # plain lines on what holds one source: a server may change its mind with every answer
_HELD = 20  # sources of which the end says what held them
_SLOW = 5.0  # seconds between two requests from which on a source counts as held


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing is asked of a host: until when (seconds since the epoch), or None for the rest of the run."""

    reason: str
    until: float | None = None


@dataclass(slots=True)
class SourceReached:
    """How far one source is: requests known and done, articles handed on, problems; and what holds it.

    `forbidden` are requests that robots.txt forbids, `delay` is seconds between two requests, `holds` are by host.
    """

    known: int = 0
    done: int = 0
    articles: int = 0
    problems: int = 0
    forbidden: int = 0
    delay: float = 0.0
    holds: Mapping[str, Hold] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Requests that are still to come, as far as is known."""
        return self.known - self.done

    def holding(self, now: float) -> tuple[Hold, ...]:
        """The holds that are not over; the same of several hosts once."""
        lasting = [hold for hold in self.holds.values() if hold.until is None or hold.until > now]
        return tuple(dict.fromkeys(lasting))


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
    """A context manager; its `update` is what `crawl` takes as `progress`.

    `clock` measures how long it takes, `now` is the time of day that a source may have to wait for.
    """

    def __init__(
        self,
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._console = console or Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        self._clock = clock
        self._now = now
        self._held_by: dict[str, _HeldBy] = {}
        self._lines_of: Counter[str] = Counter()
        self._just_told: set[str] = set()  # lines on sources since the last on how far the crawl is
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
        self._tell_held()

    def update(self, reached: Reached) -> None:
        """Show how far the crawl is now."""
        self._last = reached
        if self._live is not None:
            return
        self._tell_changes()
        if reached.done - self._told >= _EVERY:
            self._console.print(self._line())
            self._told = reached.done
            self._just_told.clear()

    def _tell_changes(self) -> None:
        """A line for each source that something holds now, or holds no longer."""
        now = self._now()
        for name, source in self._last.sources.items():
            # Most are held by nothing, and this is asked after each page.
            if not (source.holds or source.forbidden or source.delay >= _SLOW or name in self._held_by):
                continue
            held_by = _held_by(source, now)
            if held_by == self._held_by.get(name, _BY_NOTHING) or self._lines_of[name] >= _TOLD:
                continue
            self._held_by[name] = held_by
            self._lines_of[name] += 1
            goes_on = ["goes on"] if held_by == _BY_NOTHING else []
            line = f"{name}: {', '.join([*goes_on, *_words(source, now)])}"
            self._just_told.add(line)
            self._print(line)

    def _tell_held(self) -> None:
        """What held sources to the end, unless the last lines say so."""
        now = self._now()
        lines = [
            f"{name}: {', '.join(_words(source, now))}"
            for name, source in self._last.sources.items()
            if _held_by(source, now) != _BY_NOTHING
        ]
        held = [line for line in lines if line not in self._just_told]
        for line in held[:_HELD]:
            self._print(line)
        if (more := len(held) - _HELD) > 0:
            self._print(f"and {more} more sources were held")

    def _print(self, line: str) -> None:
        self._console.print(line, soft_wrap=True)

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
        now = self._now()
        for name, source in _busiest(reached.sources):
            state = [_doing(source), f"{source.articles} articles"]
            if source.problems:
                state.append(f"{source.problems} problems")
            table.add_row(
                Text(f"  {name[:28]}"),
                ProgressBar(total=max(1, source.known), completed=source.done, width=_WIDTH),
                Text(", ".join([*state, *_words(source, now)])),
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


_HeldBy = tuple[frozenset[str], bool, bool]
_BY_NOTHING: _HeldBy = (frozenset(), False, False)


def _held_by(source: SourceReached, now: float) -> _HeldBy:
    """What holds a source, without the numbers: as long as it is the same, there is no news."""
    reasons = frozenset(hold.reason for hold in source.holding(now))
    return reasons, source.forbidden > 0, source.delay >= _SLOW


def _words(source: SourceReached, now: float) -> Iterator[str]:
    for hold in source.holding(now):
        # As a clock on the wall shows it.
        until = f" until {datetime.fromtimestamp(hold.until):%H:%M:%S}" if hold.until is not None else ""
        yield _one_line(hold.reason) + until
    if source.forbidden:
        yield f"{source.forbidden} forbidden by robots.txt"
    if source.delay >= 0.05:
        yield f"{source.delay:.1f} s from request to request"


def _one_line(text: str) -> str:
    """A reason may quote a server: no control or formatting characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def _busiest(sources: Mapping[str, SourceReached]) -> Iterator[tuple[str, SourceReached]]:
    """The sources with most to come, then those that are through, by name among equals."""
    # Sorting copies first, so the crawl may go on meanwhile: the display runs in a thread of its own.
    ranked = sorted(sources.items(), key=lambda item: (-item[1].waiting, item[0]))
    yield from ranked[:_LISTED]
