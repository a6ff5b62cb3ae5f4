"""Scores the sample newsroom end to end: pages as they are served, parsed, extracted, loaded and merged."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from crawler.newsroom.articles import load_articles
from crawler.newsroom.publishers import load_publishers
from crawler.newsroom.site import DEFAULT_BASE_PORT, article_urls, build_site, newsroom_sources, respond
from crawler.pages import parse_page
from crawler.sources import to_record
from db.load import load_reference, store_article
from db.merge import merge
from db.store import open_database
from eval.article import F1_FIELDS, SHARE_FIELDS, score_article
from eval.error_classes import errors_of
from eval.extras import EXTRA_FIELDS
from eval.figures import b_cubed
from eval.matching import pair_deals
from eval.report import Result, figures_of
from extract.gazetteer import load_gazetteer
from extract.model import Extraction
from extract.pipeline import extract
from extract.vocabularies import load_vocabularies

GOLD = Path(__file__).parent / "newsroom.yml"
DATASET = "newsroom"
# The expected results of the newsroom say who is named, not where.
FIELDS = tuple(f for f in (*F1_FIELDS, *SHARE_FIELDS, *EXTRA_FIELDS) if f != "mentions")


def score() -> Result:
    """The figures of the newsroom, from HTML to deals merged across articles."""
    gold = {entry["article"]: entry for entry in yaml.safe_load(GOLD.read_text(encoding="utf-8"))}
    extractions, ids = _read_newsroom(gold)
    scored = {key: score_article(entry, extractions[key]) for key, entry in gold.items()}
    found, keys = _deals_found(gold, extractions)
    precision, recall, f1 = b_cubed(*_clusters(gold, extractions, ids))
    return Result(
        DATASET,
        f"{len(gold)} articles of the sample newsroom, end to end from HTML",
        figures_of([counts for counts, _ in scored.values()], FIELDS),
        [
            f"{'different deals found':26} {found} of {keys} = {found / keys:.3f}",
            f"{'one deal per agreement':26} B-cubed P {precision:.3f} R {recall:.3f} F1 {f1:.3f}",
        ],
        [f"{key}: {line}" for key, (_, lines) in scored.items() for line in lines],
        errors=[e for key, entry in gold.items() for e in errors_of(key, entry, extractions[key].to_json())],
    )


def _read_newsroom(gold: Mapping[str, Any]) -> tuple[dict[str, Extraction], dict[tuple[str, int], str]]:
    """Extractions by article key, and the deal that the knowledge base made of each article's deal number."""
    base = DEFAULT_BASE_PORT
    articles = load_articles()
    sites = {p.id: build_site(p, articles, base) for p in load_publishers()}
    sources = {s.domain: s for s in newsroom_sources(base)}
    urls = article_urls(base)
    extractions: dict[str, Extraction] = {}
    with tempfile.TemporaryDirectory() as folder, closing(open_database(Path(folder) / "eval.db")) as db:
        load_reference(db, load_vocabularies(), load_gazetteer(), map(to_record, sources.values()))
        for key in gold:
            url = urls[key]
            response = respond(sites[key.split("/")[0]], "/" + url.split("/", 3)[3])
            article = parse_page(
                response.body,
                url=url,
                source=sources[url.split("/")[2]],
                content_type="text/html; charset=utf-8",
                retrieved_at="2026-01-01T00:00:00Z",
            )
            extractions[key] = next(iter(extract([article])))
            store_article(db, article, extractions[key])
        merge(db)
        by_url = {url: key for key, url in urls.items()}
        rows = db.execute(
            "SELECT a.url, c.stated, c.deal FROM claims c JOIN articles a ON a.id = c.article WHERE c.field = 'party'"
        ).fetchall()
    ids: dict[tuple[str, int], str] = {}
    for url, company, deal in rows:
        key = by_url[url]
        for number, predicted in enumerate(extractions[key].deals):
            if predicted.main and any(p.company == company for p in predicted.parties):
                ids.setdefault((key, number), deal)
    return extractions, ids


def _deals_found(gold: Mapping[str, Any], extractions: Mapping[str, Extraction]) -> tuple[int, int]:
    """How many different expected main deals were found in at least one of their articles."""
    keys = {d["key"] for e in gold.values() for d in e["deals"] if d["main"]}
    found = set()
    for key, entry in gold.items():
        main = [d for d in extractions[key].to_json()["deals"] if d["main"]]
        found |= {g["key"] for g, _ in pair_deals([d for d in entry["deals"] if d["main"]], main)}
    return len(found), len(keys)


def _clusters(
    gold: Mapping[str, Any], extractions: Mapping[str, Extraction], ids: Mapping[tuple[str, int], str]
) -> tuple[dict[object, str], dict[object, str]]:
    truth: dict[object, str] = {}
    made: dict[object, str] = {}
    for key, entry in gold.items():
        deals = extractions[key].to_json()["deals"]
        for g, p in pair_deals([d for d in entry["deals"] if d["main"]], [d for d in deals if d["main"]]):
            number = next(i for i, d in enumerate(deals) if d is p)
            if (key, number) in ids:
                truth[key, number] = g["key"]
                made[key, number] = ids[key, number]
    return truth, made
