"""How content systems mark up who wrote an article, when, and under which headline, each on a small page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_page import BODY, TEXT, TITLE, read

DAY = "2024-03-05"
STATED = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-03-05T09:00:00+00:00"}
ANN, BOB = {"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bob Ray"}


def script(content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return f"<script type='application/ld+json'>{text}</script>"


def by(author: Any) -> str:
    return script({**STATED, "author": author})


def graph(author: object, *others: object) -> str:
    return script({"@graph": [{**STATED, "author": author}, *others]})


BROKEN = json.dumps({**STATED, "datePublished": DAY, "author": {"name": "Ann Lee"}})[1:-1]


@pytest.mark.parametrize(
    "head",
    [
        by([[ANN], [BOB]]),
        by({"@list": [ANN, BOB]}),
        by({"@type": "Person", "name": ["Ann Lee", {"@value": "Bob Ray"}]}),
        graph(["#1", {"@id": "#2"}], {"@id": "#1", **ANN}, {"@id": "#2", **BOB}),
        by({"@id": "#1"}) + script([{"@id": "#1", "@type": "Person", "name": "Ann Lee and Bob Ray"}]),
        graph(
            {"@id": "#1"},
            {
                "@id": "#1",
                "@type": "Person",
                "image": {"@type": "ImageObject", "caption": "Ann Lee, Bob Ray"},
            },
        ),
        script({"@type": "WebPage", "hasPart": [{**STATED, "author": [ANN, BOB]}]}),
        by(
            ["https://www.tradepost.example/author/ann-lee/", "https://www.tradepost.example/author/bob-ray/"]
        ),
        by(
            [
                {"@type": "Person", "url": "https://www.tradepost.example/en/authors/ann-lee"},
                {"@type": "Person", "url": "https://www.tradepost.example/en/authors/bob-ray"},
            ]
        ),
        "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ann Lee, Bob Ray'>",
        "<meta name=DC.creator content='Lee, Ann; Ray, Bob'>",
        "<meta name=bt:author content='Ann Lee, Bob Ray'>",
        "<meta property=og:author content='Ann Lee and Bob Ray'>",
        "<meta name=analytics-author content='Ann Lee|Bob Ray'>",
        "".join(
            f"<meta property=article:author content='https://www.tradepost.example/author/{name}'>"
            for name in ("ann-lee", "bob-ray")
        ),
    ],
)
def test_authors_that_a_page_declares(head: str) -> None:
    assert read(head=head).authors == ("Ann Lee", "Bob Ray")


@pytest.mark.parametrize(
    "content",
    [
        f"{{{BROKEN}}};",
        f"{{ // the story\n{BROKEN} /* the end */ }}",
        f'{{"@type": "Organization", "name": "Trade Post"}}{{{BROKEN}}}',
        f'{{"description": "It said "no" to that", {BROKEN}}}',
        f"{{{BROKEN}}}".replace('"', "&quot;"),
    ],
    ids=["semicolon", "comments", "two in a row", "stray quotation marks", "escaped"],
)
def test_json_ld_that_templates_break_is_read(content: str) -> None:
    article = read(head=script(content))
    assert (article.authors, article.date_published) == (("Ann Lee",), DAY)


@pytest.mark.parametrize(
    "byline",
    [
        "Ann Lee / Reuters",
        "Ann Lee, Contributor",
        "Ann Lee, The Canadian Press",
        "Ann Lee The Associated Press",
        "By Ann Lee Business reporter, Trade Post",
        "By Trade Post's Ann Lee",
        "By Ann Lee of Trade Post",
        "By Ann Lee, Chief Executive Officer, Alder Foods",
        "By Ann Lee, Managing Director, Green Shelf Partners Europe",
        "Guest post by Ann Lee",
        "Column by Ann Lee",
    ],
)
def test_a_signature_with_a_post_or_an_agency(byline: str) -> None:
    article = read(f"<p>{byline}</p>", head=script(STATED))
    assert article.authors == ("Ann Lee",)
    assert article.article_body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        ("<p>By Ann Lee + Bob Ray</p>", ("Ann Lee", "Bob Ray")),
        ("<p>By Ann Lee and Bob Ray of Trade Post</p>", ("Ann Lee", "Bob Ray")),
        ("<a class='p-author h-card' href=/ann>Ann Lee</a>", ("Ann Lee",)),
        ("<div>Written by <a href=/team>Rachael Link, MS, RD</a> on March 5, 2024</div>", ("Rachael Link",)),
        ("<img src=a.jpg alt='Ann Lee'><p>Ann Lee | Mar 05, 2024</p>", ("Ann Lee",)),
        ("<p>New York | Mar 05, 2024</p>", ()),
        ("<figure><img src=a.jpg><span>Ann Lee, AP</span></figure>", ()),
        ("<p class=byline>By Alder Foods</p>", ()),
        ("<p>Reviewed by Ann Lee</p>", ()),
        ("<p>3/5/2024 7:11 AM PST BY ANN LEE</p>", ("Ann Lee",)),
        ("<div><a href=/about/editors/ann-lee/>Ann Lee</a>, <a href=/x>@annl</a></div>", ("Ann Lee",)),
        (
            "<p class=byline>By <a>Ann Lee</a>, an editor who wrote for The Till and other outlets.</p>",
            ("Ann Lee",),
        ),
    ],
)
def test_who_signed_what_is_shown(above: str, authors: tuple[str, ...]) -> None:
    article = read(above)
    assert article.authors == authors
    assert article.article_body == "\n\n".join(TEXT)


def test_the_byline_of_the_article_and_not_of_its_neighbours() -> None:
    neighbour = (
        "<article><h2><a href=/x>Elm opens</a></h2><a class=byline href=/author/bob>Bob Ray</a></article>"
    )
    article = read("<span class=info>By <a href=/author/ann-lee>Ann Lee</a></span>", below=neighbour)
    assert article.authors == ("Ann Lee",)


def test_a_signature_below_the_text() -> None:
    signed = "<footer><p>Posted by Ann Lee.</p></footer>"
    page = read(body=f"{BODY}{signed}")
    assert page.authors == ("Ann Lee",)
    assert "Ann Lee" not in page.article_body


def test_who_put_an_article_on_the_site_did_not_write_it() -> None:
    card = "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Bob Ray'>"
    assert read(head=card).authors == ("Bob Ray",)
    assert read("<div><span>By</span> <a>Ann Lee</a></div>", head=card).authors == ("Ann Lee",)


def test_the_photographer_of_a_picture_in_the_text_is_no_author() -> None:
    names = "<meta itemprop=author content='Bob Ray | Agency'>"
    picture = f"<div itemscope itemtype=https://schema.org/ImageObject>{names}</div>"
    assert read("<p class=byline>By Ann Lee</p>", body=f"{picture}{BODY}").authors == ("Ann Lee",)


def test_a_publication_beside_a_person_is_no_author() -> None:
    assert read(head="<meta name=author content='Ann Lee, The Towline'>").authors == ("Ann Lee",)


def test_a_columnist_may_be_named_in_front_of_the_headline() -> None:
    heading = "<h1>Ann Lee: What tills know</h1>"
    article = read("<p class=byline>By Ann Lee</p>", heading=heading, title="Ann Lee: What tills know")
    assert article.authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ("<p class=date>5 Mar '24</p>", DAY),
        ("<p>3/25/24</p>", "2024-03-25"),
        ("<span>25.03.24</span>", "2024-03-25"),
        ("<p class=date>3/5/24</p>", None),
        ("<p class=date>Issue: March 2024</p>", "2024-03"),
        ("<time>March 2024</time>", "2024-03"),
        ("<span class=js-date data-timestamp=1709629200>3 days ago</span>", DAY),
        ("<relative-time datetime=2024-03-05T09:00:00Z>3 days ago</relative-time>", DAY),
        ("<span class=date title='March 5, 2024 9:00 AM'>Tuesday</span>", DAY),
    ],
)
def test_dates_that_are_shown(above: str, day: str | None) -> None:
    assert (read(above).date_published or "")[:10] == (day or "")


@pytest.mark.parametrize(
    ("stated", "day"), [("2024-3-5", DAY), ("Tue, 2024-03-05 09:00", DAY), ("05-03-2024", None)]
)
def test_dates_that_are_stated(stated: str, day: str | None) -> None:
    article = read(head=script({**STATED, "datePublished": stated}))
    assert (article.date_published or "")[:10] == (day or "")


@pytest.mark.parametrize(
    "name", ["vr:published_time", "post_date", "published", "article.date", "dateposted"]
)
def test_dates_in_elements_for_machines(name: str) -> None:
    assert read(head=f"<meta name='{name}' content='2024-03-05'>").date_published == DAY


@pytest.mark.parametrize(
    "above",
    [
        "<time itemprop=datePublished content=2024-03-05T05:00:00-08:00><b>today</b></time>",
        "<abbr itemprop=datePublished title=2024-03-05T05:00:00-08:00>5:00 AM</abbr>",
        "<ul><li itemprop=author itemscope>Ann Lee <time datetime=2024-03-05T05:00:00-08:00>today</time></ul>",
    ],
)
def test_when_by_the_markup_whatever_is_shown(above: str) -> None:
    assert read(above).date_published == "2024-03-05T05:00:00-08:00"


def test_of_two_statements_of_a_day_the_one_with_the_hour_counts() -> None:
    head = "<meta name=date content=2024-03-05>"
    assert read("<time datetime=2024-03-05T15:33:00-05:00>today</time>", head=head).date_published == (
        "2024-03-05T15:33:00-05:00"
    )


def test_a_day_in_the_address_of_a_picture_is_no_date() -> None:
    assert (
        read("<img src=/img/2024/03/01/till.jpg>", url="https://www.tradepost.example/x").date_published
        is None
    )


def test_a_day_of_update_is_no_day_of_publication() -> None:
    assert read("<div class=date><em>Last Updated:</em> March 5, 2024</div>").date_published is None


OTHERS = (
    "<div class=more><a href=/1>Other</a><b class=date>{}</b><a href=/2>Other</a><b class=date>{}</b></div>"
)


@pytest.mark.parametrize(
    ("date", "about", "day"),
    [
        ("03/05/2024", {"below": OTHERS.format("02/27/2024", "02/25/2024")}, DAY),
        ("05/03/2024", {"below": OTHERS.format("27/02/2024", "25/02/2024")}, DAY),
        ("03/05/2024", {"below": OTHERS.format("27/02/2024", "02/25/2024")}, None),
        ("05/03/2024", {"head": "<meta property=article:modified_time content=2024-03-05T10:00:00Z>"}, DAY),
        ("05/03/2024", {"url": "https://www.tradepost.example/2024/03/alder-birch"}, DAY),
        ("05/03/2024", {"lang": "en-GB"}, DAY),
        ("05/03/2024", {"country": "IE"}, DAY),
        ("03/05/2024", {"country": "US"}, DAY),
        ("05/12/2024", {}, "2024-05-12"),
        ("05/03/2024", {"lang": "en-US"}, None),
        ("05/03/2024", {"country": "CA"}, None),
        ("03/05/2024", {"body": f"<p>LEEDS, March 5, 2024 -- {TEXT[0]}</p>{BODY}"}, DAY),
    ],
)
def test_which_number_is_the_day(date: str, about: dict[str, str], day: str | None) -> None:
    assert read(f"<p class=date>{date}</p>", **about).date_published == day


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        (f"Trade Post: {TITLE}", ""),
        (f"{TITLE} – News – Trade Post", ""),
        ("Alder Foods plc - Press Release Details", f"<h1>Press Release Details</h1><h2>{TITLE}</h2>"),
        ("Press Release", f"<h1>Press Release</h1><h2>{TITLE}</h2>"),
        ("Trade Post | Home", f"<h2 class=article-title>{TITLE}</h2>"),
        (f"{TITLE} | Trade Post", f"<h1><a href=/>Trade Post</a></h1><h2>{TITLE}</h2>"),
        (f"{TITLE} | Trade Post", f"<h1>News</h1><h2 class=title>{TITLE}</h2>"),
        (f"{TITLE} | Trade Post", f"<h1>{TITLE}<small>Retail</small></h1>"),
        (f"{TITLE} | Trade Post", f"<h1>{TITLE}<br><span class=sub>Three years, 212 shops</span></h1>"),
    ],
)
def test_the_headline_and_not_what_stands_above_all_articles(title: str, heading: str) -> None:
    article = read("<p>5 March 2024</p>", title=title, heading=heading)
    assert article.headline == TITLE
    assert article.article_body == "\n\n".join(TEXT)


def test_a_portal_that_calls_its_application_by_the_headline() -> None:
    head = f"<meta name=application-name content='{TITLE}'>"
    below = "<h2>More in Money &amp; Markets</h2>"
    page = read(head=head, title=TITLE, below=below)
    assert (page.headline, page.publisher) == (TITLE, None)


def test_a_byline_in_an_inner_article_element_is_the_articles_own() -> None:
    page = read(body=f"<article><p class=byline>By Ann Lee</p>{BODY}</article>")
    assert (page.authors, page.article_body) == (("Ann Lee",), "\n\n".join(TEXT))
