"""Every status that was reported of a deal, and which of them it has now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from db.edtf import Period
from db.identity import content_id
from db.merging.evidence import claim_id
from db.merging.outline import Outline, period_of
from db.merging.reports import Report, is_default
from db.merging.vocabulary import Vocabulary

_OWN_DATES = {
    "signed": ("signed", "announced"),
    "intent_signed": ("signed", "announced"),
    "pilot": ("launched",),
    "effective": ("effective",),
    "launched": ("launched",),
    "expanded": ("expanded",),
    "renewed": ("renewed",),
    "expired": ("expired",),
    "terminated": ("terminated",),
}
"""Roles of the dates that say when a status came about; `announced` for the other statuses before a launch.
"""


@dataclass(frozen=True, slots=True)
class Event:
    """A status that one article reports. `happened` is EDTF, null where nobody says; `is_weak` marks one that
    an article only recalls, without a date: it says nothing of the present."""

    id: str
    status: str
    happened: str | None
    period: Period | None
    reported: str | None
    report: Report
    claim: str | None
    is_default: bool
    is_weak: bool

    @property
    def day(self) -> str:
        """When it came about, else when it was reported."""
        return (self.period.earliest if self.period else None) or self.reported or ""


def events_of(outline: Outline, vocabulary: Vocabulary) -> list[Event]:
    """The status events of a deal. A status whose day is only taken from the day of the article is put on the
    day on which the deal is held to be announced."""
    events = {}
    for report in outline.reports:
        by_rule = sorted(report.claims("status"), key=is_default, reverse=True)
        claims = {claim.stated: claim for claim in by_rule}
        for status in claims or [report.deal.status]:
            claim = claims.get(status)
            happened, is_own, role = _happened(report, status, vocabulary)
            shown = happened if is_own or not outline.announced else outline.announced.stated
            id = content_id(report.document.article, report.number, status, happened)
            events[id] = Event(
                id=id,
                status=status,
                happened=shown,
                period=period_of(role, shown, outline.reports) if shown else None,
                reported=(report.document.published or "")[:10] or None,
                report=report,
                claim=claim_id(report, claim) if claim else None,
                is_default=bool(claim and is_default(claim)),
                is_weak=not report.deal.main and not shown,
            )
    return list(events.values())


def latest(events: Sequence[Event], vocabulary: Vocabulary) -> Event:
    """The event that gives the deal its status: the latest. Of those on one day it is a stated one rather
    than one by default, then that which most independent sources report, then that which is further on, then that
    whose date is narrower."""
    strong = [event for event in events if not event.is_weak] or list(events)
    supporters: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in strong:
        supporters[event.day, event.status].add(event.report.document.independent)

    def rank(event: Event) -> tuple[object, ...]:
        return (
            event.day,
            not event.is_default,
            len(supporters[event.day, event.status]),
            vocabulary.positions["statuses"][event.status],
            -_last_day(event),
            event.happened or "",
            event.id,
        )

    return max(strong, key=rank)


def _last_day(event: Event) -> int:
    """The last day on which it can have come about, as a number; without one the last of all."""
    latest = event.period.latest if event.period else None
    return (date.fromisoformat(latest) if latest else date.max).toordinal()


def _happened(report: Report, status: str, vocabulary: Vocabulary) -> tuple[str | None, bool, str]:
    """When the status came about as the report says, whether it says so itself, and the role of that date."""
    ends = vocabulary.phases[status] in ("live", "ended")
    for role in _OWN_DATES.get(status, () if ends else ("announced",)):
        stated = list(_dates(report, role))
        if stated:
            day, is_by_default = min(stated, key=lambda said: (said[1], said[0]))
            return day, not is_by_default, role
    return None, True, "announced"


def _dates(report: Report, role: str) -> Iterable[tuple[str, bool]]:
    for claim in report.claims("date"):
        if claim.subject == role:
            yield claim.stated, is_default(claim)
    if role == "announced":
        claims = list(report.claims("announced"))
        yield from ((claim.stated, is_default(claim)) for claim in claims)
        if report.deal.announced and not claims:
            yield report.deal.announced, False
