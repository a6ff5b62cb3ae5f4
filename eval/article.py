"""Scores what was extracted of one article against what was expected: counts by field, differences as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from eval.facts import OF_ALL, OF_FOUND, score_facts, score_false_deal
from eval.matching import pair_deals, same
from extract.model import Extraction

F1_FIELDS = ("deal_news", "deals", "parties", "areas", "recalled", "companies", "dates")
SHARE_FIELDS = (
    "non_parties_made_parties",
    *OF_ALL.values(),
    *OF_FOUND.values(),
    "no_deal_right",
)


def score_article(entry: Mapping[str, Any], extraction: Extraction) -> tuple[Counter[str], list[str]]:
    """Counts of one article, and a line for each difference."""
    return score_predicted(entry, extraction.to_json())


def score_predicted(entry: Mapping[str, Any], predicted: Mapping[str, Any]) -> tuple[Counter[str], list[str]]:
    """The same for what `tieup extract` would print, as plain JSON values."""
    c: Counter[str] = Counter()
    wrong: list[str] = []
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
    score_facts(c, wrong, gold_main, pairs)
    for found in main:
        if not any(found is f for _, f in pairs):
            score_false_deal(c, found)
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
