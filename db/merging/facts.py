"""The single-valued facts of a deal, and its row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.merging.choose import Choice, Vote, choose
from db.merging.companies import Companies
from db.merging.events import Event, events_of, latest
from db.merging.outline import Outline, areas_by_firmness
from db.merging.parts import AreaFact, DateFact, areas_of, articles_of, dates_of, places_of, units_of
from db.merging.reports import Report, is_default
from db.merging.titles import title
from db.merging.vocabulary import Vocabulary
from db.rows import Row
from extract.model import Deal

SINGLE_VALUED = ("type", "instrument", "announced", "value", "term", "exclusive", "scope")
"""Fields of which a deal shows one value; where claims differ, the deal has a conflict."""


@dataclass(slots=True)
class Facts:
    """Everything that is derived of one deal from its reports."""

    outline: Outline
    choices: dict[str, Choice]
    areas: dict[str, AreaFact]
    places: set[str]
    dates: dict[tuple[str, str], DateFact]
    units: dict[str, str]
    events: list[Event]
    status: Event
    status_rule: str
    articles: dict[str, str]
    links: dict[tuple[str, str], str | None] = field(default_factory=dict)


def derive(outline: Outline, companies: Companies, vocabulary: Vocabulary) -> Facts:
    """Choose and unite what the reports of one deal say. Links are added when all deals have their ids."""
    choices = {"announced": outline.announced} if outline.announced else {}
    for name in SINGLE_VALUED:
        if name != "announced" and (choice := choose(_votes(outline.reports, name))):
            choices[name] = choice
    events = events_of(outline, vocabulary)
    return Facts(
        outline=outline,
        choices=choices,
        areas=areas_of(outline.reports),
        places=places_of(outline, companies),
        dates=dates_of(outline),
        units=units_of(outline, companies),
        events=events,
        status=latest(events, vocabulary),
        status_rule="latest_event",
        articles=articles_of(outline.reports),
    )


def deal_row(facts: Facts, id: str, companies: Companies, vocabulary: Vocabulary, now: str) -> Row:
    """The row of `deals`."""
    outline, chosen, status = facts.outline, facts.choices, facts.status
    parties = [party.company for party in outline.parties]
    place = vocabulary.positions["areas"]
    homes = {companies.rows[party]["country"] for party in parties}
    value = _said(outline.reports, "value", chosen.get("value"))
    term = _said(outline.reports, "term", chosen.get("term"))
    exclusive = _said(outline.reports, "exclusive", chosen.get("exclusive"))
    published = [report.document.published[:10] for report in outline.reports if report.document.published]
    known = outline.period
    type, instrument = chosen["type"].stated, chosen["instrument"].stated
    firmest = areas_by_firmness({area: f.commitment.stated for area, f in facts.areas.items()}, vocabulary)
    names = [companies.rows[party]["name"] for party in parties]
    return {
        "id": id,
        "title": title(names, instrument, type, firmest, vocabulary),
        "announced": outline.announced.stated if outline.announced else None,
        "phase": vocabulary.phases[status.status],
        "status": status.status,
        "type": type,
        "instrument": instrument,
        "party_ids": _json(parties),
        "area_ids": _json(sorted(facts.areas, key=lambda area: place[area])),
        "country_ids": _json(sorted(facts.places)),
        "announced_year": int(known.earliest[:4]) if known else None,
        "is_exclusive": None if "exclusive" not in chosen else int(chosen["exclusive"].stated == "true"),
        "is_cross_border": 1 if len(homes - {None}) > 1 else None if None in homes else 0,
        "term_end": _term_end(facts, term),
        "source_count": len({report.document.independent for report in outline.reports}),
        "article_count": len(facts.articles),
        "conflicts": conflicts(facts),
        "confidence": round(max(report.deal.confidence for report in outline.reports), 3),
        "announced_earliest": known.earliest if known else None,
        "announced_latest": known.latest if known else None,
        "announced_precision": known.precision if known else None,
        "status_date": status.happened or status.reported,
        "quiet_since": max(published, default=None),
        "amount": float(value.amount) if value else None,
        "currency": value.currency if value else None,
        "amount_text": value.text if value else None,
        "term_months": term.months if term else None,
        "term_text": term.text if term else None,
        "exclusivity": exclusive.text if exclusive else None,
        "scope": chosen["scope"].stated if "scope" in chosen else None,
        "summary": None,
        "first_seen": now,
        "updated": now,
    }


def conflicts(facts: Facts) -> int:
    """On how many single-valued facts the claims differ; a coarser date than the one shown does not."""
    count = 0
    for name in SINGLE_VALUED:
        stated = {claim.stated for report in facts.outline.reports for claim in report.claims(name)}
        if name == "announced" and (announced := facts.outline.announced):
            stated = {value for value in stated if not announced.stated.startswith(f"{value}-")}
        count += len(stated) > 1
    return count


def _votes(reports: Sequence[Report], name: str) -> Iterable[Vote]:
    for report in reports:
        claims = list(report.claims(name))
        for claim in claims:
            yield Vote(claim.stated, report.document.independent, is_default(claim), report.order)
        stated = _STATED[name](report.deal)
        if not claims and stated:
            yield Vote(stated, report.document.independent, False, report.order)


def _said(reports: Sequence[Report], name: str, choice: Choice | None) -> Any:
    """The value with its wording, from the earliest report that states the chosen one."""

    def stated(report: Report) -> str | None:
        return _STATED[name](report.deal)

    for report in reports:
        own = getattr(report.deal, name)
        claimed = {claim.stated for claim in report.claims(name)}
        if choice and own and (choice.stated in claimed or (not claimed and choice.stated == stated(report))):
            return own
    return None


def _term_end(facts: Facts, term: Any) -> str | None:
    if term and term.end:
        return str(term.end)
    expected = (
        edtf for (role, edtf), date in facts.dates.items() if role == "term_end_expected" and date.chosen_by
    )
    return next(expected, None)


def _stated_value(deal: Deal) -> str | None:
    if not deal.value:
        return None
    amount = deal.value.amount
    return f"{int(amount) if amount == int(amount) else amount} {deal.value.currency}"


_STATED: dict[str, Callable[[Deal], str | None]] = {
    "type": lambda deal: deal.type,
    "instrument": lambda deal: deal.instrument,
    "announced": lambda deal: deal.announced,
    "value": _stated_value,
    "term": lambda deal: str(deal.term.months or deal.term.end) if deal.term else None,
    "exclusive": lambda deal: str(deal.exclusive.is_exclusive).lower() if deal.exclusive else None,
    "scope": lambda deal: deal.scope,
}
"""What a claim of the field would state, for a deal that has a value without a claim."""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
