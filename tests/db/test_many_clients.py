"""Fifty clients at once, one of them with queries that never end: everybody else is answered, without an error."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from build import database, load
from datasette.app import Datasette
from world import news

from db.serve import build_datasette

CLIENTS = 50
ADDRESSES = (
    "/",
    "/news",
    "/tieup/deals",
    "/tieup/deals.json?_facet_link=area",
    "/tieup/current_partners?company=tesco",
    "/tieup/companies/tesco",
    "/tieup/sync.json",
    "/-/export/deal_list.csv",
)
HEAVY = "/tieup.json?sql=" + quote(
    "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c"
)


def test_fifty_clients_are_answered_beside_one_with_heavy_queries(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    with closing(database(path)) as db:
        load(db, *news(7, 20))
    datasette = build_datasette(path)
    answered, refused = asyncio.run(all_clients(datasette))
    datasette.get_database("tieup").close()
    assert sum(map(len, answered.values())) == CLIENTS - 1
    assert {address: set(statuses) for address, statuses in answered.items()} == {a: {200} for a in ADDRESSES}
    assert {(status, "too long" in text) for status, text in refused} == {(400, True)}


async def all_clients(datasette: Datasette) -> tuple[dict[str, list[int]], list[tuple[int, str]]]:
    """The statuses that the others got, by address, and what the heavy client was told until they were done."""
    answered: dict[str, list[int]] = {address: [] for address in ADDRESSES}
    refused: list[tuple[int, str]] = []
    await datasette.client.get("/")

    async def reader(number: int) -> None:
        address = ADDRESSES[number % len(ADDRESSES)]
        answer = await datasette.client.get(address)
        answered[address].append(answer.status_code)

    async def heavy() -> None:
        while True:
            answer = await datasette.client.get(HEAVY)
            refused.append((answer.status_code, answer.text))

    never_ends = asyncio.create_task(heavy())
    await asyncio.gather(*map(reader, range(CLIENTS - 1)))
    while not refused:
        await asyncio.sleep(0)
    never_ends.cancel()
    await asyncio.gather(never_ends, return_exceptions=True)
    return answered, refused
