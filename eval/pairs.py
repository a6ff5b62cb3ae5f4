"""Two companies in one sentence: does the pipeline see that they work together? Scored on a relation set of others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.items import NewsArticle
from eval.errors import EvaluationError
from eval.gold import Reader
from eval.report import Result, figures_of
from extract.model import Extraction
from extract.pipeline import extract
from extract.training.encoder.data import is_measured

DATASET = "pairs"
TOGETHER = "collaboration"
Stretch = tuple[int, int]
_STAND_INS = frozenset(
    ["it", "its", "they", "their", "he", "she", "his", "her", "this", "the", "these", "both", "a", "an"]
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with two companies marked (start and end offsets) and what they are to each other."""

    id: str
    text: str
    companies: tuple[Stretch, Stretch]
    relation: str


def score(path: Path, read: Reader = extract) -> Result:
    """How well parties of one deal, main or not, are the pairs that collaborate, over all measured sentences.

    Each sentence is read alone, as a body without headline. Raises EvaluationError.
    """
    pairs = list(read_pairs(path))
    counts, differences = [], []
    seen: Counter[str] = Counter()
    named = 0
    for pair, extraction in zip(pairs, read(_article(pair) for pair in pairs), strict=True):
        is_gold, is_found = pair.relation == TOGETHER, in_one_deal(pair, extraction)
        counts.append(
            {f"{TOGETHER}_tp": is_gold and is_found, f"{TOGETHER}_p": is_found, f"{TOGETHER}_g": is_gold}
        )
        seen[pair.relation] += is_found
        named += is_gold and all(companies_at(extraction, stretch) for stretch in pair.companies)
        if is_gold != is_found:
            differences.append(f"{pair.id}: {'missed' if is_gold else f'a deal, but {pair.relation}'}")
    relations = Counter(pair.relation for pair in pairs)
    told = sum(
        all(_is_name(pair.text[start:end]) for start, end in pair.companies)
        for pair in pairs
        if pair.relation == TOGETHER
    )
    return Result(
        DATASET,
        f"{len(pairs)} sentences with two companies, each alone",
        figures_of(counts, (TOGETHER,)),
        [
            f"both companies of a {TOGETHER} named, and none as 'it' or 'the company': {told} of {relations[TOGETHER]}",
            f"both companies of a {TOGETHER} found as companies: {named} of {relations[TOGETHER]}",
            *(f"taken for a deal, {name}: {seen[name]} of {relations[name]}" for name in sorted(relations)),
        ],
        differences,
        command="tieup eval --pairs FILE --write",
    )


def read_pairs(path: Path) -> Iterator[Pair]:
    """The sentences of a JSON-lines file that are kept out of training. Raises EvaluationError."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                first, second = ((int(e["start"]), int(e["end"])) for e in row["entities"])
                pair = Pair(str(row["id"]), str(row["text"]), (first, second), str(row["relation"]))
                is_ours = is_measured(pair.id)
            except (ValueError, KeyError, TypeError) as error:
                raise EvaluationError(
                    f"{path}: line {number} is no sentence with id (with a number), text, two entities and relation"
                ) from error
            if is_ours:
                yield pair


def in_one_deal(pair: Pair, extraction: Extraction) -> bool:
    """Whether a deal has both marked companies as parties, each by another company."""
    first, second = (companies_at(extraction, stretch) for stretch in pair.companies)
    parties = [{p.company for p in deal.parties} for deal in extraction.deals]
    return any(one != other for own in parties for one in first & own for other in second & own)


def companies_at(extraction: Extraction, stretch: Stretch) -> set[str]:
    """Ids of the companies with a mention that overlaps the stretch of the body."""
    start, end = stretch
    return {
        company.id
        for company in extraction.companies
        for m in company.mentions
        if m.part == "article_body" and m.start_char < end and m.end_char > start
    }


def _is_name(words: str) -> bool:
    """Whether marked words name a company; a sentence alone does not tell whose "it" or "the company" is."""
    return any(not word.islower() and word.lower() not in _STAND_INS for word in words.split())


def _article(pair: Pair) -> NewsArticle:
    return NewsArticle(url=None, canonical_url=None, headline="", article_body=pair.text)
