"""Copies of one text: recognised although edited, told from other stories, one source in whatever order they come."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from pathlib import Path

import pytest
from build import Pair, article, database, deal, extraction, load, report, rows, store
from pages_world import OWN_WORDS
from sqlite_utils import Database

from crawler.items import SourceRecord
from crawler.newsroom.articles import load_articles
from db.digest import digest
from db.load import load_deal_ids, load_reference, remove_article
from db.merge import merge
from db.merging.shingles import METHOD, MIN_WORDS, are_copies, fingerprint
from db.merging.syndication import Copy, likely_original
from db.store import open_database
from extract.vocabularies import load_vocabularies

RELEASE = (
    (
        "Tesco and Ocado signed an agreement under which Ocado will run the online orders of Tesco shoppers in the"
        " north of England from the spring."
    ),
    (
        "The two companies will build a warehouse outside Leeds, where robots pick groceries from a grid of crates and"
        " hand them to packers within five minutes of an order."
    ),
    (
        "Drivers of both fleets will share the last mile, so that a van which brings shopping to a village no longer"
        " returns empty, and shoppers may choose an hour instead of half a day."
    ),
    (
        "“We have looked for a partner that knows cold stores as well as it knows code,” said the chief executive of"
        " the supermarket chain, who expects the first orders to leave the building in March."
    ),
    (
        "The agreement runs for ten years, and neither side has said what it will cost or how many people will work in"
        " the new warehouse once it is open."
    ),
)
ABOUT = (
    "About Tesco",
    (
        "Tesco is a retailer with thousands of shops in several countries, which employs several hundred thousand"
        " people and has sold groceries, clothes and household goods since a market stall opened in the east of London."
    ),
)
# The first of the release's bands.
BANDS = (-1094398801128306112, 3912225722734135050, 3930080696860059593)
SITES = tuple(f"site{number}" for number in range(10))


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def edited(number: int) -> str:
    """The release as ten editors would print it, each in another way."""
    one, two, three, four, five = RELEASE
    return (
        text(*RELEASE),
        text(one, two, three, four),
        text("A grocery deal may bring robots to Yorkshire, our reporter writes.", *RELEASE),
        text(*RELEASE, *ABOUT),
        text(one.replace("shoppers", "customers"), two.replace("outside", "near"), three, four, five),
        text(one, two, four, three, five).replace("’", "'").upper(),
        text(one, three, four, five),
        text("LONDON –", one.replace("signed", "have signed"), two, three, five),
        text(
            *RELEASE, "Media contacts", "press@tesco.example, or ring the press office of the other company."
        ),
        text(*RELEASE).replace("\n\n", " ").replace("England", "England  "),
    )[number]


def said_by(
    site: str, body: str, *, published: str | None = "2024-01-10", headline: str = "", **facts
) -> Pair:
    story = article(
        f"https://{site}.example/story", body, headline=headline or f"As {site} has it", published=published
    )
    quote = next(line for line in body.split("\n") if "tesco" in line.lower())
    parties = {"Tesco": "retailer", "Ocado": "technology_provider"}
    return story, extraction(story, deal(story, parties, quote=quote, **facts))


def release_on_ten_sites() -> list[Pair]:
    return [said_by(site, edited(number)) for number, site in enumerate(SITES)]


def groups(db: Database) -> set[frozenset[str]]:
    """The publishers of each group."""
    found = rows(
        db,
        "SELECT group_concat(source) FROM articles WHERE syndication_group IS NOT NULL GROUP BY syndication_group",
    )
    return {frozenset(sources.split(",")) for (sources,) in found}


def test_a_release_on_ten_sites_slightly_edited_is_ten_articles_one_group_and_one_source(
    db: Database,
) -> None:
    load(db, *release_on_ten_sites())
    assert rows(db, "SELECT count(*) FROM articles") == [(10,)]
    assert groups(db) == {frozenset(SITES)}
    assert rows(db, "SELECT source_count, article_count FROM deals") == [(1, 10)]
    assert rows(db, "SELECT independent_sources, publishers FROM deal_support") == [(1, 10)]


def test_ten_copies_do_not_outvote_two_publishers_who_wrote_their_own(db: Database) -> None:
    load(
        db,
        *(said_by(site, edited(number), instrument="mou") for number, site in enumerate(SITES)),
        report("https://wire.example/1", instrument="letter_of_intent"),
        report("https://daily.example/1", instrument="letter_of_intent"),
    )
    assert rows(db, "SELECT instrument, source_count, article_count FROM deals") == [
        ("letter_of_intent", 3, 12)
    ]


def test_two_stories_of_one_deal_are_no_copies_of_each_other(tmp_path: Path) -> None:
    """The sample newsroom has several reports of most of its deals, and one release that three publishers print."""
    db = open_database(tmp_path / "newsroom.db")
    load_reference(db, load_vocabularies(), (), ())
    samples = load_articles()
    for sample in samples:
        body = "\n\n".join(line.lstrip("#> ") for line in sample.body.split("\n\n"))
        story = article(f"https://{sample.publisher}.example/{sample.slug}", body, source=sample.publisher)
        store(db, (story, extraction(story)))
    merge(db)
    found = rows(db, "SELECT url FROM articles WHERE syndication_group IS NOT NULL ORDER BY url")
    assert len(samples) > 60
    assert found == [
        (f"https://{publisher}.example/kohls-sephora-release",)
        for publisher in ("commerce-wire", "payments-observer", "retail-ledger")
    ]
    db.close()


def test_a_report_that_quotes_a_release_and_a_round_up_that_holds_it_are_stories_of_their_own(
    db: Database,
) -> None:
    second = text(
        *(
            f"Carrefour will test shelf number {n} with cameras that count what is left, says item {n} of the list"
            f" that it sent to its suppliers in week {n} of the year, and nobody knows the price yet."
            for n in ("one", "two", "three", "four", "five")
        )
    )
    load(
        db,
        said_by("wire", text(*RELEASE)),
        said_by("daily", text(*RELEASE[:4])),
        said_by("trade", text("Tesco did not call back.", RELEASE[3], OWN_WORDS["trade"])),
        said_by("blog", text("This week in shops.", *RELEASE, second)),
        said_by("site1", text("Tesco is not in this one.", second)),
        said_by("site2", text("Nor is Tesco in that.", second)),
    )
    found = {group - {"blog"} for group in groups(db)}
    # A round-up of two stories belongs to the longer one at most: it never ties the two together.
    assert found == {frozenset({"wire", "daily"}), frozenset({"site1", "site2"})}


def test_releases_of_one_company_that_share_its_standing_text_are_two_stories(db: Database) -> None:
    news = (
        (
            "Tesco will sell the books of a publisher from Leeds in two hundred of its shops from May, and Ocado will"
            " bring them to those who order online before noon on any day of the week."
        ),
        (
            "Tesco and Ocado opened a school for bakers on Tuesday, where forty people at a time will learn for a year"
            " how to make bread by hand and which machines they can do without."
        ),
    )
    load(
        db,
        *(
            said_by(site, text(body, *ABOUT, *ABOUT))
            for site, body in zip(("wire", "daily"), news, strict=True)
        ),
    )
    assert groups(db) == set()


@pytest.mark.parametrize("words", [8, MIN_WORDS - 1])
def test_short_texts_are_copies_only_if_they_are_equal(db: Database, words: int) -> None:
    line = " ".join(
        ["Tesco", "and", "Ocado", *("word" + "abcdefghij"[n % 10] * (n // 10 + 1) for n in range(words - 3))]
    )
    load(
        db,
        said_by("wire", line),
        said_by("daily", f"{line.upper()}!"),
        said_by("trade", line.replace("worda ", "wordz ", 1)),
    )
    assert groups(db) == {frozenset({"wire", "daily"})}


def test_copies_of_one_publisher_alone_are_no_group(db: Database) -> None:
    first, second = said_by("wire", text(*RELEASE)), said_by("wire", edited(4))
    url = "https://wire.example/update"
    update = replace(second[0], url=url, canonical_url=url), replace(second[1], url=url)
    load(db, first, update)
    assert groups(db) == set()
    assert rows(db, "SELECT source_count, article_count FROM deals") == [(1, 2)]
    load(db, said_by("daily", edited(1)))
    assert rows(db, "SELECT count(*), count(DISTINCT syndication_group) FROM articles") == [(3, 1)]


def test_the_order_and_portions_of_loading_make_no_difference(tmp_path: Path) -> None:
    pairs = [
        *release_on_ten_sites(),
        report("https://wire.example/1", instrument="mou"),
        said_by("trade", text(RELEASE[0], *reversed(RELEASE[2:])), published="2024-01-09"),
    ]
    first = database(tmp_path / "first.db")
    load(first, *pairs)
    for seed in range(3):
        shuffled = random.Random(seed).sample(pairs, len(pairs))
        db = database(tmp_path / f"{seed}.db")
        load_deal_ids(db, first.query("SELECT * FROM deal_ids"))
        size = (len(pairs), 1, 4)[seed]
        for start in range(0, len(pairs), size):
            load(db, *shuffled[start : start + size])
        assert digest(db) == digest(first)
        kept = [
            (
                rows(each, "SELECT * FROM _copy_texts"),
                rows(each, "SELECT * FROM _copy_bands"),
                rows(each, "SELECT * FROM _copy_pairs"),
            )
            for each in (db, first)
        ]
        assert kept[0] == kept[1]
        db.close()
    state = list(first.conn.iterdump())
    load(first, *pairs)
    assert list(first.conn.iterdump()) == state
    first.close()


def test_a_new_article_is_compared_with_likely_copies_only(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(4)
    words = [f"word{number}" for number in range(500)]
    load(
        db,
        *(
            said_by(f"site{n % 9}", f"Tesco and Ocado. {' '.join(rng.choices(words, k=150))}")
            for n in range(9)
        ),
    )
    for n in range(40):
        story = article(f"https://site{n % 9}.example/{n}", " ".join(rng.choices(words, k=150)))
        store(db, (story, extraction(story)))
    load(db, said_by("wire", text(*RELEASE)))
    printed: list[str] = []
    monkeypatch.setattr(
        "db.merging.syndication.fingerprint", lambda body: printed.append(body) or fingerprint(body)
    )
    load(db, said_by("daily", edited(4)))
    assert sorted(printed) == sorted([text(*RELEASE), edited(4)])
    merge(db)
    assert len(printed) == 2


def test_a_group_follows_corrections_removals_and_another_method(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(db, *release_on_ten_sites()[:3])
    assert groups(db) == {frozenset(SITES[:3])}
    load(db, said_by(SITES[1], "Correction: Tesco and Ocado did not sign an agreement."))
    assert groups(db) == {frozenset({SITES[0], SITES[2]})}
    load(db, said_by(SITES[1], edited(1)))
    assert groups(db) == {frozenset(SITES[:3])}
    before = digest(db)
    monkeypatch.setattr("db.merging.syndication.METHOD", 2)
    merge(db)
    assert digest(db) == before
    assert rows(db, "SELECT DISTINCT method FROM _copy_texts") == [(2,)]
    for site in SITES[1:3]:
        remove_article(db, f"https://{site}.example/story")
    merge(db)
    assert groups(db) == set()
    assert rows(db, "SELECT count(*) FROM _copy_texts") == [(1,)]
    assert rows(db, "SELECT count(*) FROM _copy_pairs") == [(0,)]
    assert rows(db, "SELECT DISTINCT article FROM _copy_bands") == rows(db, "SELECT id FROM articles")


def test_an_article_that_turns_out_to_be_of_another_publisher_is_compared_anew(db: Database) -> None:
    first, second = said_by("wire", edited(0)), said_by("daily", edited(1))
    load(db, first, second)
    assert groups(db) == {frozenset({"wire", "daily"})}
    load(db, (replace(second[0], source="wire"), second[1]))
    assert groups(db) == set()
    load(db, (replace(first[0], source="trade"), first[1]))
    assert groups(db) == {frozenset({"trade", "wire"})}


def test_a_knowledge_base_of_an_earlier_version_finds_its_copies_in_the_next_merge(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    db = database(path)
    load(db, *release_on_ten_sites())
    expected = digest(db)
    for table in ("_copy_texts", "_copy_bands", "_copy_pairs"):
        db.execute(f"DROP TABLE {table}")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'recognise_copies'")
    db.execute("UPDATE articles SET syndication_group = NULL")
    db.close()
    db = open_database(path)
    merge(db)
    assert digest(db) == expected
    db.close()


@pytest.mark.parametrize(
    ("copies", "original"),
    [
        ([("b", "blog", "2024-01-09"), ("a", "wire", "2024-01-10")], "b"),
        ([("a", "newspaper", "2024-01-10T06:00"), ("b", "press_release_service", "2024-01-10T14:00")], "b"),
        ([("a", "press_release_service", "2024-01-10"), ("b", "company_newsroom", "2024-01-10")], "b"),
        ([("a", "trade_press", "2024-01-10"), ("b", "wire", "2024-01-10T23:00")], "b"),
        ([("a", None, "2024-01-10T09:00"), ("b", "blog", "2024-01-10T08:00")], "b"),
        ([("a", "company_newsroom", "2024-01-11"), ("b", "blog", "2024-01-10")], "b"),
        ([("a", "wire", "2024-01"), ("b", "blog", "2024-01-31")], "b"),
        ([("a", "wire", None), ("b", "blog", "2024")], "b"),
        ([("b", "wire", None), ("a", "wire", None)], "a"),
    ],
)
def test_the_likely_original(copies: list[tuple[str, str | None, str | None]], original: str) -> None:
    every = [Copy(id, f"source-{id}", kind, published) for id, kind, published in copies]
    for order in itertools.permutations(every):
        assert likely_original(order) == original


def test_the_original_names_the_group_and_announces_the_deal(db: Database) -> None:
    load_reference(
        db,
        load_vocabularies(),
        (),
        [SourceRecord("site3", "News Service", "site3.example", "press_release_service")],
    )
    load(
        db,
        said_by("wire", edited(0), published="2024-01-10T06:00:00+00:00"),
        said_by("site3", edited(3), published="2024-01-10T14:00:00+00:00"),
        said_by("daily", edited(1), published="2024-01-12"),
    )
    original = "SELECT DISTINCT o.source FROM articles a JOIN articles o ON o.id = a.syndication_group"
    assert rows(db, original) == [("site3",)]
    relations = (
        "SELECT a.source, x.relation FROM deal_articles x JOIN articles a ON a.id = x.article ORDER BY 1"
    )
    assert rows(db, relations) == [("daily", "confirms"), ("site3", "announces"), ("wire", "confirms")]
    load(db, said_by("blog", edited(4), published="2024-01-09"))
    assert rows(db, original) == [("blog",)]
    assert rows(db, relations)[0] == ("blog", "announces")


def test_stored_bands_are_what_this_release_makes_of_the_text() -> None:
    """Knowledge bases hold bands: if this fails, a library counts otherwise, and METHOD has to be raised."""
    assert (METHOD, fingerprint(text(*RELEASE)).bands[:3]) == (2, BANDS)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "🛒" * 40,
        "日本のスーパー。" * 50,
        "ENDS\n" * 60,
        "a " * 50_000,
        "About Tesco: x\n" * 40,
        "# # #\n\n# # #",
    ],
)
def test_any_text_has_a_fingerprint(body: str) -> None:
    found = fingerprint(body)
    assert are_copies(found, fingerprint(body))
    assert not are_copies(found, fingerprint(text(*RELEASE)))
    assert found.bands == fingerprint(body).bands
