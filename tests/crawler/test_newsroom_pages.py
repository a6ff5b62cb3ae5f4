"""Pages of the sample newsroom: each publisher's metadata, the noise around the text, hostile text."""

from __future__ import annotations

import gzip
import json
import re

import httpx
import pytest
from bs4 import BeautifulSoup
from newsroom_samples import (
    ALL,
    BODY,
    EVIL,
    HOSTILE,
    PAYWALLED,
    PUBLISHERS,
    first,
    sample,
    soup,
    url,
)

from crawler.newsroom.addresses import article_path
from crawler.newsroom.pages import FOOTER
from crawler.newsroom.publishers import Publisher
from crawler.newsroom.server import Newsroom
from crawler.newsroom.site import build_site, newsroom_sources


def json_ld(page: BeautifulSoup) -> dict[str, object]:
    (script,) = page.select('script[type="application/ld+json"]')
    record = json.loads(script.get_text())
    return next(part for part in record.get("@graph", [record]) if part["@type"] == "NewsArticle")


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_every_page_has_the_text_and_the_noise_of_a_real_one(
    newsroom: Newsroom, client: httpx.Client, publisher: str
) -> None:
    article = first(publisher)
    text = soup(client, url(newsroom, article)).get_text(" ")
    shown = [article.headline, article.standfirst, article.caption, article.bio, *article.authors]
    shown += [*article.related, *article.comments, *(line.strip("#> ") for line in BODY)]
    assert [part for part in shown if part not in text] == []
    assert re.search(r"cookies", text)
    assert re.search(r"newsletter|Sign up", text)
    assert re.search(r"Share|LinkedIn", text)
    assert FOOTER in text


@pytest.mark.parametrize("publisher", ["retail-ledger", "payments-observer"])
def test_json_ld_publishers(newsroom: Newsroom, client: httpx.Client, publisher: str) -> None:
    article = first(publisher)
    page = soup(client, url(newsroom, article))
    record = json_ld(page)
    assert record["headline"] == article.headline
    assert record["datePublished"] == "2019-03-01T08:15:00+01:00"
    assert [author["name"] for author in record["author"]] == list(article.authors)  # type: ignore[attr-defined]
    assert record["publisher"]["name"] == PUBLISHERS[publisher].name  # type: ignore[index]
    assert record["articleSection"] == "Technology"
    assert record["isAccessibleForFree"] is True
    assert "hasPart" not in record
    assert not page.select("[itemprop], meta[property]")
    title, heading = page.title, page.h1
    assert title is not None
    assert heading is not None
    assert title.get_text() != heading.get_text() == article.headline


def test_open_graph_publisher(newsroom: Newsroom, client: httpx.Client) -> None:
    page = soup(client, url(newsroom, first("commerce-wire")))
    found = [(meta["property"], meta["content"]) for meta in page.select("meta[property]")]
    assert ("og:title", "Alder and Birch, part 0") in found
    assert ("og:type", "article") in found
    assert ("article:published_time", "2019-03-01T08:15:00+01:00") in found
    assert [value for name, value in found if name == "article:author"] == ["Ann Example", "Bo Sample"]
    assert not page.select('[itemprop], time, script[type="application/ld+json"]')


def test_microdata_publisher(newsroom: Newsroom, client: httpx.Client) -> None:
    page = soup(client, url(newsroom, first("storefront-asia")))
    (item,) = page.select('[itemscope][itemtype$="/NewsArticle"]')
    (headline,) = item.select('[itemprop="headline"]')
    assert headline.get_text() == "Alder and Birch, part 0"
    (published,) = item.select('[itemprop="datePublished"]')
    assert published["datetime"] == "2019-03-01T08:15:00+01:00"
    names = item.select('[itemprop="author"] [itemprop="name"]')
    assert [name.get_text() for name in names] == ["Ann Example", "Bo Sample"]
    assert not page.select("script, meta[property]")


def test_plain_publisher_has_no_metadata_but_its_selectors_fit(
    newsroom: Newsroom, client: httpx.Client
) -> None:
    page = soup(client, url(newsroom, first("high-street-post")))
    assert not page.select("script, meta[property], [itemprop], time, link[rel=canonical]")
    (source,) = [s for s in newsroom_sources(newsroom.base_port) if s.name == "High Street Post"]
    found = {
        name: [element.get_text() for element in page.select(css)] for name, css in source.selectors.items()
    }
    assert found["headline"] == ["Alder and Birch, part 0"]
    assert found["authors"] == ["Ann Example", "Bo Sample"]
    assert found["date_published"] == ["Friday 1 March 2019"]
    assert found["section"] == ["Technology"]
    assert found["standfirst"] == ["A standfirst."]
    assert "Closing paragraph." in found["body"][0]
    assert "I prefer Elm." not in found["body"][0]
    assert "Read more: Cedar buys Dogwood" in found["body"][0]


def test_paywall_shows_the_first_paragraph_only(newsroom: Newsroom, client: httpx.Client) -> None:
    address = url(newsroom, PAYWALLED)
    page = soup(client, address)
    record = json_ld(page)
    assert record["isAccessibleForFree"] is False
    assert page.select(record["hasPart"]["cssSelector"])  # type: ignore[index]
    for html in (page.get_text(), client.get(f"{address}amp/").text):
        assert "Opening paragraph." in html
        assert "Second paragraph." not in html
    assert "Subscribe to Payments Observer" in page.get_text()


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_hostile_text_stays_text_everywhere(publisher: str) -> None:
    hostile = [article for article in HOSTILE if article.publisher == publisher]
    calm = [
        sample(
            publisher,
            25,
            slug="hostile",
            headline="H",
            standfirst="S",
            section="T",
            authors=("A",),
            body="B\n\nB",
        )
    ]
    for path, response in build_site(PUBLISHERS[publisher], hostile, 8471).items():
        body = gzip.decompress(response.body) if path.endswith(".gz") else response.body
        assert b"<script>alert" not in body, path
    page = article_path(PUBLISHERS[publisher], calm[0]), article_path(PUBLISHERS[publisher], hostile[0])
    shapes = []
    for articles, path in zip((calm, hostile), page, strict=True):
        html = BeautifulSoup(build_site(PUBLISHERS[publisher], articles, 8471)[path].body, "lxml")
        shapes.append([(element.name, *element.attrs) for element in html.find_all(True)])
    assert shapes[0] == shapes[1]
    assert html.h1 is not None
    assert html.h1.get_text() == EVIL


@pytest.mark.parametrize("publisher", PUBLISHERS.values(), ids=PUBLISHERS)
def test_the_same_articles_give_the_same_bytes(publisher: Publisher) -> None:
    site = build_site(publisher, ALL, 9000)
    assert site == build_site(publisher, ALL[::-1], 9000)
    # A gzip header can carry the time of packing, in bytes 4 to 7.
    assert all(site[path].body[4:8] == bytes(4) for path in site if path.endswith(".gz"))


def test_two_articles_at_one_address_are_refused() -> None:
    twin = sample("high-street-post", 0)
    with pytest.raises(ValueError, match="High Street Post has two pages at /news/"):
        build_site(PUBLISHERS["high-street-post"], [twin, twin], 8471)
