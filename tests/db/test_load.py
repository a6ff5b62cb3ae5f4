"""Loading: reference data, articles, versions; idempotent, one transaction each, hostile input."""

from __future__ import annotations

import hashlib
import json
import logging
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from build import GAZETTEER, SOURCES, article, database, deal, extraction, load, report, rows, store
from sqlite_utils import Database

from crawler.items import DateCandidate, SourceRecord
from db.changes import last_seq
from db.digest import digest
from db.load import LoadError, load_reference, remove_article, store_article
from db.merge import merge
from db.runs import start_run
from db.store import open_database
from extract.model import Claim, ConfidenceBand, Extraction, GazetteerCompany, Span
from extract.vocabularies import load_vocabularies

REREAD = (
    "SELECT x.id FROM {table} x JOIN article_texts t ON t.version = x.version AND t.part = x.part"
    " WHERE substr(t.text, x.start_char + 1, x.end_char - x.start_char) IS NOT x.{words}"
)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_reference_data_becomes_rows(db: Database) -> None:
    assert rows(db, "SELECT * FROM areas WHERE id = 'cloud_it'") == [
        (
            "cloud_it",
            "Cloud & IT",
            load_vocabularies().areas[0].definition,
            load_vocabularies().areas[0].position,
        )
    ]
    assert rows(
        db, "SELECT id, is_partnership FROM deal_types WHERE id IN ('acquisition', 'joint_venture')"
    ) == [
        ("acquisition", 0),
        ("joint_venture", 1),
    ]
    assert rows(
        db,
        "SELECT id, is_party, side FROM party_roles"
        " WHERE id IN ('retailer', 'competitor', 'seller') ORDER BY id",
    ) == [
        ("competitor", 0, None),
        ("retailer", 1, "buyer"),
        ("seller", 1, None),
    ]
    assert rows(db, "SELECT * FROM sources WHERE id = 'wire'") == [
        ("wire", "Wire", "wire.example", "wire", "GB", "en", 0, None)
    ]
    assert rows(db, "SELECT * FROM companies WHERE id = 'tmall'") == [
        ("tmall", "Tmall", "platform", "marketplace", "CN", "alibaba", "alibaba", 0, 0, None, None, None)
    ]
    assert sorted(rows(db, "SELECT alias, kind FROM company_aliases WHERE company = 'alibaba'")) == [
        ("alibaba", "name"),
        ("alibaba group", "alias"),
        ("alibaba group holding", "alias"),
    ]
    assert rows(db, "SELECT stated FROM about WHERE key = 'vocabulary_version'") == [
        (load_vocabularies().version,)
    ]


def test_bands_of_confidence_are_those_of_the_shipped_models_and_measurements_of_others_stay(
    db: Database,
) -> None:
    db.table("calibration").insert(
        {"run": "mine", "field": "party", "bin": 9, "n": 1, "predicted": 0.9, "observed": 1.0}
    )
    for bands in ([ConfidenceBand("party", 8, 4, 0.85, 0.75), ConfidenceBand("deal", 9, 2, 0.95, 1.0)],
                  [ConfidenceBand("party", 8, 5, 0.84, 0.8)]):  # fmt: skip
        load_reference(db, load_vocabularies(), GAZETTEER, SOURCES, bands)
    assert rows(db, "SELECT run, field, bin, n, predicted, observed FROM calibration ORDER BY run") == [
        ("held-out passages", "party", 8, 5, 0.84, 0.8),
        ("mine", "party", 9, 1, 0.9, 1.0),
    ]


def test_reference_data_loaded_again_changes_nothing_and_an_edit_changes_its_row(db: Database) -> None:
    seq, content = last_seq(db), digest(db)
    load_reference(db, load_vocabularies(), GAZETTEER, SOURCES)
    assert (last_seq(db), digest(db)) == (seq, content)
    edited = tuple(replace(c, name="Tesco UK", parent="ocado") if c.id == "tesco" else c for c in GAZETTEER)
    load_reference(db, load_vocabularies(), edited, SOURCES)
    assert rows(db, "SELECT name, parent, top_parent FROM companies WHERE id = 'tesco'") == [
        ("Tesco UK", "ocado", "ocado")
    ]
    assert rows(db, "SELECT entity, id, op FROM changes WHERE seq > ?", seq) == [
        ("company", "tesco", "upsert")
    ]
    assert rows(db, "SELECT id FROM companies_fts WHERE companies_fts MATCH 'tesco uk'") == [("tesco",)]


def test_a_company_that_leaves_the_gazetteer_goes_when_nothing_names_it(db: Database) -> None:
    load(db, report("https://wire.example/1", "Tesco, Ocado"))
    smaller = tuple(company for company in GAZETTEER if company.id not in ("tesco", "kroger"))
    load_reference(db, load_vocabularies(), smaller, SOURCES)
    merge(db)
    assert rows(db, "SELECT id FROM companies WHERE id IN ('tesco', 'kroger')") == [("tesco",)]
    assert rows(db, "SELECT kind FROM company_aliases WHERE company = 'tesco'") == [("text",)]
    assert rows(db, "SELECT op FROM changes WHERE id = 'kroger'") == [("delete",)]


def test_an_article_is_stored_with_every_part(db: Database) -> None:
    story = article(
        "https://wire.example/1",
        "Tesco signed.\n\nOcado too.",
        headline="Two sign",
        published="2024-01-10T08:30:00+00:00",
        aside=[("related", "Ford news")],
        authors=("Ann Lee",),
        standfirst="In short",
        section="Retail",
        date_published_raw="10 January",
        date_candidates=(DateCandidate("meta", "10 January", "2024-01-10"),),
        is_accessible_for_free=True,
    )
    assert store_article(db, story, extraction(story, relevance=0.7512)) == "new"
    id, version = sha("https://wire.example/1"), rows(db, "SELECT version FROM articles")[0][0]
    assert next(iter(db.query("SELECT * FROM articles"))) == {
        "id": id,
        "headline": "Two sign",
        "source": "wire",
        "date_published": "2024-01-10T08:30:00+00:00",
        "is_deal_news": 0,
        "deals": 0,
        "in_language": "en",
        "date_published_precision": "day",
        "date_published_basis": "json_ld",
        "relevance": 0.751,
        "syndication_group": None,
        "is_accessible_for_free": 1,
        "url": "https://wire.example/1",
        "canonical_url": "https://wire.example/1",
        "authors": '["Ann Lee"]',
        "retrieved_at": "2026-01-01T00:00:00.000000Z",
        "version": version,
        "standfirst": "In short",
        "section": "Retail",
        "date_published_raw": "10 January",
        "date_candidates": '[{"basis":"meta","raw":"10 January","date":"2024-01-10"}]',
    }
    assert rows(db, "SELECT * FROM article_versions") == [
        (version, id, story.content_sha256, None, "2026-01-01T00:00:00.000000Z", 1, None, None)
    ]
    assert rows(db, "SELECT part, kind, text FROM article_texts ORDER BY part") == [
        ("article_body", None, "Tesco signed.\n\nOcado too."),
        ("blocks/0", "paragraph", "Tesco signed."),
        ("blocks/1", "paragraph", "Ocado too."),
        ("blocks/2", "related", "Ford news"),
        ("headline", None, "Two sign"),
    ]
    assert rows(db, "SELECT id FROM articles_fts WHERE articles_fts MATCH 'ocado'") == [(id,)]


def test_the_same_article_again_is_unchanged_and_writes_nothing(db: Database) -> None:
    pair = report("https://wire.example/1")
    assert store(db, pair) == ["new"]
    merge(db)
    state = list(db.conn.iterdump())
    assert store(db, pair) == ["unchanged"]
    merge(db)
    assert list(db.conn.iterdump()) == state


def test_a_changed_article_becomes_a_new_version_and_the_old_evidence_still_rereads(db: Database) -> None:
    first = report("https://wire.example/1", body="Tesco and Ocado teamed up.", instrument="mou")
    load(db, first)
    second = report("https://wire.example/1", body="Correction: Tesco and Ocado are friends.")
    assert store(db, second) == ["changed"]
    merge(db)
    assert rows(db, "SELECT id, party_ids, instrument FROM deals") == [
        ("ocado-tesco-2024", '["tesco","ocado"]', "agreement_unspecified")
    ]
    assert sorted(
        rows(
            db,
            "SELECT v.is_current, c.stated, c.is_chosen, c.chosen_by, c.quote FROM claims c"
            " JOIN article_versions v ON v.id = c.version WHERE c.field = 'instrument'",
        )
    ) == [
        (0, "mou", 0, None, "Tesco and Ocado teamed up."),
        (1, "agreement_unspecified", 1, "only_value", "Correction: Tesco and Ocado are friends."),
    ]
    assert rows(db, REREAD.format(table="claims", words="quote")) == []
    assert rows(db, REREAD.format(table="mentions", words="surface")) == []
    assert rows(
        db,
        "SELECT sum(is_chosen) FROM claims c JOIN article_versions v ON v.id = c.version"
        " WHERE NOT v.is_current",
    ) == [(0,)]
    assert rows(db, "SELECT conflicts FROM deals") == [(0,)]


def test_going_back_to_the_first_text_makes_its_version_current_again(db: Database) -> None:
    first, second = (
        report("https://wire.example/1", body=f"Tesco and Ocado {word}.") for word in ("met", "split")
    )
    assert store(db, first, second, first) == ["new", "changed", "changed"]
    assert rows(
        db,
        "SELECT t.text FROM articles a JOIN article_versions v ON v.id = a.version AND v.is_current"
        " JOIN article_texts t ON t.version = v.id AND t.part = 'article_body'",
    ) == [("Tesco and Ocado met.",)]
    assert rows(db, "SELECT count(*), sum(is_current) FROM article_versions") == [(2, 1)]


def test_a_text_that_was_retrieved_earlier_never_replaces_a_later_one(db: Database, tmp_path: Path) -> None:
    texts = []
    for word, moment in (("met", "2026-01-01T00:00:00Z"), ("split", "2026-01-02T00:00:00+00:00")):
        story, said = report("https://wire.example/1", body=f"Tesco and Ocado {word}.")
        texts.append((replace(story, retrieved_at=moment), said))
    load(db, *texts)
    other = database(tmp_path / "other.db")
    load(other, *reversed(texts))
    assert rows(
        other, "SELECT text FROM articles a JOIN article_texts t USING (version) WHERE part = 'article_body'"
    ) == [("Tesco and Ocado split.",)]
    assert digest(db) == digest(other)
    other.close()


def test_a_new_extraction_of_the_same_text_replaces_the_old_one(db: Database) -> None:
    story, said = report("https://wire.example/1", instrument="mou")
    load(db, (story, said))
    better = extraction(story, deal(story, {"Tesco": "retailer", "Ocado": "technology_provider"}))
    assert store(db, (story, better)) == ["changed"]
    merge(db)
    assert rows(db, "SELECT instrument FROM deals") == [("agreement_unspecified",)]
    assert rows(db, "SELECT count(*) FROM claims WHERE stated = 'mou'") == [(0,)]


def test_spans_that_do_not_reread_are_left_out_and_noted(db: Database) -> None:
    story = article(body="Tesco and Ocado teamed up. 🛒 Ford did not.")
    good = deal(story, {"Tesco": "retailer", "Ocado": "technology_provider"})
    bad = Claim(
        field="instrument", subject=None, stated="mou", part="article_body", start_char=0, end_char=5,
        quote="tesco", rule="model", confidence=0.9,
    )  # fmt: skip
    said = extraction(story, replace(good, claims=(*good.claims, bad)), named={"Ford": "competitor"})
    shifted = tuple(
        replace(company, mentions=(*company.mentions, Span("blocks/7", 0, 5, "Tesco")))
        for company in said.companies
    )
    run = start_run(db, "load", {})
    load(db, (story, replace(said, companies=shifted)), run=run)
    assert rows(db, "SELECT level, source, url, message FROM problems ORDER BY message") == [
        ("warning", "wire", "https://wire.example/1",
         "claim of instrument 'mou' of deal 0: the span article_body 0-5 does not re-read; left out"),
        *(
            ("warning", "wire", "https://wire.example/1",
             f"mention of {id}: the span blocks/7 0-5 does not re-read; left out")
            for id in ("ford", "ocado", "tesco")
        ),
    ]  # fmt: skip
    assert rows(db, "SELECT instrument FROM deals") == [("agreement_unspecified",)]
    # Offsets count code points: the cart before Ford is one.
    assert rows(
        db, "SELECT start_char, surface FROM mentions WHERE company = 'ford' AND part = 'article_body'"
    ) == [(29, "Ford")]
    assert rows(db, REREAD.format(table="mentions", words="surface")) == []


def test_entries_that_no_vocabulary_has_are_left_out_and_logged(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    story = article(body="Tesco and Ocado teamed up.")
    parties = {"Tesco": ("retailer", "wizard"), "Ocado": "technology_provider"}
    odd = deal(story, parties, areas={"cloud_it": "committed", "magic": "committed"}, places=["GB", "ZZ"])
    broken = deal(story, {"Tesco": "retailer", "Google": "partner"}, type="marriage")
    with caplog.at_level(logging.WARNING):
        load(db, (story, extraction(story, broken, odd)))
    assert rows(db, "SELECT party_ids, area_ids, country_ids FROM deals") == [
        ('["tesco","ocado"]', '["cloud_it"]', '["GB"]')
    ]
    for id in ("wizard", "magic", "ZZ", "marriage"):
        assert f"'{id}' is not in" in caplog.text
    assert rows(db, "PRAGMA foreign_key_check") == []


def test_an_article_without_an_address_and_an_extraction_of_another_are_refused(db: Database) -> None:
    story, said = report("https://wire.example/1")
    with pytest.raises(LoadError, match="without any address"):
        store_article(db, replace(story, url=None, canonical_url=None), said)
    with pytest.raises(LoadError, match=r"another article, https://wire\.example/2"):
        store_article(db, story, replace(said, url="https://wire.example/2"))
    assert rows(db, "SELECT count(*) FROM articles") == [(0,)]


@pytest.mark.parametrize("body", ["Tesco\x00 and Ocado", "Tesco \ud83d and Ocado"])
def test_text_that_sqlite_cannot_hold_is_refused_in_one_line(db: Database, body: str) -> None:
    story = article(body=body)
    with pytest.raises(LoadError, match="NUL or lone surrogates") as caught:
        store_article(db, story, Extraction(url=story.url, relevance=0.9, pipeline="p"))
    assert "\n" not in str(caught.value)
    assert rows(db, "SELECT count(*) FROM articles") == [(0,)]


def test_text_that_looks_like_sql_or_markup_is_text(db: Database) -> None:
    evil = 'Tesco\'); DROP TABLE deals; -- {{ 7*7 }} <script>alert(1)</script> "x" %s and Ocado'
    story = article("https://wire.example/'1\"?a={{b}}", evil, headline=evil, standfirst=evil)
    said = extraction(
        story, deal(story, {"Tesco'); DROP TABLE companies; --": "retailer", "Ocado": "partner"}, scope=evil)
    )
    load(db, (story, said))
    assert rows(db, "SELECT headline, standfirst FROM articles") == [(evil, evil)]
    assert rows(db, "SELECT quote FROM claims LIMIT 1") == [(evil,)]
    assert rows(db, "SELECT id, party_ids, scope FROM deals") == [
        ("ocado-tesco-drop-table-companies-2024", '["tesco-drop-table-companies","ocado"]', evil)
    ]
    assert rows(db, "SELECT name FROM companies WHERE id LIKE 'tesco-drop%'") == [
        ("Tesco'); DROP TABLE companies; --",)
    ]


def test_an_article_of_no_source_gets_one_of_its_host_port_and_publisher(
    db: Database, tmp_path: Path
) -> None:
    def stray(url: str, publisher: str | None) -> tuple:
        story = replace(
            article("https://wire.example/1"), url=url, canonical_url=url, source=None, publisher=publisher
        )
        return story, replace(extraction(story), url=url)

    pairs = [
        stray("http://www.Press.test:8471/a", "Press Room"),
        stray("http://press.test:8471/b", "A Press Room"),
        stray("http://press.test:8471/c", None),
        stray("https://www.wire.example/z", "Wire"),
        stray("https://other.test:443/a", None),
    ]
    load(db, *pairs)
    query = "SELECT id, name, domain, articles FROM sources WHERE articles > 0 ORDER BY id"
    assert rows(db, query) == [
        ("other-test", "other.test", "other.test", 1),
        ("press-test-8471", "A Press Room", "press.test:8471", 3),
        ("wire", "Wire", "wire.example", 1),
    ]
    other = database(tmp_path / "other.db")
    load(other, *reversed(pairs))
    assert rows(other, query) == rows(db, query)
    other.close()


def test_a_source_that_the_article_names_and_nobody_loaded_is_made(db: Database) -> None:
    load(db, report("https://unheard.example/1"))
    assert rows(db, "SELECT * FROM sources WHERE id = 'unheard'") == [
        ("unheard", "unheard", "unheard.example", None, None, None, 1, "2024-01-10")
    ]
    load_reference(
        db, load_vocabularies(), GAZETTEER, [SourceRecord("unheard", "Unheard", "unheard.example", "blog")]
    )
    assert rows(db, "SELECT name, kind, articles FROM sources WHERE id = 'unheard'") == [
        ("Unheard", "blog", 1)
    ]


def test_two_addresses_with_one_canonical_address_are_one_article(db: Database) -> None:
    story, said = report("https://wire.example/1")
    mobile = replace(story, url="https://wire.example/1?m=1")
    assert store(db, (story, said), (mobile, replace(said, url=mobile.url))) == ["new", "changed"]
    assert rows(db, "SELECT count(*), min(canonical_url) FROM articles") == [(1, "https://wire.example/1")]


def test_a_removed_article_leaves_nothing_behind(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", published="2024-01-10"),
        report("https://daily.example/1", "Google, Uber"),
    )
    before = digest(db)
    load(db, report("https://trade.example/1", "Casino, Walmart", instrument="mou"))
    assert remove_article(db, "https://trade.example/1") is True
    merge(db)
    assert remove_article(db, "https://trade.example/1") is False
    assert digest(db) == before
    assert rows(db, "PRAGMA foreign_key_check") == []
    assert rows(db, "SELECT op FROM changes WHERE id = 'casino-walmart-2024'") == [("delete",)]
    assert rows(db, "SELECT id FROM articles_fts WHERE articles_fts MATCH 'casino'") == []
    assert rows(db, "SELECT id FROM deals_fts WHERE deals_fts MATCH 'casino'") == []


def test_a_killed_load_loses_nothing_that_was_committed_and_the_next_one_completes(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    code = (
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "from pathlib import Path; from build import *; from world import news\n"
        "db = database(Path(sys.argv[1]))\n"
        "for number, pair in enumerate(news(3, 24)):\n"
        "    load(db, pair); print(number, flush=True)\n"
    )
    here = Path(__file__).parent
    arguments = [sys.executable, "-c", code, str(path), str(here), str(here.parents[1])]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as loader:
        assert loader.stdout is not None
        while loader.stdout.readline() != "7\n":
            pass
        loader.send_signal(signal.SIGKILL)
    from world import news

    db = open_database(path)
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]
    assert rows(db, "PRAGMA foreign_key_check") == []
    assert rows(db, "SELECT count(*) FROM articles")[0][0] >= 8
    load(db, *news(3, 24))
    undisturbed = database(tmp_path / "undisturbed.db")
    for pair in news(3, 24):
        load(undisturbed, pair)
    assert digest(db) == digest(undisturbed)
    db.close()
    undisturbed.close()


def test_json_of_the_extraction_is_kept_for_the_merge(db: Database) -> None:
    story, said = report("https://wire.example/1")
    store(db, (story, said))
    [(pipeline, merged, document)] = rows(db, "SELECT pipeline, is_merged, document FROM extractions")
    assert (pipeline, merged) == ("tieup_en 0.1.0", 0)
    assert json.loads(document) == json.loads(json.dumps(said.to_json()))
    merge(db)
    assert rows(db, "SELECT is_merged FROM extractions") == [(1,)]


def test_names_that_are_common_words_do_not_take_over_other_companies(tmp_path: Path) -> None:
    db = open_database(tmp_path / "t.db")
    gazetteer = (
        GazetteerCompany(id="target", name="Target Corporation", context_aliases=("Goal",)),
        GazetteerCompany(id="tesco", name="Tesco"),
    )
    load_reference(db, load_vocabularies(), gazetteer, SOURCES)
    load(db, report("https://wire.example/1", "Goal, Target Corp, Tesco Ltd"))
    assert rows(db, "SELECT party_ids FROM deals") == [('["goal","target","tesco"]',)]
    assert rows(db, "SELECT kind FROM company_aliases WHERE alias = 'goal' ORDER BY kind") == [
        ("context",),
        ("text",),
    ]
    db.close()
