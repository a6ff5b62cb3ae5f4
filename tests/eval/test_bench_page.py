"""The comparison of what is read on saved pages: what counts as right, what the lists say, and bad input."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bench import page

BODY = [
    "The grocer Tannock will sell the apples of Brisk in sixty of its shops from the first of June, both said.",
    "The contract runs for four years, and what comes on top is divided by a key that they will not show.",
    "Brisk packs the orders in Leeds and drives them to the shops at night, when the roads are mostly empty.",
]
TITLE = "Tannock to sell the apples of Brisk"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(page.main, [*map(str, arguments), "--turns", "0"], catch_exceptions=False)


def markup() -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in BODY)
    return (
        f'<html lang="en"><head><title>{TITLE}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2024-05-17T08:30:00+01:00">'
        '<meta name="author" content="Poppy Allen"></head>'
        f"<body><article><h1>{TITLE}</h1>{paragraphs}</article></body></html>"
    )


def expected(**other: Any) -> dict[str, Any]:
    """What the page says, or something else in its place."""
    own = {"title": TITLE, "published": "2024-05-17", "authors": ["Poppy Allen"], "body": BODY}
    return {"url": "https://news.example/apples"} | own | other


def design(folder: Path, name: str, **other: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.html").write_text(markup(), encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(expected(**other)), encoding="utf-8")


def lines_file(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def figures(outcome: Result) -> dict[str, str]:
    """What is said of each reader."""
    lines = [line.partition(": ") for line in outcome.output.splitlines() if " bodies, " in line]
    return {reader: said for reader, _, said in lines}


def test_a_folder_of_designs_is_scored_for_both_readers(tmp_path: Path) -> None:
    design(tmp_path, "one")
    design(tmp_path, "two", title="Another title", authors=["Poppy Allen", "Ravi Shah"])
    outcome = run("--expected", tmp_path)
    facts = "; title 1 of 2; published 2 of 2; authors 1 of 2"
    assert figures(outcome) == {
        "ours": f"2 bodies, P 1.000 R 1.000 F1 1.000{facts}",
        # It takes the heading for a part of the body.
        "trafilatura (precision)": f"2 bodies, P 0.894 R 1.000 F1 0.944{facts}",
    }
    assert outcome.exit_code == 0
    assert "Another title" not in outcome.output


def test_what_is_wrong_is_listed_under_each_reader_with_what_was_found(tmp_path: Path) -> None:
    design(tmp_path, "one", published=None)
    design(tmp_path, "two", title="Another title", authors=["Poppy Allen", "Ravi Shah"])
    lines = run("--expected", tmp_path, "--wrong").output.splitlines()
    starts = [at for at, line in enumerate(lines) if " bodies, " in line]
    assert [lines[at + 1 : at + 4] for at in starts] == [
        [
            f"  title of two: '{TITLE}', expected 'Another title'",
            f"  published of one: '{published}', expected none",
            "  authors of two: ['Poppy Allen'], expected ['Poppy Allen', 'Ravi Shah']",
        ]
        for published in ("2024-05-17T08:30:00+01:00", "2024-05-17")
    ]


def test_white_space_time_of_day_and_letter_case_make_nothing_wrong(tmp_path: Path) -> None:
    design(
        tmp_path,
        "one",
        title=TITLE.replace(" ", " \n "),
        published="2024-05-17T23:00:00Z",
        authors=["poppy  ALLEN", "Poppy Allen"],
    )
    assert figures(run("--expected", tmp_path))["ours"].endswith(
        "title 1 of 1; published 1 of 1; authors 1 of 1"
    )


def test_words_that_are_missing_or_too_many_lower_the_figures_of_the_body(tmp_path: Path) -> None:
    design(tmp_path, "less", body=BODY[:2])
    design(
        tmp_path, "more", body=[*BODY, "This sentence is not on the page at all, whoever looks for it there."]
    )
    said = figures(run("--expected", tmp_path))["ours"]
    precision, recall = float(said.split()[3]), float(said.split()[5])
    assert 0.7 < precision < 1
    assert 0.8 < recall < 1


def test_a_file_names_pages_beside_it_and_fields_that_it_lacks_are_not_scored(tmp_path: Path) -> None:
    pages = tmp_path / "html"
    pages.mkdir()
    (pages / "a.b.html").write_text(markup(), encoding="utf-8")
    (pages / "packed.html.gz").write_bytes(gzip.compress(markup().encode()))
    rows = (
        # JSON lets this line separator stand in a string.
        {"id": "a.b", "article_body": "\u2028".join(BODY), "title": TITLE},
        {"id": "packed", "article_body": "\n\n".join(BODY)},
        {"id": "gone", "article_body": "Not there.", "title": "Not there"},
    )
    path = lines_file(tmp_path / "expected.jsonl", *rows)
    for outcome in (run("--expected", path), run(pages, "--expected", path)):
        assert figures(outcome)["ours"] == "2 bodies, P 1.000 R 1.000 F1 1.000; title 1 of 1"
        assert "1 of 3 pages are not there, the first is gone" in outcome.output


def test_a_page_that_is_no_article_has_nothing_right(tmp_path: Path) -> None:
    design(tmp_path, "one")
    (tmp_path / "one.html").write_text("", encoding="utf-8")
    said = "1 bodies, P 0.000 R 0.000 F1 0.000; title 0 of 1; published 0 of 1; authors 0 of 1"
    assert figures(run("--expected", tmp_path)) == {"ours": said, "trafilatura (precision)": said}


def test_the_gate_is_shut_unless_bodies_are_read_better_than_by_trafilatura(tmp_path: Path) -> None:
    design(tmp_path, "one")
    outcome = run("--expected", tmp_path, "--gate")
    assert (outcome.exit_code, "F1 is" in outcome.output) == (0, False)
    # To somebody who wants the heading in the body, trafilatura is the better reader.
    design(tmp_path, "one", body=[TITLE, *BODY])
    outcome = run("--expected", tmp_path, "--gate")
    assert outcome.exit_code == 1
    assert "F1 is -0." in outcome.output
    assert "it should be at least 0.005 above" in outcome.output
    assert run("--expected", tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: no JSON: "),
        ("[]", "line 1: no JSON object"),
        ('\n{"article_body": "x"}', "line 2: needs an id"),
        ('{"id": "one", "title": "x"}', "line 1: needs article_body, a text, or body"),
        ('{"id": "one", "body": [1]}', "line 1: needs article_body, a text, or body"),
        ('{"id": "one", "body": [], "title": 1}', "line 1: title is no text"),
        ('{"id": "one", "body": [], "published": "17 May 2024"}', "line 1: published is no date"),
        ('{"id": "one", "body": [], "authors": "A, B"}', "line 1: authors is no list"),
        ('{"id": "one", "body": [], "url": 1}', "line 1: url is no text"),
        ('{"id": "other", "body": []}', "names none of the 2 pages"),
        ('{"id": "broken", "body": []}', "broken.html.gz cannot be read"),
        ("", "names none of the 2 pages"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_broken_file_is_one_clear_line(line: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text(markup(), encoding="utf-8")
    (tmp_path / "broken.html.gz").write_bytes(b"not packed")
    path = tmp_path / "expected.jsonl"
    path.write_bytes(line.encode(errors="surrogateescape"))
    refused(run("--expected", path), str(tmp_path), said)


def test_what_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(run("--expected", tmp_path / "none.jsonl"), "none.jsonl cannot be read: No such file")
    refused(run("--expected", empty), f"{empty} has no .json")
    (empty / "one.json").write_text(json.dumps(expected()), encoding="utf-8")
    refused(run("--expected", empty), "one.json has no one.html or one.html.gz beside it")
    refused(run("--gate"), "--wrong and --gate need --expected")
    design(tmp_path / "designs", "one")
    refused(run(empty, "--expected", tmp_path / "designs"), "name no other FOLDER")
    refused(run(empty), f"{empty} holds no .html")


def refused(outcome: Result, *said: str) -> None:
    (line,) = outcome.output.splitlines()
    assert outcome.exit_code == 2
    assert line.startswith("Error: ")
    assert all(words in line for words in said), line
