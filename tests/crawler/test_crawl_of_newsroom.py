"""The bundled newsroom, crawled for real: every article of every publisher once, clean, and nothing twice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from run_crawl import launch

from crawler.newsroom.articles import SampleArticle, load_articles
from crawler.newsroom.server import serve_newsroom
from crawler.newsroom.site import newsroom_sources
from crawler.sources import Source


def as_yaml(sources: tuple[Source, ...]) -> str:
    entries = [
        {
            "name": source.name,
            "domain": source.domain,
            "scheme": source.scheme,
            "kind": source.kind,
            "feeds": list(source.feeds),
            "sitemaps": list(source.sitemaps),
            "sections": list(source.sections),
            "selectors": dict(source.selectors),
            "assertions": dict(source.assertions),
        }
        for source in sources
    ]
    return yaml.safe_dump({"sources": entries}, sort_keys=False)


def paragraphs(markdown: str) -> list[str]:
    """The body's blocks as its author wrote them, without Markdown's marks."""
    lines = re.sub(r"^- ", "\n- ", markdown, flags=re.MULTILINE)
    blocks = (
        " ".join(re.sub(r"^(?:## |> ?|- )", "", block, flags=re.MULTILINE).split())
        for block in lines.split("\n\n")
    )
    return [block for block in blocks if block]


def test_every_article_arrives_once_and_clean(tmp_path: Path) -> None:
    with serve_newsroom(0) as newsroom:
        sources = as_yaml(newsroom_sources(newsroom.base_port))
        first = launch(tmp_path, sources, worker="real", min_relevance=None)
        second = launch(tmp_path, sources, worker="real", min_relevance=None)
    assert (first.code, first.stderr, first.result["problems"]) == (0, "", [])
    assert (second.code, second.result["report"]["articles"]) == (0, 0)
    arrived = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
    written = load_articles()
    publisher = {source.id: f"{source.id}".removeprefix("the-") for source in newsroom_sources(8471)}
    by_headline = {(publisher[article["source"]], article["headline"]): article for article in arrived}
    assert len(by_headline) == len(arrived) == len(written)
    for sample in written:
        check(sample, by_headline[sample.publisher, sample.headline])


def check(sample: SampleArticle, article: dict[str, Any]) -> None:
    assert article["date_published"][:10] == sample.published.date().isoformat(), sample.key
    assert article["authors"] == [name for name in sample.authors if "staff" not in name.lower()], sample.key
    assert article["section"] == sample.section, sample.key
    assert article["in_language"] == "en", sample.key
    own = article["article_body"].split("\n\n")
    expected = paragraphs(sample.body)
    if sample.paywall:
        assert article["is_accessible_for_free"] is False, sample.key
        expected = expected[:1]
    elif sample.press_release:
        # A release ends in the companies' descriptions of themselves: set aside, but not lost.
        boilerplate = [block["text"] for block in article["blocks"] if block["kind"] == "boilerplate"]
        assert own + boilerplate == expected, sample.key
        return
    assert own == expected, sample.key
    texts = {
        kind: [b["text"] for b in article["blocks"] if b["kind"] == kind]
        for kind in ("related", "bio", "comments")
    }
    for teaser in sample.related:
        assert any(teaser in text for text in texts["related"]), sample.key
    for comment in sample.comments:
        assert any(comment in text for text in texts["comments"]), sample.key
    assert sample.bio is None or any(sample.bio in text for text in texts["bio"]), sample.key
