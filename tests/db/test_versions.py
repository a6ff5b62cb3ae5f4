"""Articles that change: the text that is read now counts, and what was quoted before can still be read."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from build import Pair, article, database, deal, extraction, load, report, rows, store
from served import get, served
from sqlite_utils import Database

from crawler.canonical import canonical_url
from crawler.pages import parse_page
from db.changes import last_seq
from db.digest import digest
from db.load import load_deal_ids
from db.merge import merge

URL = "https://wire.example/story"
TEXTS = (
    "Tesco and Ocado signed a memorandum. The grocers were named by Ford.",
    "Tesco and Ocado signed a framework agreement. The grocers were named by Kroger.",
    "Correction: Tesco and Ocado signed a letter of intent. Nobody else was named.",
)
INSTRUMENTS = ("mou", "framework_agreement", "letter_of_intent")
NOT_REREAD = (
    "SELECT x.id FROM {} x LEFT JOIN article_texts t ON t.version = x.version AND t.part = x.part"
    " WHERE substr(t.text, x.start_char + 1, x.end_char - x.start_char) IS NOT x.{}"
)


def version(number: int, *, url: str = URL, hour: int | None = None, **fields) -> Pair:
    """The story as it read in the given hour."""
    moment = f"2026-01-01T{number if hour is None else hour:02}:00:00Z"
    story = article(url, TEXTS[number], retrieved_at=moment, **fields)
    parties = {"Tesco": "retailer", "Ocado": "technology_provider"}
    found = deal(story, parties, instrument=INSTRUMENTS[number], areas={"cloud_it": "committed"})
    named = {0: {"Ford": "mentioned"}, 1: {"Kroger": "competitor"}, 2: {}}[number]
    return story, extraction(story, found, named=named)


def evidence_rereads(db: Database) -> bool:
    words = {"claims": "quote", "mentions": "surface", "date_mentions": "surface"}
    return all(rows(db, NOT_REREAD.format(table, column)) == [] for table, column in words.items())


def test_a_text_that_changes_twice_is_one_article_with_three_versions_and_one_deal(db: Database) -> None:
    for number in range(3):
        load(db, version(number))
    assert rows(db, "SELECT count(*) FROM articles") == [(1,)]
    assert rows(db, "SELECT count(*), sum(is_current) FROM article_versions") == [(3, 1)]
    assert rows(db, "SELECT id, instrument, source_count, article_count, conflicts FROM deals") == [
        ("ocado-tesco-2024", "letter_of_intent", 1, 1, 0)
    ]
    assert rows(
        db,
        "SELECT c.stated, c.is_chosen, v.is_current FROM claims c JOIN article_versions v ON v.id = c.version"
        " WHERE c.field = 'instrument' ORDER BY c.stated",
    ) == [("framework_agreement", 0, 0), ("letter_of_intent", 1, 1), ("mou", 0, 0)]
    assert evidence_rereads(db)
    assert rows(db, "SELECT count(*) FROM deal_events") == [(1,)]
    assert rows(db, "SELECT articles, independent_sources, publishers FROM deal_support") == [(1, 1, 1)]


def test_what_only_an_earlier_version_named_is_found_no_more(db: Database) -> None:
    load(db, version(0))
    load(db, version(1))
    found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert [rows(db, found, word)[0][0] for word in ("Ford", "memorandum", "Kroger", "framework")] == [
        0,
        0,
        1,
        1,
    ]
    assert rows(db, "SELECT company FROM non_parties") == [("kroger",)]


def test_pages_and_questions_tell_what_the_article_says_now(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    db = database(path)
    load(db, version(0))
    once = rows(db, "SELECT count(*) FROM claims")[0][0]
    load(db, version(1))
    id = rows(db, "SELECT id FROM articles")[0][0]
    assert rows(db, "SELECT is_current, count(*) FROM deal_evidence GROUP BY 1") == [(0, once), (1, once)]
    old = rows(db, "SELECT claim FROM deal_evidence WHERE NOT is_current AND field = 'instrument'")[0][0]
    db.close()
    site = served(path)
    assert f"{once} claims from this article" in get(site, f"/tieup/articles/{id}").text
    assert f"Its {once} claims" in get(site, "/tieup/deals/ocado-tesco-2024").text
    evidence = get(site, "/tieup/evidence.json?deal=ocado-tesco-2024&field=instrument&_shape=array").json()
    assert [row["stated"] for row in evidence] == ["framework_agreement"]
    assert "signed a memorandum" in get(site, f"/tieup/claims/{old}").text
    for company, times in (("ford", 0), ("kroger", 1), ("tesco", 1)):
        named = get(site, f"/tieup/articles.json?_company={company}&_shape=array").json()
        assert len(named) == times, company
        assert (f"/articles/{id}" in get(site, f"/news?company={company}").text) == bool(times)


@pytest.mark.parametrize("seed", range(4))
def test_versions_in_any_order_and_portions_give_the_same(tmp_path: Path, seed: int) -> None:
    pairs = [
        version(number, url=f"https://{source}.example/story", published=f"2024-01-1{number}")
        for source in ("wire", "daily")
        for number in range(3)
    ]
    first, second = database(tmp_path / "a.db"), database(tmp_path / "b.db")
    load(first, *pairs)
    load_deal_ids(second, first.query("SELECT * FROM deal_ids"))
    shuffled = random.Random(seed).sample(pairs, len(pairs))
    for start in range(0, len(pairs), seed + 1):
        load(second, *shuffled[start : start + seed + 1])
    assert digest(first) == digest(second)
    seq = last_seq(second)
    load(second, *pairs)
    assert last_seq(second) == seq
    first.close()
    second.close()


@pytest.mark.parametrize("flip", [False, True])
def test_of_two_texts_of_one_moment_the_one_modified_later_counts(db: Database, flip: bool) -> None:
    pairs = [
        version(0, hour=5, date_modified="2024-01-10T09:00:00+01:00"),
        version(1, hour=5, date_modified="2024-01-10T08:30:00+00:00"),
    ]
    load(db, *(reversed(pairs) if flip else pairs))
    assert rows(db, "SELECT instrument FROM deals") == [("framework_agreement",)]


def test_an_article_that_reports_the_deal_no_more_takes_it_back_and_one_that_does_again_brings_it(
    db: Database,
) -> None:
    load(db, version(0))
    other = report("https://daily.example/1", "Tesco, Google")
    withdrawn = article(URL, "This article was withdrawn.", retrieved_at="2026-01-01T05:00:00Z")
    load(db, (withdrawn, extraction(withdrawn)), other)
    assert rows(db, "SELECT id FROM deals") == [("google-tesco-2024",)]
    assert rows(db, "SELECT op FROM changes WHERE id = 'ocado-tesco-2024'") == [("delete",)]
    assert rows(db, "SELECT is_deal_news, deals FROM articles WHERE url = ?", URL) == [(0, 0)]
    assert rows(db, "SELECT t.text FROM article_texts t JOIN article_versions v ON v.id = t.version"
                    " WHERE v.article = (SELECT id FROM articles WHERE url = ?) AND part = 'article_body'"
                    " ORDER BY v.is_current", URL) == [(TEXTS[0],), ("This article was withdrawn.",)]  # fmt: skip
    load(db, version(1, hour=6))
    assert rows(db, "SELECT id FROM deals ORDER BY id") == [("google-tesco-2024",), ("ocado-tesco-2024",)]
    assert evidence_rereads(db)


def test_a_version_with_one_more_deal_keeps_the_id_and_evidence_of_the_first(db: Database) -> None:
    load(db, version(0))
    before = set(rows(db, "SELECT id, deal, quote FROM claims"))
    story, said = version(1)
    second = deal(
        story, {"Tesco": "retailer", "Kroger": "retailer"}, quote="The grocers were named by Kroger."
    )
    load(db, (story, replace(said, deals=(second, *said.deals))))
    assert rows(db, "SELECT id, article_count FROM deals ORDER BY id") == [
        ("kroger-tesco-2024", 1),
        ("ocado-tesco-2024", 1),
    ]
    assert before <= set(rows(db, "SELECT id, deal, quote FROM claims"))
    assert evidence_rereads(db)


def test_pages_of_one_canonical_address_are_versions_of_one_article(db: Database) -> None:
    """As the crawler reads them: addresses with tracking, AMP and print variants, then a corrected text."""
    page = (
        "<html><head><title>Two grocers sign</title>{head}</head><body><article><h1>Two grocers sign</h1>"
        "<p>Tesco and Ocado signed {what} on Wednesday, the two grocers said, and added that orders from the north"
        " would be packed by robots.</p><p>Nobody said what the plan will cost, and a spokesman would not be drawn on"
        " when the first van will leave the warehouse, which is still a field.</p></article></body></html>"
    )
    canonical = f"<link rel='canonical' href='{URL}?utm_source=self'>"
    reads = [
        (f"{URL}?utm_source=feed&fbclid=1", "", "a memorandum"),
        (f"{URL}/amp", canonical, "a memorandum"),
        (f"{URL}?print=1#top", "", "a memorandum"),
        ("https://m.wire.example/story?CMP=share", canonical, "a memorandum"),
        (URL, "", "a letter of intent"),
    ]
    outcomes = []
    for number, (url, head, what) in enumerate(reads):
        html = page.format(head=head, what=what)
        story = parse_page(html, url=url, retrieved_at=f"2026-01-01T{number:02}:00:00+00:00")
        assert story.canonical_url == canonical_url(URL)
        story = replace(story, url=URL, source="wire")
        outcomes += store(
            db, (story, extraction(story, deal(story, {"Tesco": "retailer", "Ocado": "partner"})))
        )
    merge(db)
    assert outcomes == ["new", "unchanged", "unchanged", "unchanged", "changed"]
    assert rows(db, "SELECT count(*) FROM articles") == [(1,)]
    assert rows(db, "SELECT count(*), sum(is_current) FROM article_versions") == [(2, 1)]
    assert rows(db, "SELECT article_count, source_count FROM deals") == [(1, 1)]
    assert evidence_rereads(db)
