"""The fifteen questions: each gives its rows on a small knowledge base, and not the near misses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from build import GAZETTEER, SOURCES, article, deal, extraction, load
from served import ask, served
from sqlite_utils import Database

from crawler.items import NewsArticle
from db.load import load_reference
from db.store import open_database
from extract.model import DealTerm, Extraction, GazetteerCompany
from extract.vocabularies import load_vocabularies

MORE = tuple(
    GazetteerCompany(id=name.lower(), name=name, sector=sector, country="US")
    for name, sector in (
        ("Albertsons", "grocery"),
        ("Publix", "grocery"),
        ("Costco", "general_merchandise"),
        ("Instacart", "logistics_delivery"),
        ("Shipt", "logistics_delivery"),
        ("DoorDash", "logistics_delivery"),
    )
)

Pair = tuple[NewsArticle, Extraction]

SHOP = "retailer"
TECH = "technology_provider"
CARRIER = "delivery_provider"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tieup.db"


@pytest.fixture
def db(path: Path) -> Database:
    db = open_database(path)
    load_reference(db, load_vocabularies(), GAZETTEER + MORE, SOURCES)
    return db


def told(
    number: int | str,
    parties: Mapping[str, str],
    published: str,
    *,
    host: str = "wire",
    named: Mapping[str, str] | None = None,
    **facts: Any,
) -> Pair:
    """An article of `host` that reports one deal; it names the parties, their units and `named`."""
    names = [*parties, *facts.get("units", ()), *(named or {})]
    story = article(
        f"https://{host}.example/{number}",
        f"{', '.join(names)} are in the news of {published}, number {number}.",
        headline=f"News {number}",
        published=published,
    )
    return story, extraction(story, deal(story, parties, **facts), named=named)


def answers(path: Path, query: str, **parameters: object) -> list[dict[str, Any]]:
    return ask(served(path), query, **parameters)


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def test_current_partners_of_a_group(path: Path, db: Database) -> None:
    load(
        db,
        told(
            1,
            {"Alibaba": TECH, "El Corte Inglés": SHOP},
            "2018-11-30",
            instrument="letter_of_intent",
            status="intent_signed",
            areas={"cloud_it": "option"},
        ),
        told(
            2, {"Alibaba Cloud": TECH, "Carrefour": SHOP}, "2022-03-01", areas={"data_analytics": "committed"}
        ),
        told(3, {"Casino": SHOP, "Alibaba": "payment_provider"}, "2020-05-05", units=["Alipay"]),
        # None of these is current: ended, an acquisition, talks only, over at its term.
        told(4, {"Alibaba": TECH, "Tesco": SHOP}, "2019-01-01", status="terminated"),
        told(5, {"Alibaba": "acquirer", "Uber": "acquired"}, "2019-02-01", type="acquisition"),
        told(6, {"Alibaba": TECH, "Walmart": SHOP}, "2019-03-01", status="in_talks"),
        told(
            7,
            {"Alibaba": TECH, "Kroger": SHOP},
            "2019-04-01",
            term=DealTerm(months=None, end="2021", text="until 2021"),
        ),
        told(8, {"Google": TECH, "Carrefour": SHOP}, "2018-06-11"),
    )
    rows = answers(path, "current_partners", company="Alibaba Group", as_of="2022-12-31")
    assert column(rows, "partner") == ["carrefour", "casino", "el-corte-ingles"]
    assert column(rows, "company") == ["alibaba-cloud", "alibaba", "alibaba"]
    assert (rows[2]["phase"], rows[2]["instrument"]) == ("intent", "Letter of intent")
    assert "(option)" in rows[2]["areas"]
    assert (rows[2]["source"], rows[2]["url"]) == ("Wire", "https://wire.example/1")
    assert column(rows, "is_quiet") == [0, 1, 1]
    # By the id of a subsidiary, of a brand that is only a unit, in an area, and at another day.
    assert column(answers(path, "current_partners", company="alibaba-cloud"), "partner") == ["carrefour"]
    assert column(answers(path, "current_partners", company="ALIPAY"), "partner") == ["casino"]
    assert column(answers(path, "current_partners", company="alibaba", area="cloud_it"), "partner") == [
        "el-corte-ingles"
    ]
    earlier = answers(path, "current_partners", company="alibaba", as_of="2019-06-01")
    assert column(earlier, "partner") == ["kroger", "el-corte-ingles"]
    assert answers(path, "current_partners", company="Nobody") == []
    assert len(answers(path, "current_partners")) == 8  # each of four pairs from both sides


def test_what_is_new_by_day_it_happened_and_by_day_it_was_found(path: Path, db: Database) -> None:
    load(
        db,
        told(1, {"Tesco": SHOP, "Ocado": TECH}, "2024-01-10", areas={"cloud_it": "committed"}),
        told(2, {"Carrefour": SHOP, "Google": TECH}, "2023-05-01"),
        told(3, {"Casino": SHOP, "Uber": CARRIER}, "2022-01-01"),
    )
    load(
        db,
        told(
            4,
            {"Carrefour": SHOP, "Google": TECH},
            "2024-02-01",
            status="launched",
            announced="2023-05-01",
            dates={"launched": "2024-02-01"},
        ),
    )
    rows = answers(path, "whats_new", since="2024-01-01", by="happened")
    assert [(row["kind"], row["deal"]) for row in rows] == [
        ("status", "carrefour-google-2023"),
        ("new deal", "ocado-tesco-2024"),
    ]
    assert (rows[0]["phase"], rows[0]["url"]) == ("live", "https://wire.example/4")
    assert column(answers(path, "whats_new", since="2024-01-01", by="happened", company="Tesco"), "kind") == [
        "new deal"
    ]
    found = answers(path, "whats_new")
    assert sorted(column(found, "kind")) == ["new deal", "new deal", "new deal", "status"]
    assert column(answers(path, "whats_new", area="cloud_it"), "deal") == ["ocado-tesco-2024"]
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert answers(path, "whats_new", since=tomorrow) == []


def test_providers_of_an_area_by_year(path: Path, db: Database) -> None:
    cloud = {"areas": {"cloud_it": "committed"}}
    load(
        db,
        told(1, {"Google Cloud": TECH, "Carrefour": SHOP}, "2022-01-10", **cloud),
        told(2, {"Google Cloud": TECH, "Casino": SHOP}, "2022-06-10", status="terminated", **cloud),
        told(3, {"Google Cloud": TECH, "Tesco": SHOP}, "2023-06-10", exclusive=True, **cloud),
        told(4, {"Alipay": "payment_provider", "Tesco": SHOP}, "2023-07-10", **cloud),
        told(5, {"Google": "acquirer", "Uber": "acquired"}, "2023-08-01", type="acquisition", **cloud),
        told(
            6, {"Google Cloud": TECH, "Kroger": SHOP}, "2023-09-10", areas={"loyalty_membership": "committed"}
        ),
    )
    rows = answers(path, "area_providers_by_year", area="Cloud & IT")
    assert [
        (row["year"], row["company"], row["deals"], row["still_on"], row["exclusive"]) for row in rows
    ] == [
        (2023, "alipay", 1, 1, 0),
        (2023, "google-cloud", 1, 1, 1),
        (2022, "google-cloud", 2, 1, 0),
    ]
    payers = answers(path, "area_providers_by_year", area="cloud_it", role="payment_provider")
    assert column(payers, "company") == ["alipay"]
    assert column(answers(path, "area_providers_by_year", area="cloud_it", to_year="2022"), "year") == [2022]


def test_partners_that_rivals_use_and_a_company_does_not(path: Path, db: Database) -> None:
    load(
        db,
        told(1, {"Instacart": CARRIER, "Albertsons": SHOP}, "2022-01-10"),
        told(2, {"Instacart": CARRIER, "Publix": SHOP}, "2022-02-10"),
        told(3, {"Google Cloud": TECH, "Albertsons": SHOP}, "2022-03-10", areas={"cloud_it": "committed"}),
        told(4, {"Google": TECH, "Publix": SHOP}, "2022-04-10", areas={"cloud_it": "committed"}),
        told(5, {"Uber": CARRIER, "Albertsons": SHOP}, "2022-05-10"),
        told(6, {"Uber Eats": CARRIER, "Publix": SHOP}, "2022-06-10"),
        # Near misses: used by one rival, by a company of another trade, by Kroger too, and ended.
        told(7, {"Alibaba": TECH, "Publix": SHOP}, "2022-07-10"),
        told(8, {"Alibaba": TECH, "Costco": SHOP}, "2022-08-10"),
        told(9, {"Shipt": CARRIER, "Albertsons": SHOP}, "2022-09-10"),
        told(10, {"Shipt": CARRIER, "Publix": SHOP}, "2022-10-10"),
        told(11, {"Shipt": CARRIER, "Kroger": SHOP}, "2022-11-10"),
        told(12, {"DoorDash": CARRIER, "Albertsons": SHOP}, "2022-11-10"),
        told(13, {"DoorDash": CARRIER, "Publix": SHOP}, "2022-12-10", status="terminated"),
    )
    rows = answers(path, "rivals_partners", company="Kroger")
    assert [(row["partner"], row["rivals"]) for row in rows] == [("google", 2), ("instacart", 2), ("uber", 2)]
    assert rows[0]["rivals_compared"] == "Albertsons, Publix"
    assert column(answers(path, "rivals_partners", company="Kroger", area="cloud_it"), "partner") == [
        "google"
    ]
    named = answers(path, "rivals_partners", company="Kroger", rivals="Publix, costco")
    assert (column(named, "partner"), named[0]["rivals_compared"]) == (["alibaba"], "Costco, Publix")
    assert answers(path, "rivals_partners", company="Kroger", at_least="3") == []


def test_areas_by_quarter(path: Path, db: Database) -> None:
    load(
        db,
        told(1, {"Tesco": SHOP, "Google": TECH}, "2022-02-10", areas={"cloud_it": "option"}),
        told(2, {"Tesco": SHOP, "Google": TECH}, "2023-01-10", areas={"cloud_it": "committed"}),
        told(3, {"Casino": SHOP, "Google": TECH}, "2023-03-10", areas={"cloud_it": "committed"}),
        told(4, {"Casino": SHOP, "Uber": TECH}, "2023-05-10", areas={"cloud_it": "committed"}),
        told(
            5, {"Casino": SHOP, "Ocado": TECH}, "2023-05-11", areas={"cloud_it": "option"}, announced="2023"
        ),
    )
    rows = answers(path, "areas_by_quarter", area="cloud_it")
    assert [(row["quarter"], row["deals"], row["committed"], row["change"]) for row in rows] == [
        ("2023-Q2", 1, 1, 1),
        ("2023-Q1", 2, 2, 1),
        ("2022-Q1", 1, 0, 1),
    ]
    assert column(answers(path, "areas_by_quarter", from_year="2023"), "quarter") == ["2023-Q2", "2023-Q1"]


def test_letters_of_intent_without_a_later_sign_of_life(path: Path, db: Database) -> None:
    letter = {"instrument": "letter_of_intent", "status": "intent_signed"}
    load(
        db,
        told(1, {"Alibaba": TECH, "El Corte Inglés": SHOP}, "2018-11-30", **letter),
        told(2, {"Tesco": SHOP, "Google": TECH}, "2020-01-01", instrument="mou", status="intent_signed"),
        told(3, {"Casino": SHOP, "Google": TECH}, "2021-01-01", areas={"cloud_it": "exploring"}, **letter),
        # Near misses: heard of later, no letter, signed since, too recent.
        told(4, {"Carrefour": SHOP, "Uber": CARRIER}, "2019-01-01", **letter),
        told(5, {"Carrefour": SHOP, "Uber": CARRIER}, "2022-12-01", announced="2019-01-01", **letter),
        told(6, {"Kroger": SHOP, "Ocado": TECH}, "2018-05-17"),
        told(7, {"Walmart": SHOP, "Ford": "partner"}, "2018-01-01", **letter),
        told(
            8,
            {"Walmart": SHOP, "Ford": "partner"},
            "2018-02-01",
            announced="2018-01-01",
            instrument="letter_of_intent",
            status="signed",
        ),
        told(9, {"Tesco": SHOP, "Ocado": TECH}, "2022-11-01", **letter),
    )
    rows = answers(path, "letters_gone_quiet", as_of="2023-02-01")
    assert column(rows, "deal") == [
        "alibaba-el-corte-ingles-2018",
        "google-tesco-2020",
        "casino-google-2021",
    ]
    assert column(rows, "months_quiet") == [50, 37, 25]
    assert len(answers(path, "letters_gone_quiet", as_of="2023-02-01", months="36")) == 2
    assert len(answers(path, "letters_gone_quiet", as_of="2023-02-01", months="1")) == 5
    assert column(answers(path, "letters_gone_quiet", as_of="2023-02-01", company="Google"), "deal") == [
        "google-tesco-2020",
        "casino-google-2021",
    ]


def test_time_from_announcement_to_launch(path: Path, db: Database) -> None:
    def launch(
        number: int, parties: Mapping[str, str], first: str, launched: str, **facts: Any
    ) -> tuple[Pair, Pair]:
        return (
            told(number, parties, first, **facts),
            told(
                f"{number}b",
                parties,
                launched,
                status="launched",
                announced=first,
                dates={"launched": launched},
                **facts,
            ),
        )

    load(
        db,
        *launch(1, {"Tesco": SHOP, "Google": TECH}, "2022-01-01", "2022-01-11"),
        *launch(2, {"Casino": SHOP, "Google": TECH}, "2022-02-01", "2022-03-03"),
        *launch(3, {"Kroger": SHOP, "Google": TECH}, "2022-03-01", "2022-03-21"),
        *launch(4, {"Kroger": SHOP, "Uber": CARRIER}, "2022-03-01", "2022-03-08", type="service_agreement"),
        # Near misses: a launch that is planned, an announcement known to the year only, no launch.
        told(5, {"Walmart": SHOP, "Google": TECH}, "2022-05-01", dates={"launch_planned": "2022-06-01"}),
        told(
            6,
            {"Walmart": SHOP, "Uber": TECH},
            "2022-05-01",
            announced="2021",
            status="launched",
            dates={"launched": "2022-05-01"},
        ),
        told(7, {"Tesco": SHOP, "Ocado": TECH}, "2022-05-01"),
    )
    rows = answers(path, "time_to_launch")
    assert [
        (row["type"], row["deals"], row["median_days"], row["shortest_days"], row["longest_days"])
        for row in rows
    ] == [
        ("service_agreement", 1, 7, 7, 7),
        ("technology_agreement", 3, 20, 10, 30),
    ]
    assert answers(path, "time_to_launch", company="Casino")[0]["median_days"] == 30


def test_what_ended_and_what_replaced_it(path: Path, db: Database) -> None:
    story = article(
        "https://wire.example/9", "Kroger drops Uber and turns to Instacart instead.", published="2023-06-01"
    )
    new = deal(story, {"Kroger": SHOP, "Instacart": CARRIER}, links=[("replaces", 1)])
    old = deal(
        story,
        {"Kroger": SHOP, "Uber": CARRIER},
        main=False,
        announced="2021-02-01",
        status="terminated",
        dates={"terminated": "2023-05-31"},
    )
    load(
        db,
        told(1, {"Kroger": SHOP, "Uber": CARRIER}, "2021-02-01"),
        (story, extraction(story, new, old)),
        told(2, {"Casino": SHOP, "Google": TECH}, "2022-01-05", status="cancelled"),
        told(3, {"Tesco": SHOP, "Google": TECH}, "2022-02-05", status="expired"),
        # Near misses: still on, and an acquisition that fell through.
        told(4, {"Tesco": SHOP, "Ocado": TECH}, "2022-03-05"),
        told(
            5, {"Uber": "acquirer", "Ocado": "acquired"}, "2022-04-05", type="acquisition", status="cancelled"
        ),
    )
    rows = {row["deal"]: row for row in answers(path, "endings_and_successors")}
    assert set(rows) == {"kroger-uber-2021", "casino-google-2022", "google-tesco-2022"}
    replaced = rows["kroger-uber-2021"]
    assert replaced["replaced_by"] == "instacart-kroger-2023"
    assert (replaced["came"], replaced["went"]) == ("Instacart", "Uber")
    assert rows["casino-google-2022"]["replaced_by"] is None
    assert column(answers(path, "endings_and_successors", company="Casino"), "deal") == ["casino-google-2022"]
    assert answers(path, "endings_and_successors", since="2030-01-01") == []


def test_terms_that_end_within_a_year(path: Path, db: Database) -> None:
    def until(end: str) -> dict[str, Any]:
        return {"term": DealTerm(months=None, end=end, text=f"until {end}")}

    load(
        db,
        told(1, {"Tesco": SHOP, "Google": TECH}, "2020-01-01", **until("2024-06-30")),
        told(2, {"Casino": SHOP, "Google": TECH}, "2020-02-01", **until("2024-02")),
        told(3, {"Kroger": SHOP, "Google": TECH}, "2020-03-01", **until("2024")),
        told(4, {"Kroger": SHOP, "Uber": TECH}, "2020-03-01", **until("2024-34")),
        # Near misses: over, too far off, ended before its term, no term.
        told(5, {"Tesco": SHOP, "Uber": TECH}, "2020-04-01", **until("2023-12")),
        told(6, {"Casino": SHOP, "Uber": TECH}, "2020-05-01", **until("2025-02")),
        told(7, {"Walmart": SHOP, "Uber": TECH}, "2020-06-01", status="terminated", **until("2024-05")),
        told(8, {"Walmart": SHOP, "Google": TECH}, "2020-07-01"),
    )
    rows = answers(path, "terms_ending", as_of="2024-01-15")
    assert [(row["deal"], row["last_day"]) for row in rows] == [
        ("casino-google-2020", "2024-02-29"),
        ("google-tesco-2020", "2024-06-30"),
        ("kroger-uber-2020", "2024-06-30"),
        ("google-kroger-2020", "2024-12-31"),
    ]
    assert rows[0]["days_left"] == 45
    assert column(answers(path, "terms_ending", as_of="2024-01-15", months="2"), "deal") == [
        "casino-google-2020"
    ]


def test_exclusive_deals_and_where(path: Path, db: Database) -> None:
    load(
        db,
        told(1, {"Tesco": SHOP, "Uber": TECH}, "2022-01-01", exclusive=True, places=["GB"]),
        told(2, {"Casino": SHOP, "Ocado": TECH}, "2022-02-01", exclusive=True, places=["FR", "GB"]),
        told(3, {"Kroger": SHOP, "Ocado": TECH}, "2022-03-01", exclusive=True, places=["US"]),
        # Near misses: said not to be, and nothing said.
        told(4, {"Tesco": SHOP, "Google": TECH}, "2022-04-01", exclusive=False, places=["GB"]),
        told(5, {"Tesco": SHOP, "Ocado": TECH}, "2022-05-01", places=["GB"]),
    )
    rows = answers(path, "exclusive_deals")
    assert column(rows, "deal") == ["kroger-ocado-2022", "casino-ocado-2022", "tesco-uber-2022"]
    assert rows[1]["countries"] == "France; United Kingdom"
    assert column(answers(path, "exclusive_deals", country="gb"), "deal") == [
        "casino-ocado-2022",
        "tesco-uber-2022",
    ]
    assert column(answers(path, "exclusive_deals", country="France"), "deal") == ["casino-ocado-2022"]
    assert answers(path, "exclusive_deals", phase="ended") == []


def test_corridors_between_countries(path: Path, db: Database) -> None:
    load(
        db,
        told(
            1,
            {"Alibaba": TECH, "El Corte Inglés": SHOP},
            "2018-11-30",
            places=["ES"],
            areas={"cloud_it": "option"},
        ),
        told(2, {"Alibaba": TECH, "Carrefour": SHOP}, "2020-02-01", places=["CN", "ES"]),
        told(3, {"Ocado": TECH, "Casino": SHOP}, "2017-11-28", places=["FR"]),
        told(4, {"Ocado": TECH, "Tesco": SHOP}, "2017-11-28", places=["GB"]),  # at home
        told(5, {"Google": "acquirer", "Ocado": "acquired"}, "2019-01-01", type="acquisition", places=["GB"]),
    )
    rows = answers(path, "country_corridors")
    assert [(row["home"], row["market"], row["deals"], row["first_year"]) for row in rows] == [
        ("CN", "ES", 2, 2018),
        ("FR", "CN", 1, 2020),
        ("FR", "ES", 1, 2020),
        ("GB", "FR", 1, 2017),
    ]
    assert column(answers(path, "country_corridors", home="China", area="cloud_it"), "deals") == [1]
    assert column(answers(path, "country_corridors", market="fr"), "home_name") == ["United Kingdom"]


def test_evidence_of_a_deal(path: Path, db: Database) -> None:
    load(
        db,
        told(1, {"Alibaba": TECH, "El Corte Inglés": SHOP}, "2018-11-30", instrument="letter_of_intent"),
        told(2, {"Tesco": SHOP, "Google": TECH}, "2018-11-30"),
    )
    rows = answers(path, "evidence", deal="alibaba-el-corte-ingles-2018")
    assert len(rows) >= 8
    assert set(column(rows, "deal")) == {"alibaba-el-corte-ingles-2018"}
    [instrument] = answers(
        path, "evidence", deal="alibaba-el-corte-ingles-2018", field="instrument", chosen="1"
    )
    assert instrument["stated"] == "letter_of_intent"
    assert instrument["end_char"] - instrument["start_char"] == len(instrument["quote"])
    assert (instrument["publisher"], instrument["url"]) == ("Wire", "https://wire.example/1")
    text = db.execute(
        "select text from article_texts t join claims c using (version, part) where c.id = ?",
        [instrument["claim"]],
    ).fetchone()[0]
    assert text[instrument["start_char"] : instrument["end_char"]] == instrument["quote"]
    assert answers(path, "evidence", deal="nothing-2018") == []


def test_where_sources_disagree(path: Path, db: Database) -> None:
    parties = {"Alibaba": TECH, "El Corte Inglés": SHOP}
    load(
        db,
        told(1, parties, "2018-11-30", instrument="letter_of_intent"),
        told(2, parties, "2018-11-30", host="daily", instrument="letter_of_intent"),
        told(3, parties, "2018-11-30", host="trade", instrument="framework_agreement"),
        told(4, {"Tesco": SHOP, "Google": TECH}, "2018-11-30", instrument="mou"),
        told(5, {"Tesco": SHOP, "Google": TECH}, "2018-11-30", host="daily", instrument="mou"),
    )
    rows = answers(path, "disagreements")
    assert [
        (row["deal"], row["field"], row["stated"], row["is_chosen"], row["articles"]) for row in rows
    ] == [
        ("alibaba-el-corte-ingles-2018", "instrument", "letter_of_intent", 1, 2),
        ("alibaba-el-corte-ingles-2018", "instrument", "framework_agreement", 0, 1),
    ]
    assert rows[1]["publishers"] == "Trade"
    assert answers(path, "disagreements", field="type") == []
    assert answers(path, "disagreements", company="Tesco") == []


def test_how_well_deals_are_attested(path: Path, db: Database) -> None:
    parties = {"Tesco": SHOP, "Google": TECH}
    load(
        db,
        told(1, parties, "2018-11-30"),
        told(2, parties, "2018-12-01", host="daily"),
        told(3, parties, "2018-12-02", host="trade"),
        told(4, {"Casino": SHOP, "Uber": TECH}, "2020-01-01"),
        told(4, {"Casino": SHOP, "Uber": TECH}, "2020-01-01", host="daily"),  # the same text
        told(5, {"Kroger": SHOP, "Ocado": TECH}, "2021-01-01"),
    )
    rows = {row["deal"]: row for row in answers(path, "attestation")}
    found = {
        deal: (row["independent_sources"], row["publishers"], row["articles"]) for deal, row in rows.items()
    }
    assert found == {
        "google-tesco-2018": (3, 3, 3),
        "casino-uber-2020": (1, 2, 2),
        "kroger-ocado-2021": (1, 1, 1),
    }
    assert set(column(answers(path, "attestation", at_most="1"), "deal")) == {
        "casino-uber-2020",
        "kroger-ocado-2021",
    }
    assert column(answers(path, "attestation", company="google"), "deal") == ["google-tesco-2018"]


def test_companies_that_are_named_and_no_party(path: Path, db: Database) -> None:
    load(
        db,
        told(
            1,
            {"Alibaba": TECH, "El Corte Inglés": SHOP},
            "2018-11-30",
            named={"Ford": "related_link", "Walmart": "competitor"},
        ),
        told(2, {"Tesco": SHOP, "Google": TECH}, "2020-01-01", named={"Ford": "competitor"}),
    )
    rows = answers(path, "named_not_party")
    assert [(row["company"], row["role"]) for row in rows] == [
        ("ford", "competitor"),
        ("ford", "related_link"),
        ("walmart", "competitor"),
    ]
    [why] = answers(path, "named_not_party", company="Ford", deal="alibaba-el-corte-ingles-2018")
    assert (why["reason"], why["surface"]) == ("named as related_link", "Ford")
    assert answers(path, "named_not_party", company="Alibaba") == []
    assert column(answers(path, "named_not_party", article="https://wire.example/2"), "company") == ["ford"]
