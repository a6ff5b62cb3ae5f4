"""The worked example of the deal model: the newsroom's article, from the HTML that is served."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

import pytest

from crawler.items import NewsArticle
from crawler.newsroom.articles import load_articles
from crawler.newsroom.publishers import load_publishers
from crawler.newsroom.site import DEFAULT_BASE_PORT, article_urls, build_site, newsroom_sources, respond
from crawler.pages import parse_page
from extract.model import CompanyMention, Deal, Extraction
from extract.pipeline import extract

KEY = "retail-ledger/2018-11-30-alibaba-el-corte-ingles"
PARTIES = {"alibaba", "el-corte-ingles"}


@pytest.fixture(scope="module")
def article() -> NewsArticle:
    url = article_urls()[KEY]
    (publisher,) = [publisher for publisher in load_publishers() if publisher.id == "retail-ledger"]
    (source,) = [source for source in newsroom_sources() if source.domain == urlsplit(url).netloc]
    page = respond(build_site(publisher, load_articles(), DEFAULT_BASE_PORT), urlsplit(url).path)
    return parse_page(page.body, url=url, source=source, content_type=page.headers["Content-Type"])


@pytest.fixture(scope="module")
def extraction(article: NewsArticle) -> Extraction:
    (found,) = extract([article])
    return found


@pytest.fixture(scope="module")
def main(extraction: Extraction) -> Deal:
    (found,) = [deal for deal in extraction.deals if deal.main]
    return found


@pytest.fixture(scope="module")
def recalled(extraction: Extraction) -> Deal:
    (found,) = [deal for deal in extraction.deals if not deal.main]
    return found


def company(extraction: Extraction, id: str) -> CompanyMention:
    (found,) = [company for company in extraction.companies if company.id == id]
    return found


def test_parties_and_nobody_else(main: Deal, extraction: Extraction) -> None:
    roles = {party.company: set(party.roles) for party in main.parties}
    assert roles == {
        "alibaba": {"technology_provider", "platform_operator"},
        "el-corte-ingles": {"retailer"},
    }
    assert {found.id for found in extraction.companies if found.is_party} == PARTIES


def test_main_roles(main: Deal) -> None:
    first = {party.company: party.roles[0] for party in main.parties}
    assert first == {"alibaba": "technology_provider", "el-corte-ingles": "retailer"}


@pytest.mark.parametrize("unit", ["tmall", "aliexpress", "alibaba-cloud", "alipay"])
def test_units(unit: str, main: Deal, extraction: Extraction) -> None:
    found = company(extraction, unit)
    assert (found.roles[0], found.is_party) == ("unit_of_party", False)
    assert unit in main.units


def test_no_other_units(main: Deal) -> None:
    assert set(main.units) == {"tmall", "aliexpress", "alibaba-cloud", "alipay"}


@pytest.mark.parametrize("teased", ["ford", "starbucks"])
def test_companies_of_teasers_are_related_links(
    teased: str, extraction: Extraction, article: NewsArticle
) -> None:
    found = company(extraction, teased)
    assert (found.roles, found.is_party) == (("related_link",), False)
    assert "related" in found.reason
    for mention in found.mentions:
        block = article.blocks[int(mention.part.removeprefix("blocks/"))]
        assert block.kind == "related"
        assert block.text[mention.start_char : mention.end_char] == mention.text


@pytest.mark.parametrize(
    ("field", "stated"),
    [
        ("type", "strategic_alliance"),
        ("instrument", "letter_of_intent"),
        ("status", "intent_signed"),
        ("announced", "2018-11-30"),
        ("places", ("CN", "ES")),
    ],
)
def test_main_deal(field: str, stated: object, main: Deal) -> None:
    assert getattr(main, field) == stated


@pytest.mark.parametrize(
    ("area", "commitment"),
    [
        ("ecommerce_marketplace", "option"),
        ("physical_omnichannel", "exploring"),
        ("logistics_fulfilment", "exploring"),
        ("supply_chain_sourcing", "exploring"),
        ("cloud_it", "option"),
        ("data_analytics", "option"),
        ("ai_ml", "option"),
        ("customer_experience", "option"),
        ("digital_payments", "committed"),
        ("tourism_travel_retail", "committed"),
    ],
)
def test_areas(area: str, commitment: str, main: Deal) -> None:
    assert {found.area: found.commitment for found in main.areas}.get(area) == commitment


def test_ten_areas_and_no_more(main: Deal) -> None:
    assert len(main.areas) == 10


@pytest.mark.parametrize(
    ("text", "edtf", "role"),
    [
        ("Friday", "2018-11-30", "announced"),
        ("March 2018", "2018-03", "prior_deal"),
        ("November 11", "2018-11-11", "campaign_or_event"),
        ("1940", "1940", "founding"),
    ],
)
def test_dates(text: str, edtf: str, role: str, extraction: Extraction) -> None:
    assert {(date.text, date.edtf, date.role) for date in extraction.dates} >= {(text, edtf, role)}


def test_context_dates_belong_to_no_deal(extraction: Extraction, main: Deal) -> None:
    context = [date for date in extraction.dates if date.role in ("campaign_or_event", "founding")]
    assert [date.deal for date in context] == [None] * len(context)
    stated = {claim.stated for claim in main.claims if claim.field in ("announced", "date")}
    assert stated.isdisjoint({"1940", "2018-11-11", "2018-03"})


def test_it_extends_the_recalled_deal(main: Deal, extraction: Extraction) -> None:
    (link,) = main.links
    assert link.kind == "extends"
    assert not extraction.deals[link.deal].main


@pytest.mark.parametrize(
    ("field", "stated"),
    [
        ("units", ("alipay",)),
        ("announced", "2018-03"),
        ("type", "service_agreement"),
        ("instrument", "agreement_unspecified"),
        ("status", "signed"),
    ],
)
def test_recalled_deal(field: str, stated: object, recalled: Deal) -> None:
    assert getattr(recalled, field) == stated


def test_parties_of_the_recalled_deal(recalled: Deal) -> None:
    assert Counter(party.company for party in recalled.parties) == dict.fromkeys(PARTIES, 1)


def test_the_chief_executive_is_no_party(extraction: Extraction) -> None:
    assert not [found for found in extraction.companies if "Pozo" in found.name and found.is_party]
