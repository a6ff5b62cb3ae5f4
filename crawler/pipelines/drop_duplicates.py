"""One article under several addresses is handed on once."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from crawler.canonical import same_article_key
from crawler.pipelines.base import SessionPipeline
from crawler.pipelines.page import FetchedArticle


class DropDuplicates(SessionPipeline):
    """Drops a page whose canonical address was handed on in this run."""

    def process_item(self, item: FetchedArticle) -> FetchedArticle:
        canonical = item.article.canonical_url if item.article else None
        if not canonical:
            return item
        key = same_article_key(canonical)
        if key in self.session.delivered:
            self.session.counts["duplicates"] += 1
            self.session.state.remember(item.requested_url, item.remembered(canonical=canonical))
            raise DropItem(f"the same article as {canonical}")
        # Now, not when it is kept: keeping takes time, and another address of it may arrive meanwhile.
        self.session.delivered.add(key)
        return item
