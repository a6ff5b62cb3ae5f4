"""Which reports are of the same deal: the same parties, announced at about the same time.

The result does not depend on the order in which articles came: reports are sorted before they are grouped.
Two deals of one article are never the same deal, since the article tells them apart (an extension and what it
extends).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from db.edtf import Period, days_apart
from db.merging.reports import Report
from db.settings import SAME_DEAL_DAYS, SHORT_PERIOD_DAYS


class Group:
    """Reports of one deal. `tops` are its parties, `period` the span of their announcements that are exact
    enough."""

    def __init__(self, report: Report) -> None:
        self.reports = [report]
        self.tops = report.tops
        self.period = report.period
        self.articles = {report.document.article}
        self.is_main = report.deal.main

    @property
    def is_coarse(self) -> bool:
        """Whether all that is known of its date is a quarter, a season or a year."""
        return self.period is not None and self.period.days() > SHORT_PERIOD_DAYS and not self._is_exact()

    @property
    def width(self) -> int:
        """Days that its announcement may be on."""
        return self.period.days() if self.period else 0

    @property
    def key(self) -> tuple[object, ...]:
        """A fixed order among groups."""
        first = min(report.order for report in self.reports)
        return (self.period.earliest if self.period else "9999", sorted(self.tops), first)

    def add(self, reports: Iterable[Report]) -> None:
        """Take reports in; a coarse period never widens an exact one."""
        for report in reports:
            if report.period and (self.period is None or not _is_coarse(report.period)):
                self.period = (
                    report.period
                    if self.period is None or self.is_coarse
                    else _hull(self.period, report.period)
                )
            self.reports.append(report)
            self.articles.add(report.document.article)
            self.tops |= report.tops
            self.is_main |= report.deal.main

    def _is_exact(self) -> bool:
        return any(report.period and not _is_coarse(report.period) for report in self.reports)


def cluster(reports: Iterable[Report]) -> list[list[Report]]:
    """Groups of reports, each of one deal, in a fixed order."""
    exact, coarse, undated = [], [], []
    for report in reports:
        if report.period is None:
            undated.append(report)
        elif _is_coarse(report.period):
            coarse.append(report)
        else:
            exact.append(report)
    by_parties: dict[frozenset[str], list[Group]] = defaultdict(list)
    for report in sorted(exact, key=_by_date):
        _join_exact(report, by_parties[report.tops])
    for report in sorted(coarse, key=_by_width):
        _join_coarse(report, by_parties[report.tops])
    every = [group for found in by_parties.values() for group in found]
    groups = _join_subsets(group for group in every if not group.is_coarse)
    _place_coarse([group for group in every if group.is_coarse], groups)
    _join_undated(sorted(undated, key=lambda report: (not report.deal.main, report.order)), groups)
    return [sorted(group.reports, key=lambda r: r.order) for group in sorted(groups, key=lambda g: g.key)]


def attach(reports: Iterable[Report], groups: list[list[Report]]) -> dict[int, list[Report]]:
    """Reports of old versions of articles by the number of the group that they belong to, if there is one.

    A deal that the article's current version still reports comes first, then one of the same parties and
    date.
    """
    by_party: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        for top in group[0].tops.union(*(other.tops for other in group)):
            by_party[top].add(number)
    attached: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        near: set[int] = set().union(*(by_party.get(top, set()) for top in report.tops))
        fitting = [
            (
                report.document.article not in {other.document.article for other in groups[number]},
                min(_distance(report.period, other.period) for other in groups[number]),
                number,
            )
            for number in near
            if any(_agree(report.tops, other.tops) for other in groups[number])
        ]
        is_elsewhere, distance, number = min(fitting, default=(True, SAME_DEAL_DAYS + 1, 0))
        if not is_elsewhere or distance <= SAME_DEAL_DAYS:
            attached[number].append(report)
    return attached


def _join_exact(report: Report, groups: list[Group]) -> None:
    near = [
        (_distance(report.period, group.period), group.is_main != report.deal.main, number)
        for number, group in enumerate(groups)
        if report.document.article not in group.articles
    ]
    best = min(near, default=(SAME_DEAL_DAYS + 1, True, 0))
    if best[0] <= SAME_DEAL_DAYS:
        groups[best[2]].add([report])
    else:
        groups.append(Group(report))


def _join_coarse(report: Report, groups: list[Group]) -> None:
    free = [group for group in groups if report.document.article not in group.articles]
    same = [group for group in free if group.is_coarse and group.period == report.period]
    near = [group for group in free if _distance(report.period, group.period) <= SAME_DEAL_DAYS]
    if same:
        same[0].add([report])
    elif len(near) == 1:
        near[0].add([report])
    else:
        groups.append(Group(report))


def _join_subsets(groups: Iterable[Group]) -> list[Group]:
    """Let a group of some of the parties join the nearest one of more; where both have exact dates."""
    remaining = sorted(groups, key=lambda group: (len(group.tops), group.key))
    candidates_of = _finder(remaining)
    kept = []
    for group in remaining:
        near = [
            (_distance(group.period, other.period), len(other.tops), other.key, other)
            for other in candidates_of(group.tops)
            if group.tops < other.tops and not group.articles & other.articles
        ]
        best = min(near, key=lambda entry: entry[:3], default=None)
        if best and best[0] <= SAME_DEAL_DAYS:
            best[3].add(group.reports)
        else:
            kept.append(group)
    return kept


def _place_coarse(groups: Iterable[Group], exact: list[Group]) -> None:
    """Let a group with a coarse date join the only one that it can be; else it stays a deal of its own."""
    candidates_of = _finder(exact)
    for group in sorted(groups, key=lambda group: (group.width, group.key)):
        near = [
            other
            for other in candidates_of(group.tops)
            if _agree(group.tops, other.tops)
            and not group.articles & other.articles
            and _distance(group.period, other.period) <= SAME_DEAL_DAYS
        ]
        if len(near) == 1:
            near[0].add(group.reports)
        else:
            exact.append(group)


def _join_undated(reports: list[Report], groups: list[Group]) -> None:
    candidates_of = _finder(groups)
    undated: dict[frozenset[str], list[Group]] = defaultdict(list)
    for report in reports:
        free = [
            group
            for group in candidates_of(report.tops)
            if _agree(report.tops, group.tops) and report.document.article not in group.articles
        ]
        alike = [g for g in undated[report.tops] if report.document.article not in g.articles]
        if len(free) == 1:
            free[0].add([report])
        elif alike:
            alike[0].add([report])
        else:
            undated[report.tops].append(Group(report))
    groups.extend(group for found in undated.values() for group in found)


def _finder(groups: Iterable[Group]) -> Callable[[frozenset[str]], list[Group]]:
    """A look-up of the groups that have any two of the given parties in common with them."""
    by_party: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        for party in group.tops:
            by_party[party].append(group)

    def find(tops: frozenset[str]) -> list[Group]:
        shared: dict[int, list[Group]] = defaultdict(list)
        for party in sorted(tops):
            for group in by_party[party]:
                shared[id(group)].append(group)
        return [found[0] for found in shared.values() if len(found) >= 2]

    return find


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _distance(one: Period | None, other: Period | None) -> int:
    return days_apart(one, other) if one and other else SAME_DEAL_DAYS + 1


def _is_coarse(period: Period) -> bool:
    return period.days() > SHORT_PERIOD_DAYS


def _hull(one: Period, other: Period) -> Period:
    return Period(min(one.earliest, other.earliest), max(one.latest, other.latest), one.precision)


def _by_date(report: Report) -> tuple[object, ...]:
    assert report.period is not None
    return report.period.earliest, report.period.latest, not report.deal.main, report.order


def _by_width(report: Report) -> tuple[object, ...]:
    assert report.period is not None
    return report.period.days(), *_by_date(report)
