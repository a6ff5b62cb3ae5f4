"""A made-up year of news about a handful of companies: the same number gives the same news."""

from __future__ import annotations

import random
from dataclasses import replace

from build import Pair, article, deal, extraction

from extract.model import Deal, DealValue

NAMES = ("Tesco", "Ocado", "Carrefour", "Google", "Google Cloud", "Uber", "Alibaba", "Tmall", "Shop & Go Ltd")
SOURCES = ("wire", "daily", "trade", "blog")
AREAS = ("cloud_it", "digital_payments", "ai_ml", "data_analytics")


def news(seed: int, size: int = 30) -> list[Pair]:
    """Articles that report the same few deals on different days, recall old ones, disagree and copy."""
    rng = random.Random(seed)
    agreed = []
    for _ in range(size // 4):
        parties = rng.sample(NAMES, rng.choice((2, 2, 2, 3)))
        agreed.append((parties, rng.randrange(0, 300)))
    pairs: list[Pair] = []
    for number in range(size):
        source = rng.choice(SOURCES)
        parties, day = rng.choice(agreed)
        published = _day(day + rng.choice((0, 0, 1, 2, 20, 45, 120)))
        body = f"{' and '.join(parties)} are in the news, says item {number}."
        if pairs and rng.random() < 0.15:
            body = rng.choice(pairs)[0].article_body
        story = article(
            f"https://{source}.example/{number}", body, published=rng.choice((published, published, None))
        )
        deals = [_report(rng, story, parties, day, main=rng.random() < 0.8)]
        if rng.random() < 0.3:
            others, when = rng.choice(agreed)
            deals.append(_report(rng, story, others, when, main=False))
            deals[0] = replace(deals[0], links=deals[0].links)
        pairs.append(
            (
                story,
                extraction(
                    story, *deals, named={"Ford": "competitor"}, relevance=rng.choice((0.9, 0.9, 0.2))
                ),
            )
        )
    return pairs


def _report(rng: random.Random, story, parties: list[str], day: int, *, main: bool) -> Deal:
    named = parties if len(parties) < 3 or rng.random() < 0.7 else parties[:2]
    when = _day(day + rng.choice((0, 0, 0, 1, -1, 12)))
    announced = rng.choice((when, when, when[:7], when[:4], None, "published" if main else None))
    return deal(
        story,
        {name: rng.choice(("partner", "retailer", "technology_provider")) for name in named},
        main=main,
        type=rng.choice(("technology_agreement", "service_agreement", "acquisition")),
        instrument=rng.choice(("agreement_unspecified", "letter_of_intent")),
        status=rng.choice(("announced", "signed", "launched", "denied", "in_talks")),
        announced=announced,
        areas={
            area: rng.choice(("committed", "planned", "option"))
            for area in rng.sample(AREAS, rng.randrange(3))
        },
        units=["Google Cloud"] if rng.random() < 0.2 else [],
        places=rng.sample(("GB", "FR", "US"), rng.randrange(3)),
        value=DealValue(amount=rng.choice((5e6, 2.5e6)), currency="EUR", text="millions")
        if rng.random() < 0.3
        else None,
        exclusive=rng.choice((None, None, True, False)),
        dates={"launched": when} if rng.random() < 0.2 else None,
        defaults=rng.sample(("instrument", "type", "status"), rng.randrange(3)),
        confidence=round(rng.random(), 2),
    )


def _day(number: int) -> str:
    from datetime import date, timedelta

    return (date(2024, 1, 1) + timedelta(number)).isoformat()
