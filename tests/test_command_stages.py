"""`tieup crawl`, `extract`, `load`, `add`, `export`: one stage each, the same result as `tieup run`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from processes import PAGE, NewsroomRun, Tieup, assert_one_line

ARTICLE = {
    "url": "https://example.com/a",
    "headline": "Tesco and Ocado sign a delivery deal",
    "date_published": "2021-04-27",
    "article_body": "Tesco and Ocado signed a delivery agreement on Monday, the retailers said.",
}
EXTRACTION = {
    "url": ARTICLE["url"],
    "relevance": 0.9,
    "pipeline": "x 1",
    "companies": [],
    "dates": [],
    "deals": [],
}


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_stages_give_the_same_database_as_a_run(
    newsroom_alone: NewsroomRun, tmp_path: Path, tieup: Tieup
) -> None:
    crawled = tieup("crawl", "-o", "articles.jsonl", "--newsroom-port", newsroom_alone.port)
    assert (crawled.returncode, crawled.stdout) == (0, "")
    written = (tmp_path / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in written]
    assert len(articles) == count(newsroom_alone.path, "articles")

    # A few go through `tieup extract`; the others' lines are as the run kept them, for extraction is slow.
    with closing(sqlite3.connect(newsroom_alone.path)) as db:
        sql = "SELECT url, document FROM extractions e JOIN articles a USING (version)"
        kept = {url: json.loads(document) for url, document in db.execute(sql)}
    extracted = tieup("extract", "-", stdin="\n".join(written[:5]))
    some = [json.loads(line) for line in extracted.stdout.splitlines()]
    assert some == [kept[article["url"]] for article in articles[:5]]

    (tmp_path / "extractions.jsonl").write_text(
        lines(*some, *(kept[article["url"]] for article in articles[5:])), encoding="utf-8"
    )
    loaded = tieup("load", "articles.jsonl", "extractions.jsonl", "--db", "staged.db")
    assert loaded.stdout.startswith(f"{len(articles)} new, 0 changed, 0 unchanged articles; ")
    sums = [tieup("digest", "--db", path).stdout for path in ("staged.db", newsroom_alone.path)]
    assert sums[0] == sums[1]

    again = tieup("load", "articles.jsonl", "extractions.jsonl", "--db", "staged.db")
    assert again.stdout.startswith(f"0 new, 0 changed, {len(articles)} unchanged articles; ")
    more = tieup("crawl", "-o", "articles.jsonl", "--newsroom-port", newsroom_alone.port)
    assert "0 articles, 0 problems" in more.stderr
    assert len((tmp_path / "articles.jsonl").read_text(encoding="utf-8").splitlines()) == len(articles)


def test_load_is_all_or_nothing(inline: Tieup, tmp_path: Path) -> None:
    other = ARTICLE | {"url": "https://example.com/b"}
    files = {
        "good.jsonl": lines(ARTICLE),
        "good-x.jsonl": lines(EXTRACTION),
        "two.jsonl": lines(ARTICLE, other),
        "one-wrong-x.jsonl": lines(EXTRACTION, EXTRACTION),
        "short-x.jsonl": lines(EXTRACTION),
        "broken-x.jsonl": lines(EXTRACTION) + "{\n",
        "no-field-x.jsonl": lines(EXTRACTION, {"url": other["url"]}),
        "wrong-type-x.jsonl": lines(EXTRACTION, EXTRACTION | {"url": other["url"], "deals": [1]}),
        "nameless.jsonl": lines(ARTICLE, other | {"url": None}),
        "nameless-x.jsonl": lines(EXTRACTION, EXTRACTION | {"url": None}),
        "surrogate.jsonl": lines(ARTICLE) + '{"url": "https://example.com/b", "article_body": "\\ud800"}\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert inline("load", "good.jsonl", "good-x.jsonl").returncode == 0
    before = inline("digest").stdout
    for articles, extractions, part in (
        ("two.jsonl", "one-wrong-x.jsonl", "line 2: the article is https://example.com/b and the extraction"),
        ("two.jsonl", "short-x.jsonl", "two.jsonl has 2 lines and short-x.jsonl has 1"),
        ("two.jsonl", "broken-x.jsonl", "line 2: no valid extraction"),
        ("two.jsonl", "no-field-x.jsonl", "line 2: no valid extraction"),
        ("two.jsonl", "wrong-type-x.jsonl", "line 2: no valid extraction"),
        ("nameless.jsonl", "nameless-x.jsonl", "line 2: an article without any address"),
        ("surrogate.jsonl", "one-wrong-x.jsonl", "line 2: the text has NUL or a lone surrogate"),
    ):
        assert_one_line(inline("load", articles, extractions), part)
    assert inline("digest").stdout == before
    assert count(tmp_path / "tieup.db", "runs") == 1


def test_lines_that_report_errors_are_left_out(inline: Tieup, tmp_path: Path) -> None:
    error = {"url": None, "error": "no article: empty"}
    (tmp_path / "a.jsonl").write_text(lines(error, ARTICLE, ARTICLE), encoding="utf-8")
    (tmp_path / "x.jsonl").write_text(lines(error, error, EXTRACTION), encoding="utf-8")
    assert inline("load", "a.jsonl", "x.jsonl").stdout.startswith("1 new")


def test_add_puts_a_saved_page_through_everything(inline: Tieup, tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text(PAGE, encoding="utf-8")
    url = "https://www.example.com/news/a-deal"
    done = inline("add", "saved.html", "--url", url)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "new: Tesco and Ocado sign a delivery deal (1 deal reported)\n"
    with closing(sqlite3.connect(tmp_path / "tieup.db")) as db:
        assert db.execute("SELECT url, deals FROM articles").fetchall() == [(url, 1)]
        assert db.execute("SELECT party_ids FROM deals").fetchall() == [('["tesco","ocado"]',)]
        assert db.execute("SELECT command, state, articles FROM runs").fetchall() == [("add", "ok", 1)]
    assert inline("add", "saved.html", "--url", url).stdout.startswith("unchanged: ")


@pytest.mark.parametrize(("kind", "suffix"), [("csv", "csv"), ("ndjson", "ndjson"), ("datapackage", "csv")])
def test_export_writes_every_table(
    kind: str, suffix: str, newsroom_run: NewsroomRun, inline: Tieup, tmp_path: Path
) -> None:
    done = inline("export", "out", "--db", newsroom_run.path, "--format", kind)
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert done.stdout == f"{len(written)} files written to out\n"
    assert {f"deals.{suffix}", f"claims.{suffix}", f"article_texts.{suffix}"} <= set(written)
    assert ("datapackage.json" in written) == (kind == "datapackage")


def test_public_export_has_no_texts(newsroom_run: NewsroomRun, inline: Tieup, tmp_path: Path) -> None:
    assert (
        inline("export", "public.db", "--public", "--db", newsroom_run.path).stdout == "public.db written\n"
    )
    assert count(tmp_path / "public.db", "article_texts") == 0
    assert count(tmp_path / "public.db", "deals") == count(newsroom_run.path, "deals")
    assert_one_line(inline("export", "all.db", "--db", newsroom_run.path), "with --public only")
    assert_one_line(inline("export", "public.db", "--public", "--db", "public.db"), "name another file")
