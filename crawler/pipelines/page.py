"""What travels through the pipelines."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from crawler.items import NewsArticle
from crawler.read_by import read_by
from crawler.relevance import Relevance
from crawler.session import Task
from crawler.state import Remembered


@dataclass(slots=True)
class FetchedArticle:
    """A fetched page; `relevance` is null until it is judged, `article` and its `fingerprint` until it is parsed.

    `requested_url` is before any redirect.
    """

    task: Task
    requested_url: str
    url: str
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    retrieved_at: str
    relevance: Relevance | None = None
    article: NewsArticle | None = None
    fingerprint: str | None = None

    def remembered(self, *, is_kept: bool = False, canonical: str | None = None) -> Remembered:
        """What the crawl keeps of the page; `is_kept` says that its article was handed on, now or before."""
        return Remembered(
            self.etag,
            self.last_modified,
            self.fingerprint if is_kept else None,
            canonical,
            relevance=self.relevance.score if self.relevance else None,
            reasons=self.relevance.reasons if self.relevance else None,
            read_by=read_by(self.task.source, self.task.link.kind),
            fetched_at=self.retrieved_at,
            modified=self.task.link.modified or None,
        )


def fingerprint(article: NewsArticle) -> str:
    """What an article says and when, whenever it was fetched: hex sha256."""
    record = article.to_json()
    # Candidates may hold words such as "2 hours ago".
    del record["retrieved_at"], record["date_candidates"]
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
