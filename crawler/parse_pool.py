"""Parsing beside fetching: a few processes, the workers, parse pages and long listings while the crawl goes on.

A worker starts when it is needed, one a core at most. One that dies or takes too long costs the page that it had, and
the next page starts another. Workers end when the crawl does, however it ends: their input ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from crawler.parse_worker import TOO_LONG, ListingToRead, PageToParse, Parsed

COMMAND = (sys.executable, "-P", "-m", "crawler.parse_worker")
_PAGES_EACH = 2000
"""After so many pages a process is replaced: what its libraries keep of each page goes with it."""


class WorkerDied(RuntimeError):
    """No worker could be started, or the one that had a page came to its end; the message says how."""


class NotWanted(Exception):
    """A page was not parsed, since the crawl came to its end first."""


class ParsePool:
    """At most `size` workers, one a core by default. To be used in one event loop, and closed there."""

    def __init__(self, size: int | None = None) -> None:
        self._free = asyncio.Semaphore(size or cores())
        self._idle: list[Worker] = []

    @contextlib.asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """A worker for one page, as soon as one is free. Raises WorkerDied if none can be started."""
        async with self._free:
            # The one that was used last: where one is enough, no second is started.
            worker = self._idle.pop() if self._idle else await _start()
            try:
                yield worker
            finally:
                if worker.is_busy or worker.pages >= _PAGES_EACH:
                    await worker.end()
                else:
                    self._idle.append(worker)

    async def parse(
        self, page: PageToParse | ListingToRead, is_wanted: Callable[[], bool] = lambda: True
    ) -> Parsed:
        """Parse one page or listing, as soon as a worker is free; that the worker died is in the answer.

        Raises NotWanted if by then the page `is_wanted` no longer.
        """
        if not is_wanted():
            raise NotWanted
        try:
            async with self.worker() as worker:
                if not is_wanted():
                    raise NotWanted
                return await worker.parse(page)
        except WorkerDied as error:
            return Parsed(failed=str(error))

    async def close(self) -> None:
        """End the idle workers; to be called when no page is being parsed."""
        while self._idle:
            await self._idle.pop().end()


class Worker:
    """One process; `pages` counts those that it had, `is_busy` says that it has not answered yet."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pages = 0
        self.is_busy = False

    async def parse(self, page: PageToParse | ListingToRead) -> Parsed:
        """Parse one page. Raises WorkerDied, after which the worker is of no use."""
        requests, answers = self.process.stdin, self.process.stdout
        assert requests is not None
        assert answers is not None
        self.pages += 1
        self.is_busy = True
        try:
            requests.write(pickle.dumps(page, pickle.HIGHEST_PROTOCOL))
            await requests.drain()
            length = int.from_bytes(await answers.readexactly(8), "big")
            parsed: Parsed = pickle.loads(await answers.readexactly(length))
        except (OSError, asyncio.IncompleteReadError):
            raise WorkerDied(_how(await self.process.wait())) from None
        self.is_busy = False
        return parsed

    async def end(self) -> None:
        """Kill it: it has nothing to lose."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


async def _start() -> Worker:
    # The package is found where this one was; a folder of its name where the user stands is not.
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    try:
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
            # Ctrl-C is for the crawl, which ends its workers when it has what they still bring.
            start_new_session=True,
        )
    except OSError as error:
        raise WorkerDied(f"no process could be started to read it: {error.strerror}") from None
    return Worker(process)


def _how(code: int) -> str:
    if -code in TOO_LONG:
        return "the page took too long to read"
    end = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"the process that read the page ended with {end}"


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
