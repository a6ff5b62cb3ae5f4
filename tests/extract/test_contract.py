"""The JSON contract: the three-sentence example, through `tieup extract`, field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from processes import run_tieup

HEADLINE = "Alibaba signs letter of intent with El Corte Inglés"
BODY = (
    "Alibaba and El Corte Inglés signed a letter of intent, they said on Friday. "
    "The Spanish retailer will be able to use Alibaba Cloud for AI. "
    "It extends their March 2018 deal on Alipay."
)
PARTS = {"headline": HEADLINE, "article_body": BODY}
COMPANY_FIELDS = ["id", "name", "kind", "country", "parent", "roles", "is_party", "reason", "mentions"]
DATE_FIELDS = [
    "part",
    "start_char",
    "end_char",
    "text",
    "edtf",
    "earliest",
    "latest",
    "precision",
    "role",
    "anchor",
    "deal",
]
DEAL_FIELDS = [
    "main",
    "type",
    "instrument",
    "status",
    "announced",
    "confidence",
    "parties",
    "units",
    "areas",
    "places",
    "value",
    "term",
    "exclusive",
    "scope",
    "links",
    "claims",
]
CLAIM_FIELDS = ["field", "subject", "stated", "part", "start_char", "end_char", "quote", "rule", "confidence"]
CLAIMED = {
    *["party", "role", "unit", "type", "instrument", "status", "announced", "area", "commitment", "date"]
} | {*["place", "value", "term", "exclusive", "scope", "link"]}

Record = dict[str, Any]


@pytest.fixture(scope="module")
def extraction() -> Record:
    article = {
        "url": "https://example.com/a",
        "headline": HEADLINE,
        "date_published": "2018-11-30",
        "article_body": BODY,
    }
    done = run_tieup("extract", "-", stdin=json.dumps(article, ensure_ascii=False))
    assert (done.returncode, done.stderr) == (0, "")
    record: Record = json.loads(done.stdout)
    return record


@pytest.fixture(scope="module")
def main(extraction: Record) -> Record:
    found: Record = extraction["deals"][0]
    return found


@pytest.fixture(scope="module")
def recalled(extraction: Record) -> Record:
    assert len(extraction["deals"]) == 2
    found: Record = extraction["deals"][1]
    return found


def company(extraction: Record, id: str) -> Record:
    (found,) = [company for company in extraction["companies"] if company["id"] == id]
    assert isinstance(found, dict)
    return found


def claims(deal: Record, field: str, stated: str | None = None) -> list[Record]:
    return [c for c in deal["claims"] if c["field"] == field and stated in (None, c["stated"])]


def test_every_field_is_always_there(extraction: Record) -> None:
    assert list(extraction) == ["url", "relevance", "pipeline", "companies", "dates", "deals"]
    assert all(list(company) == COMPANY_FIELDS for company in extraction["companies"])
    assert all(list(date) == DATE_FIELDS for date in extraction["dates"])
    assert all(list(deal) == DEAL_FIELDS for deal in extraction["deals"])
    assert all(list(claim) == CLAIM_FIELDS for deal in extraction["deals"] for claim in deal["claims"])


def test_the_article(extraction: Record) -> None:
    assert extraction["url"] == "https://example.com/a"
    assert extraction["pipeline"].startswith("tieup_en ")
    assert 0.5 < extraction["relevance"] <= 1


def test_every_span_re_reads(extraction: Record) -> None:
    spans = [span for company in extraction["companies"] for span in company["mentions"]]
    spans += extraction["dates"]
    spans += [claim | {"text": claim["quote"]} for deal in extraction["deals"] for claim in deal["claims"]]
    assert len(spans) > 20
    for span in spans:
        assert PARTS[span["part"]][span["start_char"] : span["end_char"]] == span["text"]


def test_alibaba(extraction: Record) -> None:
    found = company(extraction, "alibaba")
    assert found["reason"]
    kept = {key: found[key] for key in ("name", "kind", "country", "parent", "roles", "is_party")}
    assert kept == {
        "name": "Alibaba",
        "kind": "company",
        "country": "CN",
        "parent": None,
        "roles": ["technology_provider"],
        "is_party": True,
    }
    first = {"part": "article_body", "start_char": 0, "end_char": 7, "text": "Alibaba"}
    assert first in found["mentions"]
    # "Alibaba Cloud" names the unit, not its parent.
    assert not [mention for mention in found["mentions"] if mention["start_char"] == 117]


def test_alibaba_cloud(extraction: Record) -> None:
    found = company(extraction, "alibaba-cloud")
    assert found.pop("reason")
    assert found == {
        "id": "alibaba-cloud",
        "name": "Alibaba Cloud",
        "kind": "business_unit",
        "country": "CN",
        "parent": "alibaba",
        "roles": ["unit_of_party"],
        "is_party": False,
        "mentions": [{"part": "article_body", "start_char": 117, "end_char": 130, "text": "Alibaba Cloud"}],
    }


def test_el_corte_ingles(extraction: Record) -> None:
    found = company(extraction, "el-corte-ingles")
    assert (found["country"], found["roles"], found["is_party"]) == ("ES", ["retailer"], True)


def test_friday(extraction: Record) -> None:
    assert extraction["dates"][0] == {
        "part": "article_body",
        "start_char": 68,
        "end_char": 74,
        "text": "Friday",
        "edtf": "2018-11-30",
        "earliest": "2018-11-30",
        "latest": "2018-11-30",
        "precision": "day",
        "role": "announced",
        "anchor": "2018-11-30",
        "deal": 0,
    }


def test_march(extraction: Record) -> None:
    assert len(extraction["dates"]) == 2
    assert extraction["dates"][1] == {
        "part": "article_body",
        "start_char": 156,
        "end_char": 166,
        "text": "March 2018",
        "edtf": "2018-03",
        "earliest": "2018-03-01",
        "latest": "2018-03-31",
        "precision": "month",
        "role": "prior_deal",
        "anchor": None,
        "deal": 1,
    }


def test_the_main_deal(main: Record) -> None:
    kept = {
        key: main[key]
        for key in [
            "main",
            "type",
            "instrument",
            "status",
            "announced",
            "units",
            "places",
            "value",
            "term",
            "exclusive",
            "scope",
        ]
    }
    assert kept == {
        "main": True,
        "type": "technology_agreement",
        "instrument": "letter_of_intent",
        "status": "intent_signed",
        "announced": "2018-11-30",
        "units": ["alibaba-cloud"],
        "places": ["CN", "ES"],
        "value": None,
        "term": None,
        "exclusive": None,
        "scope": None,
    }


def test_its_parties(main: Record) -> None:
    assert [(party["company"], party["name"], party["roles"]) for party in main["parties"]] == [
        ("alibaba", "Alibaba", ["technology_provider"]),
        ("el-corte-ingles", "El Corte Inglés", ["retailer"]),
    ]
    assert all(0 < party["confidence"] <= 1 for party in main["parties"])


def test_its_areas(main: Record) -> None:
    stated = {(area["area"], area["commitment"]) for area in main["areas"]}
    assert stated == {("cloud_it", "option"), ("ai_ml", "option")}
    assert main["areas"][0]["area"] == "cloud_it"
    assert main["areas"][0]["details"] == []


def test_its_link(main: Record) -> None:
    assert main["links"] == [{"kind": "extends", "deal": 1}]
    (claim,) = claims(main, "link")
    assert (claim["subject"], claim["stated"]) == ("1", "extends")


def test_the_claim_of_cloud(main: Record) -> None:
    (claim,) = claims(main, "area", "cloud_it")
    assert claim["rule"]
    assert 0 < claim["confidence"] <= 1
    kept = {key: claim[key] for key in ("subject", "part", "start_char", "end_char", "quote")}
    assert kept == {
        "subject": None,
        "part": "article_body",
        "start_char": 76,
        "end_char": 137,
        "quote": "The Spanish retailer will be able to use Alibaba Cloud for AI",
    }


def test_every_value_has_a_claim(extraction: Record) -> None:
    for deal in extraction["deals"]:
        assert {claim["field"] for claim in deal["claims"]} <= CLAIMED
        for field in ("type", "instrument", "status", "announced"):
            assert claims(deal, field, deal[field]), field
        for party in deal["parties"]:
            assert claims(deal, "party", party["company"])
            for role in party["roles"]:
                assert [c for c in claims(deal, "role", role) if c["subject"] == party["company"]]
        for area in deal["areas"]:
            assert claims(deal, "area", area["area"])
            assert [c for c in claims(deal, "commitment", area["commitment"]) if c["subject"] == area["area"]]
        for field in ("unit", "place"):
            assert {c["stated"] for c in claims(deal, field)} == set(deal[f"{field}s"])


def test_the_recalled_deal(recalled: Record) -> None:
    kept = {key: recalled[key] for key in ("main", "announced", "units", "links")}
    assert kept == {"main": False, "announced": "2018-03", "units": ["alipay"], "links": []}
    assert {party["company"] for party in recalled["parties"]} == {"alibaba", "el-corte-ingles"}
    (claim,) = claims(recalled, "announced")
    assert (claim["stated"], claim["start_char"], claim["end_char"]) == ("2018-03", 156, 166)
