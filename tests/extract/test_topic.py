"""Texts about something else than business in retail are told by their words, and not read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.items import NewsArticle, content_sha256
from crawler.newsroom.articles import load_articles
from extract.pipeline import extract
from extract.topic import is_off_topic, topic_features
from tieup import cli

MATCH = (
    "United came from two goals down to beat City 3-2 at a rain-soaked stadium on Saturday, with captain "
    "Marcus Bell scoring the winner in the fourth minute of stoppage time. The visitors had dominated the "
    "first half, and goals from Alvarez and young midfielder Tom Reed before the interval seemed to have "
    "settled the derby. But manager Sofia Grant threw on two substitutes after the restart, and the game "
    "turned. Winger Danny Cole pulled one back with a low shot that squirmed under the goalkeeper, and "
    "the equaliser followed six minutes later when defender Luca Moretti headed in a corner. The referee "
    "waved away appeals for a penalty before Bell, who has struggled with a hamstring injury since "
    "October, volleyed home from the edge of the box. The result lifts United to third in the table, four "
    "points behind the leaders, and leaves City without an away win in six matches. Grant praised her "
    "players' spirit and said the dressing room never stopped believing. Barclays sponsors the trophy."
)
VOTE = (
    "The prime minister survived a confidence vote in parliament late on Tuesday after eleven rebels from "
    "her own coalition abstained, but the narrow margin leaves the government weakened before regional "
    "elections in June. Opposition leader Karl Henning accused her of losing the trust of the country "
    "over the handling of the floods in the north, where forty people died and thousands were evacuated "
    "from their homes. During a heated six-hour debate, the interior minister defended the emergency "
    "services and promised a public inquiry led by a retired judge. Constitutional lawyers say the "
    "president could still dissolve the assembly if the budget fails to pass next month. Demonstrators "
    "gathered outside the building with candles and photographs of the victims. Senators from both "
    "chambers will meet on Thursday to discuss a compromise on the pension reform, which the unions "
    "oppose."
)


def article(body: str, headline: str = "") -> NewsArticle:
    return NewsArticle(
        url="https://example.com/story",
        canonical_url=None,
        headline=headline,
        date_published="2021-03-04",
        article_body=body,
        content_sha256=content_sha256(headline, body, ()),
    )


@pytest.mark.parametrize("text", [MATCH, VOTE], ids=["sport", "politics"])
def test_what_is_about_something_else_yields_nothing(text: str) -> None:
    (extraction,) = extract([article(text)])
    assert (extraction.relevance, extraction.companies, extraction.dates, extraction.deals) == (
        0.0,
        (),
        (),
        (),
    )


def test_it_is_read_all_the_same_if_one_wants_it() -> None:
    (extraction,) = extract([article(MATCH)], off_topic=True)
    assert "Barclays" in {company.name for company in extraction.companies}


def test_the_command_reads_it_with_an_option(tmp_path: Path) -> None:
    line = json.dumps({"article_body": MATCH})
    for options, is_read in (((), False), (("--off-topic",), True)):
        done = CliRunner().invoke(cli, ["extract", *options, "-"], input=line)
        assert (done.exit_code, bool(json.loads(done.output)["companies"])) == (0, is_read)


def test_every_article_of_the_newsroom_is_read() -> None:
    assert not [a.key for a in load_articles() if is_off_topic(f"{a.headline}\n\n{a.body}")]


def test_a_short_text_is_always_read() -> None:
    assert not is_off_topic(MATCH[:200])


def test_a_text_of_any_length_has_features_of_length_one() -> None:
    features = topic_features("Grocers and grocers' wives. The grocer isn't here.")
    assert set(features) == {"bias", "grocers", "wives", "grocer"}
    assert sum(number**2 for name, number in features.items() if name != "bias") == pytest.approx(1)
