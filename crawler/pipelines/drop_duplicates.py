"""One article under several addresses is handed on once."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from crawler.pipelines.base import SessionPipeline
from crawler.pipelines.page import FetchedArticle


class DropDuplicates(SessionPipeline):
    """Drops a page whose canonical address was handed on in this run."""

    def process_item(self, item: FetchedArticle) -> FetchedArticle:
        canonical = item.article.canonical_url if item.article else None
        if not canonical:
            return item
        # Now, not when it is kept: keeping takes time, and another address of it may arrive meanwhile.
        if not self.session.take(canonical):
            self.session.counts["duplicates"] += 1
            copy = item.remembered(canonical=canonical)
            self.session.remember_copy(canonical, item.requested_url, copy)
            raise DropItem(f"the same article as {canonical}")
        return item
