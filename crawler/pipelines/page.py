"""What travels through the pipelines."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.items import NewsArticle
from crawler.read_by import read_by
from crawler.relevance import Relevance
from crawler.session import Task
from crawler.state import Remembered


@dataclass(slots=True)
class FetchedArticle:
    """A fetched page; `relevance` is null until it is judged, `article` until it is parsed.

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

    def remembered(self, *, fingerprint: str | None = None, canonical: str | None = None) -> Remembered:
        """What the crawl keeps of the page."""
        return Remembered(
            self.etag,
            self.last_modified,
            fingerprint,
            canonical,
            relevance=self.relevance.score if self.relevance else None,
            reasons=self.relevance.reasons if self.relevance else None,
            read_by=read_by(self.task.source, self.task.link.kind),
            fetched_at=self.retrieved_at,
        )
