"""What a crawl decided on each page can be told afterwards, with source, headline and reasons."""

from __future__ import annotations

from pathlib import Path

from crawler.decisions import decisions
from crawler.items import RelevanceDecision
from crawler.sources import Source
from crawler.state import CrawlState, Remembered

SITE = "https://news.example"
SOURCE = Source(name="News", id="news", domain="news.example", sitemaps=("/index.xml",), feeds=("/feed",))


def crawled(folder: Path) -> None:
    """What a crawl remembers: a feed and an index with a sitemap, and five pages that were judged."""
    with CrawlState(folder, "one") as state:

        def listing(path: str, *links: tuple[str, str, str]) -> None:
            told = tuple((kind, f"{SITE}{page}", headline, "") for kind, page, headline in links)
            state.remember(f"{SITE}{path}", Remembered(etag="x", links=told))

        listing("/feed", ("article", "/deal?utm_source=feed", "A deal"), ("article", "/cup", "A cup"))
        listing("/index.xml", ("sitemap", "/index.xml", ""), ("sitemap", "/map.xml", ""))
        listing("/map.xml", ("article", "/heron", ""), ("article", "/deal", "Deal"), ("article", "/new", ""))
        judged = {
            "deal": Remembered(fingerprint="f", relevance=0.3, reasons=("deal +0.1",), read_by="p"),
            "heron": Remembered(relevance=0.2, reasons=(), read_by="p"),
            "cup": Remembered(relevance=0.1, reasons=("football -0.1",)),
            "elsewhere": Remembered(relevance=0.1, reasons=()),
        }
        for name, known in judged.items():
            state.remember(f"{SITE}/{name}", known)


def found(folder: Path, source: Source, min_relevance: float | None = None) -> dict[str, RelevanceDecision]:
    listed = decisions([source], state_dir=folder, state_key="one", min_relevance=min_relevance)
    return {decision.url.removeprefix(f"{SITE}/"): decision for decision in listed}


def test_each_page_of_the_listings_has_a_decision_with_its_reasons(tmp_path: Path) -> None:
    crawled(tmp_path)
    told = found(tmp_path, SOURCE)
    assert {name: (d.is_read, d.is_fetched, d.headline) for name, d in told.items()} == {
        "deal": (True, True, "A deal"),  # what was read once is followed, whatever its score
        "heron": (False, True, None),
        "cup": (False, False, "A cup"),
    }
    assert {d.source for d in told.values()} == {"news"}
    assert (told["cup"].score, told["cup"].reasons) == (0.1, ("football -0.1",))


def test_another_threshold_decides_otherwise(tmp_path: Path) -> None:
    crawled(tmp_path)
    assert {name for name, d in found(tmp_path, SOURCE, 0.2).items() if d.is_read} == {"deal", "heron"}


def test_a_crawl_of_named_pages_decides_on_these_alone(tmp_path: Path) -> None:
    crawled(tmp_path)
    named = Source(name="n", id="n", domain="n", pages=(f"{SITE}/heron",), is_listed=False)
    told = found(tmp_path, named, 0.0)
    assert {name: (d.is_read, d.source, d.headline) for name, d in told.items()} == {
        "heron": (True, None, None)
    }
