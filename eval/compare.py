"""The pipeline, its parts and simpler ways beside one another on the gold articles, scored by the same code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eval import ablation, baselines
from eval.article import score_article
from eval.facts import FACTS, OF_ALL
from eval.figures import Figure
from eval.gold import FOLDER, Reader, digest_of, read_gold
from eval.other_names import reader_with_names_of
from eval.report import Result, figures_of
from extract.pipeline import extract, installed_model

FACT_FIELDS = tuple(OF_ALL[fact] for fact in FACTS if fact != "exact_parties")
FIELDS = (
    "deal_news",
    "no_deal_right",
    "deals",
    "parties",
    "non_parties_made_parties",
    "companies",
    "mentions",
    "areas",
    *FACT_FIELDS,
)
# A baseline names the parties of a deal, and nothing else unless it says so.
BASELINE_FIELDS = FIELDS[:5]
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
    for name, read, fields in readers:
        counts = []
        for gold, extraction in zip(articles, read(a.article for a in articles), strict=True):
            own, _ = score_article(gold.expected, extraction)
            counts.append({key: n for key, n in own.items() if key.rpartition("_")[0] in fields})
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
    )


def _readers(ner: Sequence[str]) -> Iterator[tuple[str, Reader, Sequence[str]]]:
    """Name, reader, and the fields that it says something about."""
    yield PIPELINE, extract, FIELDS
    yield ablation.WITHOUT_ENCODER, ablation.read_without_encoder, FIELDS
    yield ablation.ENCODER_ALONE, ablation.read_by_encoder, FIELDS
    models = tuple(dict.fromkeys((installed_model(), *ner)))
    for name in models:
        yield f"pipeline with the names of {name}", reader_with_names_of(name), FIELDS
    known = baselines.gazetteer_names()
    with_type = (*BASELINE_FIELDS, OF_ALL["type"])
    yield baselines.TRIGGERS, baselines.reader_of(baselines.trigger_guesser(known)), with_type
    yield baselines.GAZETTEER, baselines.reader_of(baselines.lead_guesser(known)), BASELINE_FIELDS
    yield baselines.HEADLINE, baselines.reader_of(baselines.headline_guess), BASELINE_FIELDS
    for name in models:
        guesser = baselines.trigger_guesser(baselines.entity_names(name))
        yield f"baseline: {name} at the first triggers", baselines.reader_of(guesser), with_type
