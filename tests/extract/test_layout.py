"""What the lines of a plain text are: teasers, bylines, boilerplate, subheadings, About sections."""

from __future__ import annotations

from itertools import pairwise

import pytest

from extract.layout import BODY, BOILERPLATE, BYLINE, SUBHEADING, TEASER, read_layout

SENTENCE = "Customers will be able to order on the app and receive their shopping within one hour."
OTHER = (
    "After the deal the supermarket expects its online sales to grow by a fifth, its chief executive said."
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(line.kind, text[line.start : line.end].strip()) for line in read_layout(text)]


@pytest.mark.parametrize(
    "line",
    [
        "READ MORE: Starbucks opens in Shanghai",
        "WATCH: Starbucks opens in Shanghai",
        "WATCH Starbucks open in Shanghai",
        "Read more: Starbucks opens in Shanghai",
        "Read also: Starbucks opens in Shanghai",
        "See also – Starbucks opens in Shanghai",
        "Related: Starbucks opens in Shanghai",
    ],
)
def test_a_teaser_line_stands_alone(line: str) -> None:
    assert kinds(f"{SENTENCE}\n\n{line}\n\n{OTHER}") == [(BODY, SENTENCE), (TEASER, line), (BODY, OTHER)]


@pytest.mark.parametrize(
    "heading",
    ["Related", "Related Coverage", "RELATED ARTICLES", "Read more:", "You may also like", "Most read",
     "Recommended for you", "More from Retail Ledger", "See also", "In other news", "Trending"],
)  # fmt: skip
def test_what_follows_a_teaser_heading_are_teasers(heading: str) -> None:
    text = f"{SENTENCE}\n\n{heading}\n\nFord partners with Walmart\n- Starbucks opens a cafe in Shanghai"
    assert [kind for kind, _ in kinds(text)] == [BODY, TEASER, TEASER, TEASER]


def test_the_article_goes_on_after_a_list_of_teasers_with_a_line_that_is_none() -> None:
    text = f"Related coverage:\n• Ford partners with Walmart\n• Starbucks in Shanghai\nWhat it means\n{OTHER}"
    assert [kind for kind, _ in kinds(text)] == [TEASER, TEASER, TEASER, SUBHEADING, BODY]


def test_the_article_goes_on_after_teasers_with_a_whole_sentence() -> None:
    text = f"Related Coverage\n\nFord partners with Walmart\n\n{SENTENCE}\n\nWhat it means\n\n{OTHER}"
    assert [kind for kind, _ in kinds(text)] == [TEASER, TEASER, BODY, SUBHEADING, BODY]


@pytest.mark.parametrize(
    "line",
    [
        "By Anna Berg",
        "By Anna Berg and Victor Marsh",
        "By Anna Berg | Retail Ledger",
        "Written by Anna Berg",
        "Published on 17 June 2021",
        "Photo: Anna Berg",
        "Source: company",
        "A shop in Leeds (Reuters File Photo)",
    ],
)
def test_bylines(line: str) -> None:
    assert kinds(f"{line}\n\n{SENTENCE}") == [(BYLINE, line), (BODY, SENTENCE)]


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to our newsletter",
        "Sign up for the weekly email",
        "Follow us on Twitter",
        "© 2021 Retail Ledger",
        "All rights reserved.",
        "For more information, visit our site.",
        "We use cookies.",
        "Advertisement",
        "Media contact",
    ],
)
def test_boilerplate(line: str) -> None:
    assert kinds(f"{SENTENCE}\n\n{line}\n\n{OTHER}") == [(BODY, SENTENCE), (BOILERPLATE, line), (BODY, OTHER)]


@pytest.mark.parametrize("line", ["What it means for shoppers", "A second try", "Stores first"])
def test_subheadings(line: str) -> None:
    assert kinds(f"{SENTENCE}\n\n{line}\n\n{OTHER}")[1] == (SUBHEADING, line)


@pytest.mark.parametrize(
    "line",
    [
        "Sales rose.",
        "“It works,” he said.",
        "- free delivery over 20 pounds",
        "By Monday the chain will have 200 stores.",
        "About 200 stores will take part.",
        "More than 200 stores will take part.",
        "Related costs rose by a fifth.",
        "Published figures show that sales rose by a fifth in the stores that took part in the trial last year.",
    ],
)
def test_short_sentences_and_list_items_are_body(line: str) -> None:
    assert kinds(f"{SENTENCE}\n\n{line}")[1] == (BODY, line)


def test_an_about_section_runs_to_the_end() -> None:
    text = f"{SENTENCE}\n\nAbout Tesco\n\nTesco is a British grocer with 4,000 stores.\n\n{OTHER}"
    assert [kind for kind, _ in kinds(text)] == [BODY, BOILERPLATE, BOILERPLATE, BOILERPLATE]


def test_an_about_section_after_teasers_is_no_teaser() -> None:
    text = f"{SENTENCE}\n\nRelated\n\nFord opens a plant\n\nAbout Tesco\n\nTesco is a British grocer."
    assert [kind for kind, _ in kinds(text)] == [BODY, TEASER, TEASER, BOILERPLATE, BOILERPLATE]


@pytest.mark.parametrize("line", ["About half of the stores", "About time too"])
def test_a_subheading_that_begins_with_about_is_no_about_section(line: str) -> None:
    assert kinds(f"{SENTENCE}\n\n{line}\n\n{OTHER}")[-1] == (BODY, OTHER)


def test_a_sentence_that_begins_with_by_is_no_byline() -> None:
    line = "By joining the scheme, the chain agreed to open shops with the brand."
    assert kinds(f"{SENTENCE}\n\n{line}")[1] == (BODY, line)


@pytest.mark.parametrize("text", ["", "\n", " \n \t\n\n"])
def test_a_text_without_words_has_no_lines(text: str) -> None:
    assert read_layout(text) == ()


def test_offsets_are_code_points_and_cover_every_line_in_order() -> None:
    text = f"\n\U0001f6d2 Caf\u0065\u0301\r\n\n  {SENTENCE}  \n\nRelated\nFord\u2028opens"
    lines = read_layout(text)
    assert [text[line.start : line.end] for line in lines] == [
        line for line in text.split("\n") if line.strip()
    ]
    assert all(before.end < after.start for before, after in pairwise(lines))


@pytest.mark.parametrize("unit", ["x", " ", "a ", "Related ", "By A ", "\n", "About A\n", ". ", "(Reuters "])
def test_odd_long_texts_are_read_to_the_end(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert all(text[line.start : line.end].strip() for line in read_layout(text))


@pytest.mark.usefixtures("must_finish")
def test_a_line_of_many_ands_is_read_to_the_end() -> None:
    assert len(read_layout("By Anna " + "and " * 500 + "1")) == 1
