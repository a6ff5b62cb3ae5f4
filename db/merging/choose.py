"""Which value is shown where sources disagree: what most independent sources state, then the earliest report.

A value that the text only implies (a rule `default:...`) gives way to any that is stated. A publisher counts
once, and so do all copies of one text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db.merging.reports import Report, is_default

Order = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Vote:
    """One report that states a value."""

    stated: str
    independent: str
    is_default: bool
    order: Order


@dataclass(frozen=True, slots=True)
class Choice:
    """The value shown, and the rule that chose it: only_value, stated_over_default, most_sources or earliest_report."""

    stated: str
    chosen_by: str


def votes(reports: Iterable[Report], field: str, own: str | None = None) -> list[Vote]:
    """Every value that the reports claim for a field. `own` names the attribute of the deal that stands for a
    claim where a report has none."""
    found = []
    for report in reports:
        claims = list(report.claims(field))
        who, order = report.document.independent, report.order
        found += [Vote(claim.stated, who, is_default(claim), order) for claim in claims]
        stated = getattr(report.deal, own) if own and not claims else None
        found += [Vote(stated, who, False, order)] if stated else []
    return found


def choose(cast: Iterable[Vote], *, finest: bool = False) -> Choice | None:
    """The value to show; None without votes.

    With `finest`, the values are dates, and a coarser one supports every finer one that it holds.
    """
    every = list(cast)
    pool = [vote for vote in every if not vote.is_default] or every
    supporters: dict[str, set[str]] = defaultdict(set)
    first: dict[str, Order] = {}
    for vote in pool:
        supporters[vote.stated].add(vote.independent)
        first[vote.stated] = min(first.get(vote.stated, vote.order), vote.order)
    if finest:
        supporters = _refined(supporters)
    if not supporters:
        return None

    def rank(stated: str) -> tuple[object, ...]:
        return -len(supporters[stated]), first[stated], stated

    ranked = sorted(supporters, key=rank)
    best = ranked[0]
    if len({vote.stated for vote in every}) == 1:
        return Choice(best, "only_value")
    if len(ranked) == 1:
        return Choice(best, "stated_over_default" if len(pool) < len(every) else "finest_date")
    if len(supporters[best]) > len(supporters[ranked[1]]):
        return Choice(best, "most_sources")
    return Choice(best, "earliest_report")


def _refined(supporters: Mapping[str, set[str]]) -> dict[str, set[str]]:
    refined = {}
    for stated, who in supporters.items():
        if any(other.startswith(f"{stated}-") for other in supporters):
            continue
        refined[stated] = who.union(
            *(w for coarse, w in supporters.items() if stated.startswith(f"{coarse}-"))
        )
    return refined
