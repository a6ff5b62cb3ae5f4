"""Loading: what the data files say, and articles with what was extracted from them. Loading again changes
nothing."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Literal

from sqlite_utils import Database

from crawler.items import NewsArticle, content_sha256
from db import changes, search
from db.clock import as_utc, now
from db.identity import article_id, canonical_address, content_id
from db.origins import source_of
from db.reference import load_reference
from db.rows import Row, upsert
from db.runs import add_problem
from db.screening import Screen, parts_of, storable
from db.store import DatabaseError, transaction
from extract.model import Extraction

__all__ = ["LoadError", "load_deal_ids", "load_reference", "remove_article", "store_article"]

log = logging.getLogger(__name__)


class LoadError(DatabaseError):
    """An article or extraction that cannot be stored; the message says in one line why."""


def store_article(
    db: Database, article: NewsArticle, extraction: Extraction, *, run: str | None = None
) -> Literal["new", "changed", "unchanged"]:
    """Store an article and its extraction in one transaction; deals are made of them by the next merge.

    An article with another text is a new version, which becomes the current one unless it was retrieved
    earlier than the one that is, or at the same moment and the page says that it was modified earlier. What does
    not re-read exactly, or is in no vocabulary, is left out and noted as a problem of `run` (without a run:
    logged).

    Raises LoadError for an article without an address, an extraction of another address, and text that SQLite
    cannot hold.
    """
    address = canonical_address(article)
    if not address:
        raise LoadError("an article without any address cannot be stored; give its url")
    if extraction.url and article.url and extraction.url != article.url:
        raise LoadError(f"{article.url}: the extraction is of another article, {extraction.url}")
    document = _json(extraction.to_json())
    if not storable(_json(article.to_json())) or not storable(document):
        raise LoadError(f"{address!a}: its text has NUL or lone surrogates; remove them first")
    with transaction(db):
        screen = Screen(db, article)
        checked = screen.check(extraction)
        before = changes.snapshot(db, ["article"], id=article_id(address))
        if checked != extraction:
            document = _json(checked.to_json())
        outcome = _store(db, article, checked, document, address)
        if outcome != "unchanged":
            _note(db, run, article, screen.problems)
            search.index(db, "articles", [article_id(address)])
            changes.record(db, before, changes.snapshot(db, ["article"], id=article_id(address)))
    return outcome


def remove_article(db: Database, url: str) -> bool:
    """Take out an article, all its versions and everything it supports; False if there is none with this
    address.

    Deals keep what else supports them; the next merge drops those that nothing supports any more.
    """
    id = article_id(url)
    with transaction(db):
        row = db.conn.execute("SELECT id FROM articles WHERE id = ? OR url = ?", [id, url]).fetchone()
        if row is None:
            return False
        before = changes.snapshot(db)
        for table in ("deal_events", "claims", "mentions", "date_mentions", "deal_articles"):
            db.conn.execute(f"DELETE FROM {table} WHERE article = ?", row)
        for table in ("article_texts", "extractions"):
            db.conn.execute(
                f"DELETE FROM {table} WHERE version IN (SELECT id FROM article_versions WHERE article = ?)",
                row,
            )
        db.conn.execute("DELETE FROM article_versions WHERE article = ?", row)
        db.conn.execute("DELETE FROM articles WHERE id = ?", row)
        changes.record(db, before, changes.snapshot(db))
    return True


def load_deal_ids(db: Database, register: Iterable[Mapping[str, Any]]) -> None:
    """Give a database the register of deal ids of another (rows of `deal_ids`), so that its deals are named
    alike.

    To be called before the first merge. Ids that are there already stay as they are.
    """
    with transaction(db):
        for entry in register:
            db.conn.execute(
                "INSERT INTO deal_ids(id, party_ids, earliest, made_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                [entry["id"], entry["party_ids"], entry["earliest"], entry["made_at"]],
            )


def _store(
    db: Database, article: NewsArticle, extraction: Extraction, document: str, address: str
) -> Literal["new", "changed", "unchanged"]:
    id = article_id(address)
    text_hash = content_sha256(article.headline, article.article_body, article.blocks)
    version = content_id(id, text_hash)
    retrieved = as_utc(article.retrieved_at)
    stored = db.conn.execute(
        "SELECT a.version, a.retrieved_at, v.date_modified FROM articles a"
        " LEFT JOIN article_versions v ON v.id = a.version WHERE a.id = ?",
        [id],
    ).fetchone()
    is_older = stored is not None and (
        retrieved < stored[1] or (retrieved == stored[1] and _is_before(article.date_modified, stored[2]))
    )
    if is_older and stored[0] == version:
        return "unchanged"
    written = 0
    if not is_older:
        row = _article_row(db, article, extraction, address) | {"version": version, "retrieved_at": retrieved}
        written += upsert(
            db,
            "articles",
            [row],
            keep=("retrieved_at", "is_deal_news", "deals", "syndication_group"),
        )
    written += _store_version(db, article, id, version, text_hash, retrieved)
    if not is_older:
        db.conn.execute("UPDATE articles SET retrieved_at = ? WHERE id = ?", [retrieved, id])
        written += db.conn.execute(
            "UPDATE article_versions SET is_current = (id = ?1)"
            " WHERE article = ?2 AND is_current <> (id = ?1)",
            [version, id],
        ).rowcount
    written += upsert(
        db, "extractions", [_extraction_row(extraction, document, version)], keep=("is_merged",)
    )
    if not written:
        return "unchanged"
    db.conn.execute("UPDATE extractions SET is_merged = 0 WHERE version = ?", [version])
    return "changed" if stored else "new"


def _store_version(
    db: Database, article: NewsArticle, id: str, version: str, text_hash: str, retrieved: str
) -> int:
    row = {
        "id": version,
        "article": id,
        "content_sha256": text_hash,
        "date_modified": article.date_modified,
        "retrieved_at": retrieved,
        "is_current": 0,
        "date_modified_raw": article.date_modified_raw,
        "date_modified_basis": article.date_modified_basis,
    }
    written = upsert(db, "article_versions", [row], keep=("retrieved_at", "is_current"))
    db.conn.execute(
        "UPDATE article_versions SET retrieved_at = max(retrieved_at, ?) WHERE id = ?", [retrieved, version]
    )
    texts = (
        {"version": version, "part": part, "kind": kind, "text": text}
        for part, (kind, text) in parts_of(article).items()
    )
    return written + upsert(db, "article_texts", texts)


def _article_row(db: Database, article: NewsArticle, extraction: Extraction, address: str) -> Row:
    free = article.is_accessible_for_free
    return {
        "id": article_id(address),
        "headline": article.headline,
        "source": source_of(db, article, address),
        "date_published": article.date_published,
        "is_deal_news": 0,
        "deals": 0,
        "in_language": article.in_language,
        "date_published_precision": _precision(article.date_published),
        "date_published_basis": article.date_published_basis,
        "relevance": round(extraction.relevance, 3),
        "syndication_group": None,
        "is_accessible_for_free": None if free is None else int(free),
        "url": article.url or address,
        "canonical_url": address,
        "authors": _json(article.authors) if article.authors else None,
        "retrieved_at": now(),
        "version": "",
        "standfirst": article.standfirst,
        "section": article.section,
        "date_published_raw": article.date_published_raw,
        "date_candidates": _candidates(article),
    }


def _extraction_row(extraction: Extraction, document: str, version: str) -> Row:
    return {
        "version": version,
        "pipeline": extraction.pipeline,
        "is_merged": 0,
        "document": document,
    }


def _is_before(modified: str | None, other: str | None) -> bool:
    return bool(modified and other) and as_utc(modified) < as_utc(other)


def _precision(date: str | None) -> str | None:
    return {4: "year", 7: "month"}.get(len(date), "day") if date else None


def _candidates(article: NewsArticle) -> str | None:
    candidates = [asdict(candidate) for candidate in article.date_candidates]
    return _json(candidates) if candidates else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _note(db: Database, run: str | None, article: NewsArticle, problems: list[str]) -> None:
    for problem in problems:
        if run is None:
            log.warning("%s: %s", article.url, problem)
        else:
            add_problem(db, run, level="warning", source=article.source, url=article.url, message=problem)
