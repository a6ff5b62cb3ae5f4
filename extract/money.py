"""The money of a deal, read from its sentences with the words of money.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extract.model import DealValue
from extract.records import read_data
from extract.text import longest_first

_LEAST = 100_000  # a smaller sum is a price, not the value of an agreement
_DECIMAL_COMMA = re.compile(r"\d{1,3},\d{1,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Words:
    """What money.yml says: `sum` finds sums, `after` what may follow one in dollars and says whose they are."""

    sum: re.Pattern[str]
    after: re.Pattern[str]
    value: re.Pattern[str]
    not_value: re.Pattern[str]
    signs: Mapping[str, str]
    needs_scale: frozenset[str]
    names: tuple[tuple[re.Pattern[str], str], ...]
    adjectives: Mapping[str, str]
    scales: Mapping[str, float]
    numbers: Mapping[str, float]


def read_value(sentence: str) -> tuple[DealValue, int, int] | None:
    """The sum that a sentence gives for a deal, with its offsets in the sentence; None if it gives none.

    A sum whose currency is not certain ("300 million kroner", "XY$5 million") is none.
    """
    words = _words()
    if not words.value.search(sentence):
        return None
    for match in words.sum.finditer(sentence):
        around = sentence[max(0, match.start() - 45) : match.end() + 25]
        amount = _amount(match, words)
        if amount < _LEAST or words.not_value.search(around):
            continue
        currency, end = _currency(match, words)
        if currency is not None:
            text = sentence[match.start() : end]
            return DealValue(amount=amount, currency=currency, text=text), match.start(), end
    return None


def _amount(match: re.Match[str], words: _Words) -> float:
    scale = match["scale"] or match["scale2"] or match["scale3"]
    factor = words.scales[" ".join(scale.lower().split())] if scale else 1.0
    if match["word"]:
        return words.numbers[" ".join(match["word"].lower().split())] * factor
    number = match["number"] or match["number2"]
    if scale and _DECIMAL_COMMA.fullmatch(number):
        number = number.replace(",", ".")
    return round(float(number.replace(",", "")) * factor, 2)


def _currency(match: re.Match[str], words: _Words) -> tuple[str | None, int]:
    """The currency of a sum and where its wording ends; "$25 million Canadian" says its country afterwards."""
    if match["unit"]:
        unit = " ".join(match["unit"].split())
        return next((code for name, code in words.names if name.fullmatch(unit)), None), match.end()
    sign = match["sign"] or match["code"] or match["unit_sign"]
    if sign in words.needs_scale and not match["scale"]:
        return None, match.end()
    if sign == "$" and (after := words.after.match(match.string, match.end())):
        country = after["country"]
        code = words.adjectives[country.lower()] if country else after["code"]
        return code, after.end()
    return words.signs.get("".join(sign.split())), match.end()


@cache
def _words() -> _Words:
    data = read_data(Path(__file__).with_name("money.yml"))
    currencies = [record.fields for record in data["currencies"]]
    signs = {sign: c["code"] for c in currencies for sign in (*c.get("signs", ()), *c.get("after", ()))}
    codes = {text: c["code"] for c in currencies for text in (c["code"], f"{c['code']}$")}
    of_dollars = [c for c in currencies if "dollars?" in c["names"]]
    scale = _any(data["scales"])
    code = "|".join(c["code"] for c in currencies)
    names = "|".join(name for c in currencies for name in c["names"])
    adjectives = longest_first(a for c in currencies for a in c.get("adjectives", ()))
    dollars = longest_first(a for c in of_dollars for a in c.get("adjectives", ()))
    figure = r"\d{1,15}(?:,\d{1,3}){0,5}(?:\.\d{1,9})?(?!\d)"
    return _Words(
        sum=re.compile(
            # Letters before the sign that are not listed match too, so that "XY$5m" is not read as "$5m".
            rf"(?<![\w$€£¥])(?P<sign>(?:{code})(?:\s?\$)?|{_any(signs)}|[A-Za-z]{{1,4}}[$¥])\s?(?P<number>{figure})"
            rf"(?:[\s-]?(?P<scale>(?i:{scale})))?(?!\w)"
            rf"|(?<![\w.,$€£¥])(?:(?P<number2>{figure})(?:[\s-]?(?P<scale2>(?i:{scale})))?"
            rf"|(?P<word>(?i:{_any(data['numbers'])}))[\s-](?P<scale3>(?i:{scale})))"
            rf"(?:[\s-]?(?:(?P<unit_sign>{_any(s for c in currencies for s in c.get('after', ()))})|(?P<code>{code}))"
            rf"(?!\w|\s?\d)|[\s-](?P<unit>(?i:(?:(?:{adjectives})[\s-])?(?:{names})))(?!\w))"
        ),
        after=re.compile(
            rf"\s?\(?(?P<code>{code})\b\)?"
            rf"|\s(?:in\s)?\(?(?P<country>(?i:{dollars}))(?:\)|\sdollars?\b|(?=\s?(?:[.,;:)]|$)))"
        ),
        value=re.compile(rf"\b(?:{longest_first(data['value_words'])})\b", re.IGNORECASE),
        not_value=re.compile(rf"\b(?:{longest_first(data['not_value'])})\b", re.IGNORECASE),
        signs={"".join(sign.split()): signs[sign] for sign in signs} | codes,
        needs_scale=frozenset(s for c in currencies if c.get("needs_scale") for s in c["signs"]),
        names=tuple(
            (re.compile(name, re.IGNORECASE), c["code"]) for c in currencies for name in _full_names(c)
        ),
        adjectives={a.replace("\\", "").lower(): c["code"] for c in of_dollars for a in c["adjectives"]},
        scales=data["scales"],
        numbers=data["numbers"],
    )


def _full_names(currency: Mapping[str, Any]) -> Iterator[str]:
    """Patterns of what a currency is called after a number: with its country, and without if that is enough."""
    names = "|".join(currency["names"])
    if "adjectives" in currency:
        yield rf"(?:{longest_first(currency['adjectives'])})[\s-](?:{names})"
    if currency.get("alone"):
        yield names


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest that stands there; a space may be any."""
    return longest_first(re.escape(word).replace(r"\ ", r"\s") for word in words)
