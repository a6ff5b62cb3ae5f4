"""Ids of deals: how they are made, that they stay, what becomes of those that go."""

from __future__ import annotations

from build import article, deal, extraction, load, report, rows
from sqlite_utils import Database

from db.load import remove_article
from db.merge import merge


def _ids(db: Database) -> list[str]:
    return [id for (id,) in rows(db, "SELECT id FROM deals ORDER BY id")]


def _feed(db: Database, *ids: str) -> list[tuple[str, str, str | None]]:
    marks = ", ".join("?" * len(ids))
    return rows(db, f"SELECT id, op, replaced_by FROM changes WHERE id IN ({marks}) ORDER BY id", *ids)


def test_ids_take_year_then_month_then_day_then_a_number(db: Database) -> None:
    days = ("2024-01-01", "2024-03-05", "2024-05-10", "2024-07-15")
    load(db, *(report(f"https://wire.example/{n}", announced=day) for n, day in enumerate(days)))
    assert _ids(db) == [
        "ocado-tesco-2024",
        "ocado-tesco-2024-03",
        "ocado-tesco-2024-05",
        "ocado-tesco-2024-07",
    ]
    for number, day in enumerate(("2024-01-01", "2024-09-05", "2024-09", "2024", None), 10):
        load(db, report(f"https://wire.example/{number}", "Tesco, Ocado, Walmart", announced=day))
    for number in range(20, 23):
        story = article(f"https://wire.example/{number}")
        parties = {"Kroger": "retailer", "Google": "partner"}
        deals = [deal(story, parties, announced="2024-02-03") for _ in range(4)]
        load(db, (story, extraction(story, *deals)))
    assert rows(
        db, "SELECT id, announced, article_count FROM deals WHERE id NOT LIKE 'ocado-tesco%' ORDER BY id"
    ) == [
        ("google-kroger-2024", "2024-02-03", 3),
        ("google-kroger-2024-02", "2024-02-03", 3),
        ("google-kroger-2024-02-03", "2024-02-03", 3),
        ("google-kroger-2024-02-03-2", "2024-02-03", 3),
    ]
    assert _ids(db)[4:] == [
        "ocado-tesco-2024",
        "ocado-tesco-2024-03",
        "ocado-tesco-2024-05",
        "ocado-tesco-2024-07",
        "ocado-tesco-2024-09",
        "ocado-tesco-2024-2",
        "ocado-tesco-undated",
    ]


def test_main_deals_are_named_before_recalled_ones(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", announced="2024-01-05", main=False),
        report("https://wire.example/2", announced="2024-06-05"),
    )
    assert rows(db, "SELECT id, announced FROM deals ORDER BY id") == [
        ("ocado-tesco-2024", "2024-06-05"),
        ("ocado-tesco-2024-01", "2024-01-05"),
    ]


def test_the_first_two_parties_in_the_alphabet_make_the_id(db: Database) -> None:
    load(db, report("https://wire.example/1", "Walmart, El Corte Inglés, Alibaba", announced=None))
    assert _ids(db) == ["alibaba-el-corte-ingles-undated"]


def test_a_later_article_never_renames_a_deal(db: Database) -> None:
    load(db, report("https://wire.example/1", announced="2024-06-05"))
    load(db, report("https://wire.example/2", announced="2024-01-05"))
    load(db, report("https://daily.example/1", "Tesco, Ocado, Casino", announced="2024-06-01"))
    load(db, report("https://trade.example/1", "Tesco, Ocado, Casino", announced="2024-06-01"))
    assert rows(db, "SELECT id, announced, party_ids FROM deals ORDER BY id") == [
        ("ocado-tesco-2024", "2024-06-01", '["tesco","ocado","casino"]'),
        ("ocado-tesco-2024-01", "2024-01-05", '["tesco","ocado"]'),
    ]
    assert rows(db, "SELECT id, party_ids, earliest FROM deal_ids ORDER BY id") == [
        ("ocado-tesco-2024", '["ocado","tesco"]', "2024-06-05"),
        ("ocado-tesco-2024-01", '["ocado","tesco"]', "2024-01-05"),
    ]


def test_a_deal_whose_date_is_corrected_far_away_keeps_its_id(db: Database) -> None:
    load(db, report("https://wire.example/1", body="Tesco and Ocado met.", announced="2024-06-05"))
    load(db, report("https://wire.example/1", body="Tesco and Ocado met!", announced="2021-01-05"))
    assert rows(db, "SELECT id, announced FROM deals") == [("ocado-tesco-2024", "2021-01-05")]


def test_deals_that_prove_to_be_one_leave_a_redirect_one_step_long(db: Database) -> None:
    load(db, report("https://wire.example/1", announced="2024-01-01"))
    load(db, report("https://wire.example/2", announced="2024-02-20"))
    load(db, report("https://wire.example/3", announced="2024-04-10"))
    names = ["ocado-tesco-2024", "ocado-tesco-2024-02", "ocado-tesco-2024-04"]
    assert _ids(db) == names
    load(db, report("https://daily.example/1", announced="2024-03-15"))
    assert _ids(db) == names[:2]
    assert _feed(db, *names) == [
        (names[0], "upsert", None),
        (names[1], "upsert", None),
        (names[2], "merge", names[1]),
    ]
    load(db, report("https://daily.example/2", announced="2024-01-25"))
    assert _ids(db) == names[:1]
    assert _feed(db, *names) == [
        (names[0], "upsert", None),
        (names[1], "merge", names[0]),
        (names[2], "merge", names[0]),
    ]
    # The claims went along, and the register forgets nothing.
    assert rows(db, "SELECT count(DISTINCT article), count(DISTINCT deal) FROM claims") == [(5, 1)]
    assert [id for (id,) in rows(db, "SELECT id FROM deal_ids ORDER BY id")] == names


def test_a_redirect_whose_target_goes_becomes_a_deletion_and_an_id_comes_back_for_the_same_deal(
    db: Database,
) -> None:
    first, second = (
        report("https://wire.example/1", announced="2024-01-01"),
        report("https://wire.example/2", announced="2024-02-20"),
    )
    bridge = report("https://daily.example/2", announced="2024-01-25")
    load(db, first)
    load(db, second)
    load(db, bridge)
    assert _feed(db, "ocado-tesco-2024-02") == [("ocado-tesco-2024-02", "merge", "ocado-tesco-2024")]
    for story, _ in (first, second, bridge):
        remove_article(db, story.url or "")
    merge(db)
    assert _ids(db) == []
    assert _feed(db, "ocado-tesco-2024", "ocado-tesco-2024-02") == [
        ("ocado-tesco-2024", "delete", None),
        ("ocado-tesco-2024-02", "delete", None),
    ]
    load(db, second)
    assert _ids(db) == ["ocado-tesco-2024-02"]
    assert _feed(db, "ocado-tesco-2024-02") == [("ocado-tesco-2024-02", "upsert", None)]


def test_a_deal_that_falls_apart_keeps_its_id_on_the_older_part(db: Database) -> None:
    bridge = report("https://daily.example/2", announced="2024-01-25")
    load(
        db,
        report("https://wire.example/1", announced="2024-01-01"),
        report("https://wire.example/2", announced="2024-02-20"),
        bridge,
    )
    assert _ids(db) == ["ocado-tesco-2024"]
    remove_article(db, bridge[0].url or "")
    merge(db)
    assert rows(db, "SELECT id, announced FROM deals ORDER BY id") == [
        ("ocado-tesco-2024", "2024-01-01"),
        ("ocado-tesco-2024-02", "2024-02-20"),
    ]
