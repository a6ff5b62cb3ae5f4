"""HTML to NewsArticle."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from crawler.pages import NotAnArticle, parse_page
from crawler.pipelines.base import SessionPipeline
from crawler.pipelines.page import FetchedArticle


class ParsePage(SessionPipeline):
    """Parses a page; a page that is no article is reported and goes no further."""

    def process_item(self, item: FetchedArticle) -> FetchedArticle:
        try:
            item.article = parse_page(
                item.body,
                url=item.url,
                source=item.task.source,
                content_type=item.content_type,
                retrieved_at=item.retrieved_at,
            )
        except NotAnArticle as error:
            self.session.report("warning", item.task, item.url, f"no article: {error}")
            raise DropItem(str(error)) from None
        return item
