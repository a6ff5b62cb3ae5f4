"""Articles of archives that cannot be kept: by the receiver, or since the disk is full."""

from __future__ import annotations

from pathlib import Path

import pytest
from archive_file import Archived, write
from local_site import article_page
from run_crawl import ParsesHere
from test_full_disk import files_no_larger_than

from crawler.archives import read_archives
from crawler.items import NewsArticle, NotKept
from crawler.state import StateError


def archive(folder: Path) -> Path:
    pages = (
        Archived(url=f"https://news.example/{name}", body=article_page(f"News from {name}").encode())
        for name in ("odd", "even")
    )
    return write(folder / "a.warc.gz", *pages)


def read(folder: Path, path: Path, refused: str = "") -> list[str]:
    """The headlines that were kept."""
    kept: list[str] = []

    def sink(article: NewsArticle) -> None:
        if article.headline == refused:
            raise NotKept
        kept.append(article.headline)

    state = folder / "state"
    report = read_archives(
        [path],
        sink,
        known=(),
        state_dir=state,
        state_key="one",
        on_problem=print,
        pool=ParsesHere,
    )
    assert report.articles == len(kept)
    return kept


def test_an_article_that_the_receiver_cannot_keep_comes_again(tmp_path: Path) -> None:
    path = archive(tmp_path)
    assert read(tmp_path, path, refused="News from odd") == ["News from even"]
    assert read(tmp_path, path) == ["News from odd"]
    assert read(tmp_path, path) == []


def test_a_full_disk_ends_the_reading(tmp_path: Path) -> None:
    path = archive(tmp_path)
    with files_no_larger_than(60), pytest.raises(StateError, match="cannot be written"):
        read(tmp_path, path)
    assert read(tmp_path, path) == ["News from odd", "News from even"]
