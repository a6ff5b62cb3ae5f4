"""Ids of deals: made once, kept in a register, found again for the same deal in every later merge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.edtf import days_apart, period
from db.merging.companies import Companies
from db.merging.outline import Outline
from db.settings import SAME_DEAL_DAYS


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the register `deal_ids`: the parties and announcement (EDTF) that the deal had when it got
    its id."""

    id: str
    party_ids: tuple[str, ...]
    earliest: str | None
    made_at: str


def read_register(db: Database) -> list[Entry]:
    """Every id that was ever given, the oldest first."""
    rows = db.conn.execute("SELECT id, party_ids, earliest, made_at FROM deal_ids ORDER BY made_at, id")
    return [Entry(id, tuple(json.loads(parties)), earliest, made) for id, parties, earliest, made in rows]


def assign_ids(
    outlines: Sequence[Outline],
    evidence: Sequence[set[str]],
    register: Sequence[Entry],
    held: Mapping[str, set[str]],
    companies: Companies,
) -> list[str]:
    """An id for each outline: its old one where there is one, else a new one that nobody ever had.

    `evidence` has the claim ids of each outline, `held` those of each deal before this merge. An old id is
    found by, in this order: the parties and date that the register has; parties and a date that agree;
    parties that agree where a date is missing and there is no choice; shared claims alone. The register
    decides before claims do, so that another database with the same register comes to the same ids.
    """
    search = _Search(outlines, evidence, register, held, companies)
    search.same()
    search.agreeing()
    search.without_choice()
    search.sharing_claims()
    return _with_new_ids(outlines, search.found, {entry.id for entry in register})


class _Search:
    """The way from outlines to their old ids; `found` grows with each step."""

    def __init__(
        self,
        outlines: Sequence[Outline],
        evidence: Sequence[set[str]],
        register: Sequence[Entry],
        held: Mapping[str, set[str]],
        companies: Companies,
    ) -> None:
        self.found: dict[int, str] = {}
        self._open = {entry.id: entry for entry in register}
        self._outlines, self._evidence, self._held, self._companies = outlines, evidence, held, companies
        self._tops = [self._group(outline.party_ids) for outline in outlines]
        self._by_party: dict[str, list[int]] = {}
        for number, tops in enumerate(self._tops):
            for top in tops:
                self._by_party.setdefault(top, []).append(number)

    def same(self) -> None:
        numbers: dict[tuple[object, ...], list[int]] = {}
        for number, outline in enumerate(self._outlines):
            numbers.setdefault((tuple(outline.party_ids), outline.earliest), []).append(number)
        for must_share in (True, False):
            for entry in list(self._open.values()):
                for number in numbers.get((entry.party_ids, entry.earliest), ()):
                    if not must_share or self._shared(entry, number):
                        self._settle(number, entry)

    def agreeing(self) -> None:
        matches = []
        for entry in self._open.values():
            for number in self._candidates(entry):
                days = _distance(entry.earliest, self._outlines[number])
                if days is not None and days <= SAME_DEAL_DAYS:
                    is_strange = not self._shared(entry, number)
                    matches.append((is_strange, days > 0, entry.made_at, entry.id, days, number))
        self._settle_all((number, id) for *_, id, _, number in sorted(matches))

    def without_choice(self) -> None:
        for entry in list(self._open.values()):
            undated = [
                n for n in self._candidates(entry) if _distance(entry.earliest, self._outlines[n]) is None
            ]
            if len(undated) == 1:
                self._settle(undated[0], entry)

    def sharing_claims(self) -> None:
        matches = [
            (-shared, entry.made_at, entry.id, number)
            for entry in self._open.values()
            if entry.id in self._held
            for number in range(len(self._outlines))
            if number not in self.found and (shared := self._shared(entry, number))
        ]
        self._settle_all((number, id) for *_, id, number in sorted(matches))

    def _candidates(self, entry: Entry) -> list[int]:
        tops = self._group(entry.party_ids)
        near = {number for top in tops for number in self._by_party.get(top, ()) if number not in self.found}
        return [number for number in sorted(near) if self._tops[number] <= tops or tops <= self._tops[number]]

    def _group(self, party_ids: Sequence[str]) -> frozenset[str]:
        tops = frozenset(self._companies.top(party) for party in party_ids)
        return tops if len(tops) >= 2 else frozenset(party_ids)

    def _shared(self, entry: Entry, number: int) -> int:
        return len(self._held.get(entry.id, set()) & self._evidence[number])

    def _settle_all(self, matches: Iterable[tuple[int, str]]) -> None:
        for number, id in matches:
            if id in self._open:
                self._settle(number, self._open[id])

    def _settle(self, number: int, entry: Entry) -> None:
        if number not in self.found and entry.id in self._open:
            self.found[number] = entry.id
            del self._open[entry.id]


def _with_new_ids(outlines: Sequence[Outline], found: dict[int, str], taken: set[str]) -> list[str]:
    for number in sorted(set(range(len(outlines))) - set(found), key=lambda n: outlines[n].order):
        found[number] = new_id(outlines[number], taken)
        taken.add(found[number])
    return [found[number] for number in range(len(outlines))]


def new_id(outline: Outline, taken: set[str]) -> str:
    """Two parties and the year; the month, the day, then 2, 3 ... follow where that is taken."""
    parties = "-".join(outline.party_ids[:2])
    known = outline.period
    names = [f"{parties}-undated"]
    if known:
        length = {"day": 3, "month": 2}.get(known.precision, 1)
        dates = known.earliest.split("-")
        names = [f"{parties}-{'-'.join(dates[:size])}" for size in range(1, length + 1)]
    for name in names:
        if name not in taken:
            return name
    number = 2
    while f"{names[-1]}-{number}" in taken:
        number += 1
    return f"{names[-1]}-{number}"


def _distance(earliest: str | None, outline: Outline) -> int | None:
    """Days from an entry's date to the nearest one that a report of the deal gives, or None."""
    if earliest in outline.announcements:
        return 0
    entry = period(earliest)
    stated = [known for known in map(period, outline.announcements) if known]
    return min((days_apart(entry, known) for known in stated), default=None) if entry else None
