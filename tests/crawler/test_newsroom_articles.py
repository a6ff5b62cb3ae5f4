"""Article files of the sample newsroom: what is read, and what a wrong file's author is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.newsroom.articles import ArticlesError, SampleArticle, load_articles
from crawler.newsroom.body import body_blocks

GOOD = """---
headline: "Alder & Co: a letter, at last"
standfirst: The grocer wants Birch to carry its parcels.
authors: [Ann Example, Bo Sample]
published: 2019-05-02T09:30:00+01:00
section: Supply chain
related:
  - Cedar opens in Leeds
---
First paragraph.

## Afterwards

> "A quotation."
"""


def write(folder: Path, text: str, name: str = "retail-ledger/2019-05-02-alder-birch.md") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_reads_what_the_author_wrote(tmp_path: Path) -> None:
    (article,) = load_articles(write(tmp_path, GOOD))
    assert article.key == "retail-ledger/2019-05-02-alder-birch"
    assert article.headline == "Alder & Co: a letter, at last"
    assert article.authors == ("Ann Example", "Bo Sample")
    assert article.published.isoformat() == "2019-05-02T09:30:00+01:00"
    assert article.related == ("Cedar opens in Leeds",)
    assert article.modified is None
    assert article.body.startswith("First paragraph.\n\n## Afterwards")


def test_articles_come_newest_first(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    later = GOOD.replace("2019-05-02", "2021-01-09")
    write(tmp_path, later, "commerce-wire/2021-01-09-alder-birch.md")
    assert [article.publisher for article in load_articles(tmp_path)] == ["commerce-wire", "retail-ledger"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("section: Supply chain\n", ""), "'section' is missing"),
        (("section:", "sektion:"), "unknown key 'sektion'; allowed: headline"),
        (("09:30:00+01:00", "09:30:00"), "'published' must be a date and time with a zone"),
        (("2019-05-02T09:30:00+01:00", "2019-05-02"), "'published' must be a date and time with a zone"),
        (("2019-05-02T", "2019-05-03T"), "'published' is 2019-05-03, but the file name says 2019-05-02"),
        (("[Ann Example, Bo Sample]", "Ann Example"), "'authors' must be a list"),
        (("Cedar opens in Leeds", "Cedar: open"), "'related' must be one line of text"),
        (('"Alder & Co: a letter, at last"', "Alder: a letter"), "front matter is not YAML in line 2"),
        (("section:", "paywall: true\nsection:"), "The Retail Ledger has no paywall"),
        (("section:", "modified: 2019-01-01T00:00:00Z\nsection:"), "'modified' is before 'published'"),
        (("---\nheadline", "headline"), "must begin with front matter"),
        ((GOOD[GOOD.index("First") :], "\n"), "no text after the front matter"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(ArticlesError) as caught:
        load_articles(write(tmp_path, GOOD.replace(*change)))
    message = str(caught.value)
    assert told in message
    assert "2019-05-02-alder-birch.md" in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["retail-ledger/alder.md", "retail-ledger/2019-05-02-Élan.md"])
def test_a_file_name_without_day_or_ascii_slug_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArticlesError, match="the file name must be YYYY-MM-DD-slug"):
        load_articles(write(tmp_path, GOOD, name))


def test_a_folder_of_no_publisher_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticlesError, match=r"no publisher has this id.*retail-ledger, commerce-wire"):
        load_articles(write(tmp_path, GOOD, "daily-nothing/2019-05-02-alder.md"))


def test_markdown_becomes_blocks_and_markup_stays_text() -> None:
    blocks = body_blocks(
        "One <b>bold</b> &\nmore.\n\n## Sub\n\n> Said.\n\n- a\n- b\n\n"
        "<script>alert(1)</script>\n\n[x](http://example.invalid/) ![y](http://example.invalid/y.png)"
    )
    assert [str(block)[:4] for block in blocks] == ["<p>O", "<h2>", "<blo", "<ul>", "<p>&", "<p>["]
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;" in blocks[0]
    assert not any(mark in "".join(blocks) for mark in ("<script", "<a ", "<img"))


def test_bundled_articles_are_all_valid_and_in_zones() -> None:
    articles = load_articles()
    assert all(isinstance(article, SampleArticle) for article in articles)
    assert len({article.key for article in articles}) == len(articles)
    assert all(
        abs(article.published.utcoffset() or timedelta()) <= timedelta(hours=14) for article in articles
    )
