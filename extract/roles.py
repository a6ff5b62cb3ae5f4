"""The part that each company plays: roles of parties, and why the others are none."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from extract.company import Company
from extract.sentences import Sentence

_FOLDER = Path(__file__).parent
TECH_AREAS = frozenset({"cloud_it", "data_analytics", "ai_ml", "instore_tech"})
RETAIL_SECTORS = frozenset(
    {
        "grocery",
        "general_merchandise",
        "department_store",
        "fashion",
        "beauty",
        "pharmacy_health",
        "electronics",
        "home_diy",
        "convenience",
        "sports",
        "luxury",
    }
)


@lru_cache(maxsize=1)
def _rules() -> tuple[Mapping[str, str], Sequence[tuple[str, re.Pattern[str]]]]:
    with (_FOLDER / "roles.yml").open(encoding="utf-8") as file:
        content: dict[str, Any] = yaml.load(file, Loader=yaml.CSafeLoader)
    return content["sectors"], [
        (role, re.compile(rf"\b(?:{pattern})\b", re.I)) for role, pattern in content["descriptors"]
    ]


def base_role(company: Company, sentences: Sequence[Sentence]) -> str:
    """What a company is in general: by its sector, else by the words next to its name, else `partner`."""
    sectors, descriptors = _rules()
    if company.sector and company.sector != "other":
        return sectors.get(company.sector, "partner")
    near = described_as(company, sentences)
    for role, pattern in descriptors:
        if pattern.search(near):
            return role
    for role, pattern in descriptors:
        if pattern.search(company.name):
            return role
    return "partner"


def described_as(company: Company, sentences: Sequence[Sentence]) -> str:
    """The words right before a name and in the apposition after it, over all its mentions."""
    parts = []
    for sentence in sentences:
        for other, span in sentence.mentions:
            if other.id != company.id:
                continue
            doc = span.doc
            before = [
                t.text
                for t in doc[max(sentence.span.start, span.start - 4) : span.start]
                if t.text.islower() or "-" in t.text
            ]
            parts.append(" ".join(before[-3:]))
            after = doc[span.end : min(sentence.span.end, span.end + 9)]
            if (
                len(after) > 2
                and after[0].text == ","
                and after[1].text.lower() in {"a", "an", "the", "which", "one"}
            ):
                text = after[1:].text
                parts.append(text.split(",")[0])
    return " | ".join(parts)


def usual_role(role: str, kind: str, areas: Collection[str], position: int) -> str:
    """What a company of a base_role usually is in a deal of type `kind`; `position` is its rank by first mention."""
    is_retailer = role == "retailer"
    if kind == "joint_venture":
        return "jv_partner"
    if kind == "purchasing_alliance":
        return "purchasing_partner"
    if kind == "acquisition":
        return "acquired" if position else "acquirer"
    if kind == "equity_linked_alliance":
        return "investee" if position else "investor"
    if kind == "licence_franchise":
        return "franchisee" if is_retailer or position == 0 else "franchisor"
    if kind == "concession_shop_in_shop":
        return "host_retailer" if is_retailer and position == 0 else "guest_brand"
    if role == "platform_operator" and "ecommerce_marketplace" not in areas and TECH_AREAS & set(areas):
        return "technology_provider"
    if role == "payment_provider" and "digital_payments" not in areas and "financial_services" in areas:
        return "financial_institution"
    if role == "delivery_provider" and "last_mile_delivery" not in areas and "logistics_fulfilment" in areas:
        return "logistics_provider"
    if role == "brand_owner" and kind in ("supply_agreement", "distribution_agreement"):
        return "supplier"
    return role


def outsider_role(
    features: Mapping[str, float], is_set_aside: bool, is_recalled: bool, kind_of_block: str | None
) -> tuple[str, str]:
    """Why a company is no party: (role, reason), from its features."""
    if is_set_aside:
        if kind_of_block in ("related", "teaser"):
            return "related_link", "in a related block"
        return "boilerplate", f"in a block of kind {kind_of_block}"
    rules = (
        (
            "publisher",
            features.get("is_source", 0) >= 0.5 and features.get("media", 0) > 0,
            "a source or medium that the article cites",
        ),
        ("prior_partner", is_recalled, "party of an older deal that the article recalls"),
        ("competitor", features.get("is_competitor", 0) > 0, "named with words of rivalry"),
        ("regulator", features.get("regulator", 0) > 0, "an authority"),
        ("adviser", features.get("is_adviser", 0) > 0, "named as an adviser"),
        (
            "quoted_employer",
            features.get("is_employer", 0) >= 0.5 or (features.get("is_source", 0) >= 0.5),
            "employer of somebody quoted or cited",
        ),
        ("comparator", features.get("is_example", 0) >= 0.5, "named as an example or for comparison"),
        ("publisher", features.get("media", 0) > 0 and features.get("once", 0) > 0, "a medium named once"),
    )
    for role, holds, reason in rules:
        if holds:
            return role, reason
    return "mentioned", "named without a part in the agreement"
