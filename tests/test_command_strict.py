"""A source that has fallen silent is told by real runs: with --strict by their exit codes, and by the watch."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import ROOT, Tieup

from commands import crawling

sys.path.insert(0, str(ROOT / "tests" / "crawler"))

from local_site import Answer, LocalSite, article_page, rss, serve

MY = """
sources:
  - {name: Silent, domain: silent.example, feeds: [/silent], assertions: {min_articles: 1}}
  - {name: Steady, domain: steady.example, feeds: [/steady], assertions: {max_articles: 5}}
"""
SILENT = "silent: 0 articles, at least 1 expected"


@pytest.fixture
def local(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """The program for which both sources are at a site that has less of one than it asserts."""
    (tmp_path / "my.yml").write_text(MY, encoding="utf-8")
    site = LocalSite({"/silent": rss(), "/steady": rss("/deal")})
    site.pages["/deal"] = Answer(article_page("A deal that the steady paper reports"))
    with serve(site):
        yield (sys.executable, str(ROOT / "tests" / "local_tieup.py"), str(site.port))


def test_a_strict_crawl_fails_and_names_the_source_that_is_not_as_asserted(
    local: tuple[str, ...], tmp_path: Path, tieup: Tieup
) -> None:
    done = tieup("crawl", "--sources", "my.yml", "-o", "a.jsonl", "--relevance", 0, "--strict", program=local)
    assert done.returncode == 1, done.stderr
    assert f"error: {SILENT}\n" in done.stderr
    assert "steady" not in done.stderr
    # What was read is there all the same.
    assert len((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "done"),
        (("--strict",), "not as its sources assert, or ended by a bug; the lines above say which"),
    ],
    ids=["plain", "strict"],
)
def test_a_watch_is_as_strict_with_its_runs_and_tells_how_they_end(
    options: tuple[str, ...], told: str, inline: Tieup, monkeypatch: pytest.MonkeyPatch
) -> None:
    # For `tieup run` over a source that is not as asserted, which takes seconds.
    run = "import sys; sys.exit(sys.argv[1] == 'run' and '--strict' in sys.argv)"
    monkeypatch.setattr(crawling, "PROGRAM", (sys.executable, "-c", run))
    done = inline("watch", "--times", 2, "--every", "0.001s", *options)
    assert done.returncode == 0
    assert re.findall(r" run (\d) ended after \S+: (.*)", done.stderr) == [("1", told), ("2", told)]
