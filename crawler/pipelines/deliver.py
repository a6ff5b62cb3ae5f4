"""Hand an article on, then remember that it was."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from crawler.items import NotKept
from crawler.pipelines.base import SessionPipeline
from crawler.pipelines.page import FetchedArticle


class Deliver(SessionPipeline):
    """Calls the sink. Its validators are kept only after the sink returned, so nothing is lost by a crash."""

    async def process_item(self, item: FetchedArticle) -> FetchedArticle:
        session = self.session
        if session.is_failing or item.article is None:
            raise DropItem("the crawl is stopping")
        keys, canonical = item.keys, item.article.canonical_url
        try:
            await session.sink(item.article)
        except NotKept:
            for key in keys:
                session.give_back(key)
            session.state.note_failure(item.requested_url)
            raise DropItem("not kept") from None
        except BaseException as error:
            # The receiver is broken, not the page: stop, and let crawl() raise it.
            session.failure = session.failure or error
            raise DropItem("the receiver of the articles failed") from error
        session.count_article(item.task.source.id)
        for key in keys:
            session.keep(key)
        self.remember(item, item.remembered(is_kept=True, canonical=canonical))
        return item
