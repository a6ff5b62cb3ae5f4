"""How relevant a page is that has come, before it is parsed: by what listings said of it and by its own beginning."""

from __future__ import annotations

from crawler.glance import Glance, glance
from crawler.relevance import Relevance, score


def judge(
    body: bytes,
    content_type: str | None,
    *,
    url: str,
    kind: str | None,
    headline: str = "",
    summary: str = "",
) -> Relevance | None:
    """Judge a page, None if it says too little. `kind` is its source's, `headline` and `summary` are of listings."""
    seen = glance(body, content_type)
    known = Glance(f"{headline} {seen.headline}".strip(), f"{summary} {seen.summary}")
    return score(known.headline, known.summary, url, kind) if known.is_enough else None
