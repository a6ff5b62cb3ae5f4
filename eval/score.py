"""Scores the sample newsroom end to end: pages as they are served, parsed, extracted, loaded and merged."""

from __future__ import annotations

import platform
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import click
import yaml

from crawler.newsroom.articles import load_articles
from crawler.newsroom.publishers import load_publishers
from crawler.newsroom.site import DEFAULT_BASE_PORT, article_urls, build_site, newsroom_sources, respond
from crawler.pages import parse_page
from crawler.sources import to_record
from db.load import load_reference, store_article
from db.merge import merge
from db.store import open_database
from eval.figures import Figure, b_cubed, figure
from eval.matching import pair_deals, same
from extract.gazetteer import load_gazetteer
from extract.model import Extraction
from extract.pipeline import extract
from extract.version import PIPELINE_VERSION
from extract.vocabularies import load_vocabularies

FOLDER = Path(__file__).parent
GOLD = FOLDER / "newsroom.yml"
REPORT = FOLDER / "newsroom-report.md"
DATASET = "newsroom"
F1_FIELDS = ("deal_news", "deals", "parties", "areas", "recalled", "companies", "dates")
SHARE_FIELDS = (
    "non_parties_made_parties",
    "exact_parties",
    "type",
    "instrument",
    "status",
    "announced",
    "commitment",
    "no_deal_right",
)


def main(path: Path | None = None, *, write: bool = False) -> None:
    """Print the figures; write the report, and rows of `metrics` into the knowledge base at `path`, where asked."""
    gold = {entry["article"]: entry for entry in yaml.safe_load(GOLD.read_text(encoding="utf-8"))}
    extractions, ids = _read_newsroom(gold)
    counts, errors = [], []
    for key, entry in gold.items():
        own, wrong = score_article(entry, extractions[key])
        counts.append(own)
        errors += [f"{key}: {line}" for line in wrong]
    figures = [figure(counts, field) for field in (*F1_FIELDS, *SHARE_FIELDS)]
    found = _deals_found(gold, extractions)
    clusters = b_cubed(*_clusters(gold, extractions, ids))
    lines = _lines(figures, found, clusters, len(gold))
    for line in lines:
        click.echo(line)
    if write:
        python = f"Python {platform.python_version()}"
        made_on = f"{date.today().isoformat()}, {platform.machine()}, {python}, {PIPELINE_VERSION}"
        head = f"# Sample newsroom, end to end\n\nMade by `make eval` on {made_on}.\n\n"
        REPORT.write_text(
            head
            + "```\n"
            + "\n".join(lines)
            + "\n```\n\n## Every difference\n\n"
            + "\n".join(f"- {e}" for e in errors)
            + "\n",
            encoding="utf-8",
        )
    if path is not None:
        _store(path, figures)


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


def score_article(entry: Mapping[str, Any], extraction: Extraction) -> tuple[Counter[str], list[str]]:
    """Counts of one article, and a line for each difference."""
    c: Counter[str] = Counter()
    wrong: list[str] = []
    predicted = extraction.to_json()
    gold_main = [d for d in entry["deals"] if d["main"]]
    main = [d for d in predicted["deals"] if d["main"]]
    c["deal_news_tp"] = bool(gold_main) and bool(main)
    c["deal_news_p"], c["deal_news_g"] = bool(main), bool(gold_main)
    if not gold_main:
        c["no_deal_right_n"], c["no_deal_right_ok"] = 1, not main
        wrong += [f"no deal, but {[p['name'] for p in d['parties']]}" for d in main]
    pairs = pair_deals(gold_main, main)
    c["deals_tp"], c["deals_p"], c["deals_g"] = len(pairs), len(main), len(gold_main)
    _score_parties(c, wrong, entry, gold_main, main)
    for gold, found in pairs:
        _score_facts(c, wrong, gold, found)
    for gold in gold_main:
        if not any(gold is g for g, _ in pairs):
            wrong.append(f"missed {gold['key']}")
            c["areas_g"] += len(gold["areas"])
    recalled = pair_deals(
        [d for d in entry["deals"] if not d["main"]], [d for d in predicted["deals"] if not d["main"]]
    )
    c["recalled_tp"] = len(recalled)
    c["recalled_p"] = sum(not d["main"] for d in predicted["deals"])
    c["recalled_g"] = sum(not d["main"] for d in entry["deals"])
    _score_companies_and_dates(c, entry, predicted)
    return c, wrong


def _score_parties(
    c: Counter[str],
    wrong: list[str],
    entry: Mapping[str, Any],
    gold_main: Sequence[Mapping[str, Any]],
    main: Sequence[Mapping[str, Any]],
) -> None:
    gold = _distinct(p["name"] for d in gold_main for p in d["parties"])
    found = _distinct(p["name"] for d in main for p in d["parties"])
    units = [u for d in gold_main for u in d.get("units", [])]
    tp = sum(any(same(g, f) for f in found) for g in gold)
    extra = [f for f in found if not any(same(f, g) for g in gold)]
    c["parties_tp"], c["parties_g"] = tp, len(gold)
    c["parties_p"] = tp + sum(not any(same(f, u) for u in units) for f in extra)
    outsiders = [n for n in entry.get("not_parties", {}) if not any(same(n, g) for g in gold)]
    c["non_parties_made_parties_n"] = len(outsiders)
    c["non_parties_made_parties_ok"] = sum(any(same(n, f) for f in found) for n in outsiders)
    if tp < len(gold) or extra:
        wrong.append(f"parties {found} instead of {gold}")


def _score_facts(
    c: Counter[str], wrong: list[str], gold: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    c["exact_parties_n"] += 1
    c["exact_parties_ok"] += len(gold["parties"]) == len(found["parties"])
    for field in ("type", "instrument", "status"):
        c[f"{field}_n"] += 1
        c[f"{field}_ok"] += gold[field] == found[field]
        if gold[field] != found[field]:
            wrong.append(f"{gold['key']} {field} {found[field]} instead of {gold[field]}")
    if gold.get("announced"):
        c["announced_n"] += 1
        c["announced_ok"] += gold["announced"] == found["announced"]
        if gold["announced"] != found["announced"]:
            wrong.append(f"{gold['key']} announced {found['announced']} instead of {gold['announced']}")
    areas = {a["area"]: a["commitment"] for a in found["areas"]}
    both = set(areas) & set(gold["areas"])
    c["areas_tp"] += len(both)
    c["areas_p"] += len(areas)
    c["areas_g"] += len(gold["areas"])
    c["commitment_n"] += len(both)
    c["commitment_ok"] += sum(areas[a] == gold["areas"][a] for a in both)
    if set(areas) != set(gold["areas"]):
        wrong.append(
            f"{gold['key']} areas: too many {sorted(set(areas) - both)}, missing {sorted(set(gold['areas']) - both)}"
        )


def _score_companies_and_dates(
    c: Counter[str], entry: Mapping[str, Any], predicted: Mapping[str, Any]
) -> None:
    gold = _distinct(
        [p["name"] for d in entry["deals"] for p in d["parties"]]
        + [u for d in entry["deals"] for u in d.get("units", [])]
        + list(entry.get("not_parties", {}))
    )
    found = _distinct(company["name"] for company in predicted["companies"])
    c["companies_g"], c["companies_p"] = len(gold), len(found)
    c["companies_tp"] = sum(any(same(g, f) for f in found) for g in gold)
    expected = Counter((d["text"].casefold(), d["edtf"]) for d in entry.get("dates", []))
    given = Counter((d["text"].casefold(), d["edtf"]) for d in predicted["dates"])
    c["dates_g"], c["dates_p"] = sum(expected.values()), sum(given.values())
    c["dates_tp"] = sum((expected & given).values())


def _distinct(names: Any) -> list[str]:
    kept: list[str] = []
    for name in names:
        if not any(same(name, other) for other in kept):
            kept.append(name)
    return kept


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


def _lines(
    figures: Sequence[Figure], found: tuple[int, int], clusters: tuple[float, float, float], articles: int
) -> list[str]:
    lines = [f"{articles} articles of the sample newsroom, end to end from HTML"]
    lines.append(f"{'different deals found':26} {found[0]} of {found[1]} = {found[0] / found[1]:.3f}")
    for f in figures:
        if f.precision is None or f.recall is None:
            lines.append(f"{f.field:26} {f.f1:.3f} [{f.low:.3f}, {f.high:.3f}] n={f.n}")
        else:
            lines.append(
                f"{f.field:26} P {f.precision:.3f} R {f.recall:.3f} F1 {f.f1:.3f} [{f.low:.3f}, {f.high:.3f}] n={f.n}"
            )
    lines.append(
        f"{'one deal per agreement':26} B-cubed P {clusters[0]:.3f} R {clusters[1]:.3f} F1 {clusters[2]:.3f}"
    )
    return lines


def _store(path: Path, figures: Sequence[Figure]) -> None:
    with closing(open_database(path, create=False)) as db:
        run = f"eval {date.today().isoformat()} {PIPELINE_VERSION}"
        rows = [
            {
                "run": run,
                "dataset": DATASET,
                "slice": "all",
                "field": f.field,
                "n": f.n,
                "precision": f.precision,
                "recall": f.recall,
                "f1": f.f1,
                "low": f.low,
                "high": f.high,
            }
            for f in figures
        ]
        with db.atomic():
            db["metrics"].upsert_all(rows, pk=("run", "dataset", "slice", "field"))
