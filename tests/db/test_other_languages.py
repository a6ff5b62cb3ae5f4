"""An article in a language that is not read: stored, marked, and said to be unread on its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from build import database, load, rows
from served import get, served

from crawler.pages import parse_page
from db.identity import article_id
from db.settings import LANGUAGES_READ
from extract.model import Extraction
from extract.pipeline import extract_one

HEADLINE = "Carrefour et Uber Eats signent un accord de livraison"
TEXT = (
    "Carrefour et Uber Eats ont signé un accord pour la livraison à domicile dans toute la France, ont annoncé les "
    "deux groupes jeudi. Les clients pourront commander dans les magasins de leur ville dès le mois de juin."
)
PAGE = (
    f"<!doctype html><html lang='fr'><head><title>{HEADLINE}</title><meta property='og:type' content='article'>"
    f"<meta property='article:published_time' content='2021-04-29T08:00:00Z'></head>"
    f"<body><article><h1>{HEADLINE}</h1><p>{TEXT}</p></article></body></html>"
)
URL = "https://daily.example/accord"


def extracted(article: Any) -> Extraction:
    """What the pipeline says without reading: there is none that it could read with."""
    return extract_one(cast("Any", None), article)


def test_an_article_in_french_is_stored_marked_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "tieup.db"
    story = parse_page(PAGE, url=URL, retrieved_at="2026-01-01T00:00:00Z")
    db = database(path)
    for _ in range(2):
        load(db, (story, extracted(story)))
    assert rows(db, "SELECT headline, in_language, relevance, deals FROM articles") == [
        (HEADLINE, "fr", 0.0, 0)
    ]
    assert rows(db, "SELECT text FROM article_texts WHERE part = 'article_body'") == [(TEXT,)]
    for table in ("claims", "mentions", "date_mentions", "deals"):
        assert rows(db, f"SELECT count(*) FROM {table}") == [(0,)]
    db.close()
    shown = get(served(path), f"/tieup/articles/{article_id(URL)}").text
    assert "Not read, so nothing is concluded: its language is fr, and only en is read." in shown
    assert "signé un accord" in shown


def test_languages_are_those_that_the_pipeline_reads() -> None:
    story = parse_page(PAGE, url=URL)
    for language in ("de", "fr", "zh-CN", *LANGUAGES_READ):
        said = replace(story, in_language=language)
        if language in LANGUAGES_READ:
            with pytest.raises((TypeError, AttributeError)):
                extracted(said)
        else:
            assert extracted(said).companies == ()
