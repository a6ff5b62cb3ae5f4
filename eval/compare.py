"""The pipeline, its parts and simpler ways beside one another on the gold articles, scored by the same code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval import ablation, baselines
from eval.article import score_article
from eval.figures import Figure
from eval.gold import FOLDER, Reader, digest_of, read_gold
from eval.report import Result, figures_of
from extract.pipeline import extract, installed_model

FIELDS = ("deals", "parties", "non_parties_made_parties", "deal_news", "no_deal_right", "type")
DATASET = "gold-compared"
PIPELINE = "pipeline: both"


def score(folder: Path = FOLDER, ner: Sequence[str] = ()) -> Result:
    """The figures of each reader on the gold articles; `ner` names more spaCy pipelines to take names from.

    Raises EvaluationError if one of them is not installed.
    """
    for name in ner:
        baselines.require(name)
    readers = list(_readers(ner))
    articles = list(read_gold(folder))
    slices: dict[str, Sequence[Figure]] = {}
    for name, read, gives_type in readers:
        counts = []
        for gold, extraction in zip(articles, read(a.article for a in articles), strict=True):
            own, _ = score_article(gold.expected, extraction)
            counts.append(own if gives_type else Counter({k: n for k, n in own.items() if k[:5] != "type_"}))
        slices[name] = figures_of(counts, FIELDS)
    digest = digest_of(folder)
    return Result(
        DATASET,
        f"Pipeline, parts and baselines on {len(articles)} gold articles",
        (),
        [f"gold {digest[:16]}"],
        (),
        slices,
        digest=digest,
        command="tieup eval --compare --write",
    )


def _readers(ner: Sequence[str]) -> Iterator[tuple[str, Reader, bool]]:
    """Name, reader, and whether it gives a deal's type."""
    yield PIPELINE, extract, True
    yield ablation.WITHOUT_ENCODER, ablation.read_without_encoder, True
    yield ablation.ENCODER_DECIDES, ablation.read_by_encoder, True
    yield baselines.GAZETTEER, baselines.reader_of(baselines.gazetteer_guesser()), False
    yield baselines.HEADLINE, baselines.reader_of(baselines.headline_guess), False
    for name in dict.fromkeys((installed_model(), *ner)):
        yield (
            f"baseline: {name} at the first triggers",
            baselines.reader_of(baselines.ner_guesser(name)),
            True,
        )
