"""`tieup watch` and `tieup sources relevance`: runs of the whole pipeline, and what they judged of each page."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from processes import ROOT, NewsroomRun, Tieup, assert_one_line, free_newsroom_port, run_inline

from crawler.newsroom.site import DEFAULT_BASE_PORT
from crawler.watch import only_watch

SMALL = (sys.executable, str(Path(__file__).with_name("small_tieup.py")))


def test_watch_runs_the_main_job_again_and_again(tmp_path: Path, tieup: Tieup, inline: Tieup) -> None:
    done = tieup(
        *("watch", "--every", "1s", "--times", 2, "--newsroom-port", free_newsroom_port()),
        *("--contact", "mailto:desk@example.org", "--relevance", "0.3"),
        program=SMALL,
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert ", 7 articles new or changed" in first
    assert ", 0 articles new or changed" in second
    assert re.findall(r"run (\d) ended after \S+: (\w+)", done.stderr) == [("1", "done"), ("2", "done")]
    assert done.stderr.endswith(" the watch has ended\n")

    listed = inline("sources", "relevance")
    assert listed.returncode == 0
    lines = listed.stdout.splitlines()
    assert len(lines) == 8  # seven articles, one of them under two addresses
    assert all(
        re.fullmatch(r"[01]\.\d\d  read      http://127\.0\.0\.1:\d+/\S+  .+ [+-]0\.\d", li) for li in lines
    )
    assert listed.stderr == "0 of 8 pages left out at 0.4\n"
    stricter = inline("sources", "relevance", "--threshold", "1")
    assert 0 < stricter.stdout.count("  left out  ") < 8
    assert stricter.stderr == f"{stricter.stdout.count('  left out  ')} of 8 pages left out at 1\n"


def test_second_of_two_watches_says_so(tmp_path: Path, inline: Tieup) -> None:
    with only_watch(tmp_path / "tieup.db"):
        assert_one_line(inline("watch"), "another `tieup watch` is over it")


def test_what_no_run_could_do_is_said_at_once(tmp_path: Path, inline: Tieup) -> None:
    (tmp_path / "bad.yml").write_text("sources: []\nmore: 1\n", encoding="utf-8")
    assert_one_line(inline("watch", "--every", "soon"), "say 30m, 1h or 1d")
    assert_one_line(inline("watch", "--sources", "bad.yml"), "bad.yml")
    assert_one_line(inline("watch", "--db", "missing/tieup.db"), "missing")
    assert_one_line(inline("sources", "relevance"), "no page has been judged")


def test_the_example_of_the_docs_is_what_is_printed(newsroom_run: NewsroomRun) -> None:
    shown = (
        (ROOT / "docs" / "operate.md")
        .read_text(encoding="utf-8")
        .partition("```text\n")[2]
        .partition("```")[0]
    )
    listed = run_inline("sources", "relevance", "--db", newsroom_run.path, "--threshold", "0.6").stdout
    there = re.sub(
        r":(\d+)/", lambda port: f":{int(port[1]) - newsroom_run.port + DEFAULT_BASE_PORT}/", listed
    )
    assert there.endswith(shown)
