"""All rows of the derived tables, and writing those that differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from db.merging.companies import Companies
from db.merging.evidence import claim_row
from db.merging.facts import Facts, deal_row
from db.merging.reports import Report
from db.merging.vocabulary import Vocabulary
from db.rows import Key, Row, replace_all
from extract.model import Claim

Tables = dict[str, dict[Key, Row]]

KEPT = {
    "deals": ("first_seen", "updated"),
    "deal_events": ("first_seen",),
    "claims": ("run",),
    "companies": ("deals", "partners", "last_deal"),
}
"""Columns that a row keeps once it is written: they say when it came, or are recounted afterwards."""

_ORDER = (
    "companies",
    "deals",
    "deal_parties",
    "deal_units",
    "deal_areas",
    "deal_places",
    "deal_dates",
    "deal_events",
    "deal_links",
    "deal_articles",
    "claims",
    "mentions",
    "date_mentions",
)


def write(db: Database, tables: Tables) -> None:
    """Make the derived tables hold exactly these rows."""
    for table in _ORDER:
        replace_all(db, table, tables.get(table, {}), keep=KEPT.get(table, ()))


def deal_rows(
    facts: Facts, id: str, companies: Companies, vocabulary: Vocabulary, now: str
) -> dict[str, list[Row]]:
    """The rows of one deal and of its parts, claims left out."""
    return {
        "deals": [deal_row(facts, id, companies, vocabulary, now)],
        "deal_parties": [
            {
                "deal": id,
                "company": party.company,
                "role": party.role,
                "roles": _json(party.roles),
                "top_parent": companies.top(party.company),
                "basis": party.basis,
                "confidence": party.confidence,
                "position": position,
            }
            for position, party in enumerate(facts.outline.parties)
        ],
        "deal_units": [{"deal": id, "unit": unit, "party": party} for unit, party in facts.units.items()],
        "deal_areas": [
            {
                "deal": id,
                "area": area,
                "commitment": fact.commitment.stated,
                "details": _json(fact.details) if fact.details else None,
                "confidence": fact.confidence,
            }
            for area, fact in facts.areas.items()
        ],
        "deal_places": [{"deal": id, "country": country} for country in facts.places],
        "deal_dates": [
            {
                "deal": id,
                "role": role,
                "edtf": edtf,
                "earliest": fact.period.earliest if fact.period else None,
                "latest": fact.period.latest if fact.period else None,
                "precision": fact.period.precision if fact.period else None,
                "anchor": fact.anchor,
                "basis": fact.basis,
                "is_chosen": int(fact.chosen_by is not None),
            }
            for (role, edtf), fact in facts.dates.items()
        ],
        "deal_events": [
            {
                "id": event.id,
                "deal": id,
                "status": event.status,
                "happened": event.happened,
                "happened_earliest": event.period.earliest if event.period else None,
                "reported": event.reported,
                "article": event.report.document.article,
                "claim": event.claim,
                "first_seen": now,
            }
            for event in facts.events
        ],
        "deal_links": [
            {"deal": id, "kind": kind, "other_deal": other, "basis": basis}
            for (kind, other), basis in facts.links.items()
        ],
        "deal_articles": [
            {"deal": id, "article": article, "relation": relation}
            for article, relation in facts.articles.items()
        ],
    }


def claim_rows(
    reports: Sequence[Report],
    facts: Facts,
    deal: str,
    deals: Mapping[tuple[str, int], str],
    run: str | None,
) -> list[Row]:
    """The claims of some reports of a deal; those of a version that is not current are never chosen."""
    rows = []
    for report in reports:
        for claim in report.deal.claims:
            subject = claim.subject
            if claim.field == "link":
                subject = deals.get((report.document.version, int(claim.subject or -1)))
            chosen = _chosen_by(claim, subject, facts) if report.document.is_current else None
            rows.append(claim_row(report, claim, deal, subject, chosen, run))
    return rows


def _chosen_by(claim: Claim, subject: str | None, facts: Facts) -> str | None:
    """The rule by which a claim is among what is shown, or None."""
    stated = claim.stated
    if choice := facts.choices.get(claim.field):
        return choice.chosen_by if choice.stated == stated else None
    roles = {party.company: party.roles for party in facts.outline.parties}
    united = {
        "party": stated in roles,
        "role": stated in roles.get(subject or "", ()),
        "unit": stated in facts.units,
        "area": stated in facts.areas,
        "place": stated in facts.places,
        "link": (stated, subject) in facts.links,
    }
    if claim.field in united:
        return "union" if united[claim.field] else None
    if claim.field == "commitment":
        fact = facts.areas.get(subject or "")
        return fact.commitment.chosen_by if fact and fact.commitment.stated == stated else None
    if claim.field == "date":
        date = facts.dates.get((subject or "", stated))
        return date.chosen_by if date else None
    if claim.field == "status":
        return facts.status_rule if stated == facts.status.status else None
    return None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
