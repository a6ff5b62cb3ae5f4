"""How surely an article is about retail: the words of the trade and the companies that it names."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from extract.company import Company
from extract.roles import RETAIL_SECTORS

_TRADE = re.compile(
    r"\b(?:retail\w*|e-?tail\w*|grocer\w*|supermarkets?|hypermarkets?|department stores?|stores?|shops?|shoppers?|shopping|e-?commerce|marketplaces?|merchants?|checkout|in-store|online sales|consumers?|"
    r"convenience|private[- ]label|own[- ]brand|brands?|fashion|apparel|beauty|deliver\w*|loyalty|tills?|aisles?|shelves|mall|franchis\w+|restaurants?|wholesale\w*|pharmac\w+|drugstores?|customers?)\b",
    re.I,
)
_SECTORS = RETAIL_SECTORS | {"marketplace", "food_service", "consumer_brand"}


def relevance_of(text: str, companies: Sequence[Company]) -> float:
    """A score from 0 to 1: half from the density of trade words, half from retailers among the known companies."""
    words = max(1, text.count(" ") + 1)
    found = _TRADE.findall(text[:4000])
    density = len(found) / (min(words, 700) / 100)
    variety = len({w.lower() for w in found})
    retailers = sum(c.sector in _SECTORS for c in companies)
    total = -2.2 + 0.45 * min(density, 6) + 0.35 * min(variety, 8) + 1.4 * min(retailers, 2)
    return round(1 / (1 + math.exp(-total)), 3)
