"""What a page's text is where its markup does not say so, and what is set aside in it."""

from __future__ import annotations

import json

import pytest

from crawler.items import NewsArticle
from crawler.pages import NotAnArticle, parse_page

TITLE = "Alder Foods supplies ready meals to Birch Markets"
FIRST = (
    "Alder Foods has agreed to supply its ready meals to all 212 shops of Birch Markets in the north from next "
    "month, the two companies told their staff on Tuesday."
)
TEXT = f"""{FIRST}
The meals are made in a plant near Preston that was extended last year. It can make 40,000 boxes a day and does so for
 three other grocers as well.
Birch Markets pays by the box, with a lowest price for each quarter. Neither side named the sum, and the contract runs
 for three years.
“We wanted meals that people buy twice,” said Petra Stone, who buys chilled food for the grocer. The first shops got
 theirs on a rainy weekday.""".replace("\n ", " ").split("\n")
REMARKS = [
    "I bought one of these last week and found more sauce than meal, which is a pity since the old ones were fine.",
    "My sister works for the grocer, and nobody told her anything before it was in the papers, as always happens.",
    "Three years is a long time for a curry. I would have signed for one, and looked at the freezer afterwards.",
    "Why does nobody write about the lorries? There are forty a day in our road now, and the road is a small one.",
    "The boxes cannot be put into the paper bin because of the film, and the shop does not take them back either.",
    "Cooked it twice, once by the book and once not, and the second time was better. That says something, I think.",
]


def paragraphs(texts: list[str], tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


def read(main: str, head: str = "") -> NewsArticle:
    page = (
        f"<html lang=en><head><title>{TITLE}</title>{head}</head><body><div class=x1><a href=/>Home</a></div>"
        f"<div class=x2>{main}</div><div class=x9><p>All rights reserved by nobody in particular</p>"
        "</div></body></html>"
    )
    return parse_page(page, url="https://www.tradepost.example/x", retrieved_at="2025-01-01T00:00:00+00:00")


def test_remarks_of_readers_are_no_text_where_no_name_says_so() -> None:
    remarks = "".join(
        f"<div class=y7><div><a href=/u{n}>reader {n}</a></div><div><p>{text}</p></div></div>"
        for n, text in enumerate(REMARKS)
    )
    body = read(
        f"<h1>{TITLE}</h1><div class=y1>{paragraphs(TEXT)}</div><div class=y5>{remarks}</div>"
    ).article_body
    assert body == "\n\n".join(TEXT)


def test_a_text_in_several_boxes_without_names_is_read_to_its_end() -> None:
    boxes = "".join(
        f"<div class=y2><div class=y3>{paragraphs(part)}</div></div>"
        f"<div class=y4><img src=a.jpg><div>{caption}</div></div>"
        for part, caption in ((TEXT[:2], "A shop in Leeds"), (TEXT[2:] + REMARKS[:2], "The plant"))
    )
    body = read(f"<div><h1>{TITLE}</h1></div><div class=y1>{boxes}</div>").article_body
    assert [text for text in TEXT + REMARKS[:2] if text not in body] == []


def test_the_text_that_a_page_states_for_machines_settles_a_doubt() -> None:
    stated = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(TEXT)}
    head = f"<script type='application/ld+json'>{json.dumps(stated)}</script>"
    lists = f"<div class=y8>{paragraphs(REMARKS)}</div>"
    main = f"<div><div class=y1><h1>{TITLE}</h1>{paragraphs(TEXT, 'div')}</div></div>{lists}"
    assert read(main, head).article_body == "\n\n".join(TEXT)


def test_what_is_stated_for_machines_is_no_text_if_it_is_but_the_beginning() -> None:
    stated = {"@type": "NewsArticle", "headline": TITLE, "articleBody": TEXT[0]}
    head = f"<script type='application/ld+json'>{json.dumps(stated)}</script>"
    assert read(f"<h1>{TITLE}</h1><div>{paragraphs(TEXT)}</div>", head).article_body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ("[button link=”http://a.example” type=”big”]Send us your tip[/button]", "boilerplate"),
        (
            "Get unlimited access to Trade Post Pro for as little as 9 pounds a month. Use the code MEAL.",
            "newsletter",
        ),
        ("Ann Lee’s book about shelves (Paper Press) is out now. Follow her on Twitter @annlee.", "bio"),
        ("Chilled meals, view of the plant, photos © Trade Post, 2024", "caption"),
    ],
)
def test_furniture_between_paragraphs_is_set_aside(extra: str, kind: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs([*TEXT[:2], extra, *TEXT[2:]])}</article>")
    assert article.article_body == "\n\n".join(TEXT)
    assert [block.text for block in article.blocks if block.kind == kind] == [extra]


def test_a_card_that_opens_at_a_name_is_no_text() -> None:
    card = (
        "<span class=rollover-people><a href=/p>Petra Stone</a>"
        "<span class=rollover-people-block><a href=/p>Petra Stone</a>"
        "<a href=/1>Grocer gets new buyer</a><a href=/2>Ten questions to a buyer of soups</a></span></span>"
    )
    text = [TEXT[0], TEXT[1], TEXT[2], TEXT[3].replace("Petra Stone", card)]
    article = read(f"<article><h1>{TITLE}</h1><div class=entry-content>{paragraphs(text)}</div></article>")
    assert article.article_body == "\n\n".join(TEXT)


def test_what_a_company_says_about_itself_below_a_rule_is_boilerplate() -> None:
    about = "Alder Foods is a maker of chilled meals in the north of England and employs 900 people in two plants."
    more = "Alder Foods was founded in 1971 and belongs to the family of its founder."
    end = f"<div><hr><p>{about}</p><p>{more}</p></div>"
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(TEXT)}{end}</article>")
    assert article.article_body == "\n\n".join(TEXT)
    assert [block.text for block in article.blocks if block.kind == "boilerplate"] == [about, more]


def test_a_rule_alone_ends_no_text() -> None:
    assert read(
        f"<article><h1>{TITLE}</h1>{paragraphs(TEXT[:2])}<hr>{paragraphs(TEXT[2:])}</article>"
    ).article_body == "\n\n".join(TEXT)


def test_the_same_words_in_two_sections_are_there_twice_and_a_copy_of_the_whole_is_not() -> None:
    advice = "Warm the box for twelve minutes and let it rest for two before you open the film."
    sections = "".join(f"<h2>Box {n}</h2><p>{advice}</p>" for n in (1, 2, 3))
    article = read(f"<article><h1>{TITLE}</h1>{paragraphs(TEXT)}{sections}</article>")
    assert article.article_body.count(advice) == 3
    twice = read(f"<article><h1>{TITLE}</h1>{paragraphs(TEXT)}<h2>Prices</h2>{paragraphs(TEXT)}</article>")
    assert twice.article_body.count(TEXT[1]) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "<h2><strong><span class=gap></span>What it costs</strong></h2>",
        "<h2><b><div class=gap></div>What it <em>costs</em></b></h2>",
        "<div class=story_subheadline>What it costs</div>",
    ],
)
def test_headings_inside_the_text_are_kept(heading: str) -> None:
    main = f"<article><h1>{TITLE}</h1>{paragraphs(TEXT[:2])}{heading}{paragraphs(TEXT[2:])}</article>"
    assert [b.text for b in read(main).blocks if b.kind == "subheading"] == ["What it costs"]


def test_a_first_paragraph_without_spaces_is_no_line_above_the_text() -> None:
    first = "配達の契約は三年間続き、両社は二百十二の店で冷たい食事を売ると火曜日に発表した。価格は公表していない。"
    rest = [
        f"{number}番目の店は来月から新しい棚を使い、店員は毎朝その棚を確かめると話した。"
        for number in range(1, 7)
    ]
    page = f"<html lang=ja><head><title>{first[:12]}</title></head><body><article><h1>{first[:12]}</h1>"
    article = parse_page(
        page + paragraphs([first, *rest]) + "</article></body></html>", url="https://a.example/x"
    )
    assert article.article_body.startswith(first)


def test_a_short_article_among_many_teasers_is_one_if_its_address_repeats_its_heading() -> None:
    teasers = "".join(
        f"<div><a href=/{n}>Grocer number {n} opens another small shop in town</a></div>" for n in range(20)
    )
    story = f"<div><h1>{TITLE}</h1><p>{TEXT[0]}</p></div>"
    page = f"<html lang=en><head><title>{TITLE}</title></head><body>{story}{teasers}"
    body = parse_page(
        page, url="https://a.example/news/alder-foods-supplies-ready-meals-to-birch-markets"
    ).article_body
    assert body == TEXT[0]
    with pytest.raises(NotAnArticle, match="a list of articles"):
        parse_page(page, url="https://a.example/news/meals")


class Asked(Exception):
    """The second opinion was asked for."""


NAMED = f"<h1>{TITLE}</h1><div class=article-body>{paragraphs(TEXT)}</div>"


def stating(text: list[str]) -> str:
    stated = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(text)}
    return f"<script type='application/ld+json'>{json.dumps(stated)}</script>"


@pytest.fixture
def _no_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*page: object) -> None:
        raise Asked

    monkeypatch.setattr("crawler.parse.vote.segments", refuse)
    monkeypatch.setattr("crawler.parse.vote.densest", refuse)


@pytest.mark.usefixtures("_no_second_opinion")
@pytest.mark.parametrize("head", ["", stating(TEXT), stating(TEXT[:1])], ids=["alone", "stated", "beginning"])
def test_no_second_opinion_where_the_markup_names_the_text(head: str) -> None:
    assert read(NAMED, head).article_body == "\n\n".join(TEXT)


@pytest.mark.usefixtures("_no_second_opinion")
@pytest.mark.parametrize(
    ("main", "head"),
    [
        (NAMED.replace("article-body", "y1"), ""),
        (NAMED, stating(REMARKS)),
        (f"<h1>{TITLE}</h1><div class=article-body><p>{TEXT[0]}</p></div>{paragraphs(REMARKS, 'div')}", ""),
    ],
    ids=["no names", "something else is stated", "a part only"],
)
def test_a_second_opinion_where_the_text_is_in_doubt(main: str, head: str) -> None:
    with pytest.raises(Asked):
        read(main, head)
