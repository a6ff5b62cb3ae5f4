"""The evidence of a deal: every fact's quotes in context, and where its sources disagree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.pages.context import Passage, passage
from db.pages.reading import Record, records
from db.pages.wording import counted

Key = tuple[str, str | None, str]

_CLAIMS = """
SELECT c.id, c.field, c.subject, c.stated, c.is_chosen, c.rule, c.quote, c.article, c.part, c.start_char,
  c.end_char, a.headline, a.date_published, a.url, coalesce(a.syndication_group, a.source) AS origin,
  s.name AS publisher, t.text
FROM claims c JOIN article_versions v ON v.id = c.version AND v.is_current
  JOIN articles a ON a.id = c.article JOIN sources s ON s.id = a.source
  LEFT JOIN article_texts t ON t.version = c.version AND t.part = c.part
WHERE c.deal = ?
ORDER BY a.date_published IS NULL, a.date_published, c.article, c.part, c.start_char, c.id
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quote that supports a fact. `by_default`: its words report the deal and no more on the fact."""

    claim: str
    passage: Passage
    publisher: str
    date: str | None
    headline: str
    url: str
    article: str
    origin: str
    rule: str
    by_default: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of a fact with everything that supports it. `sources`: copies of one text count once."""

    stated: str
    is_chosen: bool
    evidence: tuple[Evidence, ...]

    @property
    def sources(self) -> int:
        return len({entry.origin for entry in self.evidence})


class Claims:
    """The claims of one deal, by field, subject and what is stated."""

    def __init__(self, found: Iterable[Record]) -> None:
        self._found: dict[Key, list[Record]] = {}
        for claim in found:
            self._found.setdefault((claim["field"], claim["subject"], claim["stated"]), []).append(claim)

    def of(self, *keys: Key) -> tuple[Evidence, ...]:
        """The evidence of these facts together, the first quote of each article before further ones."""
        claims = [claim for key in keys for claim in self._found.get(key, ())]
        return _evidence(claims)

    def statements(self, field: str, subject: str | None = None) -> tuple[Statement, ...]:
        """Every value stated for a field, the chosen one first, then by number of sources."""
        found = [
            Statement(key[2], any(claim["is_chosen"] for claim in claims), _evidence(claims))
            for key, claims in self._found.items()
            if key[:2] == (field, subject)
        ]
        return tuple(sorted(found, key=lambda each: (not each.is_chosen, -each.sources, each.stated)))


def claims_of(conn: sqlite3.Connection, deal: str) -> Claims:
    """The claims of the current versions of a deal's articles."""
    return Claims(records(conn, _CLAIMS, deal))


def dissent(chosen: Statement, others: Sequence[Statement], names: Mapping[str, str]) -> str:
    """The disagreement in words: 2 sources say Letter of intent, 1 says Framework agreement."""
    if not others:
        return ""
    parts = [_says(chosen, names, "source")] + [_says(other, names) for other in others]
    return ", ".join(parts)


def _says(statement: Statement, names: Mapping[str, str], noun: str = "") -> str:
    number = counted(statement.sources, noun) if noun else str(statement.sources)
    verb = "says" if statement.sources == 1 else "say"
    return f"{number} {verb} {names.get(statement.stated, statement.stated)}"


def _evidence(claims: Iterable[Record]) -> tuple[Evidence, ...]:
    seen: dict[tuple[str, str, int, int], Record] = {}
    for claim in sorted(claims, key=lambda each: str(each["rule"]).startswith("default:")):
        span = (claim["article"], claim["part"], claim["start_char"], claim["end_char"])
        seen.setdefault(span, claim)
    articles: set[str] = set()
    first: list[Evidence] = []
    further: list[Evidence] = []
    for claim in sorted(seen.values(), key=lambda each: each["date_published"] or "9999"):
        (further if claim["article"] in articles else first).append(_entry(claim))
        articles.add(claim["article"])
    return tuple(first + further)


def _entry(claim: Record) -> Evidence:
    return Evidence(
        claim=claim["id"],
        passage=passage(claim["text"], claim["start_char"], claim["end_char"], claim["quote"]),
        publisher=claim["publisher"],
        date=claim["date_published"],
        headline=claim["headline"],
        url=claim["url"],
        article=claim["article"],
        origin=claim["origin"],
        rule=claim["rule"],
        by_default=str(claim["rule"]).startswith("default:"),
    )
