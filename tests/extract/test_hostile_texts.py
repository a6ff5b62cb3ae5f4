"""Texts that no newspaper prints are read to the end, and what they say is still found."""

from __future__ import annotations

import pytest

from crawler.items import NewsArticle
from extract.model import Extraction
from extract.pipeline import extract

DEAL = "Walmart and Kroger signed a partnership agreement on Monday to sell groceries online."
RETAILERS = [
    f"{name} Stores" for name in ("Abbo", "Brinda", "Corvo", "Delmy", "Estra", "Fendry", "Galva", "Holm")
]


def read(headline: str, body: str) -> Extraction:
    article = NewsArticle(
        url="https://news.example/a",
        canonical_url=None,
        headline=headline,
        date_published="2021-05-05",
        article_body=body,
    )
    (extraction,) = extract([article], off_topic=True)
    return extraction


def quotes_read_again(extraction: Extraction, headline: str, body: str) -> bool:
    parts = {"headline": headline, "article_body": body}
    return all(
        parts[claim.part][claim.start_char : claim.end_char] == claim.quote
        for deal in extraction.deals
        for claim in deal.claims
    )


def parties(extraction: Extraction) -> set[str]:
    return {company.name for company in extraction.companies if company.is_party}


@pytest.mark.parametrize(
    "noise",
    [
        "(" * 6_000,
        '"' * 6_000,
        "x" * 60_000,
        "-a" * 8_000,
        "sold, " * 3_000,
        "A & B & " * 1_500,
        "Kroger's " * 1_500,
        "3 May " * 1_000,
        "\u200b" * 20_000,
    ],
    ids=[
        "brackets",
        "quotes",
        "a word",
        "hyphens",
        "one sentence",
        "ampersands",
        "owners",
        "dates",
        "no width",
    ],
)
def test_noise_behind_a_deal_does_not_hide_it(noise: str) -> None:
    body = f"{DEAL}\n\n{noise}"
    extraction = read("Walmart partners with Kroger", body)
    assert parties(extraction) >= {"Walmart", "Kroger"}
    assert quotes_read_again(extraction, "Walmart partners with Kroger", body)


def test_a_headline_longer_than_any_article() -> None:
    headline = "Walmart partners with Kroger " * 3_000
    extraction = read(headline, DEAL)
    assert parties(extraction) == {"Walmart", "Kroger"}
    assert quotes_read_again(extraction, headline, DEAL)


def test_a_deal_of_sixty_companies_ends() -> None:
    """Every two of them may go together; all sets of which each two do would be more than anyone can count."""
    names = [f"{first}{second.lower()}" for first in RETAILERS for second in RETAILERS][:60]
    body = (
        f"Walmart signed a partnership agreement on Monday with {', '.join(names)} and Kroger to sell online."
    )
    extraction = read("Sixty retailers sign a partnership agreement", body)
    assert len(extraction.companies) > 50
    assert all(len(deal.parties) > 1 for deal in extraction.deals)
