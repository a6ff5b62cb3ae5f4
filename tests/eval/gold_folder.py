"""Two gold articles, and answers to them that a pipeline might give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from crawler.items import NewsArticle
from extract.model import Claim, Deal, DealArea, Extraction, Party
from extract.text import slug

DEAL = """\
genre: wire
headline: [[Brinkholt]] and [[nuvaPay]] sign payment partnership
published: 2021-06-17
deal a: main; type=service_agreement; instrument=agreement_unspecified; status=signed; \
announced=2021-06-17; areas=digital_payments:committed
---
[[Brinkholt|a:retailer]], the Danish grocer, has signed a partnership with \
[[nuvaPay|a:payment_provider]], a payment company, the two said \
on {{Thursday|2021-06-17 announced a}}. The tills \
of [[Kassa|a:unit_of_party]], its discount arm, are next.

[[Lumo|competitor]], a rival grocer, takes cash only.
"""
NO_DEAL = """\
genre: wire
headline: [[Aldermoor]] sells more oats
published: 2021-06-17
---
Sales of [[Aldermoor|mentioned]], the grocer, rose by 4 per cent, analysts of [[Tarn|mentioned]] said.
"""


def gold_folder(folder: Path, *texts: str) -> Path:
    """A folder of its own with the articles 01.txt, 02.txt and so on."""
    target = folder / "gold"
    target.mkdir()
    for number, text in enumerate(texts, start=1):
        (target / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return target


def answer(*parties: str, confidence: float = 0.9) -> Extraction:
    """An extraction with one main deal between the parties, or none if there are no parties; its facts are DEAL's."""
    claims = tuple(
        Claim(
            field="party",
            subject=None,
            stated=slug(name),
            part="headline",
            start_char=0,
            end_char=1,
            quote="x",
            rule="model:party",
            confidence=confidence,
        )
        for name in parties
    )
    deal = Deal(
        main=True,
        type="service_agreement",
        instrument="agreement_unspecified",
        status="signed",
        announced="2021-06-17",
        confidence=confidence,
        parties=tuple(
            Party(company=slug(name), name=name, roles=("partner",), confidence=confidence)
            for name in parties
        ),
        areas=(DealArea(area="digital_payments", commitment="committed", confidence=0.9),),
        claims=claims,
    )
    return Extraction(url=None, relevance=1.0, pipeline="test", deals=(deal,) if parties else ())


def answers_of(*answers: Extraction) -> Callable[[Iterable[NewsArticle]], Iterator[Extraction]]:
    """A reader that gives these answers, whatever it reads."""

    def read(articles: Iterable[NewsArticle]) -> Iterator[Extraction]:
        for _, own in zip(articles, answers, strict=True):
            yield own

    return read
