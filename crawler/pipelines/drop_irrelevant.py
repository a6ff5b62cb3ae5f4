"""Pages that can hardly report a deal are not parsed."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from crawler.judging import judge
from crawler.pipelines.base import SessionPipeline
from crawler.pipelines.page import FetchedArticle


class DropIrrelevant(SessionPipeline):
    """Judges a page by what the listing and its own head and first sentences say; keeps the score and the reasons.

    A page that says too little is parsed, and so is one whose article was handed on in an earlier run.
    """

    def process_item(self, item: FetchedArticle) -> FetchedArticle:
        link, source = item.task.link, item.task.source
        item.relevance = judge(
            item.body,
            item.content_type,
            url=item.url,
            kind=source.kind,
            headline=link.headline,
            summary=link.summary,
        )
        if item.relevance is None:
            return item
        before = self.session.state.get(item.requested_url)
        if before is not None and before.was_parsed:
            return item
        if item.relevance.score < self.session.min_relevance:
            self.session.leave_out(item.task)
            self.remember(item, item.remembered())
            raise DropItem(f"not relevant: {item.relevance.score}")
        return item
