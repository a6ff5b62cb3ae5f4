"""`tieup crawl` and `run` with a list of addresses or with WARC archives instead of sources."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from processes import PAGE, Tieup, assert_one_line, free_newsroom_port

sys.path.insert(0, str(Path(__file__).with_name("crawler")))

from archive_file import Archived, write

SMALL = (sys.executable, str(Path(__file__).with_name("small_tieup.py")))


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def test_pages_of_a_list_are_fetched_and_bad_lines_are_told(tmp_path: Path, tieup: Tieup) -> None:
    port = free_newsroom_port()
    page = f"http://127.0.0.1:{port + 2}/2018/12/alibaba-spain-cooperation.html"
    (tmp_path / "pages.txt").write_text(
        f"# what a colleague sent\n\n{page}\n{page}?utm_source=mail\nhttp://127.0.0.1:9/inside\nexample.com/a\n"
        f"http://127.0.0.1:{port}/private/page\n"
    )
    done = tieup("run", "--urls", "pages.txt", "--newsroom-port", port, program=SMALL)
    refused = "refused: 127.0.0.1 is not an address of the public internet"
    assert done.returncode == 2
    assert done.stdout.startswith("1 pages fetched (0 not modified), 1 articles new or changed, ")
    assert done.stderr.splitlines() == [
        "pages.txt: 2 pages, 1 named again, 2 lines without an address",
        "the-retail-ledger: 1 forbidden by robots.txt",
        f"error: http://127.0.0.1:9/inside: pages.txt, line 5: {refused}",
        "error: example.com/a: pages.txt, line 6: no address that begins with http:// or https://",
    ]
    assert rows(tmp_path / "tieup.db", "SELECT url, source FROM articles") == [(page, "storefront-asia")]
    assert rows(tmp_path / "tieup.db", "SELECT level, url FROM problems ORDER BY id") == [
        ("error", "http://127.0.0.1:9/inside"),
        ("error", "example.com/a"),
        ("error", f"http://127.0.0.1:{port}/private/page"),
    ]
    again = tieup("run", "--urls", "-", "--newsroom-port", port, program=SMALL, stdin=page)
    assert again.returncode == 0
    assert again.stdout.startswith("1 pages fetched (1 not modified), 0 articles new or changed, ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "list.txt: names no page; it must have an http(s) address a line"),
        (
            b"# none\nmailto:a@example.com\n",
            "; list.txt, line 2: no address that begins with http:// or https://",
        ),
        (b"https://example.com/\xff\n", "list.txt, line 1: not UTF-8"),
        (b"https://example.com/a\n\x00\n", "list.txt, line 2: not plain text"),
    ],
)
def test_list_that_names_no_page_is_refused(content: bytes, said: str, tmp_path: Path, inline: Tieup) -> None:
    (tmp_path / "list.txt").write_bytes(content)
    assert_one_line(inline("crawl", "--urls", "list.txt", "-o", "out.jsonl"), said)
    assert not (tmp_path / "out.jsonl").exists()


def test_archive_becomes_articles(tmp_path: Path, tieup: Tieup) -> None:
    write(
        tmp_path / "a.warc.gz",
        Archived("https://example.com/tesco", PAGE.encode()),
        Archived("https://example.com/logo.png", b"\x89PNG", content_type="image/png"),
        Archived("https://example.com/none", b"<html><title>Nothing</title></html>"),
        Archived(
            "https://example.com/cup",
            b"<html><title>Rovers win the cup</title><meta name=description content='The final went to extra time, "
            b"and the referee was late to the ground'></html>",
        ),
    )
    done = tieup("crawl", "--warc", "a.warc.gz", "--relevance", "0.4", "-o", "out.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "warning: https://example.com/none: no article: without the text of an article",
        "3 pages in 1 archive (0 read before, 1 left out as not relevant), 1 article, 1 problem",
        "Records left out: 1 not HTML",
    ]
    (article,) = map(json.loads, (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert article["url"] == "https://example.com/tesco"
    assert article["retrieved_at"] == "2021-03-05T10:11:12+00:00"
    assert article["date_published"] is None or article["date_published"] <= "2021-03-05"


def test_what_is_no_archive_is_refused(tmp_path: Path, inline: Tieup) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    done = inline("crawl", "--warc", "page.html", "-o", "out.jsonl")
    assert_one_line(done, "page.html: not a WARC archive, or no whole record in it")
    assert not (tmp_path / "out.jsonl").exists()
    assert_one_line(inline("run", "--warc", "missing.warc"), "'missing.warc' does not exist")
    (tmp_path / "list.txt").write_text("https://example.com/a")
    both = inline("crawl", "--urls", "list.txt", "--warc", "page.html", "-o", "out.jsonl")
    assert_one_line(both, "--warc does not go with --urls")
