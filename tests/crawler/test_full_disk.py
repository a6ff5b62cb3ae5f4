"""A disk that is full while the crawl notes what it has read."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_site import Answer, LocalSite, article_page, rss, source
from run_crawl import launch

from crawler.state import CrawlState, Remembered, StateError

KNOWN = Remembered(etag='"e"')


@contextlib.contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def remember_more(folder: Path) -> None:
    """Raises what a crawl would raise in the end."""
    with CrawlState(folder, "one") as state:
        for number in range(3):
            state.remember(f"https://a.example/{number}", KNOWN)
    if state.failure:
        raise state.failure


@pytest.mark.parametrize("more", [20, -20])
def test_what_was_remembered_before_can_be_read_still(tmp_path: Path, more: int) -> None:
    with CrawlState(tmp_path, "one") as state:
        state.remember("https://a.example/old", KNOWN)
    size = (tmp_path / "crawl.jsonl").stat().st_size
    message = r"crawl\.jsonl cannot be written \(File too large\); make room and run again"
    with files_no_larger_than(size + more), pytest.raises(StateError, match=message):
        remember_more(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["crawl.jsonl"]
    with CrawlState(tmp_path, "one") as state:
        found = state.get("https://a.example/old")
        assert found is not None
        assert found.etag == KNOWN.etag
        assert state.get("https://a.example/2") is None


def test_a_crawl_ends_with_one_line(site: LocalSite, tmp_path: Path) -> None:
    paths = [f"/story-{n}" for n in range(40)]
    site.pages = {"/feed": rss(*paths)}
    site.pages |= {path: Answer(article_page(f"News from {path}")) for path in paths}
    outcome = launch(tmp_path, "sources:\n" + source(site), largest_file=2000)
    assert outcome.code == 1
    last = outcome.stderr.strip().splitlines()[-1]
    assert last.startswith("crawler.state.StateError: ")
    assert last.endswith(
        "crawl.jsonl cannot be written (File too large); make room and run again: nothing is lost"
    )
    assert len(set(site.paths())) < 40
    assert outcome.stderr.count("Traceback") == 1
