"""What a deal is known by before it has an id: its parties and when it was announced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.edtf import Period, narrowed, period
from db.merging.choose import Choice, Vote, choose, votes
from db.merging.companies import Companies
from db.merging.reports import Report
from db.merging.vocabulary import Vocabulary

OWNERSHIP_ROLES = frozenset({"acquired", "investee"})
"""Roles of a party that stays one beside its parent: the deal made it the parent's."""


@dataclass(frozen=True, slots=True)
class PartyFact:
    """A party: main role, all roles, and in `basis` the rule that found it in the earliest report."""

    company: str
    role: str
    roles: tuple[str, ...]
    basis: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A deal without its id. Parties stand in the order in which the earliest reports name them."""

    reports: Sequence[Report]
    parties: tuple[PartyFact, ...]
    announced: Choice | None
    period: Period | None

    @property
    def party_ids(self) -> list[str]:
        """The ids of the parties in alphabetical order, as the deal's id is made of them."""
        return sorted(party.company for party in self.parties)

    @property
    def earliest(self) -> str | None:
        """When the deal was announced, as EDTF; null if nobody says."""
        return self.announced.stated[:10] if self.announced else None

    @property
    def announcements(self) -> set[str | None]:
        """Every date of announcement that a report gives; null among them if one gives none."""
        stated: set[str | None] = set()
        for report in self.reports:
            claimed: set[str | None] = {claim.stated for claim in report.claims("announced")}
            stated |= claimed or {report.deal.announced}
        return stated

    @property
    def is_main(self) -> bool:
        """Whether any article reports it as its news."""
        return any(report.deal.main for report in self.reports)

    @property
    def order(self) -> tuple[object, ...]:
        """The order in which new deals get their ids."""
        article = min(report.document.article for report in self.reports)
        first = min(report.number for report in self.reports if report.document.article == article)
        earliest = self.period.earliest if self.period else "9999"
        return not self.is_main, earliest, self.party_ids, article, first


def outline(reports: Sequence[Report], companies: Companies) -> Outline:
    """The parties and the announcement of the deal that these reports, the earliest first, are of."""
    announced = choose(votes(reports, "announced", "announced"), finest=True)
    return Outline(
        reports,
        _parties(reports, companies),
        announced,
        period_of("announced", announced.stated, reports) if announced else None,
    )


def period_of(role: str, edtf: str, reports: Sequence[Report]) -> Period | None:
    """The period of a date of a deal, with the bounds that the earliest report of it gives."""
    for report in reports:
        for date in report.dates:
            if date.edtf == edtf and date.role in (role, "prior_deal"):
                return narrowed(edtf, date.earliest, date.latest)
    return period(edtf)


def _parties(reports: Sequence[Report], companies: Companies) -> tuple[PartyFact, ...]:
    ids = list(dict.fromkeys(party.company for report in reports for party in report.deal.parties))
    # A company whose parent is a party is a unit, unless the deal is about its ownership. Two always stay.
    owned = {
        party.company
        for report in reports
        for party in report.deal.parties
        if OWNERSHIP_ROLES.intersection(party.roles)
    }
    units = [id for id in ids if id not in owned and any(parent in ids for parent in companies.ancestors(id))]
    if len(ids) - len(units) >= 2:
        ids = [id for id in ids if id not in units]
    return tuple(_party(id, reports) for id in ids)


def _party(id: str, reports: Sequence[Report]) -> PartyFact:
    said = [(report, party) for report in reports for party in report.deal.parties if party.company == id]
    main = choose(
        Vote(party.roles[0], report.document.independent, party.roles[0] == "partner", report.order)
        for report, party in said
        if party.roles
    )
    role = main.stated if main else "partner"
    every = dict.fromkeys([role, *(role for _, party in said for role in party.roles)])
    rules = (claim.rule for report, _ in said for claim in report.claims("party") if claim.stated == id)
    confidence = round(max(party.confidence for _, party in said), 3)
    return PartyFact(id, role, tuple(every), next(rules, None), confidence)


def areas_by_firmness(commitments: dict[str, str], vocabulary: Vocabulary) -> list[str]:
    """Areas with the firmest commitment first, then in the order of the taxonomy."""
    firmness, place = vocabulary.positions["commitments"], vocabulary.positions["areas"]
    return sorted(commitments, key=lambda area: (firmness[commitments[area]], place[area]))
