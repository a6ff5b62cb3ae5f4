"""What goes wrong with deals, sorted into classes, so that a report can say what goes wrong most often.

An error has one cause: of a missed deal nothing else counts, of a false one neither. Parties count once an article,
where a main deal was expected and one was found; facts and areas count of the expected deals that were found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.article import roll_of
from eval.matching import distinct, pair_deals, pair_names

Deal = Mapping[str, Any]
MOST_COMMON = 10


@dataclass(frozen=True, slots=True)
class Error:
    """One error: its class, and where and what it is."""

    kind: str
    example: str


def most_common(errors: Iterable[Error], limit: int = MOST_COMMON) -> list[str]:
    """The classes with most errors, each as a line with its count and its first error."""
    examples: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for error in errors:
        counts[error.kind] += 1
        examples.setdefault(error.kind, error.example)
    return [f"{n} × {kind}: {examples[kind]}" for kind, n in counts.most_common(limit)]


def errors_of(key: str, entry: Mapping[str, Any], predicted: Mapping[str, Any]) -> Iterator[Error]:
    """The errors of one article, called `key`: what was expected against what `tieup extract` would print."""
    aliases = entry.get("aliases", {})
    for is_main, word in ((True, "deal"), (False, "older deal")):
        gold, found = ([d for d in own["deals"] if d["main"] is is_main] for own in (entry, predicted))
        pairs = pair_deals(gold, found, aliases)
        for deal in gold:
            if not any(deal is g for g, _ in pairs):
                yield Error(f"missed {word}", deal["key"])
        for deal in found:
            if not any(deal is f for _, f in pairs):
                yield Error(f"false {word}", f"{key}: {_names(deal)}")
        if is_main:
            if gold and found:
                yield from _of_parties(key, entry, predicted, found)
            for expected, read in pairs:
                yield from _of_facts(expected, read)
                yield from _of_areas(expected, read)


def _names(deal: Deal) -> str:
    return " and ".join(party["name"] for party in deal["parties"])


def _of_parties(
    key: str, entry: Mapping[str, Any], predicted: Mapping[str, Any], main: Sequence[Deal]
) -> Iterator[Error]:
    roll = roll_of(entry)
    everybody = [*roll.parties, *roll.units, *roll.outsiders]
    found = distinct(p["name"] for d in main for p in d["parties"])
    pairs = pair_names(everybody, found, roll.aliases)
    companies = distinct(company["name"] for company in predicted["companies"])
    named = pair_names(everybody, companies, roll.aliases)
    for i, name in enumerate(everybody):
        if i < len(roll.parties):
            if i not in pairs:
                why = "found, but not made a party" if i in named else "the company was not found"
                yield Error(f"missed party, {why}", f"{key}: {name}")
        elif i in pairs:
            is_unit = i < len(roll.parties) + len(roll.units)
            kind = "unit made a party" if is_unit else "non-party made a party"
            role = "" if is_unit else f" ({entry.get('not_parties', {}).get(name, 'mentioned')})"
            yield Error(kind, f"{key}: {name}{role}")
    for j, name in enumerate(found):
        if j not in pairs.values():
            yield Error("party that is no organisation of the article", f"{key}: {name}")


def _of_facts(gold: Deal, found: Deal) -> Iterator[Error]:
    for fact in ("type", "instrument", "status"):
        if found[fact] != gold[fact]:
            yield Error(f"{fact} {found[fact]} instead of {gold[fact]}", gold["key"])
    if gold.get("announced") and found["announced"] != gold["announced"]:
        kind = "wrong" if found["announced"] else "missing"
        yield Error(
            f"{kind} day of announcement",
            f"{gold['key']}: {found['announced'] or 'none'} instead of {gold['announced']}",
        )


def _of_areas(gold: Deal, found: Deal) -> Iterator[Error]:
    areas = {a["area"]: a["commitment"] for a in found["areas"]}
    for area, commitment in gold["areas"].items():
        if area not in areas:
            yield Error(f"missed area {area}", gold["key"])
        elif areas[area] != commitment:
            yield Error(f"commitment {areas[area]} instead of {commitment}", f"{gold['key']}: {area}")
    for area in sorted(areas.keys() - gold["areas"].keys()):
        yield Error(f"false area {area}", gold["key"])
