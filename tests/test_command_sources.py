"""`--sources` by name: the lists that come with Tieup need no path into an installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from processes import Tieup, assert_one_line

from crawler import watch
from crawler.sources import DEFAULT_PATH, load_sources

OWN = "sources: [{name: Here, domain: here.example, feeds: [/feed]}]\n"


@pytest.mark.parametrize(
    ("name", "number", "domain"),
    [
        ("publishers", len(load_sources()), "www.retaildive.com"),
        (
            "unchecked",
            len(load_sources(DEFAULT_PATH.with_name("sources-unchecked.yml"))),
            "insideretail.asia",
        ),
        ("newsroom", 5, "127.0.0.1:8471"),
    ],
)
def test_a_list_has_a_name(name: str, number: int, domain: str, inline: Tieup) -> None:
    done = inline("sources", "--sources", name)
    assert (done.returncode, done.stderr) == (0, f"{number} sources\n")
    assert f" {domain} " in done.stdout


def test_the_publishers_are_listed_without_a_name(inline: Tieup) -> None:
    assert inline("sources").stdout == inline("sources", "--sources", "publishers").stdout


def test_a_file_of_that_name_is_told_by_its_path(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "publishers").write_text(OWN, encoding="utf-8")
    assert inline("sources", "--sources", "./publishers").stderr == "1 sources\n"
    assert inline("sources", "--sources", "publishers").stderr != "1 sources\n"


def test_what_is_neither_says_which_lists_there_are(inline: Tieup) -> None:
    for command in (("run",), ("sources",), ("sources", "check"), ("crawl", "-o", "a.jsonl"), ("watch",)):
        done = inline(*command, "--sources", "publisher")
        assert_one_line(
            done, "publisher: no such file, and no list that comes with Tieup (newsroom, publishers, "
        )


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [("publishers", [str(DEFAULT_PATH)]), ("./publishers", ["{folder}/publishers"]), ("newsroom", [])],
)
def test_each_run_of_a_watch_reads_the_same_list(
    given: str, passed_on: list[str], inline: Tieup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "publishers").write_text(OWN, encoding="utf-8")
    started: list[list[str]] = []
    monkeypatch.setattr(watch, "watch", lambda command, **options: started.append(command))
    assert inline("watch", "--sources", given).returncode == 0
    (command,) = started
    told: list[Any] = [command[i + 1] for i, word in enumerate(command) if word == "--sources"]
    assert told == [word.format(folder=tmp_path) for word in passed_on]
