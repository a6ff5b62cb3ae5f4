"""What travels through the pipelines."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from crawler.items import NewsArticle, content_sha256
from crawler.read_by import read_by
from crawler.relevance import Relevance
from crawler.session import Task
from crawler.state import Remembered

_TEXT = "text:"
# A shorter text may be all that several pages have to say: a notice, a pay wall's first sentences.
_LEAST_WORDS = 60


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

    @property
    def text_key(self) -> str | None:
        """What the same text at another address of the same source shares; None for one that is too short.

        Headline and body are the same, letter for letter, and the day of publication: on another day the same words
        are news of another day.
        """
        article = self.article
        if article is None or len(article.article_body.split()) < _LEAST_WORDS:
            return None
        day = (article.date_published or "")[:10]
        text = content_sha256(article.headline, article.article_body, ())
        said = f"{self.task.source.id} {day} {text}"
        # Short, since one is kept of each article of a run.
        return _TEXT + hashlib.blake2b(said.encode(), digest_size=16).hexdigest()

    @property
    def keys(self) -> tuple[str, ...]:
        """What says that another page is the same article: its canonical address, and its text if that says enough."""
        canonical = self.article.canonical_url if self.article else None
        return tuple(key for key in (canonical, self.text_key) if key)

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
