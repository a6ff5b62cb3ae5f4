"""A small page of a trade paper, of which tests change one thing at a time."""

from __future__ import annotations

from crawler.items import NewsArticle
from crawler.pages import parse_page
from crawler.sources import Source

TITLE = "Alder Foods supplies ready meals to Birch Markets"
TEXT = [
    "Alder Foods has agreed to supply its ready meals to all 212 shops of Birch Markets from next month, both said.",
    "The meals are made in a plant near Preston that was extended last year and works for three other grocers.",
    "Neither side named the sum. The contract runs for three years, and a second range is planned for the summer.",
]
BODY = "".join(f"<p>{text}</p>" for text in TEXT)
URL = "https://www.tradepost.example/news/alder-birch"


def read(
    above: str = "",
    *,
    head: str = "",
    title: str = f"{TITLE} | Trade Post",
    heading: str = f"<h1>{TITLE}</h1>",
    body: str = BODY,
    below: str = "",
    lang: str = "en",
    url: str = URL,
    country: str | None = None,
) -> NewsArticle:
    page = (
        f"<!doctype html><html lang={lang}><head><title>{title}</title>{head}</head><body><nav><a href=/>Trade Post</a>"
        f"</nav><main><article>{heading}{above}<div class=t>{body}</div></article>{below}</main></body></html>"
    )
    source = country and Source(
        name="Trade Post", id="trade-post", domain="www.tradepost.example", country=country
    )
    return parse_page(page, url=url, source=source or None, retrieved_at="2024-06-01T00:00:00+00:00")
