"""A server that sends no validators, or new ones for an old page, does not make the old page news."""

from __future__ import annotations

from dataclasses import replace

from scrapy.exceptions import DropItem

from crawler.pipelines.base import SessionPipeline
from crawler.pipelines.page import FetchedArticle


class SkipUnchanged(SessionPipeline):
    """Drops an article that was handed on in an earlier run and reads the same now."""

    def process_item(self, item: FetchedArticle) -> FetchedArticle:
        article = item.article
        remembered = self.session.state.get(item.requested_url)
        if article is None or remembered is None or remembered.fingerprint != item.fingerprint:
            return item
        self.session.counts["not_modified"] += 1
        self.session.articles_of[item.task.source.id] += 1
        for key in item.keys:
            self.session.keep(key)
        kept = item.remembered(is_kept=True, canonical=article.canonical_url)
        said = kept.modified is not None and remembered.modified not in (None, kept.modified)
        self.remember(item, replace(kept, was_misled=remembered.was_misled or said or None))
        raise DropItem("unchanged")
