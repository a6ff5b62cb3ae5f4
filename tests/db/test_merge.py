"""Deals from articles: what is one deal, which value is shown, what is kept."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from build import Pair, article, database, date, deal, extraction, load, report, rows
from sqlite_utils import Database
from world import news

from db.changes import last_seq
from db.digest import digest
from db.load import load_deal_ids
from db.merge import MergeReport, merge
from db.merging.counts import RECOUNTS
from extract.model import DealTerm, DealValue


def worked_example() -> list[Pair]:
    """Three publishers report one letter of intent that extends an older deal; one disagrees on two facts."""
    pairs = []
    for source, instrument, day, founded in (
        ("wire", "letter_of_intent", "2018-11-30", "1940"),
        ("daily", "letter_of_intent", "2018-11-30", "1940"),
        ("trade", "framework_agreement", "2018-11-29", "1935"),
    ):
        story = article(
            f"https://{source}.example/eci",
            f"Alibaba and El Corte Inglés signed an agreement, {source} heard. Tmall, AliExpress and"
            f" Alibaba Cloud"
            f" are used. It extends a March 2018 deal on Alipay. Founded in {founded}.",
            published="2018-11-30",
            aside=[("related", "Ford and Tesco in China")],
        )
        main = deal(
            story,
            {"Alibaba": ("technology_provider", "platform_operator"), "El Corte Inglés": "retailer"},
            type="strategic_alliance",
            instrument=instrument,
            status="intent_signed" if instrument == "letter_of_intent" else "signed",
            announced=day,
            units=["Tmall", "AliExpress", "Alibaba Cloud", "Alipay"],
            areas={
                "ecommerce_marketplace": "option",
                "physical_omnichannel": "exploring",
                "digital_payments": "committed",
                "tourism_travel_retail": "committed",
            },
            places=["CN", "ES"],
            links=[("extends", 1)],
        )
        older = deal(
            story,
            {"Alibaba": "technology_provider", "El Corte Inglés": "retailer"},
            main=False,
            type="service_agreement",
            status="signed",
            announced="2018-03",
            units=["Alipay"],
            areas={"digital_payments": "committed"},
            defaults=["instrument"],
        )
        dates = [
            date(story, "March 2018", "2018-03", "prior_deal", 1),
            date(story, founded, founded, "founding"),
        ]
        pairs.append((story, extraction(story, main, older, named={"Ford": "related_link"}, dates=dates)))
    return pairs


def test_the_worked_example(db: Database) -> None:
    load(db, *worked_example())
    assert rows(
        db,
        "SELECT id, title, announced, phase, status, type, instrument, party_ids, area_ids, country_ids,"
        " conflicts, source_count, article_count, announced_year, is_cross_border, status_date, quiet_since"
        " FROM deals ORDER BY id",
    ) == [
        (
            "alibaba-el-corte-ingles-2018",
            "Alibaba – El Corte Inglés: letter of intent, digital payments and 3 more areas",
            "2018-11-30",
            "intent",
            "intent_signed",
            "strategic_alliance",
            "letter_of_intent",
            '["alibaba","el-corte-ingles"]',
            json.dumps(
                [id for (id,) in rows(db, "SELECT id FROM areas WHERE id IN ('ecommerce_marketplace',"
                 " 'physical_omnichannel', 'digital_payments', 'tourism_travel_retail') ORDER BY"
                 " position")],
                separators=(",", ":"),
            ),
            '["CN","ES"]',
            2,
            3,
            3,
            2018,
            1,
            "2018-11-30",
            "2018-11-30",
        ),
        (
            "alibaba-el-corte-ingles-2018-03",
            "Alibaba – El Corte Inglés: service agreement, digital payments",
            "2018-03",
            "agreed",
            "signed",
            "service_agreement",
            "agreement_unspecified",
            '["alibaba","el-corte-ingles"]',
            '["digital_payments"]',
            '["CN","ES"]',
            0,
            3,
            3,
            2018,
            1,
            "2018-03",
            "2018-11-30",
        ),
    ]  # fmt: skip
    assert rows(
        db,
        "SELECT company, role, roles, position FROM deal_parties WHERE deal LIKE '%2018' ORDER BY position",
    ) == [
        ("alibaba", "technology_provider", '["technology_provider","platform_operator"]', 0),
        ("el-corte-ingles", "retailer", '["retailer"]', 1),
    ]
    assert rows(db, "SELECT unit, party FROM deal_units WHERE deal LIKE '%2018' ORDER BY unit") == [
        ("alibaba-cloud", "alibaba"),
        ("aliexpress", "alibaba"),
        ("alipay", "alibaba"),
        ("tmall", "alibaba"),
    ]
    assert rows(
        db, "SELECT edtf, earliest, latest, precision, basis, is_chosen FROM deal_dates ORDER BY edtf"
    ) == [
        ("2018-03", "2018-03-01", "2018-03-31", "month", "text", 1),
        ("2018-11-29", "2018-11-29", "2018-11-29", "day", "text", 0),
        ("2018-11-30", "2018-11-30", "2018-11-30", "day", "text", 1),
    ]
    assert rows(db, "SELECT deal, kind, other_deal FROM deal_links") == [
        ("alibaba-el-corte-ingles-2018", "extends", "alibaba-el-corte-ingles-2018-03")
    ]
    assert rows(db, "SELECT field, chosen, stated_values, articles FROM conflicts ORDER BY field") == [
        ("announced", "2018-11-30", 2, 3),
        ("instrument", "letter_of_intent", 2, 3),
    ]
    assert rows(
        db,
        "SELECT stated, chosen_by, count(*) FROM claims"
        " WHERE field = 'instrument' AND deal LIKE '%2018' GROUP BY 1, 2",
    ) == [("framework_agreement", None, 1), ("letter_of_intent", "most_sources", 2)]
    assert rows(
        db,
        "SELECT role, edtf, deal FROM date_mentions WHERE edtf IN ('1935', '2018-03') ORDER BY edtf LIMIT 2",
    ) == [
        ("founding", "1935", None),
        ("prior_deal", "2018-03", "alibaba-el-corte-ingles-2018-03"),
    ]
    assert rows(db, "SELECT DISTINCT role, reason, part FROM mentions WHERE company = 'ford'") == [
        ("related_link", "named as related_link", "blocks/1")
    ]
    assert sorted(rows(db, "SELECT relation, count(*) FROM deal_articles GROUP BY relation")) == [
        ("announces", 1),
        ("confirms", 2),
        ("recalls", 3),
    ]


@pytest.mark.parametrize(
    ("first", "second", "deals"),
    [
        (("Tesco, Ocado", "2024-01-01"), ("Ocado, Tesco", "2024-02-01"), 1),
        (("Tesco, Ocado", "2024-01-01"), ("Tesco, Ocado", "2024-02-02"), 2),
        (("Tesco, Ocado", "2024-01-01"), ("Tesco, Google", "2024-01-01"), 2),
        (("Tesco, Ocado", "2024-01-01"), ("Tesco, Ocado, Google", "2024-01-20"), 1),
        (("Tesco, Ocado, Uber", "2024-01-01"), ("Tesco, Ocado, Google", "2024-01-01"), 2),
        (("Tesco, Google", "2024-01-01"), ("Tesco, Google Cloud", "2024-01-10"), 1),
        (("Tesco, Ocado", "2024-01-15"), ("Tesco, Ocado", "2024-01"), 1),
        (("Tesco, Ocado", "2024-01-15"), ("Tesco, Ocado", "2024"), 1),
        (("Tesco, Ocado", "2024-01-15"), ("Tesco, Ocado", None), 1),
        (("Tesco, Ocado", None), ("Tesco, Ocado", None), 1),
        (("Google, Google Cloud", "2024-01-01"), ("Google, Google Cloud", "2024-01-01"), 1),
    ],
)
def test_reports_of_the_same_parties_at_about_the_same_time_are_one_deal(
    db: Database, first: tuple[str, str | None], second: tuple[str, str | None], deals: int
) -> None:
    load(
        db,
        report("https://wire.example/1", first[0], announced=first[1]),
        report("https://daily.example/1", second[0], announced=second[1]),
    )
    assert rows(db, "SELECT count(*) FROM deals") == [(deals,)]


def test_a_report_that_could_be_of_two_deals_joins_neither(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", announced="2024-01-15"),
        report("https://wire.example/2", announced="2024-11-15"),
        report("https://wire.example/3", announced="2024", main=False),
        report("https://daily.example/3", announced="2024", main=False),
        report("https://wire.example/4", announced=None, main=False),
    )
    assert rows(db, "SELECT id, announced, article_count FROM deals ORDER BY id") == [
        ("ocado-tesco-2024", "2024-01-15", 1),
        ("ocado-tesco-2024-11", "2024-11-15", 1),
        ("ocado-tesco-2024-2", "2024", 2),
        ("ocado-tesco-undated", None, 1),
    ]


def test_a_recalled_deal_joins_the_one_that_was_news_then(db: Database) -> None:
    load(
        db,
        report("https://wire.example/2", announced="2024-03", main=False, published="2025-05-05"),
        report("https://wire.example/1", announced="2024-03-15", published="2024-03-15"),
    )
    assert rows(db, "SELECT id, announced FROM deals") == [("ocado-tesco-2024", "2024-03-15")]
    assert rows(db, "SELECT relation FROM deal_articles ORDER BY relation") == [("announces",), ("recalls",)]
    # The coarser date agrees with the finer one.
    assert rows(db, "SELECT conflicts FROM deals") == [(0,)]


def test_two_deals_of_one_article_stay_apart(db: Database) -> None:
    story = article(body="Tesco and Ocado extended their deal of this month.", published="2024-01-20")
    parties = {"Tesco": "retailer", "Ocado": "technology_provider"}
    new = deal(story, parties, announced="2024-01-20", links=[("extends", 1)])
    old = deal(story, parties, announced="2024-01-05", main=False)
    load(db, (story, extraction(story, new, old)), report("https://daily.example/1", announced="2024-01-05"))
    assert rows(db, "SELECT id, announced, article_count FROM deals ORDER BY id") == [
        ("ocado-tesco-2024", "2024-01-05", 2),
        ("ocado-tesco-2024-01", "2024-01-20", 1),
    ]
    assert rows(db, "SELECT deal, other_deal FROM deal_links") == [
        ("ocado-tesco-2024-01", "ocado-tesco-2024")
    ]


def test_irrelevant_articles_and_single_parties_make_no_deals_but_are_kept(db: Database) -> None:
    story, said = report("https://wire.example/1")
    alone = article("https://wire.example/2", "Tesco teamed up with itself.")
    load(
        db,
        (story, extraction(story, *said.deals, relevance=0.49)),
        (alone, extraction(alone, deal(alone, {"Tesco": "retailer"}))),
    )
    assert rows(db, "SELECT count(*) FROM deals") == [(0,)]
    assert rows(db, "SELECT headline, is_deal_news, deals FROM articles") == [("", 0, 0), ("", 0, 0)]
    assert rows(
        db, "SELECT company, count(*) FROM mentions WHERE part = 'article_body' GROUP BY company"
    ) == [
        ("ocado", 1),
        ("tesco", 2),
    ]


def test_the_value_of_most_independent_sources_is_shown_then_the_earliest(db: Database) -> None:
    copied = "Tesco and Ocado teamed up, the same text everywhere."
    load(
        db,
        report("https://wire.example/1", body=copied, type="service_agreement", instrument="mou"),
        report("https://daily.example/1", body=copied.upper(), type="service_agreement", instrument="mou"),
        report(
            "https://trade.example/1", type="data_sharing", instrument="term_sheet", published="2024-01-11"
        ),
        report(
            "https://trade.example/2", type="data_sharing", instrument="term_sheet", published="2024-01-11"
        ),
        report(
            "https://blog.example/1", type="data_sharing", defaults=["instrument"], published="2024-01-12"
        ),
    )
    assert rows(db, "SELECT type, instrument, source_count, article_count FROM deals") == [
        ("data_sharing", "mou", 3, 5)
    ]
    chosen = "SELECT DISTINCT stated, chosen_by FROM claims WHERE field = ? AND is_chosen"
    assert rows(db, chosen, "type") == [("data_sharing", "most_sources")]
    assert rows(db, chosen, "instrument") == [("mou", "earliest_report")]
    groups = rows(db, "SELECT syndication_group, count(*) FROM articles GROUP BY 1 ORDER BY 2")
    assert [count for _, count in groups] == [2, 3]
    assert groups[1][0] is None
    assert rows(db, "SELECT independent_sources, publishers FROM deal_support") == [(3, 4)]


def test_what_is_stated_beats_any_number_of_defaults(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", defaults=["instrument"]),
        report("https://daily.example/1", defaults=["instrument"]),
        report("https://trade.example/1", instrument="letter_of_intent", announced="2024-01-09"),
    )
    assert rows(db, "SELECT instrument, announced FROM deals") == [("letter_of_intent", "2024-01-09")]
    assert rows(db, "SELECT DISTINCT field, chosen_by FROM claims WHERE field IN ('instrument', 'announced')"
                    " AND is_chosen ORDER BY field") == [
        ("announced", "stated_over_default"),
        ("instrument", "stated_over_default"),
    ]  # fmt: skip
    assert rows(db, "SELECT edtf, basis, is_chosen FROM deal_dates ORDER BY edtf") == [
        ("2024-01-09", "text", 1),
        ("2024-01-10", "publication", 0),
    ]


def test_value_term_exclusivity_and_scope_come_with_their_wording(db: Database) -> None:
    load(
        db,
        report(
            "https://wire.example/1",
            value=DealValue(amount=500_000_000, currency="EUR", text="€500 million"),
            term=DealTerm(months=60, end="2029", text="five years"),
            exclusive=True,
            scope="groceries in London",
        ),
        report(
            "https://daily.example/1",
            published="2024-01-11",
            announced="2024-01-10",
            exclusive=False,
            value=DealValue(amount=1, currency="USD", text="a dollar"),
        ),
    )
    assert rows(
        db,
        "SELECT amount, currency, amount_text, term_months, term_text, term_end, is_exclusive, scope,"
        " conflicts FROM deals",
    ) == [(5e8, "EUR", "€500 million", 60, "five years", "2029", 1, "groceries in London", 2)]
    assert rows(db, "SELECT field FROM conflicts ORDER BY field") == [("exclusive",), ("value",)]


def test_the_status_is_that_of_the_latest_event_and_all_stay(db: Database) -> None:
    launched, tried = {"launched": "2024-06"}, {"launched": "2024-03"}
    first = {"announced": "2024-01-10"}
    load(
        db,
        report("https://wire.example/1", status="intent_signed", **first),
        report("https://wire.example/2", status="launched", dates=launched, **first),
        report("https://wire.example/3", status="pilot", dates=tried, published="2024-09-01", **first),
        report("https://wire.example/4", status="signed", main=False, published="2025-01-01", **first),
    )
    assert rows(db, "SELECT status, phase, status_date FROM deals") == [("launched", "live", "2024-06")]
    assert rows(
        db, "SELECT status, happened, happened_earliest, reported FROM deal_events ORDER BY happened, status"
    ) == [
        ("intent_signed", "2024-01-10", "2024-01-10", "2024-01-10"),
        ("signed", "2024-01-10", "2024-01-10", "2025-01-01"),
        ("pilot", "2024-03", "2024-03-01", "2024-09-01"),
        ("launched", "2024-06", "2024-06-01", "2024-01-10"),
    ]
    assert rows(db, "SELECT stated FROM claims WHERE field = 'status' AND is_chosen") == [("launched",)]
    assert rows(
        db, "SELECT count(*) FROM deal_events e JOIN claims c ON c.id = e.claim AND c.stated = e.status"
    ) == [(4,)]


def test_a_late_report_without_a_day_of_its_own_does_not_move_the_status(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", announced="2024-01-10", status="intent_signed"),
        report("https://daily.example/1", status="announced", defaults=["status"], published="2024-01-12"),
    )
    assert rows(db, "SELECT status, announced FROM deals") == [("intent_signed", "2024-01-10")]


def test_commitments_go_by_majority_and_ties_to_the_earliest_report(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", areas={"cloud_it": "exploring", "ai_ml": "option"}),
        report(
            "https://daily.example/1",
            areas={"cloud_it": "exploring", "ai_ml": "committed"},
            published="2024-01-12",
        ),
        report("https://trade.example/1", areas={"cloud_it": "committed"}),
    )
    assert rows(db, "SELECT area, commitment FROM deal_areas ORDER BY area") == [
        ("ai_ml", "option"),
        ("cloud_it", "exploring"),
    ]
    assert rows(db, "SELECT stated, subject, chosen_by FROM claims WHERE field = 'commitment' AND is_chosen"
                    " GROUP BY 1, 2 ORDER BY 2") == [
        ("option", "ai_ml", "earliest_report"),
        ("exploring", "cloud_it", "most_sources"),
    ]  # fmt: skip


def test_places_that_a_text_names_come_before_those_implied_and_homes_fill_in(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", places=["GB"], defaults=["place"]),
        report("https://daily.example/1", places=["FR"]),
        report("https://wire.example/2", "Walmart, Alibaba"),
    )
    assert rows(db, "SELECT id, country_ids, is_cross_border FROM deals ORDER BY id") == [
        ("alibaba-walmart-2024", '["CN","US"]', 1),
        ("ocado-tesco-2024", '["FR"]', 0),
    ]


def test_a_unit_that_one_report_takes_for_a_party_is_a_unit_beside_its_parent(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", "Tesco, Google"),
        report("https://daily.example/1", "Tesco, Google Cloud"),
    )
    assert rows(db, "SELECT party_ids FROM deals") == [('["tesco","google"]',)]
    assert rows(db, "SELECT unit, party FROM deal_units") == [("google-cloud", "google")]
    assert rows(db, "SELECT is_chosen FROM claims WHERE field = 'party' AND stated = 'google-cloud'") == [
        (0,)
    ]


def test_a_company_that_the_deal_gives_a_parent_stays_a_party(db: Database) -> None:
    for number, role in enumerate(("partner", "acquired")):
        story = article(f"https://wire.example/{number}", published=f"202{number}-01-01")
        parties = {"Google": "acquirer", "Google Cloud": role, "Uber": "partner"}
        load(db, (story, extraction(story, deal(story, parties))))
    load(db, report("https://wire.example/9", "Alibaba, Tmall"))
    assert rows(db, "SELECT party_ids FROM deals ORDER BY announced DESC") == [
        ('["alibaba","tmall"]',),
        ('["google","google-cloud","uber"]',),
        ('["google","uber"]',),
    ]


def test_companies_that_only_the_news_names_become_rows(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", "Tesco PLC, Shop & Go Ltd"),
        report("https://daily.example/2", "Uber, Kroger"),
    )
    assert rows(
        db,
        "SELECT id, name, kind, country, deals, partners, last_deal FROM companies WHERE deals ORDER BY id",
    ) == [
        ("kroger", "Kroger", "company", "US", 1, 1, "2024-01-10"),
        ("shop-go-ltd", "Shop & Go Ltd", "company", None, 1, 1, "2024-01-10"),
        ("tesco", "Tesco", "company", "GB", 1, 1, "2024-01-10"),
        ("uber", "Uber", "company", "US", 1, 1, "2024-01-10"),
    ]
    assert rows(
        db, "SELECT alias, kind FROM company_aliases WHERE company = 'shop-go-ltd' ORDER BY alias"
    ) == [
        ("shop and go", "text"),
        ("shop go", "text"),
    ]
    assert rows(db, "SELECT stated FROM claims WHERE field = 'party' AND stated LIKE 'tesco%'") == [
        ("tesco",)
    ]
    assert rows(db, "SELECT id FROM companies_fts WHERE companies_fts MATCH 'shop'") == [("shop-go-ltd",)]


def test_relations_of_articles_to_a_deal(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", announced="2024-01-10", published="2024-01-10"),
        report("https://wire.example/2", announced="2024-01-10", published="2024-02-10"),
        report("https://wire.example/3", announced="2024-01-10", published="2024-02-11"),
        report("https://wire.example/4", announced="2024-01-10", published="2024-01-11", status="denied"),
        report("https://wire.example/5", announced="2024-01-10", published="2024-01-12", main=False),
    )
    assert rows(
        db, "SELECT a.url, x.relation FROM deal_articles x JOIN articles a ON a.id = x.article ORDER BY a.url"
    ) == [
        ("https://wire.example/1", "announces"),
        ("https://wire.example/2", "confirms"),
        ("https://wire.example/3", "updates"),
        ("https://wire.example/4", "denies"),
        ("https://wire.example/5", "recalls"),
    ]
    assert rows(db, "SELECT quiet_since FROM deals") == [("2024-02-11",)]


def test_titles(db: Database) -> None:
    load(
        db,
        report("https://wire.example/1", "Tesco, Ocado, Uber, Kroger, Casino", instrument="mou"),
        report("https://wire.example/2", "Walmart, Google", type="joint_venture", areas={"ai_ml": "option"}),
        report("https://wire.example/3", "Walmart, Uber", areas={"cloud_it": "option", "ai_ml": "committed"}),
        report("https://wire.example/4", "Walmart, Kroger", instrument="none_reported"),
    )
    assert rows(db, "SELECT id, title FROM deals ORDER BY id") == [
        ("casino-kroger-2024", "Tesco – Ocado – Uber +2: memorandum of understanding"),
        ("google-walmart-2024", "Walmart – Google: joint venture, artificial intelligence"),
        ("kroger-walmart-2024", "Walmart – Kroger: technology agreement"),
        (
            "uber-walmart-2024",
            "Walmart – Uber: technology agreement, artificial intelligence and 1 more area",
        ),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_articles_makes_no_difference(tmp_path: Path, seed: int) -> None:
    found = set()
    for number in range(3):
        pairs = news(seed)
        random.Random(number).shuffle(pairs)
        db = database(tmp_path / f"{number}.db")
        load(db, *pairs, *pairs[:5])
        found.add(digest(db))
        assert rows(db, "SELECT count(*) > 5 FROM deals") == [(1,)]
        db.close()
    assert len(found) == 1


@pytest.mark.parametrize("seed", range(3))
def test_bit_by_bit_and_at_once_give_the_same_with_the_same_ids(tmp_path: Path, seed: int) -> None:
    pairs = news(seed)
    bit_by_bit, at_once = database(tmp_path / "a.db"), database(tmp_path / "b.db")
    for start in range(0, len(pairs), 7):
        load(bit_by_bit, *pairs[start : start + 7])
    load_deal_ids(at_once, bit_by_bit.query("SELECT * FROM deal_ids"))
    load(at_once, *reversed(pairs))
    assert digest(at_once) == digest(bit_by_bit)
    bit_by_bit.close()
    at_once.close()


@pytest.mark.parametrize("seed", range(3))
def test_columns_that_other_tables_imply_hold_what_a_recount_gives(db: Database, seed: int) -> None:
    load(db, *news(seed, 40))
    recounts = RECOUNTS | {
        "articles.syndication_group": "SELECT CASE WHEN count(DISTINCT b.source) > 1"
        " THEN articles.syndication_group END"
        " FROM article_texts t JOIN article_texts u ON u.part = t.part AND lower(u.text) = lower(t.text)"
        " JOIN articles b ON b.version = u.version"
        " WHERE t.version = articles.version AND t.part = 'article_body'",
        "companies.top_parent": "WITH RECURSIVE up(id, parent) AS (SELECT c.id, c.parent FROM companies c"
        " WHERE c.id = companies.id UNION SELECT c.id, c.parent FROM companies c JOIN up ON c.id ="
        " up.parent)"
        " SELECT id FROM up WHERE parent IS NULL",
        "deals.phase": "SELECT phase FROM statuses WHERE id = deals.status",
        "deals.party_ids": "SELECT json_group_array(company) FROM"
        " (SELECT company FROM deal_parties WHERE deal = deals.id ORDER BY position)",
        "deals.area_ids": "SELECT json_group_array(area) FROM (SELECT x.area FROM deal_areas x"
        " JOIN areas a ON a.id = x.area WHERE x.deal = deals.id ORDER BY a.position)",
        "deals.country_ids": "SELECT json_group_array(country) FROM"
        " (SELECT country FROM deal_places WHERE deal = deals.id ORDER BY country)",
        "deals.announced_year": "SELECT CAST(substr(announced_earliest, 1, 4) AS INTEGER)"
        " WHERE announced IS NOT NULL",
        "deals.announced": "SELECT edtf FROM deal_dates"
        " WHERE deal = deals.id AND role = 'announced' AND is_chosen",
        "deals.announced_earliest": "SELECT earliest FROM deal_dates"
        " WHERE deal = deals.id AND role = 'announced' AND is_chosen",
        "deals.is_cross_border": "SELECT CASE WHEN count(DISTINCT c.country) > 1 THEN 1"
        " WHEN count(c.country) = count(*) THEN 0 END FROM deal_parties p JOIN companies c ON c.id ="
        " p.company WHERE p.deal = deals.id",
        "deals.source_count": "SELECT independent_sources FROM deal_support WHERE deal = deals.id",
        "deals.article_count": "SELECT articles FROM deal_support WHERE deal = deals.id",
        "deals.conflicts": "SELECT count(*) FROM conflicts WHERE deal = deals.id",
        "deals.quiet_since": "SELECT substr(last_report, 1, 10) FROM deal_support WHERE deal = deals.id",
        "deals.status_date": "SELECT coalesce(happened, reported) FROM deal_events WHERE deal = deals.id"
        " AND status = deals.status AND coalesce(happened, reported) IS deals.status_date LIMIT 1",
        "deal_parties.top_parent": "SELECT top_parent FROM companies WHERE id = deal_parties.company",
    }  # fmt: skip
    for name, query in recounts.items():
        table, column = name.split(".")
        assert rows(db, f"SELECT count(*) > 0 FROM {table}") == [(1,)]
        assert rows(db, f"SELECT * FROM {table} WHERE {column} IS NOT ({query})") == [], name


def test_conflicts_are_counted_as_the_view_shows_them(db: Database) -> None:
    load(db, *news(5, 40))
    assert rows(db, "SELECT sum(conflicts) > 0 FROM deals") == [(1,)]
    db.execute("UPDATE deals SET conflicts = 1")
    counted = rows(
        db, "SELECT d.id, (SELECT count(*) FROM conflicts v WHERE v.deal = d.id) FROM deals d ORDER BY d.id"
    )
    merge(db)
    assert rows(db, "SELECT id, conflicts FROM deals ORDER BY id") == counted


def test_a_merge_that_finds_nothing_new_writes_nothing(db: Database) -> None:
    load(db, *news(1))
    seq, state = last_seq(db), list(db.conn.iterdump())
    total = rows(db, "SELECT count(*) FROM deals")[0][0]
    assert merge(db) == MergeReport(deals=total, new=0, changed=0, merged=0, deleted=0)
    assert (last_seq(db), list(db.conn.iterdump())) == (seq, state)


def test_a_merge_that_fails_leaves_everything_as_it_was(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(db, *news(1))
    state = list(db.conn.iterdump())
    db.conn.execute("UPDATE extractions SET document = replace(document, 'tesco', 'tesco-two')")
    db.conn.commit()
    changed = list(db.conn.iterdump())

    def fail(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("db.merge.recount", fail)
    with pytest.raises(MemoryError):
        merge(db)
    assert list(db.conn.iterdump()) == changed != state
