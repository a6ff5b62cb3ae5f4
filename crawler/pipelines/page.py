"""What travels through the pipelines."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.items import NewsArticle
from crawler.session import Task


@dataclass(slots=True)
class FetchedArticle:
    """A fetched page; `article` is null until it is parsed, `requested_url` is before any redirect."""

    task: Task
    requested_url: str
    url: str
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    retrieved_at: str
    article: NewsArticle | None = None
