"""Money, term and exclusivity of a deal, read from its sentences."""

from __future__ import annotations

import re

from extract.model import DealTerm, DealValue, Exclusivity

_CURRENCY = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "€": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "¥": "JPY",
    "rmb": "CNY",
    "cny": "CNY",
    "yuan": "CNY",
    "₹": "INR",
    "rs": "INR",
    "inr": "INR",
    "a$": "AUD",
    "c$": "CAD",
    "s$": "SGD",
    "hk$": "HKD",
    "ksh": "KES",
    "euros": "EUR",
    "euro": "EUR",
    "pounds": "GBP",
    "dollars": "USD",
    "yen": "JPY",
    "rupees": "INR",
    "dirhams": "AED",
    "aed": "AED",
    "chf": "CHF",
    "francs": "CHF",
    "sek": "SEK",
    "won": "KRW",
}
_SCALE = {
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
    "crore": 1e7,
    "lakh": 1e5,
}
_MONEY = re.compile(
    r"(?P<sign>US\$|A\$|C\$|S\$|HK\$|[$€£¥₹]|(?:USD|EUR|GBP|RMB|CNY|INR|AED|CHF|SEK|Rs\.?|Ksh\.?)\s?)(?P<number>\d+(?:,\d{2,3})*(?:\.\d+)?)(?:\s?(?P<scale>thousand|million|billion|trillion|crore|lakh|mn|mln|bn|tn|m|b|k))?\b"
    r"|(?<![\d.,])(?P<number2>\d{1,15}(?:,\d{2,3})*(?:\.\d{1,9})?)\s(?P<scale2>thousand|million|billion|trillion|crore|lakh|bn|mn|m)?\s?(?P<unit>euros?|pounds|dollars|yuan|yen|rupees|dirhams|francs|won)\b",
    re.I,
)
_VALUE_WORDS = re.compile(
    r"\b(?:worth|valued|value|stake|invest\w*|deal|pay(?:s|ing)?|paid|contract|agreement|acqui\w+|buy(?:s|ing)?|bought|for)\b",
    re.I,
)
_NOT_VALUE = re.compile(
    r"\b(?:revenue|turnover|sales|profit|valuation|market cap\w*|market|fine|order(?:s)? (?:above|over)|price|priced|costs?|fee|salary|per (?:month|year|week)|a (?:month|year|week)|annual|raised|debt|loss)\b",
    re.I,
)
_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "eighteen": 18,
    "twenty": 20,
}
_TERM = re.compile(
    rf"\b(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})[- ](?P<unit>year|month)s?(?:[- ]long)?(?:,)? (?:(?:\w|-)+ ){{0,3}}(?:deal|agreement|partnership|contract|alliance|pact|term|exclusivity|tie-up|collaboration|licen[cs]e|arrangement|framework|commitment|extension|renewal|pilot|trial|lease)\b"
    rf"|\b(?:for|over|runs? for|lasts?|period of|term of|valid for)(?: (?:an?|the|another|next|initial|at least|further))* (?P<number2>\d{{1,3}}|{'|'.join(_NUMBERS)}) (?P<unit2>year|month)s?\b",
    re.I,
)
_EXCLUSIVE = re.compile(
    r"\b(?:non-exclusive|not exclusive|exclusively|exclusive|exclusivity|sole (?:partner|supplier|distributor|retailer|provider|licensee))\b(?! (?:interview|report|look|news))",
    re.I,
)


def read_value(sentence: str) -> tuple[DealValue, int, int] | None:
    """The sum that a sentence gives for a deal, with its offsets in the sentence; None if it gives none."""
    if not _VALUE_WORDS.search(sentence):
        return None
    for match in _MONEY.finditer(sentence):
        around = sentence[max(0, match.start() - 45) : match.end() + 25]
        if _NOT_VALUE.search(around):
            continue
        number = float((match["number"] or match["number2"]).replace(",", ""))
        scale = _SCALE.get((match["scale"] or match["scale2"] or "").lower(), 1.0)
        sign = (match["sign"] or match["unit"] or "").strip().lower().rstrip(".")
        currency = _CURRENCY.get(sign)
        if currency is None or number * scale < 100_000:
            continue
        return (
            DealValue(amount=number * scale, currency=currency, text=match.group()),
            match.start(),
            match.end(),
        )
    return None


def read_term(sentence: str) -> tuple[DealTerm, int, int] | None:
    """How long the deal of a sentence runs, with offsets."""
    match = _TERM.search(sentence)
    if match is None:
        return None
    number = (match["number"] or match["number2"]).lower()
    count = int(number) if number.isdigit() else _NUMBERS[number]
    months = count * (12 if (match["unit"] or match["unit2"]).lower() == "year" else 1)
    if not 1 <= months <= 600:
        return None
    return DealTerm(months=months, end=None, text=match.group()), match.start(), match.end()


def read_exclusivity(sentence: str) -> tuple[Exclusivity, int, int] | None:
    """Whether a sentence calls the deal exclusive, with offsets."""
    match = _EXCLUSIVE.search(sentence)
    if match is None:
        return None
    after = sentence[match.end() : match.end() + 25].lower()
    word = match.group().lower()
    negated = word.startswith(("non", "not")) or bool(
        re.search(r"\b(?:no|not|without|isn't)\b[^.]{0,15}$", sentence[: match.start()], re.I)
    )
    if word == "exclusive" and re.match(
        r"\s+(?:collections?|range|lines?|products?|brands?|styles?|items|offers?|access|deals|discounts?|merchandise|assortment)",
        after,
    ):
        return None
    return Exclusivity(is_exclusive=not negated, text=match.group()), match.start(), match.end()
