"""The sync feed: what other programs copy."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from build import database, load, report, rows, store
from sqlite_utils import Database
from world import news

from db.changes import ENTITIES, document, document_sql, last_seq
from db.load import remove_article
from db.merge import merge

FEED = (
    f"SELECT c.seq, c.entity, c.id, c.op, c.replaced_by, {document_sql()} FROM changes c"
    " WHERE c.seq > ? ORDER BY c.seq LIMIT ?"
)


class Consumer:
    """A program that keeps a copy by the rules of the feed."""

    def __init__(self) -> None:
        self.seq = 0
        self.copy: dict[tuple[str, str], Any] = {}
        self.moved: dict[str, str] = {}

    def sync(self, db: Database, *, pages: int | None = None) -> None:
        while page := rows(db, FEED, self.seq, 5):
            for self.seq, entity, id, op, replaced_by, text in page:
                if op == "upsert":
                    self.copy[entity, id] = json.loads(text)
                    continue
                assert text is None
                self.copy.pop((entity, id), None)
                if op == "merge":
                    self.moved[id] = replaced_by
            pages = pages - 1 if pages is not None else None
            if pages == 0:
                return


def everything(db: Database) -> dict[tuple[str, str], Any]:
    return {
        (entity, id): document(db, entity, id)
        for entity, table in ENTITIES.items()
        for (id,) in rows(db, f"SELECT id FROM {table}")
    }


def test_a_document_has_every_column_and_a_deals_has_its_parts(db: Database) -> None:
    load(db, *news(2))
    parts = {
        "parties": "deal_parties",
        "units": "deal_units",
        "areas": "deal_areas",
        "dates": "deal_dates",
        "events": "deal_events",
        "links": "deal_links",
        "articles": "deal_articles",
    }
    for (entity, id), found in everything(db).items():
        columns = {column.name for column in db[ENTITIES[entity]].columns}
        assert found.keys() == (columns | {*parts, "places"} if entity == "deal" else columns)
        row = next(iter(db[ENTITIES[entity]].rows_where("id = ?", [id])))
        for name in columns:
            assert found[name] == (json.loads(row[name]) if isinstance(found[name], list) else row[name])
        if entity != "deal":
            continue
        for part, table in parts.items():
            own = [
                {
                    k: json.loads(v) if k in ("roles", "details") and v else v
                    for k, v in row.items()
                    if k != "deal"
                }
                for row in db[table].rows_where("deal = ?", [id])
            ]
            assert sorted(map(str, found[part])) == sorted(map(str, own)), part
        assert found["places"] == [
            c for (c,) in rows(db, "SELECT country FROM deal_places WHERE deal = ?", id)
        ]
    assert document(db, "deal", "nothing") is None
    assert document(db, "planet", "earth") is None


def test_the_feed_has_one_row_for_everything_and_a_change_gives_it_a_new_number(db: Database) -> None:
    load(db, report("https://wire.example/1"))
    everyone = sorted(everything(db))
    assert sorted(rows(db, "SELECT entity, id FROM changes")) == everyone
    seq = last_seq(db)
    load(db, report("https://daily.example/1", published="2024-01-12", announced="2024-01-10"))
    assert rows(db, "SELECT entity, op FROM changes WHERE seq > ? ORDER BY seq", seq) == [
        ("article", "upsert"),
        ("deal", "upsert"),
    ]
    assert rows(db, "SELECT stated FROM about WHERE key = 'data_version'") == [(str(last_seq(db)),)]
    assert rows(db, "SELECT count(*) FROM changes") == [(len(everything(db)),)]


def test_a_load_that_changes_nothing_writes_nothing(db: Database) -> None:
    load(db, *news(1))
    seq = last_seq(db)
    load(db, *news(1))
    merge(db)
    assert last_seq(db) == seq


def test_a_claim_more_marks_its_deal_although_its_document_stays(db: Database) -> None:
    story, said = report("https://wire.example/1")
    load(db, (story, said))
    before, seq = document(db, "deal", "ocado-tesco-2024"), last_seq(db)
    [found] = said.deals
    from dataclasses import replace

    shorter = replace(found.claims[0], end_char=5, quote=story.article_body[:5], rule="model")
    load(db, (story, replace(said, deals=(replace(found, claims=(*found.claims, shorter)),))))
    after = document(db, "deal", "ocado-tesco-2024")
    assert before is not None
    assert after is not None
    assert {**before, "updated": 0} == {**after, "updated": 0}
    assert before["updated"] < after["updated"]
    assert rows(db, "SELECT entity, id FROM changes WHERE seq > ?", seq) == [("deal", "ocado-tesco-2024")]


def test_numbers_are_never_used_twice(db: Database) -> None:
    load(db, report("https://wire.example/1"))
    seen = {seq for (seq,) in rows(db, "SELECT seq FROM changes")}
    highest = last_seq(db)
    remove_article(db, "https://wire.example/1")
    merge(db)
    new = {seq for (seq,) in rows(db, "SELECT seq FROM changes WHERE seq > ?", highest)}
    assert new
    assert not new & seen


@pytest.mark.parametrize("seed", range(3))
def test_a_consumer_that_starts_in_the_middle_ends_with_exactly_what_the_database_has(
    tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    db = database(tmp_path / "tieup.db")
    # Two deals that a later report shows to be one, and one whose only report is taken out.
    days = ("2024-01-01", "2024-02-20")
    apart = [
        report(f"https://wire.example/{day}", "Kroger, Casino", announced=day, published=day) for day in days
    ]
    bridge = report(
        "https://daily.example/b", "Kroger, Casino", announced="2024-01-25", published="2024-03-01"
    )
    lonely = report("https://daily.example/c", "Kroger, Walmart")
    pairs = [*apart, lonely, *news(seed, 36), bridge]
    waiting, early, late = pairs[:], Consumer(), Consumer()
    step = 0
    while waiting:
        batch, waiting = waiting[:4], waiting[4:]
        store(db, *batch)
        early.sync(db, pages=rng.choice((1, 2, None)))
        merge(db)
        if step > 3:
            late.sync(db, pages=rng.choice((1, 3, None)))
        if rng.random() < 0.5:
            gone = rng.choice(pairs[3:-1])
            if remove_article(db, gone[0].url or ""):
                early.sync(db, pages=1)
                waiting += [gone] if rng.random() < 0.5 else []
                if rng.random() < 0.5:
                    merge(db)
        step += 1
    remove_article(db, lonely[0].url or "")
    merge(db)
    assert rows(
        db, "SELECT id, op FROM changes WHERE entity = 'deal' AND id LIKE '%kroger%' ORDER BY id"
    ) == [
        ("casino-kroger-2024", "upsert"),
        ("casino-kroger-2024-02", "merge"),
        ("kroger-walmart-2024", "delete"),
    ]
    for consumer in (early, late):
        consumer.sync(db)
        assert consumer.copy == everything(db)
    deals = {id for (id,) in rows(db, "SELECT id FROM deals")}
    for (target,) in rows(db, "SELECT replaced_by FROM changes WHERE op = 'merge'"):
        assert target in deals
    db.close()
