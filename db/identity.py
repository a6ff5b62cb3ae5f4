"""Ids that are made from content: the same content gets the same id in every database."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import urldefrag

from crawler.items import NewsArticle


def content_id(*parts: object) -> str:
    """16 hex digits of the sha256 of the parts as one JSON array; a single string is hashed as it stands."""
    if len(parts) == 1 and isinstance(parts[0], str):
        text = parts[0]
    else:
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def canonical_address(article: NewsArticle) -> str | None:
    """The address that identifies an article: its canonical one, else its own without a fragment."""
    if article.canonical_url:
        return article.canonical_url
    return urldefrag(article.url).url if article.url else None


def article_id(canonical_url: str) -> str:
    """The id of the article with this canonical address."""
    return content_id(canonical_url)
