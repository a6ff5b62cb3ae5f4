"""How content systems mark up the text of an article, each on a small page."""

from __future__ import annotations

import pytest
from small_page import BODY, TEXT, read


@pytest.mark.parametrize(
    "link",
    [
        "<a href=/tag/birch class=auto-linked-tag data-component=auto-linked-tag>Birch Markets</a>",
        "<span class=promo>Birch Markets</span>",
    ],
)
def test_a_link_inside_a_sentence_stays_whatever_it_is_called(link: str) -> None:
    page = read(body=BODY.replace("Birch Markets", link))
    assert page.article_body == "\n\n".join(TEXT)


def test_a_box_of_tags_is_taken_out() -> None:
    tags = "<p>Topics: <a class=tag href=/t/1>Grocery chains</a> <a class=tag href=/t/2>Ready meals</a></p>"
    assert read(body=f"{BODY}<div class=tags>{tags}</div>").article_body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("<div class=group><h4>{}</h4><div itemprop=articleBody>", "</div></div>"),
        ("<div class=row><h4>{}</h4><div class='article-text grey'>", "</div></div>"),
    ],
)
def test_a_text_in_several_boxes_is_one_text(opens: str, closes: str) -> None:
    more = [text.replace("Alder", "Hazel").replace("meals", "soups") for text in TEXT]
    heads = ["How it began", "What comes next"]
    body = "".join(
        opens.format(head) + "".join(f"<p>{text}</p>" for text in part) + closes
        for head, part in zip(heads, (TEXT, more), strict=True)
    )
    lines = read(body=body).article_body.split("\n\n")
    assert [line for line in lines if line not in heads] == [*TEXT, *more]


def test_texts_of_two_articles_are_not_joined() -> None:
    other = "".join(f"<p>{text.replace('Alder', 'Hazel')}</p>" for text in TEXT)
    page = read(
        body=f"<div class=article-body>{BODY}</div>",
        below=f"<article><h1>Hazel opens a plant</h1><div class=article-body>{other}</div></article>",
    )
    assert page.article_body == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "heading",
    [
        "<h4><a name=two rel=nofollow>What comes next</a></h4>",
        "<div role=heading aria-level=3 class=x>What comes next</div>",
        "<h2>What comes next <a class=bookmark href=#next>#</a></h2>",
    ],
)
def test_headings_of_sections_stay(heading: str) -> None:
    page = read(body=f"{BODY}{heading}<p>{TEXT[0].replace('Alder', 'Hazel')}</p>")
    assert [block.text for block in page.blocks if block.kind == "subheading"] == ["What comes next"]


def test_a_paragraph_that_a_paywall_hides_is_text_and_the_wall_is_none() -> None:
    wall = "<p class=paywall>Subscribe now to continue reading this article.</p>"
    page = read(body=BODY.replace("<p>", "<p class=paywall>") + wall)
    assert page.article_body == "\n\n".join(TEXT)


def test_a_bold_first_sentence_that_is_the_description_stays_in_the_text() -> None:
    head = f"<meta name=description content='{TEXT[0]}'>"
    page = read(
        head=head, body=f"<p><img src=a.jpg> <strong>{TEXT[0]}</strong></p>" + BODY.split("</p>", 1)[1]
    )
    assert page.article_body == "\n\n".join(TEXT)


def test_where_the_source_of_a_page_is_wrapped_no_line_ends() -> None:
    wrapped = BODY.replace(" to ", "\n    to ").replace("</p>", "<br></p>", 1)
    assert read(body=wrapped).article_body == "\n\n".join(TEXT)


def test_a_note_on_the_author_at_the_end_is_no_text() -> None:
    note = "Ann Lee is the founder of a consultancy for grocers near Leeds."
    page = read("<p>By Ann Lee</p>", body=f"{BODY}<p><i>--</i></p><p><i>{note}</i></p>")
    assert page.article_body == "\n\n".join(TEXT)
    assert [block.text for block in page.blocks if block.kind == "bio"][-1] == note


def test_what_is_said_of_others_at_the_end_is_text() -> None:
    last = "Bob Ray is the director of Birch Markets."
    assert read("<p>By Ann Lee</p>", body=f"{BODY}<p>{last}</p>").article_body.endswith(last)


def test_a_sentence_may_begin_with_a_link_that_is_called_a_tag() -> None:
    body = BODY.replace("<p>Alder Foods", "<p><a class=tag href=/t/alder>Alder Foods</a>", 1)
    assert read(body=body).article_body == "\n\n".join(TEXT)


def test_a_caption_in_front_of_a_sentence_is_taken_out() -> None:
    body = BODY.replace("<p>", "<p><img src=a.jpg><span class=caption>A plant near Preston</span>", 1)
    assert read(body=body).article_body == "\n\n".join(TEXT)


def test_other_posts_with_boxes_of_the_same_name_are_not_joined() -> None:
    other = "".join(f"<p>{text.replace('Alder', 'Hazel')}</p>" for text in TEXT[:1])
    heading = "<h2><a href=/hazel>Hazel opens a plant</a></h2>"
    post = f"<div class=post>{heading}<div class=entry-content>{other}</div></div>"
    page = read(body=f"<div class=entry-content>{BODY}</div>", below=post + post)
    assert page.article_body == "\n\n".join(TEXT)
