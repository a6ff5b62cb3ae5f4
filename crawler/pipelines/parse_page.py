"""HTML to NewsArticle, in another process, so that fetching goes on meanwhile."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from crawler.parse_pool import NotWanted
from crawler.parse_worker import PageToParse, Parsed
from crawler.pipelines.base import SessionPipeline
from crawler.pipelines.page import FetchedArticle, fingerprint
from crawler.session import is_running


class ParsePage(SessionPipeline):
    """Parses a page; a page that is no article is reported, once, and goes no further.

    Scrapy takes no more pages while those that wait here are larger than SCRAPER_SLOT_MAX_ACTIVE_SIZE.
    """

    async def process_item(self, item: FetchedArticle) -> FetchedArticle:
        parsed = await self._parse(item)
        if parsed.article is None:
            level = "warning" if parsed.refused else "error"
            reason = f"no article: {parsed.refused}" if parsed.refused else f"parsing failed: {parsed.failed}"
            # A page on which the parser failed is read by each run: that may be the fault of this version.
            is_new = self.remember_refused(item, reason, at_once=not parsed.refused)
            if is_new or not parsed.refused:
                self.session.report(level, item.task, item.url, reason)
            raise DropItem(parsed.refused or parsed.failed)
        item.article = parsed.article
        item.fingerprint = fingerprint(parsed.article)
        return item

    async def close_spider(self) -> None:
        await self.session.pool.close()

    async def _parse(self, item: FetchedArticle) -> Parsed:
        source = item.task.source if item.task.source.is_listed else None
        page = PageToParse(item.body, item.url, source, item.content_type, item.retrieved_at)
        try:
            return await self.session.pool.parse(page, self._goes_on)
        except NotWanted:
            # Ctrl-C came or the receiver failed: a page that still waits is left to the next run.
            raise DropItem("the crawl is stopping") from None

    def _goes_on(self) -> bool:
        return is_running(self._crawler) and not self.session.is_failing
