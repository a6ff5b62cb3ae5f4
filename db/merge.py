"""The merge: deals made of what all articles say. It ends every load, in one transaction.

Everything derived is worked out anew from the extractions, compared with what the tables hold, and only
differences are written; so a merge that finds nothing new writes nothing, and the order in which articles
came does not matter.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db import changes, search
from db.clock import now
from db.merging.cluster import attach, cluster
from db.merging.companies import read_companies
from db.merging.corrected import correct_facts, corrected_outline, decided, is_taken_out
from db.merging.counts import recount
from db.merging.evidence import claim_ids, date_rows, mention_rows
from db.merging.facts import derive
from db.merging.ids import assign_ids, read_register
from db.merging.outline import Outline, outline
from db.merging.parts import links_of
from db.merging.reports import read_documents, reports_of
from db.merging.syndication import syndication_groups
from db.merging.vocabulary import read_vocabulary
from db.merging.write import Tables, claim_rows, deal_rows, write
from db.reference import TEXT_ALIAS
from db.rows import replace_all
from db.store import transaction


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did: deals there are now, and how many of them are new, changed, merged into another, or
    gone."""

    deals: int
    new: int
    changed: int
    merged: int
    deleted: int


def merge(db: Database, *, run: str | None = None) -> MergeReport:
    """Make deals of the extractions of all articles, keep their ids, and mark what changed in the feed.

    All in one transaction: readers see the state before or after.
    """
    with transaction(db):
        before = changes.snapshot(db)
        held = _held_claims(db)
        moment = now()
        groups = syndication_groups(db)
        _write_groups(db, groups)
        ids = _derive_and_write(db, groups, held, run, moment)
        recount(db)
        db.conn.execute("UPDATE extractions SET is_merged = 1 WHERE is_merged = 0")
        after = changes.snapshot(db)
        moved = _moved(held, ids, db)
        marked = changes.record(db, before, after, replaced_by={("deal", id): to for id, to in moved.items()})
        _finish(db, marked, moment)
    gone = {id for entity, id in before.keys() - after.keys() if entity == "deal"}
    upserted = {key for key in marked if key in after and key[0] == "deal"}
    return MergeReport(
        deals=len(set(ids)),
        new=len(upserted - before.keys()),
        changed=len(upserted & before.keys()),
        merged=len(gone & moved.keys()),
        deleted=len(gone - moved.keys()),
    )


def _derive_and_write(
    db: Database, groups: Mapping[str, str], held: Mapping[str, set[str]], run: str | None, moment: str
) -> list[str]:
    documents = read_documents(db, groups)
    companies = read_companies(db, [document.extraction for document in documents])
    vocabulary = read_vocabulary(db)
    reports = reports_of(documents, companies)
    clusters = cluster(report for report in reports if report.document.is_current)
    old = attach((report for report in reports if not report.document.is_current), clusters)
    outlines = [outline(found, companies) for found in clusters]
    evidence = [claim_ids([*found, *old[number]]) for number, found in enumerate(clusters)]
    register = read_register(db)
    ids = assign_ids(outlines, evidence, register, held, companies)
    _register(db, ids, outlines, {entry.id for entry in register}, moment)
    corrections = decided(db, ids, evidence, held)
    kept = [number for number, id in enumerate(ids) if not is_taken_out(corrections.get(id, ()))]
    deals = {report.key: ids[number] for number in kept for report in [*clusters[number], *old[number]]}
    tables: Tables = defaultdict(dict)
    tables["companies"] = {(id,): row for id, row in companies.rows.items()}
    tables["mentions"] = mention_rows(documents, companies)
    tables["date_mentions"] = date_rows(documents, deals)
    for number in kept:
        id = ids[number]
        own = corrections.get(id, ())
        facts = derive(corrected_outline(outlines[number], own), companies, vocabulary)
        correct_facts(facts, own, vocabulary)
        facts.links = links_of(clusters[number], deals, id)
        _collect(db, tables, deal_rows(facts, id, companies, vocabulary, moment))
        _collect(db, tables, {"claims": claim_rows([*clusters[number], *old[number]], facts, id, deals, run)})
    write(db, tables)
    replace_all(db, "company_aliases", companies.text_aliases, where=f"kind = '{TEXT_ALIAS}'")
    return [ids[number] for number in kept]


def _collect(db: Database, tables: Tables, rows: Mapping[str, Iterable[dict[str, object]]]) -> None:
    for table, found in rows.items():
        keys = _KEYS.get(table, ("id",))
        for row in found:
            tables[table].setdefault(tuple(row[key] for key in keys), row)


_KEYS = {
    "deal_parties": ("deal", "company"),
    "deal_units": ("deal", "unit"),
    "deal_areas": ("deal", "area"),
    "deal_places": ("deal", "country"),
    "deal_dates": ("deal", "role", "edtf"),
    "deal_links": ("deal", "kind", "other_deal"),
    "deal_articles": ("deal", "article"),
}


def _register(
    db: Database, ids: Sequence[str], outlines: Sequence[Outline], known: set[str], moment: str
) -> None:
    for id, made in zip(ids, outlines, strict=True):
        if id not in known:
            db.conn.execute(
                "INSERT INTO deal_ids(id, party_ids, earliest, made_at) VALUES (?, ?, ?, ?)",
                [id, json.dumps(made.party_ids, separators=(",", ":")), made.earliest, moment],
            )


def _held_claims(db: Database) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {id: set() for (id,) in db.conn.execute("SELECT id FROM deals")}
    for claim, deal in db.conn.execute("SELECT id, deal FROM claims"):
        held[deal].add(claim)
    return held


def _moved(held: Mapping[str, set[str]], ids: Sequence[str], db: Database) -> dict[str, str]:
    """For each deal that is no more, the one that most of its claims support now, if there is one."""
    gone = held.keys() - set(ids)
    if not gone:
        return {}
    now_of = dict(db.conn.execute("SELECT id, deal FROM claims").fetchall())
    moved = {}
    for id in sorted(gone):
        targets = Counter(now_of[claim] for claim in held[id] if claim in now_of)
        if targets:
            moved[id] = min(targets, key=lambda target: (-targets[target], target))
    return moved


def _write_groups(db: Database, groups: Mapping[str, str]) -> None:
    for article, stored in db.conn.execute("SELECT id, syndication_group FROM articles").fetchall():
        if groups.get(article) != stored:
            db.conn.execute(
                "UPDATE articles SET syndication_group = ? WHERE id = ?", [groups.get(article), article]
            )


def _finish(db: Database, marked: Iterable[tuple[str, str]], moment: str) -> None:
    """Search entries and time of change of what changed."""
    tables: dict[str, list[str]] = defaultdict(list)
    for entity, id in marked:
        tables[changes.ENTITIES[entity]].append(id)
    for id in tables["deals"]:
        # A clock that was set back must not make a deal older than it is.
        db.conn.execute("UPDATE deals SET updated = max(updated, ?) WHERE id = ?", [moment, id])
    # A deal's search entry has names of its parties, so it follows changes of theirs.
    renamed = tables["companies"]
    for company in renamed:
        rows = db.conn.execute("SELECT deal FROM deal_parties WHERE company = ?", [company])
        tables["deals"] += [deal for (deal,) in rows]
    search.index(db, "deals", dict.fromkeys(tables["deals"]))
    search.index(db, "companies", renamed)
