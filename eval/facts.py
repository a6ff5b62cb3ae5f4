"""Scores the facts of an article's main deals, found or missed, against what was expected: counts by field.

Each fact is counted twice. `<fact>_of_all` is its share among all expected deals: a deal that was missed has nothing
right. `<fact>_of_found` is its share among the expected deals that were found, and says how well found deals are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from eval.matching import Aliases, pair_parties

Deal = Mapping[str, Any]
FACTS = ("exact_parties", "type", "instrument", "status", "announced", "commitment")
OF_ALL = {fact: f"{fact}_of_all" for fact in FACTS}
OF_FOUND = {fact: f"{fact}_of_found" for fact in FACTS}


def score_facts(
    c: Counter[str],
    wrong: list[str],
    gold: Sequence[Deal],
    pairs: Sequence[tuple[Deal, Deal]],
    aliases: Aliases,
) -> None:
    """Count the facts of the expected deals; `pairs` are those that were found, each with what was found."""
    for deal in gold:
        found = next((f for g, f in pairs if g is deal), None)
        if found is None:
            wrong.append(f"missed {deal['key']}")
        _score_single(c, wrong, deal, found, aliases)
        _score_areas(c, wrong, deal, found)


def score_false_deal(c: Counter[str], found: Deal) -> None:
    """Count the areas of a deal that is none of the expected ones: all of them are wrong."""
    c["areas_p"] += len(found["areas"])


def _score_single(
    c: Counter[str], wrong: list[str], gold: Deal, found: Deal | None, aliases: Aliases
) -> None:
    common = len(pair_parties(gold, found, aliases)) if found else 0
    is_exact = found is not None and len(gold["parties"]) == len(found["parties"]) == common
    _count(c, "exact_parties", found, is_exact)
    for fact in ("type", "instrument", "status", "announced"):
        if fact == "announced" and not gold.get(fact):
            continue
        is_right = found is not None and found[fact] == gold[fact]
        _count(c, fact, found, is_right)
        if found is not None and not is_right:
            wrong.append(f"{gold['key']} {fact} {found[fact]} instead of {gold[fact]}")


def _score_areas(c: Counter[str], wrong: list[str], gold: Deal, found: Deal | None) -> None:
    areas = {a["area"]: a["commitment"] for a in found["areas"]} if found else {}
    both = set(areas) & set(gold["areas"])
    c["areas_tp"] += len(both)
    c["areas_p"] += len(areas)
    c["areas_g"] += len(gold["areas"])
    right = sum(areas[area] == gold["areas"][area] for area in both)
    c[f"{OF_ALL['commitment']}_n"] += len(gold["areas"])
    c[f"{OF_ALL['commitment']}_ok"] += right
    c[f"{OF_FOUND['commitment']}_n"] += len(both)  # of areas found
    c[f"{OF_FOUND['commitment']}_ok"] += right
    if found is not None and set(areas) != set(gold["areas"]):
        wrong.append(
            f"{gold['key']} areas: too many {sorted(set(areas) - both)}, missing {sorted(set(gold['areas']) - both)}"
        )


def _count(c: Counter[str], fact: str, found: Deal | None, is_right: bool) -> None:
    for field in (OF_ALL[fact], *([OF_FOUND[fact]] if found is not None else [])):
        c[f"{field}_n"] += 1
        c[f"{field}_ok"] += is_right
