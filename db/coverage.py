"""What was read, as lines for a terminal: articles by source and month, and how complete they are by source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

_SHARES = ("with_date", "with_author", "with_standfirst", "with_section", "with_language", "paywalled")
_GAP = "  "


def by_month(db: Database, months: int) -> Iterator[str]:
    """Articles by source and month of publication: the latest `months` up to the newest article, and what was before.

    A month without an article is a dot, so that a silence is seen.
    """
    counts: dict[str, dict[str | None, int]] = defaultdict(dict)
    for source, month, articles in db.conn.execute("SELECT source, month, articles FROM coverage"):
        known = month if month and len(month) == 7 else None
        counts[source][known] = counts[source].get(known, 0) + articles
    dated = [month for found in counts.values() for month in found if month]
    shown = _months_until(max(dated), months) if dated else []
    rows = [["source", "no month", "before", *shown, "total"]]
    for source in sorted(counts):
        found = counts[source]
        before = sum(number for month, number in found.items() if month and month < shown[0])
        rows.append(_cells(source, [found.get(None, 0), before, *(found.get(month, 0) for month in shown)]))
    sums = [
        sum(int(row[column]) for row in rows[1:] if row[column] != ".") for column in range(1, len(shown) + 3)
    ]
    rows.append(_cells("all", sums))
    yield from _aligned(rows)


def by_field(db: Database) -> Iterator[str]:
    """Sources with the share of their articles that has a field, in percent; 100 means each and every one."""
    names = [name.removeprefix("with_") for name in _SHARES]
    rows = [["source", "articles", *names, "newest"]]
    chosen = f"SELECT source, articles, newest, {', '.join(_SHARES)} FROM source_fields ORDER BY source"
    for source, articles, newest, *shares in db.conn.execute(chosen):
        rows.append([source, str(articles), *map(_percent, shares), (newest or "-")[:10]])
    yield from _aligned(rows)


def _cells(source: str, numbers: Sequence[int]) -> list[str]:
    return [source, *(str(number) if number else "." for number in numbers), str(sum(numbers))]


def _months_until(last: str, number: int) -> list[str]:
    end = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(end - number + 1, end + 1)]


def _percent(share: Any) -> str:
    # Rounded down: what is not quite all must not look like all.
    return "-" if share is None else f"{int(share * 100 + 1e-9)}%"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [
            first.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)),
        ]
        yield _GAP.join(cells).rstrip()
