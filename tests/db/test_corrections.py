"""What a person decided stands, whatever is read later and however it is extracted."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from build import Pair, article, database, deal, extraction, load, report, rows
from processes import Tieup, assert_one_line
from served import ask, get, served
from sqlite_utils import Database

from db.corrections import CorrectionError, correct
from db.digest import digest
from db.export import export_public
from db.merge import merge
from db.pages.wording import when
from db.store import open_database

DEAL = "ocado-tesco-2024"
WHO = {"decided_by": "A. Editor", "reason": "The contract says so"}


def said_by(pipeline: str, *pairs: Pair) -> list[Pair]:
    """The same articles, extracted by another version of the pipeline."""
    return [(story, replace(said, pipeline=pipeline)) for story, said in pairs]


def facts(db: Database, id: str = DEAL) -> dict[str, object]:
    columns = (
        "type, instrument, status, phase, announced, announced_year, is_exclusive, scope, party_ids, area_ids"
    )
    return next(iter(db.query(f"SELECT {columns} FROM deals WHERE id = ?", [id])))


def three_parties(url: str, **options: object) -> Pair:
    story = article(url, "Tesco, Ocado and Ford teamed up.", published="2024-01-10")
    parties = dict.fromkeys(("Tesco", "Ocado", "Ford"), "partner")
    return story, extraction(story, deal(story, parties, **options))  # type: ignore[arg-type]


def test_a_correction_stands_after_everything_is_extracted_anew(db: Database) -> None:
    first = three_parties("https://wire.example/1", areas={"cloud_it": "planned", "ai_ml": "committed"})
    load(db, first)
    deal_id = rows(db, "SELECT id FROM deals")[0][0]
    for field, subject, stated in (
        ("type", None, "joint_venture"),
        ("instrument", None, "mou"),
        ("status", None, "terminated"),
        ("announced", None, "2023-12-24"),
        ("exclusive", None, "true"),
        ("scope", None, "12 stores in Wales"),
        ("party", "ford", "none"),
        ("area", "cloud_it", "none"),
        ("area", "digital_payments", "option"),
        ("area", "ai_ml", "exploring"),
    ):
        correct(db, deal_id, field, stated, subject=subject, **WHO)
    merge(db)
    decided = {
        "type": "joint_venture",
        "instrument": "mou",
        "status": "terminated",
        "phase": "ended",
        "announced": "2023-12-24",
        "announced_year": 2023,
        "is_exclusive": 1,
        "scope": "12 stores in Wales",
        "party_ids": '["tesco","ocado"]',
        "area_ids": '["ai_ml","digital_payments"]',
    }
    assert facts(db, deal_id) == decided
    assert rows(db, "SELECT area, commitment FROM deal_areas ORDER BY area") == [
        ("ai_ml", "exploring"),
        ("digital_payments", "option"),
    ]
    # A new version of the pipeline reads the same and another article, and sees things in another way.
    again = three_parties(
        "https://wire.example/1", type="acquisition", status="launched", instrument="term_sheet"
    )
    other = three_parties("https://daily.example/2", type="acquisition", areas={"cloud_it": "committed"})
    load(db, *said_by("tieup_en 0.2.0", again, other))
    assert rows(db, "SELECT DISTINCT pipeline FROM claims") == [("tieup_en 0.2.0",)]
    assert facts(db, deal_id) == decided
    # What articles say stays beside it, and is not what is shown.
    assert rows(db, "SELECT DISTINCT stated, is_chosen FROM claims WHERE field = 'type'") == [
        ("acquisition", 0)
    ]
    assert rows(db, "SELECT is_chosen FROM claims WHERE field = 'party' AND stated = 'ford'") == [(0,), (0,)]


def test_a_value_that_articles_state_too_is_chosen_by_the_correction(db: Database) -> None:
    load(db, report("https://wire.example/1", instrument="mou"), report("https://daily.example/1"))
    correct(db, DEAL, "instrument", "mou", **WHO)
    correct(db, DEAL, "status", "announced", **WHO)
    merge(db)
    assert rows(
        db, "SELECT DISTINCT field, stated, chosen_by FROM claims WHERE chosen_by = 'correction'"
    ) == [
        ("instrument", "mou", "correction"),
        ("status", "announced", "correction"),
    ]
    assert rows(db, "SELECT edtf, is_chosen FROM deal_dates WHERE role = 'announced'") == [("2024-01-10", 1)]


def test_the_last_decision_counts_and_may_be_withdrawn(db: Database) -> None:
    load(db, report("https://wire.example/1"))
    before, seq = digest(db), rows(db, "SELECT max(seq) FROM changes")[0][0]
    for stated in ("joint_venture", "acquisition"):
        correct(db, DEAL, "type", stated, **WHO)
        merge(db)
        assert facts(db)["type"] == stated
    # Programs that follow the feed are told, once for each change.
    assert rows(db, "SELECT id FROM changes WHERE seq > ? AND entity = 'deal'", seq) == [(DEAL,)]
    correct(db, DEAL, "type", None, **WHO)
    merge(db)
    assert digest(db) == before
    assert rows(db, "SELECT stated FROM corrections ORDER BY id") == [
        ("joint_venture",),
        ("acquisition",),
        (None,),
    ]


def test_a_deal_that_is_none_is_taken_out_and_stays_out(db: Database) -> None:
    load(db, report("https://wire.example/1"), report("https://wire.example/2", "Casino, Ocado"))
    correct(db, DEAL, "deal", "none", **WHO)
    merge(db)
    load(db, *said_by("tieup_en 0.2.0", report("https://wire.example/1")), report("https://daily.example/3"))
    assert rows(db, "SELECT id FROM deals") == [("casino-ocado-2024",)]
    assert rows(db, "SELECT op, replaced_by FROM changes WHERE id = ?", DEAL) == [("delete", None)]
    assert rows(db, "SELECT deals, is_deal_news FROM articles WHERE url LIKE '%/1'") == [(0, 0)]
    assert rows(db, "PRAGMA foreign_key_check") == []
    correct(db, DEAL, "deal", None, **WHO)
    merge(db)
    assert rows(db, "SELECT id FROM deals ORDER BY id") == [("casino-ocado-2024",), (DEAL,)]


def test_a_correction_follows_a_deal_that_proves_to_be_part_of_another(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", published="2024-01-10"),
        report("https://daily.example/1", published="2024-06-10"),
    )
    old, new = "ocado-tesco-2024-06", DEAL
    assert [id for (id,) in rows(db, "SELECT id FROM deals ORDER BY id")] == [new, old]
    correct(db, old, "type", "joint_venture", **WHO)
    merge(db)
    load(db, report("https://daily.example/1", published="2024-06-10", announced="2024-01-10"))
    assert rows(db, "SELECT id, type FROM deals") == [(new, "joint_venture")]
    merge(db)
    assert rows(db, "SELECT id, type FROM deals") == [(new, "joint_venture")]


@pytest.mark.parametrize(
    ("deal_id", "field", "subject", "stated", "who", "said"),
    [
        ("no-such-deal", "type", None, "mou", {}, "there is no such deal"),
        (DEAL, "title", None, "x", {}, "title: cannot be corrected; there are deal, party:ID, type"),
        (DEAL, "party", None, "none", {}, "party: cannot be corrected; there are deal, party:ID"),
        (DEAL, "type", None, "marriage", {}, "'marriage': is no value of type; there are strategic_alliance"),
        (DEAL, "type", None, "none", {}, "'none': is no value of type"),
        (DEAL, "announced", None, "last week", {}, "is no value of announced; there are a date such as"),
        (DEAL, "area", "astrology", "planned", {}, "astrology: is no id of the table areas"),
        (DEAL, "party", "casino", "none", {}, "casino: is no party of ocado-tesco-2024; there are"),
        (DEAL, "party", "tesco", "none", {}, "has two parties only, so without tesco it is none"),
        (DEAL, "party", "tesco", "partner", {}, "'partner': is no value of party; there are none"),
        (DEAL, "type", None, None, {}, "no correction of type is in force"),
        (DEAL, "type", None, "joint_venture", {"reason": " "}, "say why in a line"),
        (DEAL, "type", None, "joint_venture", {"decided_by": ""}, "say who decided in a line"),
        (DEAL, "scope", None, "x" * 501, {}, "say the scope in a line of at most 500 characters"),
    ],
)
def test_what_cannot_be_corrected_is_refused_in_one_line(
    db: Database,
    deal_id: str,
    field: str,
    subject: str | None,
    stated: str | None,
    who: dict[str, str],
    said: str,
) -> None:
    load(db, report("https://wire.example/1"))
    with pytest.raises(CorrectionError) as refused:
        correct(db, deal_id, field, stated, subject=subject, **(WHO | who))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert rows(db, "SELECT count(*) FROM corrections") == [(0,)]


def test_a_knowledge_base_of_an_earlier_version_gets_the_table(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    database(path).close()
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("DROP TABLE corrections")
        plain.execute("DELETE FROM _sqlite_migrations WHERE name = 'let_people_correct'")
    with closing(open_database(path)) as db:
        load(db, report("https://wire.example/1"))
        correct(db, DEAL, "type", "joint_venture", **WHO)


def test_a_public_file_does_not_say_who_decided(db: Database, tmp_path: Path) -> None:
    load(db, report("https://wire.example/1"))
    correct(db, DEAL, "type", "joint_venture", **WHO)
    merge(db)
    export_public(db, tmp_path / "public.db")
    assert b"A. Editor" not in (tmp_path / "public.db").read_bytes()
    with closing(open_database(tmp_path / "public.db")) as public:
        assert rows(public, "SELECT type FROM deals") == [("joint_venture",)]
        assert rows(public, "SELECT decided_by, reason FROM corrections") == [("", WHO["reason"])]


# ---------------------------------------------------------------- the page, the command, and nothing else


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tieup.db"
    with closing(database(path)) as db:
        load(db, report("https://wire.example/1", instrument="mou"), report("https://daily.example/1"))
    return path


def test_the_page_of_a_deal_says_what_was_corrected_by_whom_when_and_why(path: Path) -> None:
    with closing(open_database(path)) as db:
        correct(db, DEAL, "type", "joint_venture", decided_by="<b>Editor", reason="<script>alert(1)</script>")
        correct(db, DEAL, "area", "option", subject="ai_ml", **WHO)
        merge(db)
        day = when(rows(db, "SELECT decided_at FROM corrections")[0][0][:10])
    html = get(served(path), f"/tieup/deals/{DEAL}").text
    assert "2 facts corrected by people" in html
    note = f"Corrected by &lt;b&gt;Editor, {day}: &lt;script&gt;alert(1)&lt;/script&gt;"
    assert html.count(note) == 1
    assert "<script>alert" not in html
    assert '<p class="value">Joint venture</p>' in html
    assert "The contract says so" in html
    # What the articles say stays to be seen.
    assert "<strong>Otherwise:</strong> Technology agreement" in html
    listed = ask(served(path), "corrections")
    assert [(row["field"], row["subject"], row["stated"]) for row in listed] == [
        ("area", "ai_ml", "option"),
        ("type", None, "joint_venture"),
    ]


def test_the_command_corrects_and_withdraws(path: Path, inline: Tieup) -> None:
    who = ("--by", "A. Editor", "--reason", "Both say so", "--db", path)
    done = inline("correct", DEAL, "status", "expired", *who)
    assert (done.returncode, done.stdout) == (0, f"{DEAL}: 1 deal changed, 0 deals taken out\n")
    with closing(open_database(path)) as db:
        assert facts(db)["status"] == "expired"
    for words, said in (
        (("correct", DEAL, "status", "dead", *who), "'dead': is no value of status"),
        (("correct", "x", "status", "expired", *who), "x: there is no such deal"),
        (("correct", DEAL, "status", *who), "say either VALUE or --withdraw"),
        (("correct", DEAL, "status", "expired", *who[:-1], path.with_name("none.db")), "no knowledge base"),
    ):
        assert_one_line(inline(*words), said)
    assert not path.with_name("none.db").exists()
    done = inline("correct", DEAL, "status", "--withdraw", *who)
    assert (done.returncode, done.stdout) == (0, f"{DEAL}: 1 deal changed, 0 deals taken out\n")
    with closing(open_database(path)) as db:
        assert facts(db)["status"] == "announced"


def test_nobody_corrects_anything_over_the_web(path: Path) -> None:
    """There is no route that writes, so neither a log-in, a forged form nor somebody's token opens one."""
    datasette = served(path)
    form = {"deal": DEAL, "field": "type", "stated": "joint_venture", "csrftoken": "forged", "_method": "PUT"}
    headers = {"Authorization": "Bearer dstok_forged", "Cookie": "ds_actor=forged; ds_csrftoken=forged"}
    with closing(sqlite3.connect(path)) as db:
        before = list(db.iterdump())
    for address in (
        "/",
        "/tieup",
        "/tieup/deals",
        f"/tieup/deals/{DEAL}",
        "/tieup/corrections",
        "/tieup/corrections/-/insert",
        f"/tieup/deals/{DEAL}/-/update",
        "/-/correct",
        "/-/review",
        "/news",
    ):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = asyncio.run(datasette.client.request(method, address, data=form, headers=headers))
            assert 400 <= answer.status_code < 500, (method, address, answer.status_code)
        get(datasette, f"{address}?{urlencode(form)}", headers=headers)
    insert = "insert into corrections(deal) values ('x')"
    assert get(datasette, f"/tieup.json?{urlencode({'sql': insert})}").status_code == 400
    with closing(sqlite3.connect(path)) as db:
        assert list(db.iterdump()) == before
