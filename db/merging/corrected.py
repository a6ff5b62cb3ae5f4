"""What people decided, laid over what the articles say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlite_utils import Database

from db.corrections import NONE, Correction, in_force, merged_into
from db.edtf import period
from db.merging.choose import Choice
from db.merging.facts import Facts
from db.merging.outline import Outline
from db.merging.parts import AreaFact, DateFact
from db.merging.vocabulary import Vocabulary

RULE = "correction"
"""The rule that chose a value which a person decided."""
_SINGLE = ("type", "instrument", "exclusive", "scope")

Decided = Mapping[str, tuple[Correction, ...]]


def decided(
    db: Database, ids: Sequence[str], evidence: Sequence[set[str]], held: Mapping[str, set[str]]
) -> Decided:
    """The corrections in force, by the deal that each belongs to now: a deal that is no more hands its
    corrections on to the one that took over most of its claims."""
    current = set(ids)
    before = merged_into(db.conn)
    now_of = {claim: ids[number] for number, claims in enumerate(evidence) for claim in claims}

    def deal_of(deal: str) -> str | None:
        if deal in current:
            return deal
        targets = Counter(now_of[claim] for claim in held.get(deal, ()) if claim in now_of)
        if targets:
            return min(targets, key=lambda target: (-targets[target], target))
        return before[deal] if before.get(deal) in current else None

    return in_force(db.conn, deal_of)


def is_taken_out(corrections: Sequence[Correction]) -> bool:
    """Whether a person decided that there is no such deal."""
    return any(each.field == "deal" for each in corrections)


def corrected_outline(outline: Outline, corrections: Sequence[Correction]) -> Outline:
    """The outline with the parties and the announcement that a person decided. Two parties always stay."""
    out = {each.subject for each in corrections if each.field == "party"}
    parties = tuple(party for party in outline.parties if party.company not in out)
    if len(parties) >= 2:
        outline = replace(outline, parties=parties)
    for each in corrections:
        if each.field == "announced":
            is_none = each.stated == NONE
            outline = replace(
                outline,
                announced=None if is_none else Choice(each.stated, RULE),
                period=None if is_none else period(each.stated),
            )
    return outline


def correct_facts(facts: Facts, corrections: Sequence[Correction], vocabulary: Vocabulary) -> None:
    """Put what a person decided in the place of what was chosen."""
    for each in corrections:
        if each.field in _SINGLE:
            facts.choices.pop(each.field, None)
            if each.stated != NONE:
                facts.choices[each.field] = Choice(each.stated, RULE)
        elif each.field == "status":
            _correct_status(facts, each)
        elif each.field == "announced":
            _correct_announced(facts, each)
        elif each.field == "area" and each.subject is not None and each.subject in vocabulary.names["areas"]:
            _correct_area(facts, each.subject, each.stated)


def _correct_status(facts: Facts, correction: Correction) -> None:
    """The event that reports the status gives its day; without one nobody says when it came about."""
    reported = [event for event in facts.events if event.status == correction.stated]
    facts.status = (
        max(reported, key=lambda event: (event.day, event.id))
        if reported
        else replace(
            facts.status,
            status=correction.stated,
            happened=None,
            period=None,
            reported=correction.decided_at[:10],
            claim=None,
        )
    )
    facts.status_rule = RULE


def _correct_announced(facts: Facts, correction: Correction) -> None:
    stated = correction.stated
    for role, edtf in list(facts.dates):
        if role == "announced":
            chosen = RULE if edtf == stated else None
            facts.dates[role, edtf] = replace(facts.dates[role, edtf], chosen_by=chosen)
    if stated != NONE:
        facts.dates.setdefault(("announced", stated), DateFact(period(stated), None, RULE, RULE))


def _correct_area(facts: Facts, area: str, stated: str) -> None:
    known = facts.areas.pop(area, None)
    if stated != NONE:
        details, confidence = (known.details, known.confidence) if known else ((), 1.0)
        facts.areas[area] = AreaFact(Choice(stated, RULE), details, confidence)
