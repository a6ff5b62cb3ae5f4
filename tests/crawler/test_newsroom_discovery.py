"""How articles of the sample newsroom are found: feeds, sitemaps, sections, robots; copies and redirects."""

from __future__ import annotations

import gzip
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import feedparser
import httpx
import pytest
from bs4 import BeautifulSoup
from lxml import etree
from newsroom_samples import (
    ALL,
    EVIL,
    PUBLISHERS,
    first,
    origin,
    soup,
    url,
)

from crawler.newsroom.addresses import article_path
from crawler.newsroom.pages import FOOTER
from crawler.newsroom.server import Newsroom
from crawler.newsroom.site import newsroom_sources


def feed_links(client: httpx.Client, address: str) -> list[str]:
    feed = feedparser.parse(client.get(address).content)
    assert not feed.bozo
    return [entry.link for entry in feed.entries]


def sitemap_links(client: httpx.Client, address: str) -> list[str]:
    content = client.get(address).content
    root = etree.fromstring(gzip.decompress(content) if address.endswith(".gz") else content)
    locations = [loc.text or "" for loc in root.findall("{*}*/{*}loc")]
    if etree.QName(root).localname == "sitemapindex":
        assert [location.rpartition(".")[2] for location in locations] == ["xml", "gz"]
        return [link for child in locations for link in sitemap_links(client, child)]
    return locations


def section_links(client: httpx.Client, address: str) -> list[str]:
    links: list[str] = []
    following: str | None = address
    while following:
        page = soup(client, following)
        links += [urljoin(following, str(a["href"])) for a in page.select("#list a")]
        after = page.select_one("a[rel=next]")
        following = urljoin(following, str(after["href"])) if after else None
    return links


def canonical(client: httpx.Client, address: str) -> str:
    response = client.get(address, follow_redirects=True)
    assert response.status_code == 200, address
    link = BeautifulSoup(response.content, "lxml").select_one("link[rel=canonical]")
    return str(link["href"]) if link else str(response.url).partition("#")[0]


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_every_article_is_found_by_the_ways_that_sources_yml_names(
    newsroom: Newsroom, client: httpx.Client, publisher: str
) -> None:
    (source,) = [s for s in newsroom_sources(newsroom.base_port) if s.name == PUBLISHERS[publisher].name]
    assert source.origin == origin(newsroom, publisher)
    links: set[str] = set()
    for ways, read in (
        (source.feeds, feed_links),
        (source.sitemaps, sitemap_links),
        (source.sections, section_links),
    ):
        for way in ways:
            links |= set(read(client, source.absolute(way)))
    articles = {url(newsroom, article) for article in ALL if article.publisher == publisher}
    found = {canonical(client, link) for link in links}
    assert articles <= found
    # Section pages link onward too; feeds and sitemaps lead to articles alone.
    if not source.sections:
        assert found == articles


def test_the_same_article_is_offered_under_several_addresses(
    newsroom: Newsroom, client: httpx.Client
) -> None:
    links = feed_links(client, origin(newsroom, "retail-ledger") + "/rss.xml")
    assert all("utm_source=rss" in link for link in links)
    assert len({link.partition("?")[0] for link in links}) == len(links) - 1
    maps = sitemap_links(client, origin(newsroom, "storefront-asia") + "/sitemap_index.xml")
    assert any(link.endswith("?print=1") for link in maps)
    maps = sitemap_links(client, origin(newsroom, "payments-observer") + "/news-sitemap.xml")
    assert any(link.endswith("/amp/") for link in maps)


def test_feeds_carry_dates_titles_and_authors(newsroom: Newsroom, client: httpx.Client) -> None:
    for path, publisher in (("/rss.xml", "retail-ledger"), ("/feeds/all.atom", "commerce-wire")):
        feed = feedparser.parse(client.get(origin(newsroom, publisher) + path).content)
        entry = next(entry for entry in feed.entries if entry.title == "Alder and Birch, part 13")
        assert entry.published_parsed[:5] == (2019, 3, 14, 7, 15)
        assert entry.summary == "A standfirst."
        assert "Ann Example" in [author.name for author in entry.authors]


def test_a_news_sitemap_has_titles_and_publication_dates(newsroom: Newsroom, client: httpx.Client) -> None:
    root = etree.fromstring(client.get(origin(newsroom, "payments-observer") + "/news-sitemap.xml").content)
    titles = [title.text for title in root.iterfind(".//{*}news/{*}title")]
    assert EVIL in titles
    assert "2019-03-01T08:15:00+01:00" in [date.text for date in root.iterfind(".//{*}publication_date")]


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_robots_closes_what_pages_link_to_and_names_the_sitemaps(
    newsroom: Newsroom, client: httpx.Client, publisher: str
) -> None:
    home = origin(newsroom, publisher)
    robots = RobotFileParser()
    robots.parse(client.get(f"{home}/robots.txt").text.splitlines())
    page = soup(client, url(newsroom, first(publisher)))
    links = {urljoin(home, str(a["href"])) for a in page.select("a[href]")}
    closed = {urlsplit(link).path for link in links if not robots.can_fetch("tieup", link)}
    assert closed == {"/search", PUBLISHERS[publisher].private_path}
    assert robots.can_fetch("tieup", url(newsroom, first(publisher)))
    assert robots.site_maps()
    for sitemap in robots.site_maps() or []:
        assert sitemap_links(client, sitemap)


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_home_page_announces_the_feeds(newsroom: Newsroom, client: httpx.Client, publisher: str) -> None:
    home = origin(newsroom, publisher) + "/"
    announced = [str(link["href"]) for link in soup(client, home).select("link[rel=alternate][type]")]
    assert announced == [feed.path for feed in PUBLISHERS[publisher].feeds]


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_every_link_of_a_site_leads_somewhere(
    newsroom: Newsroom, client: httpx.Client, publisher: str
) -> None:
    home = origin(newsroom, publisher) + "/"
    seen, waiting = {home}, [home]
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        assert response.status_code in (200, 301), address
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        assert FOOTER in response.text, address
        page = BeautifulSoup(response.content, "lxml")
        for element in page.select("a[href], link[href], img[src]"):
            link = urljoin(address, str(element.get("href") or element.get("src"))).partition("#")[0]
            assert link.startswith(home), f"{address} leads out of the newsroom to {link}"
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    assert {url(newsroom, article) for article in ALL if article.publisher == publisher} <= seen


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_a_page_beyond_the_last_is_not_found(
    newsroom: Newsroom, client: httpx.Client, publisher: str
) -> None:
    listing = origin(newsroom, publisher) + PUBLISHERS[publisher].latest_path
    number = 1
    while client.get(listing + PUBLISHERS[publisher].next_pages.format(page=number + 1)).status_code == 200:
        number += 1
        assert number < 50
    assert number > 1
    response = client.get(listing + PUBLISHERS[publisher].next_pages.format(page=number + 1))
    assert response.status_code == 404
    assert FOOTER in response.text
    assert client.get(f"{listing}no/such/page").status_code == 404


def test_tracking_amp_and_print_addresses_name_the_real_page(
    newsroom: Newsroom, client: httpx.Client
) -> None:
    for publisher in ("retail-ledger", "commerce-wire", "storefront-asia", "payments-observer"):
        article = first(publisher)
        real = url(newsroom, article)
        path = article_path(PUBLISHERS[publisher], article)
        copies = [
            origin(newsroom, publisher) + c.format(path=path) for c in PUBLISHERS[publisher].copies.values()
        ]
        assert copies
        for address in (real, f"{real}?utm_source=rss&fbclid=1", *copies):
            page = soup(client, address)
            assert [link["href"] for link in page.select("link[rel=canonical]")] == [real]
            assert "Closing paragraph." in page.get_text()
            assert FOOTER in page.get_text()


def test_an_old_address_redirects_for_good(newsroom: Newsroom, client: httpx.Client) -> None:
    listing = soup(client, origin(newsroom, "high-street-post") + "/news/")
    (link,) = listing.select(".archive a")
    response = client.get(urljoin(origin(newsroom, "high-street-post"), str(link["href"])))
    assert response.status_code == 301
    assert response.headers["Location"] == url(newsroom, first("high-street-post"))
