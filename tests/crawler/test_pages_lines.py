"""Bylines, dates and titles as publishers write them, each on a small page."""

from __future__ import annotations

import json

import pytest

from crawler.items import NewsArticle
from crawler.pages import parse_page

TITLE = "Brightwell picks Parcelhaus for lockers"
TEXT = (
    "<p>Brightwell Stores has chosen Parcelhaus to run lockers outside its shops, both said on Tuesday.</p>"
)
NOW = "2025-01-01T00:00:00+00:00"


def article(
    *, head: str = "", above: str = "", below: str = "", h1: str = f"<h1>{TITLE}</h1>", title: str = TITLE
) -> NewsArticle:
    page = (
        f"<html lang=en><head><title>{title}</title>{head}</head><body><main>{h1}{above}"
        f"{TEXT}{TEXT.replace('Tuesday', 'Monday')}{below}</main></body></html>"
    )
    return parse_page(page, url="https://www.tradepage.example/x", retrieved_at=NOW)


def signed(name: object) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, "author": name, "publisher": {"name": "Trade Page"}}
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By JANE DOE and Bo Li", ["Jane Doe", "Bo Li"]),
        ("JANE DOE Associated Press", ["Jane Doe"]),
        ("Jane Doe, AP Retail Writer", ["Jane Doe"]),
        ("Jane Doe in Paris and Bo Li in Rome", ["Jane Doe", "Bo Li"]),
        ("By Zhu Lin | Example Daily | Updated: 2021-03-04 09:12", ["Zhu Lin"]),
        ("By Wang Yan Source: Example Times Published: 2019/11/19", ["Wang Yan"]),
        ("Jane Doe Trade Page", ["Jane Doe"]),
        ("Doe, Jane", ["Jane Doe"]),
        ("Jane Doe, MS, RD", ["Jane Doe"]),
        ("Conor McDONALD", ["Conor McDonald"]),
        ("Sun Wei & Ani Petrosyan", ["Sun Wei", "Ani Petrosyan"]),
        ("Juan Carlos de la Cruz", ["Juan Carlos de la Cruz"]),
        ("Words by Jane Doe Photography by Bo Li", ["Jane Doe"]),
        ("Trade Page", []),
        ("Press Trust of Somewhere", []),
        ("Our Special Correspondent", []),
        ("Lindgren Hem AB", []),
        ("editor07", []),
        ("https://www.facebook.com/jane.doe", []),
    ],
)
def test_authors_are_persons(byline: str, authors: list[str]) -> None:
    assert list(article(head=signed(byline)).authors) == authors


@pytest.mark.parametrize(
    ("declared", "shown", "authors"),
    [
        ("Jane Doe", "By Jane Doe and Bo Li", ["Jane Doe", "Bo Li"]),
        ("Web Uploader Smith", "By Bo Li", ["Bo Li"]),
        ("Jane Doe", "By Jane Q. Doe", ["Jane Doe"]),
        (None, "Text: Bo Li", ["Bo Li"]),
        (None, "By our correspondents", []),
    ],
)
def test_the_byline_that_readers_see_settles_who_wrote_it(
    declared: str | None, shown: str, authors: list[str]
) -> None:
    head = signed(declared) if declared else ""
    assert list(article(head=head, above=f"<p class='byline'>{shown}</p>").authors) == authors


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ("<div class='date'>Updated: Mar 5, 2021 | Published: Mar 4, 2021</div>", "2021-03-04"),
        ("<div>By <b>Ann Lee</b> | <span>March 4, 2021</span></div>", "2021-03-04"),
        ("<time class='entry-date published updated' datetime='2021-03-04'>x</time>", "2021-03-04"),
        ("<span>Thu, 04/03/2021 - 11:20</span>", "2021-03-04"),
        ("<span>2021年3月4日</span>", "2021-03-04"),
        ("<span>04.03.2021, 09:15 Uhr</span>", "2021-03-04"),
        ("<span>04/03/2021</span>", None),
        ("<p class='meta'>Updated March 5, 2021</p>", None),
        ("<p>The contract of 4 May 2017 ends.</p>", None),
        ("<p>LEEDS, March 4, 2021 /Newsline/ -- Brightwell Stores is an old company.</p>", "2021-03-04"),
    ],
)
def test_a_date_near_the_headline_is_found(above: str, day: str | None) -> None:
    published = article(above=above).date_published
    assert (published and published[:10]) == day


def test_dates_of_others_are_not_the_articles() -> None:
    below = "<div class='related'><time datetime='2024-05-05'>May 5, 2024</time></div>"
    today = "<div class='masthead'><span class='date'>Wednesday, 1 January 2025</span></div>"
    found = article(above="<p>March 4, 2021</p>", below=below, h1=f"{today}<h1>{TITLE}</h1>")
    assert found.date_published == "2021-03-04"
    assert article(below=below).date_published is None


@pytest.mark.parametrize(
    ("title", "h1"),
    [
        (f"{TITLE} | Trade Page | News", ""),
        (f"{TITLE} | News | Trade Page", ""),
        (f"{TITLE} - The Daily Thing", f"<h2>{TITLE}</h2>"),
        (f"The Daily Thing - {TITLE}", f"<div class='article-title'>{TITLE}</div>"),
        (f"{TITLE} | The Daily Thing", f"<h1>The Daily Thing</h1><h2>{TITLE}</h2>"),
        (TITLE, f"<h1>{TITLE.upper()}</h1>"),
        (TITLE, f"<h1><span class='kicker'>Exclusive</span>{TITLE}</h1>"),
        (TITLE, "<h1><i>Bright</i>well picks<br>Parcelhaus for lockers</h1>"),
        (TITLE, f"<h1>Press releases</h1><h2>{TITLE}</h2>"),
        (TITLE, f"<h1>Tannock closes its shops on Sundays again</h1><h1>{TITLE}</h1>"),
    ],
)
def test_the_headline_without_what_surrounds_it(title: str, h1: str) -> None:
    assert article(title=title, h1=h1).headline == TITLE


def test_a_headline_that_begins_with_the_sites_name_is_none() -> None:
    page = article(
        title="The Trade Page view on lockers: fine | Editorial",
        h1="<h1>The Trade Page view on lockers: fine</h1>",
    )
    assert page.headline == "The Trade Page view on lockers: fine"
