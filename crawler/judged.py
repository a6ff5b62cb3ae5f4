"""What a crawl judged of each page, told again under another threshold, without fetching anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.relevance import default_threshold
from crawler.state import Remembered, archived_url, read_pages


class NothingJudgedError(ValueError):
    """There is no crawl whose pages could be listed; the message is one line."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The pages of a crawl from the most to the least relevant, and the threshold that they are held against."""

    pages: tuple[tuple[str, Remembered], ...]
    threshold: float

    @property
    def left_out(self) -> int:
        """How many pages are below the threshold."""
        return sum(not self._is_read(known) for _, known in self.pages)

    def lines(self) -> Iterator[str]:
        """A line a page: score, decision, address, reasons."""
        for url, known in self.pages:
            decision = "read" if self._is_read(known) else "left out"
            shown = "".join(c for c in archived_url(url) or url if c.isprintable())
            yield f"{known.relevance or 0.0:.2f}  {decision:8}  {shown}  {', '.join(known.reasons or ())}".rstrip()

    def _is_read(self, known: Remembered) -> bool:
        return (known.relevance or 0.0) >= self.threshold


def judged(state_dir: Path, threshold: float | None = None) -> Judged:
    """The pages that the crawl with this state has judged. Raises NothingJudgedError if there are none."""
    pages = read_pages(state_dir)
    if not pages:
        raise NothingJudgedError(f"{state_dir}: no page has been judged; crawl first")
    order = sorted(pages.items(), key=lambda page: (-(page[1].relevance or 0.0), page[0]))
    return Judged(tuple(order), default_threshold() if threshold is None else threshold)
