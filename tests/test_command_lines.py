"""`tieup parse` and `tieup extract`: JSON lines in, JSON lines out, errors in their place."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from processes import LIMIT_S, PAGE, TIEUP, Tieup, assert_one_line

GOOD = {"url": "https://example.com/1", "article_body": "Tesco and Ocado signed a deal on Monday."}
ARTICLE_FIELDS = [
    "url",
    "canonical_url",
    "headline",
    "standfirst",
    "date_published",
    "date_published_raw",
    "date_published_basis",
    "date_candidates",
    "date_modified",
    "date_modified_raw",
    "date_modified_basis",
    "authors",
    "publisher",
    "source",
    "section",
    "in_language",
    "article_body",
    "blocks",
    "is_accessible_for_free",
    "retrieved_at",
    "content_sha256",
]


def records(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_extract_answers_each_line_in_its_place(tieup: Tieup, tmp_path: Path) -> None:
    def line(**fields: object) -> bytes:
        return json.dumps(fields).encode()

    lines: list[tuple[bytes, str | None]] = [
        (line(**GOOD), None),
        (b"no json", "line 2: no valid JSON"),
        (b'["an", "array"]', "line 3: a line must be a JSON object"),
        (b'{"url": "https://example.com/4", "article_body": "caf\xe9"}', "line 4: not UTF-8 at byte"),
        (line(url="https://example.com/5", article_body="NUL \0"), "line 5: the text has NUL"),
        (line(url="https://example.com/6", article_body="\ud800"), "line 6: the text has NUL or a lone surr"),
        (b"[" * 100_000, "line 7: no valid JSON"),
        (line(url="https://example.com/8", article_body=None), "line 8: article_body is missing"),
        (
            line(url="https://example.com/9", article_body="x", headline=1),
            "line 9: headline must be a string",
        ),
        (line(url=["no string"], article_body="x"), "line 10: url must be a string"),
        (line(url="https://example.com/11", error="no article: empty"), "line 11: no article: empty"),
        (line(headline=None, date_published=None, article_body="Nothing.", blocks=[], more={"a": 1}), None),
        (
            line(url="https://example.com/13", article_body="a\x01b", blocks=[{"kind": "bio"}]),
            "line 13: each",
        ),
        (line(url="https://example.com/14", article_body="Tesco \x01 and \u200b Ocado 👍 signed."), None),
        (line(article_body=" ", url="https://example.com/15\n"), "line 15: article_body is missing"),
        (json.dumps(GOOD | {"article_body": "word " * 400_000}).encode(), None),
        (b"\xef\xbb\xbf" + line(**GOOD), None),
        (line(**GOOD), None),
        (
            line(url="https://example.com/19", article_body="x", date_published="2018-13-45"),
            "line 19: date_publi",
        ),
        (
            line(url="https://example.com/20", article_body="x", date_published="last week"),
            "line 20: date_publi",
        ),
        (line(article_body="Tesco and Ocado signed in May 2015.", date_published="2018-11"), None),
        (
            line(article_body="Tesco and Ocado signed in May 2015.", date_published="2018-11-30T17:05:00Z"),
            None,
        ),
    ]
    (tmp_path / "articles.jsonl").write_bytes(b"\n".join(line for line, _ in lines))
    done = tieup("extract", "articles.jsonl")
    assert done.returncode == 2
    assert done.stderr == ""
    answers = records(done.stdout)
    assert len(answers) == len(lines)
    for number, (answer, (_, error)) in enumerate(zip(answers, lines, strict=True), 1):
        if error is None:
            assert {"relevance", "pipeline", "companies", "dates", "deals"} <= answer.keys(), number
        else:
            assert answer.keys() == {"url", "error"}
            assert answer["error"].startswith(error), (number, answer)
    given = [answers[number - 1]["url"] for number in (1, 5, 8, 10, 11, 15)]
    assert given == [
        *(f"https://example.com/{number}" for number in (1, 5, 8)),
        None,
        "https://example.com/11",
        None,
    ]


@pytest.mark.parametrize("stdin", [b"", b"\n\n"])
def test_extract_of_nothing_is_nothing(stdin: bytes, inline: Tieup) -> None:
    done = inline("extract", "-", stdin=stdin)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_extract_tells_of_lines_that_are_too_long(inline: Tieup, tmp_path: Path) -> None:
    with (tmp_path / "long.jsonl").open("wb") as file:
        file.truncate(200_000_000)
        file.seek(0, os.SEEK_END)
        file.write(b"\nno json")
    done = inline("extract", "long.jsonl")
    assert done.returncode == 2
    assert [record["error"].partition(" (")[0] for record in records(done.stdout)] == [
        "line 1: longer than 64 MB",
        "line 2: no valid JSON",
    ]


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text(f"{json.dumps({'url': 'x' * 10_000})}\n" * 500)
    with subprocess.Popen(
        [*TIEUP, "extract", "articles.jsonl"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, err) == (2, b"")


def test_parse_prints_the_contract_in_order(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "no.html").write_text("<p>Nothing", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    linked = PAGE.replace("</head>", '<link rel="canonical" href="https://example.com/linked"></head>')
    (tmp_path / "linked.html").write_text(linked, encoding="utf-8")
    done = inline(
        "parse", "a.html", "no.html", "missing.html", "folder", "linked.html", "http://127.0.0.1:1/x"
    )
    assert (done.returncode, done.stderr) == (2, "")
    first, *wrong, linked_record, refused = records(done.stdout)
    assert list(first) == ARTICLE_FIELDS
    assert (first["url"], first["date_published"][:10]) == (None, "2021-04-27")
    assert [set(record) for record in (*wrong, refused)] == [{"url", "error"}] * 4
    assert [record["error"].partition(":")[0] for record in wrong] == ["no.html", "missing.html", "folder"]
    assert [record["url"] for record in (*wrong, refused)] == [None, None, None, "http://127.0.0.1:1/x"]
    assert linked_record["url"] == "https://example.com/linked"


def test_parse_takes_an_address_for_one_file(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (record,) = records(inline("parse", "a.html", "--url", "https://example.com/a").stdout)
    assert record["url"] == "https://example.com/a"
    assert_one_line(inline("parse", "a.html", "a.html", "--url", "https://example.com/a"), "one FILE only")
    assert_one_line(
        inline("parse", "https://example.com/b", "--url", "https://example.com/a"), "one FILE only"
    )
    assert_one_line(inline("parse", "a.html", "--url", "ftp://example.com/a"), "must begin with http")


def test_output_of_parse_is_input_of_extract(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    parsed = inline("parse", "a.html", "missing.html")
    done = inline("extract", "-", stdin=parsed.stdout)
    article, extraction = records(parsed.stdout)[0], records(done.stdout)[0]
    assert extraction["url"] == article["url"]
    text = {"headline": article["headline"], "article_body": article["article_body"]}
    mentions = [mention for company in extraction["companies"] for mention in company["mentions"]]
    assert mentions
    for mention in mentions:
        assert text[mention["part"]][mention["start_char"] : mention["end_char"]] == mention["text"]
    assert "missing.html" in records(done.stdout)[1]["error"]
