"""What was read, for the terminal: articles by source and month, and the fields that they have."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from build import article, database, extraction, load

from db.coverage import by_field, by_month


def lines(path: Path, *articles: object) -> tuple[list[str], list[str]]:
    with closing(database(path)) as db:
        load(db, *((story, extraction(story)) for story in articles))  # type: ignore[arg-type]
        return [*by_month(db, 3)], [*by_field(db)]


def test_months_and_fields_are_counted_by_source(tmp_path: Path) -> None:
    months, shares = lines(
        tmp_path / "tieup.db",
        article("https://wire.example/1", "One.", published="2024-02-10T08:00:00Z", authors=("Ada",)),
        article("https://wire.example/2", "Two.", published="2024-02-11", standfirst="In short."),
        article("https://wire.example/3", "Three.", published="2023-12", is_accessible_for_free=False),
        article("https://wire.example/4", "Four.", published=None, is_accessible_for_free=True),
        article("https://daily.example/1", "Five.", published="2019-07-01", in_language=None),
        article("https://daily.example/2", "Six.", published="2024-01-31"),
    )
    assert [line.split() for line in months] == [
        ["source", "no", "month", "before", "2023-12", "2024-01", "2024-02", "total"],
        ["daily", ".", "1", ".", "1", ".", "2"],
        ["wire", "1", ".", "1", ".", "2", "4"],
        ["all", "1", "1", "1", "1", "2", "6"],
    ]
    assert len({len(line) for line in months}) == 1
    assert [line.split() for line in shares] == [
        [
            *["source", "articles", "date", "author", "standfirst", "section", "language", "paywalled"],
            "newest",
        ],
        ["daily", "2", "100%", "0%", "0%", "0%", "50%", "-", "2024-01-31"],
        ["wire", "4", "75%", "25%", "25%", "0%", "100%", "50%", "2024-02-11"],
    ]


def test_nearly_all_is_not_all(tmp_path: Path) -> None:
    stories = [article(f"https://wire.example/{n}", f"Story {n}.", authors=("Ada",)) for n in range(100)]
    _, shares = lines(tmp_path / "tieup.db", *stories, article("https://wire.example/x", "No author."))
    assert shares[1].split()[:4] == ["wire", "101", "100%", "99%"]


def test_empty_knowledge_base_has_an_empty_table(tmp_path: Path) -> None:
    months, shares = lines(tmp_path / "tieup.db")
    assert [line.split() for line in months] == [
        ["source", "no", "month", "before", "total"],
        ["all", ".", ".", "0"],
    ]
    assert len(shares) == 1
