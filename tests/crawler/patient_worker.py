"""A worker of a crawl: a page whose text says so holds it up until the site that HELD_UP_AT names has answered it."""

from __future__ import annotations

import http.client
import os

from crawler import pages, parse_worker
from crawler.items import NewsArticle

_parse_page = pages.parse_page


def parse_page(html: bytes, **known: object) -> NewsArticle:
    if b"holds its reader up" in html:
        site = http.client.HTTPConnection(os.environ["HELD_UP_AT"])
        site.request("GET", "/held-up")
        site.getresponse().read()
        site.close()
    return _parse_page(html, **known)  # type: ignore[arg-type]


if __name__ == "__main__":
    pages.parse_page = parse_page  # type: ignore[assignment]
    parse_worker.serve(parse_worker.parse)
