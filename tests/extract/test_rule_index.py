"""Asking which patterns can match leaves out none that does."""

from __future__ import annotations

import re

import pytest

from crawler.newsroom.articles import load_articles
from extract.areas import _cue_patterns
from extract.dates.find import _READERS
from extract.indicators import load_patterns
from extract.rule_index import RuleIndex
from extract.triggers import load_triggers

FAMILIES = {
    "triggers": [rule.pattern for rule in load_triggers()],
    "areas": [pattern for _, _, pattern in _cue_patterns()[0]],
    "indicators": list(load_patterns("indicators").values()),
    "dates": [pattern for pattern, _ in _READERS],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_pattern_that_matches_news_is_a_candidate(family: str) -> None:
    patterns = FAMILIES[family]
    index = RuleIndex(patterns)
    for article in load_articles():
        for text in (article.headline, article.body, *article.body.split("\n\n")):
            matching = {number for number, pattern in enumerate(patterns) if pattern.search(text)}
            assert matching <= set(index.candidates(text))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?<![\w-])caf(?:é|e)s?(?!\w)", "Cafés in stores"),
        (r"\bsoci\w+", "une société"),
        (r"\w+ und Co", "Müller und Co"),
        (r"on\s\d", "on\u00a03 May"),
        (r"[\s.]x[\w&]+", "a\u2009xé"),
        (r"agreed(?: to|$)", "they agreed\n"),
        (r"tap(?! (?:into|water))", "they tap Kroger"),
        (r"(?P<a>-|/)\d(?P=a)", "1/2/3"),
        (r"straße", "STRASSE und Straße"),
    ],
)
def test_it_reads_letters_blanks_and_ends_as_python_does(pattern: str, text: str) -> None:
    compiled = re.compile(pattern, re.IGNORECASE)
    assert compiled.search(text)
    assert RuleIndex([re.compile("nothing"), compiled]).candidates(text) == [1]


def test_what_cannot_match_is_no_candidate() -> None:
    assert RuleIndex([re.compile("partner(?:s|ed)"), re.compile("pact")]).candidates("They sign a Pact") == [
        1
    ]
    assert RuleIndex([]).candidates("anything") == []
