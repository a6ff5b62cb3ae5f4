"""`tieup sources check`: the newsroom answers, this machine is refused, and exit codes say which."""

from __future__ import annotations

from pathlib import Path

import pytest
from processes import ROOT, Tieup, assert_one_line, free_newsroom_port

from crawler.newsroom.site import DEFAULT_BASE_PORT

LOCAL = "sources: [{name: Here, domain: '127.0.0.1:9', scheme: http, feeds: [/feed]}]"


def test_the_newsroom_answers_as_documented(tieup: Tieup) -> None:
    port = free_newsroom_port()
    done = tieup("sources", "check", "--newsroom-port", port)
    assert (done.returncode, done.stderr) == (0, "")
    *rows, last = done.stdout.splitlines()
    assert len(rows) == 13
    assert last == "5 sources, 0 without entries; 8 addresses: 8 answer"
    documented = (ROOT / "docs/adding-a-source.md").read_text(encoding="utf-8")
    for row in rows[:2]:
        words = row.replace(f":{port}", f":{DEFAULT_BASE_PORT}").split()
        assert words in [line.split() for line in documented.splitlines()]


@pytest.mark.parametrize("args", [("check", "--sources", "my.yml"), ("--sources", "my.yml", "check")])
def test_a_file_may_not_lead_to_this_machine(tieup: Tieup, tmp_path: Path, args: tuple[str, ...]) -> None:
    (tmp_path / "my.yml").write_text(LOCAL, encoding="utf-8")
    done = tieup("sources", *args)
    assert (done.returncode, done.stderr) == (1, "")
    robots, feed, last = done.stdout.splitlines()
    refused = "refused: 127.0.0.1 is not an address of the public internet"
    assert robots.split(maxsplit=3) == ["here", "robots", "http://127.0.0.1:9/robots.txt", refused]
    assert feed.split(maxsplit=3) == ["here", "feed", "http://127.0.0.1:9/feed", refused]
    assert last == "1 source, 1 without entries; 1 address: 1 fail"


def test_what_cannot_be_checked_is_one_line(inline: Tieup) -> None:
    assert_one_line(inline("sources", "check", "--sources", "missing.yml"), "missing.yml")
    assert_one_line(inline("sources", "chek"), "chek")


def test_the_list_of_sources_stays(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "my.yml").write_text(LOCAL, encoding="utf-8")
    done = inline("sources", "--sources", "my.yml")
    assert (done.returncode, done.stderr) == (0, "1 sources\n")
    assert done.stdout.split()[:2] == ["here", "127.0.0.1:9"]
