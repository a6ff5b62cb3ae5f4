"""What holds for every knowledge base, whatever was loaded: evidence re-reads, every cell has a claim."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from build import article, database, deal, extraction, load, report, rows
from sqlite_utils import Database
from world import news

from db.digest import digest
from db.load import store_article
from db.merge import merge
from db.store import DatabaseError

EMPTY = {
    "a claim's span re-reads": "SELECT c.id FROM claims c LEFT JOIN article_texts t USING (version, part)"
    " WHERE substr(t.text, c.start_char + 1, c.end_char - c.start_char) IS NOT c.quote",
    "a mention's span re-reads": "SELECT m.id FROM mentions m LEFT JOIN article_texts t USING (version,"
    " part)"
    " WHERE substr(t.text, m.start_char + 1, m.end_char - m.start_char) IS NOT m.surface",
    "a date's span re-reads": "SELECT m.id FROM date_mentions m LEFT JOIN article_texts t USING"
    " (version, part)"
    " WHERE substr(t.text, m.start_char + 1, m.end_char - m.start_char) IS NOT m.surface",
    "claims quote headline and body only": "SELECT id FROM claims WHERE part NOT IN ('headline',"
    " 'article_body')",
    "a chosen claim names its rule": "SELECT id FROM claims WHERE is_chosen <> (chosen_by IS NOT NULL)",
    "only claims of current versions are chosen": "SELECT c.id FROM claims c JOIN article_versions v ON"
    " v.id = c.version"
    " WHERE c.is_chosen AND NOT v.is_current",
    "an article has one current version": "SELECT id FROM articles a WHERE a.version IS NOT"
    " (SELECT group_concat(id) FROM article_versions WHERE article = a.id AND is_current)",
    "a deal has two parties": "SELECT id FROM deals d WHERE (SELECT count(*) FROM deal_parties WHERE"
    " deal = d.id) < 2",
    "a deal has an event, an article and an id in the register": "SELECT id FROM deals d WHERE NOT"
    " (EXISTS (SELECT 1 FROM deal_events WHERE deal = d.id) AND EXISTS (SELECT 1 FROM deal_articles"
    " WHERE deal = d.id)"
    " AND EXISTS (SELECT 1 FROM deal_ids WHERE id = d.id))",
    "a party is not a unit as well": "SELECT deal FROM deal_parties p JOIN deal_units u USING (deal)"
    " WHERE u.unit = p.company",
    "a unit belongs to a party": "SELECT deal FROM deal_units u WHERE party NOT IN"
    " (SELECT company FROM deal_parties WHERE deal = u.deal)",
    "one date of each role is chosen": "SELECT deal FROM deal_dates GROUP BY deal, role HAVING"
    " sum(is_chosen) <> 1",
    "dates have bounds in order": "SELECT deal FROM deal_dates WHERE earliest > latest",
    "an id is a slug": "SELECT id FROM deals WHERE id GLOB '*[^a-z0-9-]*' OR id GLOB '*--*' OR id GLOB '-*'",
    "no deal links to itself": "SELECT deal FROM deal_links WHERE deal = other_deal",
    "single values have a claim": "SELECT d.id FROM deals d,"
    " (SELECT 'type' AS field UNION SELECT 'instrument' UNION SELECT 'status') f"
    " WHERE NOT EXISTS (SELECT 1 FROM claims c WHERE c.deal = d.id AND c.field = f.field AND c.is_chosen)",
    "parties have a claim": "SELECT deal FROM deal_parties p WHERE NOT EXISTS (SELECT 1 FROM claims c"
    " WHERE c.deal = p.deal AND c.field = 'party' AND c.stated = p.company AND c.is_chosen)",
    "areas have a claim, and so has their commitment": "SELECT deal FROM deal_areas a WHERE 2 <> (SELECT"
    " count(DISTINCT c.field) FROM claims c WHERE c.deal = a.deal AND c.is_chosen AND ((c.field = 'area'"
    " AND c.stated = a.area) OR (c.field = 'commitment' AND c.subject = a.area AND c.stated ="
    " a.commitment)))",
    "dates have a claim": "SELECT deal FROM deal_dates x WHERE NOT EXISTS (SELECT 1 FROM claims c WHERE"
    " c.deal = x.deal"
    " AND c.stated = x.edtf AND (c.field = x.role OR (c.field = 'date' AND c.subject = x.role)))",
    "events have a claim": "SELECT e.id FROM deal_events e LEFT JOIN claims c ON c.id = e.claim"
    " WHERE c.stated IS NOT e.status OR c.article <> e.article",
    "syndicated copies come from two publishers": "SELECT syndication_group FROM articles WHERE"
    " syndication_group"
    " IS NOT NULL GROUP BY 1 HAVING count(DISTINCT source) < 2",
    "search entries stand beside their rows": "SELECT d.id FROM deals d LEFT JOIN deals_fts f ON"
    " f.rowid = d.rowid"
    " WHERE f.id IS NOT d.id OR f.title IS NOT d.title",
    "no search entry is left over": "SELECT rowid FROM deals_fts WHERE rowid NOT IN (SELECT rowid FROM"
    " deals)",
    "the feed has everything": "SELECT id FROM deals EXCEPT SELECT id FROM changes WHERE op = 'upsert'",
    "the feed has nothing else": "SELECT id FROM changes WHERE op = 'upsert' AND id NOT IN (SELECT id"
    " FROM deals UNION"
    " SELECT id FROM companies UNION SELECT id FROM articles)",
}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Much news, a corrected article and a dated one."""
    db = database(tmp_path_factory.mktemp("full") / "tieup.db")
    load(db, *news(11, 60))
    load(
        db,
        *news(12, 20),
        report("https://wire.example/x", "Tesco, Ocado", body="Tesco 🛒 and Ocado, at last."),
    )
    load(db, report("https://wire.example/x", "Tesco, Ocado", body="Corrected: Tesco 🛒 and Ocado, at last."))
    return db


@pytest.mark.parametrize("rule", EMPTY)
def test_rule(full: Database, rule: str) -> None:
    assert rows(full, EMPTY[rule]) == []


def test_the_file_is_sound(full: Database) -> None:
    assert rows(full, "PRAGMA foreign_key_check") == []
    assert rows(full, "PRAGMA integrity_check") == [("ok",)]
    counts = [
        rows(full, f"SELECT count(*) FROM {t}")[0][0] for t in ("deals", "claims", "mentions", "conflicts")
    ]
    assert min(counts) > 5


def test_a_full_disk_is_a_clear_error_and_leaves_the_state_before(tmp_path: Path) -> None:
    db = database(tmp_path / "tieup.db")
    load(db, *news(1, 5))
    before = digest(db)
    pages = rows(db, "PRAGMA page_count")[0][0]
    db.execute(f"PRAGMA max_page_count = {pages + 4}").fetchall()
    story = article("https://wire.example/big", "Tesco and Ocado teamed up.\n\n" + "A long text. " * 10_000)
    said = extraction(story, deal(story, {"Tesco": "retailer", "Ocado": "partner"}))
    with pytest.raises(DatabaseError, match="the disk is full; nothing of this batch was stored") as caught:
        store_article(db, story, said)
    assert "\n" not in str(caught.value)
    assert digest(db) == before
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]
    db.execute("PRAGMA max_page_count = 1000000").fetchall()
    load(db, (story, said))
    assert digest(db) != before
    db.close()


def test_hostile_names_make_ids_that_are_slugs(db: Database) -> None:
    names = ("../../etc", "Tesco/../..", "Ünïted Brânds™", "日本", "'; DROP TABLE deals")
    for number, name in enumerate(names):
        story = article(f"https://wire.example/{number}", f"{name} and Tesco teamed up.")
        said = extraction(story, deal(story, {name: "partner", "Tesco": "retailer"}))
        wild = replace(
            said,
            companies=tuple(replace(c, id=c.name, parent="../x", country="XX") for c in said.companies),
            deals=tuple(
                replace(d, parties=tuple(replace(p, company=p.name) for p in d.parties)) for d in said.deals
            ),
        )
        load(db, (story, wild))
    assert [id for (id,) in rows(db, "SELECT id FROM companies WHERE deals ORDER BY id")] == [
        "drop-table-deals",
        "etc",
        f"name-{hashlib.sha256('日本'.encode()).hexdigest()[:8]}",
        "tesco",
        "united-brandstm",
    ]
    merge(db)
    assert rows(db, "PRAGMA foreign_key_check") == []
