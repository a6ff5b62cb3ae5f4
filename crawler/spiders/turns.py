"""Sitemaps and sections wait for their turn: each may lead to a thousand articles, and a request that waits takes room.

Feeds do not: they are short, and have the newest.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

from crawler.discover.links import ARTICLE, MAX_LINKS, SECTION, SITEMAP
from crawler.session import Task

MAX_WAITING = 2000
"""Articles: with more to come, no further listing is asked for of a site that has enough to do."""

# With fewer articles to come, a source's site would soon be asked for nothing while its next listing is on the way.
_FEW = 10


class Turns:
    """Who is asked now, and who later. Not thread-safe.

    At most `limit` articles and those of one listing wait, and more only for sites that would be idle else: a slow one
    does not hold up the others. Of what waits nothing is lost; it comes in its order among those of its site.
    """

    def __init__(self, limit: int = MAX_WAITING) -> None:
        self.limit = limit
        self._articles = Counter[str]()
        self._listings = Counter[str]()
        self._coming = 0
        self._later: dict[str, deque[Task]] = {}

    def take(self, task: Task) -> bool:
        """Whether a task is to be asked for now; if not, `due` gives it in time."""
        site = task.source.domain
        if _waits(task) and (site in self._later or not self._may_go(site)):
            self._later.setdefault(site, deque()).append(task)
            return False
        self._count(task, 1)
        return True

    def finish(self, task: Task) -> None:
        """A task that was asked for is done, however it ended; of a listing, what it led to was taken too."""
        self._count(task, -1)

    def due(self) -> Iterator[Task]:
        """The listings whose turn has come, to be asked for after each `finish`. Sites take turns."""
        while (site := next(filter(self._may_go, self._later), None)) is not None:
            waiting = self._later.pop(site)
            task = waiting.popleft()
            if waiting:
                self._later[site] = waiting
            self._count(task, 1)
            yield task

    def _may_go(self, site: str) -> bool:
        return self._coming < self.limit or (self._articles[site] < _FEW and not self._listings[site])

    def _count(self, task: Task, change: int) -> None:
        if task.link.kind == ARTICLE:
            self._articles[task.source.domain] += change
            self._coming += change
        elif _waits(task):
            self._listings[task.source.domain] += change
            # What a listing on its way leads to is not known: it counts as the most that it may be.
            self._coming += change * MAX_LINKS


def _waits(task: Task) -> bool:
    return task.link.kind in (SITEMAP, SECTION)
