"""Baselines and ablation: what each makes of an article, and that all are scored in one run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from gold_folder import DEAL, gold_folder

from crawler.items import NewsArticle
from eval import ablation, baselines, compare, other_names
from eval.errors import EvaluationError
from eval.figures import Figure
from eval.report import lines_of
from extract.pipeline import extract, installed_model
from extract.weights import load_weights

ARTICLE = NewsArticle(
    url=None,
    canonical_url=None,
    headline="Walmart’s tills to take Klarna",
    article_body=(
        "The grocer grows. It said so at a fair in Texas that Tesco held.\n\n"
        "Carrefour watches. Walmart has signed a franchise agreement with Microsoft Corporation, it said."
    ),
    date_published="2021-06-17",
)
DENIAL = (
    "Walmart denied that it is in talks with Klarna about a payment partnership. Klarna declined to comment."
)


def test_gazetteer_takes_the_companies_of_headline_and_two_sentences() -> None:
    assert set(baselines.lead_guesser(baselines.gazetteer_names())(ARTICLE).names) == {
        "Walmart",
        "Klarna",
        "Tesco",
    }


def test_headline_takes_its_first_two_names() -> None:
    assert baselines.headline_guess(ARTICLE).names == ["Walmart", "Klarna"]
    three = replace(ARTICLE, headline="will H&M, Marks & Spencer and ASOS meet?")
    assert baselines.headline_guess(three).names == ["H&M", "Marks & Spencer"]
    assert baselines.headline_guess(replace(ARTICLE, headline="no names at all")).names == []


def test_ner_takes_organisations_of_sentences_with_a_trigger_and_its_type() -> None:
    plain = replace(ARTICLE, headline="News of the day")
    guess = baselines.trigger_guesser(baselines.entity_names(installed_model()))(plain)
    assert "Microsoft Corporation" in guess.names
    assert "Carrefour" not in guess.names
    assert guess.type == "licence_franchise"


def test_triggers_and_gazetteer_alone_make_a_deal_with_its_type() -> None:
    guess = baselines.trigger_guesser(baselines.gazetteer_names())(replace(ARTICLE, headline="News"))
    assert (set(guess.names), guess.type) == ({"Walmart", "Microsoft"}, "licence_franchise")


def test_one_name_makes_no_deal() -> None:
    read = baselines.reader_of(lambda article: baselines.Guess(article.headline.split()))
    one, two = read([replace(ARTICLE, headline="Tesco"), replace(ARTICLE, headline="Tesco Lidl")])
    assert one.deals == ()
    assert [p.name for p in two.deals[0].parties] == ["Tesco", "Lidl"]


def test_a_pipeline_that_is_not_installed_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no spaCy pipeline xx_no_such is installed"):
        compare.score(gold_folder(tmp_path, DEAL), ner=["xx_no_such"])


def test_all_ways_are_scored_beside_one_another(tmp_path: Path) -> None:
    result = compare.score(gold_folder(tmp_path, DEAL))
    by_way = {
        name: {figure.field: figure for figure in figures if figure.n}
        for name, figures in result.slices.items()
    }
    assert len(by_way) == 8
    headline = by_way[baselines.HEADLINE]
    assert headline["parties"].f1 == headline["deals"].f1 == 1.0
    assert "type_of_all" not in headline
    assert "areas" not in headline
    assert by_way[baselines.GAZETTEER]["parties"].recall == 0.0
    assert by_way[compare.PIPELINE]["deals"].f1 == 1.0
    assert by_way[ablation.WITHOUT_ENCODER]["deals"].f1 == 1.0
    assert by_way[ablation.ENCODER_ALONE]["parties"].recall == 1.0
    assert isinstance(by_way[compare.PIPELINE]["type_of_all"], Figure)
    assert baselines.HEADLINE in lines_of(result)


def test_the_encoder_is_really_left_out_and_the_weights_come_back() -> None:
    article = replace(ARTICLE, headline="Walmart and Klarna sign payment pact")
    before = load_weights()["party_mix"]
    (usual,) = extract([article])
    (alone,) = ablation.read_by_encoder([article])
    (without,) = ablation.read_without_encoder([article])
    readings = (usual, alone, without)
    confidences = [[p.confidence for deal in e.deals for p in deal.parties] for e in readings]
    assert confidences[0] != confidences[1] != confidences[2] != confidences[0]
    (again,) = extract([article])
    assert again == usual
    assert load_weights()["party_mix"] is before


def test_the_encoder_alone_outvotes_rules() -> None:
    article = replace(ARTICLE, headline="Walmart denies talks with Klarna", article_body=DENIAL)
    shares = []
    for reader in (extract, ablation.read_by_encoder):
        (extraction,) = reader([article])
        claims = [c for deal in extraction.deals if deal.main for c in deal.claims]
        shares.append({c.field: c.rule for c in claims if c.field in ("status", "instrument", "area")})
    usual, alone = shares
    assert usual["status"] == "cue:denied"
    assert {alone[field] for field in ("status", "instrument")} == {"model:status", "model:instrument"}


def test_companies_are_what_the_other_pipeline_names(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = spacy.blank("en")
    labels = {"Klarna": "ORG", "Microsoft Corporation": "ORG", "a fair": "ORG", "Texas": "GPE"}
    patterns = [{"label": label, "pattern": name} for name, label in labels.items()]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)
    monkeypatch.setattr(other_names, "load_entities", lambda model: nlp)
    (extraction,) = other_names.reader_with_names_of(installed_model())([ARTICLE])
    assert {(c.id, c.name) for c in extraction.companies} == {
        ("klarna", "Klarna"),
        ("microsoft", "Microsoft"),
    }
