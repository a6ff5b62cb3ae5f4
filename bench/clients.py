"""Fifty clients of `tieup serve` for a minute, one of them with queries that never end: `python -m bench.clients`.

Each client asks for page after page, without a pause. What the others wait for an answer is set against the same
without the heavy client, in the same run. Any answer but 200 is an error; the heavy client must be refused with 400.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import click
import httpx

ADDRESSES = (
    "/",
    "/news",
    "/tieup/deals",
    "/tieup/deals.json?_size=50&_nofacet=1&_nocount=1",
    "/tieup/sync.json?limit=100",
    "/tieup/companies.json?_sort=id",
    "/-/export/areas.csv",
    "/tieup/whats_new",
)
_HEAVY = "/tieup.json?sql=" + quote(
    "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c"
)
_PATIENCE_S = 60


@click.command()
@click.option(
    "--db", "path", type=click.Path(exists=True, path_type=Path), default="tieup.db", show_default=True
)
@click.option("--clients", default=50, show_default=True, help="All clients, the heavy one among them.")
@click.option("--seconds", default=60.0, show_default=True, help="How long each of the two turns is.")
def main(path: Path, clients: int, seconds: float) -> None:
    """Print answers a second, errors, and what 50, 95 and 100 per cent of the answers took at most."""
    python = f"Python {platform.python_version()}"
    click.echo(
        f"{date.today().isoformat()}, {platform.machine()}, {python}, {os.cpu_count()} cores, {clients} clients"
    )
    click.echo(f"{'':24} {'answers/s':>9} {'errors':>7} {'p50 ms':>7} {'p95 ms':>7} {'max ms':>7}")
    errors = 0
    with _served(path) as address:
        for heavy in (0, 1):
            taken, statuses, refused = asyncio.run(_turn(address, clients - heavy, heavy, seconds))
            wrong = sum(count for status, count in statuses.items() if status != 200)
            wrong += sum(count for status, count in refused.items() if status != 400)
            errors += wrong
            milliseconds = [1000 * each for each in sorted(taken)]
            half, most = (statistics.quantiles(milliseconds, n=20)[at] for at in (9, 18))
            name = "with a heavy client" if heavy else "all alike"
            row = f"{name:24} {len(taken) / seconds:9.1f} {wrong:7} {half:7.0f} {most:7.0f} {milliseconds[-1]:7.0f}"
            click.echo(row + (f"; {refused[400]} heavy queries refused" if heavy else ""))
    if errors:
        sys.exit(1)


async def _turn(
    address: str, clients: int, heavy: int, seconds: float
) -> tuple[list[float], Counter[int], Counter[int]]:
    """Seconds and status of every answer, and the statuses that the heavy clients got (0: none)."""
    taken: list[float] = []
    statuses, refused = Counter[int](), Counter[int]()
    end = time.monotonic() + seconds

    async def ask(path: str, counted: Counter[int]) -> None:
        try:
            counted[(await client.get(path)).status_code] += 1
        except httpx.HTTPError:
            counted[0] += 1

    async def reader(number: int) -> None:
        for path in itertools.islice(itertools.cycle(ADDRESSES), number % len(ADDRESSES), None):
            started = time.monotonic()
            if started > end:
                return
            await ask(path, statuses)
            taken.append(time.monotonic() - started)

    async def never_ends() -> None:
        while time.monotonic() < end:
            await ask(_HEAVY, refused)

    # A connection each, as if they were so many clients: to make as many of these takes longer than an answer.
    limits = httpx.Limits(max_connections=clients + heavy)
    async with httpx.AsyncClient(
        base_url=address, timeout=_PATIENCE_S, limits=limits, trust_env=False
    ) as client:
        await asyncio.gather(*map(reader, range(clients)), *(never_ends() for _ in range(heavy)))
    return taken, statuses, refused


@contextlib.contextmanager
def _served(path: Path) -> Iterator[str]:
    """The address of `tieup serve` on the knowledge base."""
    command = [sys.executable, "-m", "tieup", "serve", "--db", str(path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = re.search(r"http://\S+?(?=/ )", server.stdout.readline())
        try:
            if said is None:
                raise click.ClickException("tieup serve does not start")
            yield said[0]
        finally:
            server.send_signal(signal.SIGTERM)


if __name__ == "__main__":
    main()
