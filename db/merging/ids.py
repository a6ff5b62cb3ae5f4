"""Ids of deals: made once, kept in a register, found again for the same deal in every later merge."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
    found by, in this order: the same parties and date as the register has; parties and date that agree, those
    that share claims before others and the oldest id first; shared claims alone.
    """
    found: dict[int, str] = {}
    open_entries = {entry.id: entry for entry in register}

    def settle(number: int, entry: Entry) -> None:
        if number not in found and entry.id in open_entries:
            found[number] = entry.id
            del open_entries[entry.id]

    same: dict[tuple[object, ...], list[int]] = {}
    for number, outline in enumerate(outlines):
        same.setdefault((tuple(outline.party_ids), outline.earliest), []).append(number)
    for must_share in (True, False):
        for entry in register:
            for number in same.get((entry.party_ids, entry.earliest), ()):
                if not must_share or held.get(entry.id, set()) & evidence[number]:
                    settle(number, entry)
    pairs = _agreeing(outlines, evidence, list(open_entries.values()), held, companies, found)
    for _, number, entry in sorted(pairs, key=lambda pair: pair[0]):
        settle(number, entry)
    overlaps = [
        (-len(held[entry.id] & evidence[number]), entry.made_at, entry.id, number, entry)
        for entry in open_entries.values()
        if entry.id in held
        for number in range(len(outlines))
        if number not in found and held[entry.id] & evidence[number]
    ]
    for *_, number, entry in sorted(overlaps, key=lambda overlap: overlap[:4]):
        settle(number, entry)
    return _with_new_ids(outlines, found, {entry.id for entry in register})


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


def _agreeing(
    outlines: Sequence[Outline],
    evidence: Sequence[set[str]],
    entries: Sequence[Entry],
    held: Mapping[str, set[str]],
    companies: Companies,
    found: Mapping[int, str],
) -> list[tuple[tuple[object, ...], int, Entry]]:
    """Pairs of an outline and an entry that may be the same deal, with what they are sorted by."""
    matches: list[tuple[tuple[object, ...], int, Entry]] = []
    by_party: dict[str, list[int]] = {}
    for number, outline in enumerate(outlines):
        if number not in found:
            for top in _tops(outline.party_ids, companies):
                by_party.setdefault(top, []).append(number)
    for entry in entries:
        tops = _tops(entry.party_ids, companies)
        numbers = {number for top in tops for number in by_party.get(top, ())}
        near = []
        for number in sorted(numbers):
            mine = _tops(outlines[number].party_ids, companies)
            distance = _distance(entry.earliest, outlines[number].earliest)
            if (mine <= tops or tops <= mine) and len(mine & tops) >= 2:
                near.append((distance, number))
        dated = [(distance, number) for distance, number in near if distance is not None]
        # Without a date on one side, an entry only fits where there is no choice.
        if not dated and len(near) == 1:
            dated = [(SAME_DEAL_DAYS, near[0][1])]
        for distance, number in dated:
            if distance <= SAME_DEAL_DAYS:
                strange = not (held.get(entry.id, set()) & evidence[number])
                matches.append(((strange, entry.made_at, entry.id, distance, number), number, entry))
    return matches


def _tops(party_ids: Sequence[str], companies: Companies) -> frozenset[str]:
    tops = frozenset(companies.top(party) for party in party_ids)
    return tops if len(tops) >= 2 else frozenset(party_ids)


def _distance(one: str | None, other: str | None) -> int | None:
    if one is None and other is None:
        return 0
    first, second = period(one), period(other)
    return days_apart(first, second) if first and second else None
