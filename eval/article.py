"""Scores what was extracted of one article against what was expected: counts by field, differences as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.extras import score_extras
from eval.facts import OF_ALL, OF_FOUND, score_facts, score_false_deal
from eval.matching import distinct, pair_deals, pair_names
from extract.model import Extraction

F1_FIELDS = ("deal_news", "deals", "parties", "areas", "recalled", "companies", "mentions", "dates")
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
    aliases = entry.get("aliases", {})
    pairs = pair_deals(gold_main, main, aliases)
    c["deals_tp"], c["deals_p"], c["deals_g"] = len(pairs), len(main), len(gold_main)
    _score_parties(c, wrong, entry, main)
    score_facts(c, wrong, gold_main, pairs, aliases)
    for found in main:
        if not any(found is f for _, f in pairs):
            score_false_deal(c, found)
    recalled = pair_deals(
        [d for d in entry["deals"] if not d["main"]],
        [d for d in predicted["deals"] if not d["main"]],
        aliases,
    )
    c["recalled_tp"] = len(recalled)
    c["recalled_p"] = sum(not d["main"] for d in predicted["deals"])
    c["recalled_g"] = sum(not d["main"] for d in entry["deals"])
    _score_companies_and_dates(c, entry, predicted)
    _score_mentions(c, entry, predicted)
    score_extras(c, entry, predicted, pairs, recalled)
    return c, wrong


@dataclass(frozen=True, slots=True)
class Roll:
    """The organisations of an article by what they are to its main deals, each once, and other names for them."""

    parties: Sequence[str]
    units: Sequence[str]
    outsiders: Sequence[str]
    aliases: Mapping[str, Sequence[str]]

    def find(self, found: Sequence[str]) -> tuple[set[int], set[int], set[int]]:
        """Which of the found names (by index) are parties, units and outsiders, each name answering for one."""
        everybody = [*self.parties, *self.units, *self.outsiders]
        pairs = pair_names(everybody, found, self.aliases)
        units_from, outsiders_from = len(self.parties), len(self.parties) + len(self.units)
        return (
            {j for i, j in pairs.items() if i < units_from},
            {j for i, j in pairs.items() if units_from <= i < outsiders_from},
            {j for i, j in pairs.items() if i >= outsiders_from},
        )


def roll_of(entry: Mapping[str, Any]) -> Roll:
    """The roll of an article's expected results. What is a party of one main deal is no unit or outsider."""
    main = [d for d in entry["deals"] if d["main"]]
    parties = distinct(p["name"] for d in main for p in d["parties"])
    named = distinct([*parties, *(u for d in main for u in d.get("units", ()))])
    everybody = distinct([*named, *entry.get("not_parties", {})])
    return Roll(parties, named[len(parties) :], everybody[len(named) :], entry.get("aliases", {}))


def _score_parties(
    c: Counter[str], wrong: list[str], entry: Mapping[str, Any], main: Sequence[Mapping[str, Any]]
) -> None:
    roll = roll_of(entry)
    found = distinct(p["name"] for d in main for p in d["parties"])
    parties, units, outsiders = roll.find(found)
    c["parties_tp"], c["parties_g"] = len(parties), len(roll.parties)
    c["parties_p"] = len(found) - len(units)
    c["non_parties_made_parties_n"] = len(roll.outsiders)
    c["non_parties_made_parties_ok"] = len(outsiders)
    if len(parties) < max(len(roll.parties), len(found)):
        wrong.append(f"parties {found} instead of {list(roll.parties)}")


def _score_companies_and_dates(
    c: Counter[str], entry: Mapping[str, Any], predicted: Mapping[str, Any]
) -> None:
    gold = distinct(
        [p["name"] for d in entry["deals"] for p in d["parties"]]
        + [u for d in entry["deals"] for u in d.get("units", [])]
        + list(entry.get("not_parties", {}))
    )
    found = distinct(company["name"] for company in predicted["companies"])
    c["companies_g"], c["companies_p"] = len(gold), len(found)
    c["companies_tp"] = len(pair_names(gold, found, entry.get("aliases")))
    expected = Counter((d["text"].casefold(), d["edtf"]) for d in entry.get("dates", []))
    given = Counter((d["text"].casefold(), d["edtf"]) for d in predicted["dates"])
    c["dates_g"], c["dates_p"] = sum(expected.values()), sum(given.values())
    c["dates_tp"] = sum((expected & given).values())


def _score_mentions(c: Counter[str], entry: Mapping[str, Any], predicted: Mapping[str, Any]) -> None:
    """Every place that names an organisation, exact in both edges, where the expected results have places."""
    if "mentions" not in entry:
        return
    found = {
        (m["part"], m["start_char"], m["end_char"])
        for company in predicted["companies"]
        for m in company["mentions"]
        if m["part"] in ("headline", "article_body")
    }
    gold = set(entry["mentions"])
    c["mentions_g"], c["mentions_p"], c["mentions_tp"] = len(gold), len(found), len(gold & found)
