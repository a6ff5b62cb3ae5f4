"""The source row of an article: its own, or one made from the host of its address."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlite_utils import Database

from crawler.items import NewsArticle
from db.folding import slug

_USUAL_PORTS = {"http": 80, "https": 443}


def source_of(db: Database, article: NewsArticle, address: str) -> str:
    """The id of the article's source, whose row is made where it is missing.

    An article that names no source belongs to the source that has its host (with the port where it is not the
    usual one). A source that is made so has its publisher's name; where its pages name several, the first in
    the alphabet, so that the order of loading makes no difference.
    """
    host = host_of(address)
    id = article.source or _source_with(db, host) or slug(host)
    row = db.conn.execute("SELECT name, domain, kind FROM sources WHERE id = ?", [id]).fetchone()
    if row is None:
        db.conn.execute(
            "INSERT INTO sources(id, name, domain, articles) VALUES (?, ?, ?, 0)",
            [id, article.publisher or host, host],
        )
    elif article.source is None and article.publisher and row[2] is None and id == slug(host):
        name = article.publisher if row[0] == row[1] else min(row[0], article.publisher)
        db.conn.execute("UPDATE sources SET name = ? WHERE id = ? AND name <> ?", [name, id, name])
    return id


def host_of(address: str) -> str:
    """Host of an address in lower case, with the port where it is not the usual one."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    host = (parts.hostname or "unknown").removeprefix("www.")
    return host if port in (None, _USUAL_PORTS.get(parts.scheme)) else f"{host}:{port}"


def _source_with(db: Database, host: str) -> str | None:
    row = db.conn.execute(
        "SELECT min(id) FROM sources WHERE domain IN (?, 'www.' || ?)", [host, host]
    ).fetchone()
    return str(row[0]) if row[0] else None
