"""The facts of a deal that have one value each: what is shown, what supports it, who says otherwise."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

from db.pages.evidence import Claims, Evidence, Statement, dissent
from db.pages.reading import Record, names
from db.pages.wording import counted, money, when

UNSPECIFIED = ("agreement_unspecified",)
"""Values that say that the articles give none."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `shown` is empty where no article states it; `note` says how the value came about."""

    label: str
    shown: str
    evidence: tuple[Evidence, ...] = ()
    dissent: str = ""
    others: tuple[tuple[str, Statement], ...] = ()
    note: str = ""
    definition: str = ""


def facts_of(conn: sqlite3.Connection, deal: Record, claims: Claims) -> list[Fact]:
    """Status, type, instrument, announced, exclusivity, value, term and scope of a deal, in this order."""
    return [
        Fact(
            "Status",
            deal["status_name"],
            claims.of(("status", None, deal["status"])),
            definition=deal["status_definition"],
        ),
        _instrument(conn, deal, claims),
        _stated("Type", "type", deal["type"], names(conn, "deal_types"), claims, deal["type_definition"]),
        _announced(deal, claims),
        _exclusive(deal, claims),
        _worth(deal, claims),
        _term(deal, claims),
        _stated("Scope", "scope", deal["scope"], {}, claims),
    ]


def _stated(
    label: str, field: str, chosen: str | None, words: Mapping[str, str], claims: Claims, definition: str = ""
) -> Fact:
    """A fact whose claims state the value that is shown; what else they state is dissent."""
    statements = claims.statements(field)
    mine = next((each for each in statements if each.stated == chosen), None)
    others = tuple(each for each in statements if each.stated != chosen)
    return Fact(
        label=label,
        shown=words.get(chosen, chosen) if chosen else "",
        evidence=mine.evidence if mine else (),
        dissent=dissent(mine, others, words) if mine else "",
        others=tuple((words.get(each.stated, each.stated), each) for each in others),
        definition=definition,
    )


def _instrument(conn: sqlite3.Connection, deal: Record, claims: Claims) -> Fact:
    words = names(conn, "instruments")
    fact = _stated(
        "Instrument", "instrument", deal["instrument"], words, claims, deal["instrument_definition"]
    )
    if deal["instrument"] in UNSPECIFIED:
        return replace(fact, note=f"How binding: not stated in {counted(deal['article_count'], 'article')}.")
    # An article that only says that there is an agreement does not contradict one that names its kind.
    others = tuple(each for each in claims.statements("instrument") if each.stated != deal["instrument"])
    named = tuple(each for each in others if each.stated not in UNSPECIFIED)
    mine = next((e for e in claims.statements("instrument") if e.stated == deal["instrument"]), None)
    return replace(
        fact,
        dissent=dissent(mine, named, words) if mine else "",
        others=tuple((words.get(each.stated, each.stated), each) for each in named),
        note=_silent(others, "kind of agreement"),
    )


def _announced(deal: Record, claims: Claims) -> Fact:
    chosen = deal["announced"]
    statements = claims.statements("announced")
    mine = next((each for each in statements if each.stated == chosen), None)
    words = {each.stated: when(each.stated) for each in statements}
    # A coarser date is no conflict: 2018-11 does not contradict 2018-11-30.
    others = tuple(
        e for e in statements if e.stated != chosen and not (chosen or "").startswith(f"{e.stated}-")
    )
    by_default = bool(mine) and all(entry.by_default for entry in mine.evidence) if mine else False
    return Fact(
        label="Announced",
        shown=when(chosen),
        evidence=mine.evidence if mine else (),
        dissent=dissent(mine, others, words) if mine else "",
        others=tuple((words[each.stated], each) for each in others),
        note="The day of publication; no other day is given." if by_default else "",
    )


def _exclusive(deal: Record, claims: Claims) -> Fact:
    words = {"true": "exclusive", "false": "not exclusive"}
    chosen = None if deal["is_exclusive"] is None else ("true" if deal["is_exclusive"] else "false")
    fact = _stated("Exclusivity", "exclusive", chosen, words, claims)
    return replace(fact, shown=fact.shown.capitalize())


def _worth(deal: Record, claims: Claims) -> Fact:
    statements = claims.statements("value")
    words = {each.stated: _amount(each.stated) for each in statements}
    chosen = next((each.stated for each in statements if each.is_chosen), None)
    fact = _stated("Value", "value", chosen, words, claims)
    return replace(fact, shown=money(deal["amount"], deal["currency"]))


def _amount(stated: str) -> str:
    number, _, currency = stated.partition(" ")
    try:
        return money(float(number), currency)
    except ValueError:
        return stated


def _term(deal: Record, claims: Claims) -> Fact:
    statements = claims.statements("term")
    words = {each.stated: term_words(each.stated) for each in statements}
    chosen = next((each.stated for each in statements if each.is_chosen), None)
    fact = _stated("Term", "term", chosen, words, claims)
    parts = []
    if deal["term_months"]:
        parts.append(term_words(str(deal["term_months"])))
    if deal["term_end"]:
        parts.append(f"until {when(deal['term_end'])}")
    return replace(fact, shown=", ".join(parts))


def term_words(stated: str) -> str:
    """A term as stated, months or an end: 60 as 5 years, 2027-12 as until Dec 2027."""
    if not (stated.isascii() and stated.isdigit()) or len(stated) == 4:
        return f"until {when(stated)}"
    months = int(stated)
    return counted(months // 12, "year") if months % 12 == 0 and months else counted(months, "month")


def _silent(others: tuple[Statement, ...], what: str) -> str:
    number = sum(each.sources for each in others if each.stated in UNSPECIFIED)
    if not number:
        return ""
    return f"{counted(number, 'source')} {'gives' if number == 1 else 'give'} no {what}."
