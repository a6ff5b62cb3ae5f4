"""How pages put dates, money, quotes and pictures."""

from __future__ import annotations

import pytest

from db.pages.article import pieces
from db.pages.charts import bars, quarters
from db.pages.context import REACH, passage
from db.pages.deal_facts import term_words
from db.pages.search import full_text
from db.pages.wording import counted, listed, moment, money, web_link, when, wikidata_link


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2018-11-30", "30 Nov 2018"),
        ("2018-03", "Mar 2018"),
        ("2021-34", "Q2 2021"),
        ("2021-21", "spring 2021"),
        ("2021", "2021"),
        ("2024-01-05T10:30:00Z", "5 Jan 2024"),
        (None, ""),
        ("2021-77", "2021-77"),
        ("soon", "soon"),
    ],
)
def test_dates_are_put_in_words(edtf: str | None, words: str) -> None:
    assert when(edtf) == words


def test_moments_counts_and_lists_are_put_in_words() -> None:
    assert moment("2025-11-24T09:04:12.5Z") == "24 Nov 2025 09:04"
    assert [counted(1, "copy", "copies"), counted(2, "copy", "copies")] == ["1 copy", "2 copies"]
    assert counted(12345, "deal") == "12,345 deals"
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]


@pytest.mark.parametrize(
    ("amount", "words"),
    [(25_000_000, "25 million EUR"), (1_500_000_000, "1.5 billion EUR"), (950, "950 EUR"), (0, "0 EUR")],
)
def test_money_is_put_in_words(amount: float, words: str) -> None:
    assert money(amount, "EUR") == words


def test_terms_are_put_in_words() -> None:
    stated = ("60", "18", "1", "2027", "2027-12")
    assert [term_words(each) for each in stated] == [
        "5 years",
        "18 months",
        "1 month",
        "until 2027",
        "until Dec 2027",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.example",
        "//x.example",
        "http://",
        "http://[x",
        "",
        None,
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None) -> None:
    assert web_link(url) is None


def test_addresses_of_the_web_and_items_of_wikidata_become_links() -> None:
    assert web_link("https://wire.example/1?a=b") == "https://wire.example/1?a=b"
    assert wikidata_link("Q42") == "https://www.wikidata.org/wiki/Q42"
    assert wikidata_link("Q42/../x") is None


def test_a_quote_stands_in_its_sentence() -> None:
    text = "It rained. Tesco said it will use Ocado, from May. More on Monday."
    start = text.index("will use Ocado")
    found = passage(text, start, start + 14, "will use Ocado")
    assert (found.before, found.quote, found.after) == ("Tesco said it ", "will use Ocado", ", from May.")


def test_a_quote_of_whole_sentences_stands_alone() -> None:
    text = "It rained. Tesco will use Ocado.\nMore on Monday."
    start = text.index("Tesco")
    found = passage(text, start, start + 21, "Tesco will use Ocado.")
    assert (found.before, found.after) == ("", "")


def test_a_quote_in_an_endless_sentence_is_cut_at_words() -> None:
    text = "word " * 200 + "here it is" + " word" * 200
    start = text.index("here")
    found = passage(text, start, start + 10, "here it is")
    assert found.before.startswith("… word")
    assert found.after.endswith("word …")
    assert max(len(found.before), len(found.after)) <= REACH + 2


def test_a_quote_whose_text_is_not_at_hand_stands_alone() -> None:
    assert passage(None, 3, 5, "it").before == ""
    assert passage("other text", 3, 5, "it").quote == "it"


def test_pieces_of_a_text_are_the_text_again() -> None:
    span = {"company": None, "title": "", "css": "quoted"}
    spans = [
        {**span, "start_char": 0, "end_char": 9},
        {**span, "start_char": 4, "end_char": 7, "css": "party", "title": "Tesco", "company": "tesco"},
        {**span, "start_char": 5, "end_char": 900},
    ]
    cut = pieces("The deal is off", spans)
    assert "".join(piece.text for piece in cut) == "The deal is off"
    assert [(piece.text, piece.css) for piece in cut] == [
        ("The ", "quoted"),
        ("dea", "party quoted"),
        ("l ", "quoted"),
        ("is off", ""),
    ]


def test_pictures_keep_empty_quarters() -> None:
    assert quarters("2021-Q3", "2022-Q2") == ["2021-Q3", "2021-Q4", "2022-Q1", "2022-Q2"]
    drawn = bars([("a", 1), ("b", 0), ("c", 4)], 90, 40)
    assert [bar.height for bar in drawn] == [10, 0, 40]
    assert all(bar.y + bar.height == 40 for bar in drawn)
    assert drawn[-1].x + drawn[-1].width <= 90
    assert bars([("a", 0)], 90, 40)[0].height == 0


def test_words_for_search_are_words_and_no_operators() -> None:
    assert full_text('Tesco OR "Ocado') == '"Tesco" "OR" "Ocado"'
    assert full_text("carr", is_beginning=True) == '"carr"*'
    assert [full_text(""), full_text("- * \0")] == [None, None]
