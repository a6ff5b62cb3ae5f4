"""The deal page: every fact of one deal with its evidence."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Mapping

from db.pages.deal_corrections import decisions_on, with_decisions
from db.pages.deal_facts import facts_of
from db.pages.deal_timeline import timeline
from db.pages.evidence import Claims, Evidence, Statement, claims_of, dissent
from db.pages.reading import Record, names, one, record, records
from db.pages.wording import web_link

QUIET_MONTHS = 24
"""A deal that is not over and that nobody reported on for so long is shown as not heard of."""

_DEAL = """
SELECT d.*, s.name AS status_name, s.definition AS status_definition, t.name AS type_name,
  t.definition AS type_definition, t.is_partnership, i.name AS instrument_name,
  i.definition AS instrument_definition
FROM deals d JOIN statuses s ON s.id = d.status JOIN deal_types t ON t.id = d.type
  JOIN instruments i ON i.id = d.instrument
WHERE d.id = ?
"""
_PARTIES = """
SELECT p.company, c.name, p.roles, p.confidence, n.name AS country_name, x.name AS sector_name,
  nullif(p.top_parent, p.company) AS top_parent, g.name AS top_parent_name
FROM deal_parties p JOIN companies c ON c.id = p.company JOIN companies g ON g.id = p.top_parent
  LEFT JOIN countries n ON n.id = c.country LEFT JOIN sectors x ON x.id = c.sector
WHERE p.deal = ? ORDER BY p.position
"""
_UNITS = """
SELECT u.unit, c.name, c.kind, u.party, p.name AS party_name
FROM deal_units u JOIN companies c ON c.id = u.unit JOIN companies p ON p.id = u.party
WHERE u.deal = ? ORDER BY p.name, c.name
"""
_AREAS = """
SELECT x.area, a.name, a.definition, x.commitment, m.name AS commitment_name, x.details, x.confidence
FROM deal_areas x JOIN areas a ON a.id = x.area JOIN commitments m ON m.id = x.commitment
WHERE x.deal = ? ORDER BY m.position, a.position
"""
_PLACES = """
SELECT p.country, n.name FROM deal_places p JOIN countries n ON n.id = p.country
WHERE p.deal = ? ORDER BY n.name
"""
_LINKS = """
SELECT l.kind, l.other_deal AS other, o.title, o.announced, 0 AS is_back FROM deal_links l
  JOIN deals o ON o.id = l.other_deal WHERE l.deal = ?1
UNION ALL
SELECT l.kind, l.deal, o.title, o.announced, 1 FROM deal_links l JOIN deals o ON o.id = l.deal
WHERE l.other_deal = ?1
ORDER BY 5, 1, 2
"""
_ARTICLES = """
SELECT x.article, x.relation, a.headline, a.date_published, a.url, a.syndication_group, s.name AS publisher
FROM deal_articles x JOIN articles a ON a.id = x.article JOIN sources s ON s.id = a.source
WHERE x.deal = ? ORDER BY a.date_published IS NULL, a.date_published, a.id
"""
_RELATED = """
SELECT d.id, d.title, d.announced, d.phase, s.name AS status_name, count(*) AS shared
FROM deal_parties mine
  JOIN deal_parties theirs ON theirs.top_parent = mine.top_parent AND theirs.deal <> mine.deal
  JOIN deals d ON d.id = theirs.deal JOIN statuses s ON s.id = d.status
WHERE mine.deal = ? GROUP BY d.id ORDER BY shared DESC, d.announced_earliest DESC, d.id LIMIT 8
"""
_LINK_WORDS: Mapping[str, tuple[str, str]] = {
    "extends": ("Extends", "Extended by"),
    "renews": ("Renews", "Renewed by"),
    "replaces": ("Replaces", "Replaced by"),
    "follows_pilot": ("Follows the pilot", "Its pilot was followed by"),
    "part_of": ("Part of", "Includes"),
}


def deal_page(conn: sqlite3.Connection, id: str, today: datetime.date) -> Record | None:
    """Everything the page of a deal shows; None where there is no such deal."""
    deal = record(conn, _DEAL, id)
    if deal is None:
        return None
    claims = claims_of(conn, id)
    articles = records(conn, _ARTICLES, id)
    decisions = decisions_on(conn, id)
    roles, commitments, details = (names(conn, t) for t in ("party_roles", "commitments", "area_details"))
    return {
        "deal": deal,
        "is_quiet": _is_quiet(deal, today),
        "parties": [_party(claims, row, roles) for row in records(conn, _PARTIES, id)],
        "units": [
            {**row, "evidence": claims.of(("unit", None, row["unit"]))} for row in records(conn, _UNITS, id)
        ],
        "areas": [_area(claims, row, commitments, details) for row in records(conn, _AREAS, id)],
        "places": [
            {**row, "evidence": claims.of(("place", None, row["country"]))}
            for row in records(conn, _PLACES, id)
        ],
        "facts": with_decisions(facts_of(conn, deal, claims), decisions),
        "corrections": decisions,
        "timeline": timeline(conn, id, claims),
        "links": [_link(claims, row) for row in records(conn, _LINKS, id)],
        "articles": [{**row, "web": web_link(row["url"])} for row in articles],
        "copies": _copies(articles),
        "related": records(conn, _RELATED, id),
        "claim_count": one(conn, "SELECT count(*) FROM deal_evidence WHERE deal = ? AND is_current", id),
    }


def _is_quiet(deal: Record, today: datetime.date) -> bool:
    limit = f"{today.year - QUIET_MONTHS // 12}{today.isoformat()[4:]}"
    return deal["phase"] != "ended" and bool(deal["quiet_since"]) and str(deal["quiet_since"]) < limit


def _party(claims: Claims, row: Record, roles: Mapping[str, str]) -> Record:
    own = json.loads(row["roles"])
    keys = [("role", row["company"], role) for role in own]
    return {
        **row,
        "role_names": [roles.get(role, role) for role in own],
        "evidence": claims.of(("party", None, row["company"]), *keys),
    }


def _area(claims: Claims, row: Record, commitments: Mapping[str, str], details: Mapping[str, str]) -> Record:
    statements = claims.statements("commitment", row["area"])
    mine = next((each for each in statements if each.stated == row["commitment"]), None)
    others = [each for each in statements if each.stated != row["commitment"]]
    evidence = claims.of(("commitment", row["area"], row["commitment"]), ("area", None, row["area"]))
    return {
        **row,
        "detail_names": [details.get(id, id) for id in json.loads(row["details"] or "[]")],
        "evidence": _without_dissenters(evidence, mine, others) if mine else evidence,
        "dissent": dissent(mine, others, commitments) if mine else "",
        "others": [(commitments.get(each.stated, each.stated), each) for each in others],
    }


def _without_dissenters(
    evidence: tuple[Evidence, ...], mine: Statement, others: list[Statement]
) -> tuple[Evidence, ...]:
    """What the articles say that do not state another commitment only: those are shown as saying otherwise."""
    with_us = {entry.article for entry in mine.evidence}
    against = {entry.article for each in others for entry in each.evidence} - with_us
    return tuple(entry for entry in evidence if entry.article not in against)


def _link(claims: Claims, row: Record) -> Record:
    words = _LINK_WORDS[row["kind"]][row["is_back"]]
    evidence = () if row["is_back"] else claims.of(("link", row["other"], row["kind"]))
    return {**row, "words": words, "evidence": evidence}


def _copies(articles: list[Record]) -> int:
    """How many articles are copies of a text that another one of them has too."""
    groups = [row["syndication_group"] for row in articles if row["syndication_group"]]
    return len(groups) - len(set(groups))
