"""robots.txt obeyed as in a crawl, and shown to a spider that asks for it."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.obey_robots import ObeyRobots


class AnswerRobots(ObeyRobots):
    """Answers a request that has `robots` in its meta with the one copy that is read of each host.

    The parsed rules take the place of the meta's value; None if the file could not be read.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._answers: dict[str, Response | Exception] = {}

    async def process_request(self, request: Request, spider: Any = None) -> Response | None:  # type: ignore[override]
        if "robots" not in request.meta:
            return await super().process_request(request)  # type: ignore[func-returns-value]
        request.meta["robots"] = await self.robot_parser(request)
        answer = self._answers[urlparse_cached(request).netloc]
        if isinstance(answer, Exception):
            raise answer
        # As the answer to this request: the copy is still that to Scrapy's own, and others may ask for it too.
        return answer.replace(request=request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        self._answers[netloc] = response
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._answers[netloc] = exc
        super()._robots_error(exc, netloc)
