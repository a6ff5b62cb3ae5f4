"""The type that the crawler emits: one news article, with schema.org's names in snake case.

Everything downstream reads this type and nothing else of the crawler. The text is fixed here: offsets that
`extract` hands out count Unicode code points of exactly these strings, so nobody cleans them afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

BODY_KINDS = ("paragraph", "subheading", "quote")
SET_ASIDE_KINDS = ("related", "newsletter", "bio", "comments", "caption", "boilerplate")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text of a page with its kind: one of BODY_KINDS or SET_ASIDE_KINDS."""

    kind: str
    text: str

    def __reduce__(self) -> tuple[type[Block], tuple[str, str]]:
        # That of dataclasses takes twice the time, and a crawl sends all blocks from process to process.
        return Block, (self.kind, self.text)


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A publication date that a page offers: where (`basis`), as written, and as read (ISO or null)."""

    basis: str
    raw: str
    date: str | None


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A publisher as the database stores it; `id` is the slug of the name in sources.yml."""

    id: str
    name: str
    domain: str
    kind: str | None = None
    country: str | None = None
    in_language: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong in a crawl: `level` is error or warning, `source` a source's id or null."""

    level: str
    source: str | None
    url: str | None
    message: str


class NotKept(Exception):
    """A receiver of articles raises it for one that it cannot keep, and has told why: the crawl goes on without it.

    The page is not remembered, so that the next crawl fetches it again.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceDecision:
    """What a crawl decided on a page: `score` from 0 to 1, and the `reasons` that made it, such as "partners +0.5".

    A page that is not relevant enough is not read (parsed); one of which the listing says so is not even fetched.
    `headline` is the listing's, `source` a source's id or null.
    """

    url: str
    source: str | None
    headline: str | None
    score: float
    is_read: bool
    is_fetched: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsArticle:
    """One article of one publisher.

    `article_body` is the article alone: its body blocks joined by blank lines. `blocks` lists first those
    that make up the body, then what was set aside. `date_published` is ISO (day, date-time or year-month) or
    null, never invented; `date_published_basis` names where it was found, as `date_modified_basis` does for
    `date_modified`. `source` is a source's id or null for a page of none.
    """

    url: str | None
    canonical_url: str | None
    headline: str
    standfirst: str | None = None
    date_published: str | None = None
    date_published_raw: str | None = None
    date_published_basis: str | None = None
    date_candidates: tuple[DateCandidate, ...] = ()
    date_modified: str | None = None
    date_modified_raw: str | None = None
    date_modified_basis: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    source: str | None = None
    section: str | None = None
    in_language: str | None = None
    article_body: str
    blocks: tuple[Block, ...] = ()
    is_accessible_for_free: bool | None = None
    retrieved_at: str | None = None
    content_sha256: str = ""

    def to_json(self) -> dict[str, Any]:
        """The fields as plain JSON values, in the order of the contract."""
        record = {name: getattr(self, name) for name in _NAMES}
        # By hand, since `asdict` copies each text, and every article of a crawl passes here.
        record["date_candidates"] = tuple(
            {"basis": found.basis, "raw": found.raw, "date": found.date} for found in self.date_candidates
        )
        record["blocks"] = tuple({"kind": block.kind, "text": block.text} for block in self.blocks)
        return record


_NAMES = tuple(field.name for field in fields(NewsArticle))


def content_sha256(headline: str, article_body: str, blocks: tuple[Block, ...]) -> str:
    """The identity of an article's text: hex sha256 over headline, body and blocks as one JSON array."""
    parts = [headline, article_body, [[block.kind, block.text] for block in blocks]]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


_Part = TypeVar("_Part", Block, DateCandidate)


class ArticleError(ValueError):
    """A line or JSON object that is no valid article; the message says in one line what is wrong.

    `url` is the address that it gives, if it gives one that can be printed.
    """

    url: str | None = None


class ReportedError(ArticleError):
    """A line `{"url": ..., "error": ...}` in the place of a page that was no article."""


def article_from_line(raw: bytes) -> NewsArticle:
    """Read one line of a JSON lines file.

    Raises ReportedError for a line that reports an error, and ArticleError for what is no UTF-8, no JSON or
    no article, and for text with NUL or a lone surrogate: it could not be stored and re-read.
    """
    try:
        record = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ArticleError(f"not UTF-8 at byte {error.start}") from None
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"no valid JSON ({' '.join(str(error).split())[:200]})") from None
    try:
        if isinstance(record, Mapping) and "error" in record and "article_body" not in record:
            raise ReportedError(str(record["error"]))
        if not all(map(_is_storable, _texts(record))):
            raise ArticleError("the text has NUL or a lone surrogate; remove it first")
        return article_from_json(record)
    except ArticleError as error:
        url = record.get("url") if isinstance(record, Mapping) else None
        error.url = url if isinstance(url, str) and url.isprintable() else None
        raise


def _texts(record: Any) -> Iterator[str]:
    waiting = [record]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend([*part, *part.values()])


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def article_from_json(record: Mapping[str, Any]) -> NewsArticle:
    """Read one line of `tieup parse` or of another program's article file.

    Only `article_body` must have content. Unknown fields are allowed and ignored; the content hash is always
    computed anew, since it is the text's identity and not the writer's claim.

    Raises ArticleError for a missing body or a field of the wrong type.
    """
    if not isinstance(record, Mapping):
        raise ArticleError("a line must be a JSON object with url, headline, date_published and article_body")
    body = record.get("article_body")
    if not isinstance(body, str) or not body.strip():
        raise ArticleError("article_body is missing or empty")
    strings: dict[str, str | None] = {}
    for name in _STRING_FIELDS:
        entry = record.get(name)
        if entry is not None and not isinstance(entry, str):
            raise ArticleError(f"{name} must be a string or null, not {type(entry).__name__}")
        strings[name] = entry
    _refuse_bad_date(strings["date_published"])
    free = record.get("is_accessible_for_free")
    if free is not None and not isinstance(free, bool):
        raise ArticleError("is_accessible_for_free must be true, false or null")
    headline = strings.pop("headline") or ""
    blocks = _read_list(record, "blocks", Block)
    return NewsArticle(
        headline=headline,
        article_body=body,
        blocks=blocks,
        authors=_read_authors(record),
        date_candidates=_read_list(record, "date_candidates", DateCandidate),
        is_accessible_for_free=free,
        content_sha256=content_sha256(headline, body, blocks),
        **strings,
    )


def _refuse_bad_date(published: str | None) -> None:
    """Relative dates are read against it, so it must be one."""
    if published is None:
        return
    try:
        date.fromisoformat(f"{published}-01" if len(published) == 7 else published[:10])
    except ValueError:
        message = (
            f"date_published must be an ISO date, date-time or year-month, or null, not {published[:40]!r}"
        )
        raise ArticleError(message) from None


_STRING_FIELDS = (
    "url",
    "canonical_url",
    "headline",
    "standfirst",
    "date_published",
    "date_published_raw",
    "date_published_basis",
    "date_modified",
    "date_modified_raw",
    "date_modified_basis",
    "publisher",
    "source",
    "section",
    "in_language",
    "retrieved_at",
)


def _read_authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    authors = record.get("authors") or ()
    if not isinstance(authors, list | tuple) or not all(isinstance(name, str) for name in authors):
        raise ArticleError("authors must be a list of strings")
    return tuple(authors)


def _read_list(record: Mapping[str, Any], name: str, make: type[_Part]) -> tuple[_Part, ...]:
    entries = record.get(name) or ()
    if not isinstance(entries, list | tuple):
        raise ArticleError(f"{name} must be a list of objects")
    names = [field.name for field in fields(make)]
    parts = []
    for entry in entries:
        if not isinstance(entry, Mapping) or not all(
            isinstance(entry.get(n), str | None if n == "date" else str) for n in names
        ):
            raise ArticleError(f"each entry of {name} must be an object with {', '.join(names)}")
        values: dict[str, Any] = {n: entry.get(n) for n in names}
        parts.append(make(**values))
    return tuple(parts)
