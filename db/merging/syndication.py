"""Which articles are copies of one text: releases and agency reports that several publishers print, edited or not.

A group is what copies (db/merging/shingles.py) tie together, directly or over others, if at least two publishers are
in it. Articles of one publisher are not compared with each other, only with those of others: updates of a story are
the publisher's own and counted once anyway. The group's id is that of the article that is likely to be the original.

What was found is kept in the tables of db/syndication.sql, so a merge fingerprints only articles that are new or
changed, and compares each with those only that share a band with it. A pair depends on its two texts alone. So the
groups are the same whatever the order of loading, and whether articles come at once or bit by bit.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sqlite_utils import Database

from db.merging.shingles import METHOD, Fingerprint, are_copies, fingerprint

_AUTHORS = {"company_newsroom": 0, "press_release_service": 1, "wire": 2}
"""Kinds of sources that publish what others copy, the likeliest origin first."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article of a group: what tells whether it is the original."""

    article: str
    source: str
    source_kind: str | None
    published: str | None


def syndication_groups(db: Database) -> dict[str, str]:
    """Articles that are copies of one text: article -> the group's id, which is its likely original.

    Brings the kept fingerprints up to date with the current versions; to be called in the merge's transaction.
    """
    _forget_old(db)
    _compare_new(db)
    groups: dict[str, str] = {}
    for members in _components(db):
        copies = _read_copies(db, members)
        if len({copy.source for copy in copies}) > 1:
            original = likely_original(copies)
            groups |= dict.fromkeys(members, original)
    return groups


def likely_original(copies: Iterable[Copy]) -> str:
    """The article that the others of its group are likely to be copies of.

    It is the one published on the earliest day. Of those of one day it is the company's own newsroom, then a
    press-release service, then an agency: hours on pages are hours of different zones, or of the moment when a
    copy was filed, but a release is its author's before it is anybody's. Then the earliest hour counts; the id
    decides between what is equal, so that every database names the same one. A month without a day stands
    after the days in it, no date at the end.
    """

    def rank(copy: Copy) -> tuple[object, ...]:
        published = copy.published or "9999"
        day = published[:10] if len(published) >= 10 else f"{published}-99"
        return day, _AUTHORS.get(copy.source_kind or "", len(_AUTHORS)), published, copy.article

    return min(copies, key=rank).article


def _forget_old(db: Database) -> None:
    """Take out what was kept of articles that are gone or have another text or publisher now."""
    old = db.conn.execute(
        "SELECT t.article, t.bands FROM _copy_texts t LEFT JOIN articles a ON a.id = t.article"
        " WHERE t.version IS NOT a.version OR t.source IS NOT a.source OR t.method <> ?",
        [METHOD],
    ).fetchall()
    for article, bands in old:
        keys = ((band, article) for band in np.frombuffer(bands, dtype="<i8").tolist())
        db.conn.executemany("DELETE FROM _copy_bands WHERE band = ? AND article = ?", keys)
        others = db.conn.execute("SELECT other FROM _copy_pairs WHERE article = ?", [article]).fetchall()
        pairs = [pair for (other,) in others for pair in ((article, other), (other, article))]
        db.conn.executemany("DELETE FROM _copy_pairs WHERE article = ? AND other = ?", pairs)
        db.conn.execute("DELETE FROM _copy_texts WHERE article = ?", [article])


def _compare_new(db: Database) -> None:
    """Fingerprint articles that have none, and keep which of those before them they are copies of."""
    new = db.conn.execute(
        "SELECT a.id, a.version, a.source FROM articles a"
        " WHERE NOT EXISTS (SELECT 1 FROM _copy_texts t WHERE t.article = a.id) ORDER BY a.id"
    ).fetchall()

    @lru_cache(maxsize=512)
    def printed(version: str) -> Fingerprint:
        part = "SELECT text FROM article_texts WHERE version = ? AND part = 'article_body'"
        return fingerprint(db.conn.execute(part, [version]).fetchone()[0])

    for article, version, source in new:
        own = printed(version)
        for other, text in _candidates(db, own.bands, source):
            # Equal texts need no pair: they have the same key.
            found = printed(text)
            if found.key != own.key and are_copies(own, found):
                db.conn.executemany(
                    "INSERT INTO _copy_pairs VALUES (?, ?)", [(article, other), (other, article)]
                )
        bands = np.array(own.bands, dtype="<i8").tobytes()
        db.conn.execute(
            "INSERT INTO _copy_texts VALUES (?, ?, ?, ?, ?, ?)",
            [article, version, source, METHOD, own.key, bands],
        )
        keys = ((band, article) for band in set(own.bands))
        db.conn.executemany("INSERT INTO _copy_bands VALUES (?, ?)", keys)


def _candidates(db: Database, bands: Iterable[int], source: str) -> list[tuple[str, str]]:
    """Articles of other publishers that share a band, with the version of their text."""
    return db.conn.execute(
        "SELECT t.article, t.version FROM _copy_texts t WHERE t.source <> ? AND t.article IN"
        " (SELECT b.article FROM _copy_bands b WHERE b.band IN (SELECT value FROM json_each(?)))"
        " ORDER BY t.article",
        [source, json.dumps(list(bands))],
    ).fetchall()


def _components(db: Database) -> list[list[str]]:
    """Articles that equal texts and pairs tie together, each article in one list."""
    tied: dict[str, set[str]] = defaultdict(set)
    for article, other in db.conn.execute("SELECT article, other FROM _copy_pairs"):
        tied[article].add(other)
    first_of: dict[str, str] = {}
    for key, article in db.conn.execute(
        "SELECT text_key, article FROM _copy_texts WHERE text_key IN"
        " (SELECT text_key FROM _copy_texts GROUP BY text_key HAVING count(*) > 1)"
    ):
        first = first_of.setdefault(key, article)
        if first != article:
            tied[first].add(article)
            tied[article].add(first)
    components, seen = [], set()
    for start in sorted(tied):
        if start in seen:
            continue
        members, waiting = [], [start]
        seen.add(start)
        while waiting:
            article = waiting.pop()
            members.append(article)
            waiting += tied[article] - seen
            seen |= tied[article]
        components.append(sorted(members))
    return components


def _read_copies(db: Database, articles: Iterable[str]) -> list[Copy]:
    rows = db.conn.execute(
        "SELECT a.id, a.source, s.kind, a.date_published FROM articles a JOIN sources s ON s.id = a.source"
        " WHERE a.id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(articles))],
    )
    return [Copy(*row) for row in rows]
