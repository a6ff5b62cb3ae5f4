"""One article under several addresses is handed on once."""

from __future__ import annotations

from typing import NoReturn

from scrapy.exceptions import DropItem

from crawler.pipelines.base import SessionPipeline
from crawler.pipelines.page import FetchedArticle


class DropDuplicates(SessionPipeline):
    """Drops a page whose canonical address was handed on in this run, and one whose text was, of the same source.

    An article that was handed on from its own address in an earlier run is never dropped for its text: it may have
    changed to what another says now, or back to what it said before.
    """

    def process_item(self, item: FetchedArticle) -> FetchedArticle:
        canonical = item.article.canonical_url if item.article else None
        # Now, not when it is kept: keeping takes time, and another address of it may arrive meanwhile.
        if canonical and not self.session.take(canonical):
            self._drop(item, canonical, f"the same article as {canonical}")
        text = item.text_key
        if text is None:
            return item
        before = self.session.state.get(item.requested_url)
        if before is not None and before.canonical == text:
            # A copy since an earlier run, whatever its teasers say now.
            self.session.keep(text)
        was_handed_on = before is not None and before.fingerprint is not None
        if not self.session.take(text) and not was_handed_on:
            if canonical:
                # Another text may come that names this address.
                self.session.give_back(canonical)
            self._drop(item, text, "the same text as another page of the source")
        return item

    def _drop(self, item: FetchedArticle, key: str, reason: str) -> NoReturn:
        self.session.counts["duplicates"] += 1
        self.session.remember_copy(key, item.requested_url, item.remembered(canonical=key))
        raise DropItem(reason)
