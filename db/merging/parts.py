"""The parts of a deal that have many values: areas, places, dates, units, links, articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.edtf import Period, days_after
from db.merging.choose import Choice, Vote, choose, votes
from db.merging.companies import Companies
from db.merging.outline import Outline, period_of
from db.merging.reports import Report, is_default
from db.settings import CONFIRMATION_DAYS

CONTEXT_DATES = frozenset({"prior_deal", "campaign_or_event", "founding", "other"})
"""Roles of dates that are never dates of a deal."""


@dataclass(frozen=True, slots=True)
class AreaFact:
    """An area of a deal: how firm, which details, how sure."""

    commitment: Choice
    details: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class DateFact:
    """A date that was stated of a deal; `chosen_by` is null where another one of its role is shown."""

    period: Period | None
    anchor: str | None
    basis: str
    chosen_by: str | None


def areas_of(reports: Sequence[Report]) -> dict[str, AreaFact]:
    """Every area that any report has, with the commitment that most of them give, on a tie that of the earliest."""
    areas = {}
    for area in dict.fromkeys(area.area for report in reports for area in report.deal.areas):
        said = [(report, own) for report in reports for own in report.deal.areas if own.area == area]
        commitment = choose(
            Vote(own.commitment, report.document.independent, False, report.order) for report, own in said
        )
        assert commitment is not None
        details = tuple(sorted({detail for _, own in said for detail in own.details}))
        areas[area] = AreaFact(commitment, details, round(max(own.confidence for _, own in said), 3))
    return areas


def places_of(outline: Outline, companies: Companies) -> set[str]:
    """The countries that reports name as where the deal is to work, else the homes of its parties."""
    stated: set[str] = set()
    implied: set[str] = set()
    for report in outline.reports:
        by_default = {claim.stated for claim in report.claims("place") if is_default(claim)}
        by_text = {claim.stated for claim in report.claims("place") if not is_default(claim)}
        for place in report.deal.places:
            (implied if place in by_default - by_text else stated).add(place)
    homes = {companies.rows[party.company]["country"] for party in outline.parties}
    return stated or implied or {home for home in homes if home}


def dates_of(outline: Outline) -> dict[tuple[str, str], DateFact]:
    """Every date that reports state of the deal, by role and EDTF; one of each role is chosen."""
    cast: dict[str, list[Vote]] = {}
    if announced := votes(outline.reports, "announced", "announced"):
        cast["announced"] = announced
    for report in outline.reports:
        for claim in report.claims("date"):
            role = claim.subject or "other"
            if role not in CONTEXT_DATES and role != "announced":
                vote = Vote(claim.stated, report.document.independent, is_default(claim), report.order)
                cast.setdefault(role, []).append(vote)
    dates = {}
    for role, found in cast.items():
        choice = outline.announced if role == "announced" else choose(found, finest=True)
        for edtf in {vote.stated for vote in found}:
            by_default = all(vote.is_default for vote in found if vote.stated == edtf)
            chosen_by = choice.chosen_by if choice and choice.stated == edtf else None
            dates[role, edtf] = DateFact(
                period_of(role, edtf, outline.reports),
                _anchor(role, edtf, outline.reports),
                "publication" if by_default else "text",
                chosen_by,
            )
    return dates


def units_of(outline: Outline, companies: Companies) -> dict[str, str]:
    """Units of the parties: unit -> its nearest parent that is a party."""
    parties = {party.company for party in outline.parties}
    named = {unit for report in outline.reports for unit in report.deal.units}
    named |= {party.company for report in outline.reports for party in report.deal.parties}
    units = {}
    for unit in named - parties:
        owner = next((parent for parent in companies.ancestors(unit) if parent in parties), None)
        if owner:
            units[unit] = owner
    return units


def links_of(
    reports: Sequence[Report], deals: Mapping[tuple[str, int], str], deal: str
) -> dict[tuple[str, str], str | None]:
    """Links to other deals of the same articles: kind and other deal -> the rule that found it."""
    links: dict[tuple[str, str], str | None] = {}
    for report in reports:
        for link in report.deal.links:
            other = deals.get((report.document.version, link.deal))
            if other and other != deal:
                rules = (
                    c.rule
                    for c in report.claims("link")
                    if (c.subject, c.stated) == (str(link.deal), link.kind)
                )
                links.setdefault((link.kind, other), next(rules, None))
    return links


def articles_of(reports: Sequence[Report]) -> dict[str, str]:
    """What each article is to the deal. Of those that report it as their news the earliest announces it, or the
    likely original where that is a copy."""
    relations: dict[str, str] = {}
    first = _announcement([report for report in reports if report.deal.main])
    for article in dict.fromkeys(report.document.article for report in reports):
        own = [report for report in reports if report.document.article == article]
        if not any(report.deal.main for report in own):
            relations[article] = "recalls"
        elif any(
            "denied" in {report.deal.status, *(c.stated for c in report.claims("status"))} for report in own
        ):
            relations[article] = "denies"
        elif first and first.document.article == article:
            relations[article] = "announces"
        else:
            assert first is not None
            days = days_after(first.document.published, own[0].document.published)
            relations[article] = "updates" if days is not None and days > CONFIRMATION_DAYS else "confirms"
    return relations


def _announcement(news: Sequence[Report]) -> Report | None:
    earliest = next(iter(news), None)
    if earliest is None:
        return None
    # A group of copies is called after its original.
    original = earliest.document.independent
    return next((report for report in news if report.document.article == original), earliest)


def _anchor(role: str, edtf: str, reports: Sequence[Report]) -> str | None:
    for report in reports:
        for date in report.dates:
            if date.edtf == edtf and date.role in (role, "prior_deal"):
                return date.anchor
    return None
