"""Articles and extractions from two JSON lines files, paired line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from crawler.items import ArticleError, NewsArticle, ReportedError, article_from_line
from db.store import DatabaseError
from extract.model import Extraction, ExtractionError, extraction_from_json


class PairError(DatabaseError):
    """Two files that do not fit together; the message says in one line where and why."""


def read_pairs(articles: BinaryIO, extractions: BinaryIO) -> Iterator[tuple[NewsArticle, Extraction]]:
    """The pairs of two files, without those where a line reports an error instead.

    Raises PairError for files of different length, a line that cannot be read, two lines of different
    addresses, and an article without any address.
    """
    left = [line for line in articles if line.strip()]
    right = [line for line in extractions if line.strip()]
    if len(left) != len(right):
        raise PairError(
            f"{articles.name} has {len(left)} lines and {extractions.name} has {len(right)}; they must pair"
        )
    for number, (one, other) in enumerate(zip(left, right, strict=True), 1):
        try:
            article, extraction = article_from_line(one), _extraction(other)
        except ReportedError:
            continue
        except (ArticleError, ExtractionError) as error:
            raise PairError(f"line {number}: {error}") from error
        if article.url != extraction.url:
            raise PairError(
                f"line {number}: the article is {article.url} and the extraction {extraction.url}; "
                "they must pair"
            )
        if not (article.url or article.canonical_url):
            raise PairError(f"line {number}: an article without any address cannot be stored; give its url")
        yield article, extraction


def _extraction(raw: bytes) -> Extraction:
    try:
        record = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ExtractionError(f"no valid extraction: {' '.join(str(error).split())[:200]}") from None
    if isinstance(record, dict) and "error" in record:
        raise ReportedError(str(record["error"]))
    return extraction_from_json(record)
