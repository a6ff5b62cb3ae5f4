"""When a predicted name or deal is the expected one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from extract.gazetteer import load_gazetteer
from extract.text import fold

_GENERIC = frozenset(
    {
        *(
            "inc",
            "corp",
            "corporation",
            "co",
            "company",
            "ltd",
            "limited",
            "plc",
            "sa",
            "ag",
            "se",
            "nv",
            "bv",
        ),
        *("gmbh", "llc", "spa", "group", "holding", "holdings", "the", "com"),
    }
)


def core(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents and legal forms."""
    folded = fold(name).replace("&", " and ").replace("'", "")
    words = re.findall(r"[a-z0-9]+", folded)
    return tuple(w for w in words if w not in _GENERIC) or tuple(words)


@lru_cache(maxsize=1)
def _ids() -> Mapping[tuple[str, ...], str]:
    return {core(name): c.id for c in load_gazetteer() for name in (c.name, *c.aliases, *c.context_aliases)}


def same(one: str, other: str) -> bool:
    """Whether two names mean one organisation: one is the other's first words, or both are its aliases."""
    a, b = core(one), core(other)
    if not a or not b:
        return False
    if a[: len(b)] == b or b[: len(a)] == a:
        return True
    return a in _ids() and _ids()[a] == _ids().get(b)


def parties_in_common(gold: Mapping[str, Any], predicted: Mapping[str, Any]) -> int:
    """How many expected parties are among the predicted ones."""
    return sum(any(same(g["name"], p["name"]) for p in predicted["parties"]) for g in gold["parties"])


def pair_deals(
    gold: Sequence[Mapping[str, Any]], predicted: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Expected and predicted deals of one article, one to one, most parties in common first; two are the least."""
    options = sorted(
        (
            (parties_in_common(g, p), -abs(len(g["parties"]) - len(p["parties"])), i, j)
            for i, g in enumerate(gold)
            for j, p in enumerate(predicted)
        ),
        key=lambda o: (-o[0], -o[1], o[2], o[3]),
    )
    pairs, used_gold, used_predicted = [], set[int](), set[int]()
    for common, _, i, j in options:
        if common >= 2 and i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            pairs.append((gold[i], predicted[j]))
    return pairs
