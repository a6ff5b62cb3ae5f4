"""Whether confidences mean what they say: of what was claimed with 0.8, eight in ten should be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.article import roll_of
from eval.matching import pair_deals
from extract.calibration import BANDS, Judged, bands_of, expected_error
from extract.model import ConfidenceBand, Extraction

FACTS = ("type", "status", "instrument", "area", "announced")


@dataclass(frozen=True, slots=True)
class Reliability:
    """The bands of one kind of confidence that hold any; `error` is the expected calibration error.

    The error is the mean distance of confidence and share over bands, weighted by their counts.
    """

    field: str
    n: int
    error: float
    bins: tuple[ConfidenceBand, ...]


def reliability(field: str, judged: Sequence[Judged]) -> Reliability:
    """Confidences with their verdicts as bands of equal width; 1.0 belongs to the last."""
    bins = tuple(bands_of(field, judged))
    return Reliability(field, len(judged), expected_error(bins), bins)


def judged_parties(entry: Mapping[str, Any], extraction: Extraction) -> list[Judged]:
    """The party claims of main deals: right if the company is a party of an expected main deal.

    A unit of a party is neither right nor wrong, as in the figures.
    """
    roll = roll_of(entry)
    judged = []
    for deal in (d for d in extraction.deals if d.main):
        names = {p.company: p.name for p in deal.parties}
        claims = [c for c in deal.claims if c.field == "party"]
        parties, units, _ = roll.find([names.get(c.stated, c.stated) for c in claims])
        judged += [(c.confidence, i in parties) for i, c in enumerate(claims) if i not in units]
    return judged


def judged_deals(entry: Mapping[str, Any], extraction: Extraction) -> list[Judged]:
    """The main deals: right if an expected main deal is theirs, by two parties at least."""
    main = [d for d in extraction.to_json()["deals"] if d["main"]]
    pairs = pair_deals([d for d in entry["deals"] if d["main"]], main, entry.get("aliases"))
    return [(d["confidence"], any(d is found for _, found in pairs)) for d in main]


def judged_facts(entry: Mapping[str, Any], extraction: Extraction) -> dict[str, list[Judged]]:
    """The claims of FACTS of main deals that are expected: right if the fact is the expected one.

    How sure a fact is says nothing about whether there is a deal, so those that are none are left out; so is a day of
    announcement where none is expected.
    """
    judged: dict[str, list[Judged]] = {fact: [] for fact in FACTS}
    main = [d for d in extraction.to_json()["deals"] if d["main"]]
    for gold, found in pair_deals([d for d in entry["deals"] if d["main"]], main, entry.get("aliases")):
        for claim in found["claims"]:
            fact, stated = claim["field"], claim["stated"]
            if fact == "area":
                judged[fact].append((claim["confidence"], stated in gold["areas"]))
            elif fact in judged and gold.get(fact):
                judged[fact].append((claim["confidence"], stated == gold[fact]))
    return judged


def judged_by_field(entry: Mapping[str, Any], extraction: Extraction) -> dict[str, list[Judged]]:
    """Every kind of confidence of an article with its verdicts."""
    parties, deals = judged_parties(entry, extraction), judged_deals(entry, extraction)
    return {"party": parties, "deal": deals, **judged_facts(entry, extraction)}


def calibration_lines(tables: Sequence[Reliability]) -> list[str]:
    """The tables as lines of text: a heading each, and a line for each band."""
    lines = []
    for table in tables:
        lines.append(
            f"confidence of {table.field}: expected calibration error {table.error:.3f}, n={table.n}"
        )
        for b in table.bins:
            band = f"{b.number / BANDS:.1f} to {(b.number + 1) / BANDS:.1f}"
            lines.append(f"  {band}  n {b.n:4}  mean {b.predicted:.3f}  right {b.observed:.3f}")
    return lines
