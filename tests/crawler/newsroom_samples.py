"""Small articles for the newsroom's tests, a hostile one among them, and how their pages are asked for."""

from __future__ import annotations

from datetime import datetime

import httpx
from bs4 import BeautifulSoup

from crawler.newsroom.addresses import article_path
from crawler.newsroom.articles import SampleArticle
from crawler.newsroom.publishers import load_publishers
from crawler.newsroom.server import Newsroom

PUBLISHERS = {publisher.id: publisher for publisher in load_publishers()}
EVIL = """</title></script><script>alert("x")</script>" onload='y' {{ 7*7 }} & co"""


BODY = ["Opening paragraph.", "## A subheading", "Second paragraph.", "> A quotation.", "Closing paragraph."]


def sample(publisher: str, number: int, **changes: object) -> SampleArticle:
    published = datetime.fromisoformat(f"2019-03-{number + 1:02d}T08:15:00+01:00")
    values: dict[str, object] = {
        "publisher": publisher,
        "day": published.date(),
        "slug": f"alder-birch-{number}",
        "headline": f"Alder and Birch, part {number}",
        "standfirst": "A standfirst.",
        "authors": ("Ann Example", "Bo Sample"),
        "published": published,
        "section": "Supply chain" if number % 2 else "Technology",
        "caption": "A caption.",
        "related": ("Cedar buys Dogwood",),
        "bio": "Ann Example writes.",
        "comments": ("I prefer Elm.",),
        "body": "\n\n".join(BODY),
    }
    return SampleArticle(**{**values, **changes})  # type: ignore[arg-type]


ARTICLES = [sample(publisher, number) for publisher in PUBLISHERS for number in range(14)]
PAYWALLED = sample("payments-observer", 20, paywall=True, slug="behind-the-wall")
HOSTILE = [
    sample(
        publisher,
        25,
        slug="hostile",
        headline=EVIL,
        standfirst=EVIL,
        section=EVIL,
        authors=(EVIL,),
        caption=EVIL,
        related=(EVIL + "2",),
        bio=EVIL,
        comments=(EVIL,),
        body=f"{EVIL}\n\n{EVIL}",
    )
    for publisher in PUBLISHERS
]
ALL = [*ARTICLES, PAYWALLED, *HOSTILE]


def origin(newsroom: Newsroom, publisher: str) -> str:
    return PUBLISHERS[publisher].origin(newsroom.base_port)


def url(newsroom: Newsroom, article: SampleArticle) -> str:
    return origin(newsroom, article.publisher) + article_path(PUBLISHERS[article.publisher], article)


def first(publisher: str) -> SampleArticle:
    return next(article for article in ARTICLES if article.publisher == publisher)


def soup(client: httpx.Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return BeautifulSoup(response.content, "lxml")
