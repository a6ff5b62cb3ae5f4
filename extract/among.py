"""A second look at who is a party: each company beside the others, once it is known how likely each is by itself.

Most deals have two parties. Whether a third company is one depends on how sure the first two are and on whether the
encoder sees it in one deal with them, which no feature of the company alone tells.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from extract.company import Company
from extract.encoder import EncoderReading
from extract.parties import LIMIT, encoder_features, pair_odds, spans_of
from extract.weights import Features, load_weights, logistic, logit, share_of, total

# What of a company's own features (parties.party_features) counts anew where it stands beside others.
_OWN = (
    "headline",
    "not_in_headline",
    "is_competitor",
    "media",
    "regulator",
    "unit_kind",
    "city",
    "town",
    "built_as_person",
    "behind_given_name",
)
_NOBODY = -LIMIT  # log-odds where there is no other company


def party_scores(
    companies: Sequence[Company],
    others: Sequence[Company],
    shares: Sequence[float],
    features: Mapping[str, Features],
    encoding: EncoderReading | None,
) -> list[float]:
    """The probability of each company to be a party, of the `others` of the text that were weighed.

    `shares` are those of the base model, `features` its features by company id. Without the encoder the base model's
    say stands.
    """
    weights = load_weights()
    if encoding is None or "party_among" not in weights:
        return list(shares)
    first = first_look(companies, others, shares, encoding)
    odds = [total(weights["party_mix"], {"bias": 1.0, **one}) for one in first]
    again = second_look(companies, first, odds, features, encoding)
    return [logistic(weights["party_among"], {"bias": 1.0, **one}) for one in again]


def first_look(
    companies: Sequence[Company],
    others: Sequence[Company],
    shares: Sequence[float],
    encoding: EncoderReading | None,
) -> list[dict[str, float]]:
    """What speaks for each company by itself: the base model's log-odds and the encoder's opinion."""
    return [
        {"base": logit(share), **encoder_features(company, others, encoding)}
        for company, share in zip(companies, shares, strict=True)
    ]


def second_look(
    companies: Sequence[Company],
    first: Sequence[Features],
    odds: Sequence[float],
    features: Mapping[str, Features],
    encoding: EncoderReading,
) -> list[dict[str, float]]:
    """What speaks for each company among the others; `odds` are the log-odds that the first look ended in."""
    ids = {company.id for company in companies}
    owners = {company.parent for company in companies}
    ranked = sorted(range(len(companies)), key=lambda i: -odds[i])

    def ahead_of(one: float, other: int | None) -> float:
        return one - (_NOBODY if other is None else odds[other])

    def together(one: int | None, two: int | None) -> float:
        if one is None or two is None:
            return _NOBODY
        return pair_odds(companies[one], companies[two], encoding).get("main", _NOBODY)

    parties = sum(map(share_of, odds))
    looks = []
    for i, company in enumerate(companies):
        likeliest, next_one = [*(j for j in ranked if j != i), None, None][:2]
        persons = [encoding.entity_of(start, end)["PERSON"] for start, end in spans_of(company)]
        looks.append(
            {
                **first[i],
                "ahead_of_first": ahead_of(odds[i], likeliest),
                "ahead_of_second": ahead_of(odds[i], next_one),
                "with_first": together(i, likeliest),
                "with_second": together(i, next_one),
                "first_with_second": together(likeliest, next_one),
                "others": parties - share_of(odds[i]),
                "companies": math.log(len(companies)),
                "unit_of_other": float(company.parent in ids),
                "has_unit": float(company.id in owners),
                "person": logit(sum(persons) / len(persons)),
                **{f"own_{name}": features[company.id].get(name, 0.0) for name in _OWN},
            }
        )
    return looks
