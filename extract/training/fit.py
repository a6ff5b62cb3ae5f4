"""Fits weights.json to the annotated passages: `python -m extract.training.fit`.

Binary models (party, deal, area) and label models (type, status) are logistic regressions with an L2 penalty. The deal
model sees party scores of folds that did not train on the passage. Metrics of the held-out folds are written beside
the weights, so that a change of features or texts can be judged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from extract.areas import area_features, find_area_cues
from extract.deals import score_features
from extract.indicators import fact_features, word_features
from extract.linking import Company
from extract.parties import deal_features, party_features
from extract.pipeline import load_pipeline
from extract.sentences import Sentence, read_sentences
from extract.training.passages import Passage, read_passages

FOLDER = Path(__file__).parent / "passages"
OUT = Path(__file__).parent.parent / "weights.json"
METRICS = Path(__file__).parent / "metrics.json"
FOLDS = 5
Example = tuple[Mapping[str, float], Any]
Array = NDArray[np.float64]


@dataclass(slots=True)
class Read:
    """A passage as the pipeline reads it, with the passage's own parties."""

    passage: Passage
    sentences: Sequence[Sentence]
    companies: Sequence[Company]
    parties: frozenset[str]
    lead: str


def read(nlp: Language, passage: Passage) -> Read:
    """Run everything before the deals component over a passage."""
    text = f"{passage.headline}\n\n{passage.body}" if passage.headline else passage.body
    doc = nlp.make_doc(text)
    doc._.body_start = len(text) - len(passage.body)
    doc._.anchor = passage.published
    for name, component in nlp.pipeline:
        if name != "tieup_deals":
            doc = component(doc)
    companies = list(doc._.companies)
    sentences = read_sentences(doc, companies)
    inside = [c for c in companies if any(s.counts and c.id in s.companies for s in sentences)]
    main = {d.letter for d in passage.deals if d.is_main}
    gold = {
        name
        for name, roles in passage.roles.items()
        if any(letter in main and role != "unit_of_party" for letter, role in roles)
    }
    spans = _spans_of(passage, gold)
    parties = frozenset(
        c.id
        for c in inside
        if any(
            (s.start_char, s.end_char) in spans or _overlaps(s.start_char, s.end_char, spans) for s in c.spans
        )
    )
    return Read(passage, sentences, inside, parties, text[: doc._.body_start + 600].lower())


def _spans_of(passage: Passage, names: set[str]) -> set[tuple[int, int]]:
    offset = len(passage.headline) + 2 if passage.headline else 0
    return {
        (
            m.start + (offset if m.part == "article_body" else 0),
            m.end + (offset if m.part == "article_body" else 0),
        )
        for m in passage.names
        if m.name in names
    }


def _overlaps(start: int, end: int, spans: set[tuple[int, int]]) -> bool:
    return any(
        start < e and s < end and min(end, e) - max(start, s) > 0.5 * max(end - start, e - s)
        for s, e in spans
    )


def matrix(examples: Sequence[Mapping[str, float]], names: Sequence[str]) -> Array:
    """Feature rows as a dense matrix over the names."""
    index = {name: i for i, name in enumerate(names)}
    rows = np.zeros((len(examples), len(names)))
    for row, features in enumerate(examples):
        for name, number in features.items():
            if name in index:
                rows[row, index[name]] = number
    return rows


def fit_labels(examples: Sequence[Example], penalty: float, rare: int) -> dict[str, dict[str, float]]:
    """Multinomial logistic regression by Adam on the full batch; features seen fewer than `rare` times are left out."""
    seen: dict[str, int] = {}
    for features, _ in examples:
        for name in features:
            seen[name] = seen.get(name, 0) + 1
    names = sorted(name for name, n in seen.items() if n >= rare)
    labels = sorted({label for _, label in examples})
    rows = matrix([f for f, _ in examples], names)
    target = np.zeros((len(examples), len(labels)))
    for row, (_, label) in enumerate(examples):
        target[row, labels.index(label)] = 1.0
    weights = np.zeros((len(names), len(labels)))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, 501):
        scores = rows @ weights
        scores -= scores.max(axis=1, keepdims=True)
        guess = np.exp(scores)
        guess /= guess.sum(axis=1, keepdims=True)
        gradient = rows.T @ (guess - target) / len(examples) + penalty * weights / len(examples)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        weights -= 0.08 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return {
        label: {
            name: round(float(weights[i, j]), 4) for i, name in enumerate(names) if abs(weights[i, j]) > 1e-3
        }
        for j, label in enumerate(labels)
    }


def fit_binary(examples: Sequence[Example], penalty: float, rare: int = 5) -> dict[str, float]:
    """Binary logistic regression: the difference of two labels' weights."""
    fitted = fit_labels([(f, "1" if y else "0") for f, y in examples], penalty, rare)
    names = sorted(set(fitted["1"]) | set(fitted["0"]))
    return {name: round(fitted["1"].get(name, 0.0) - fitted["0"].get(name, 0.0), 4) for name in names}


def score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Probability of a binary model."""
    return float(1 / (1 + np.exp(-sum(v * weights.get(k, 0.0) for k, v in features.items()))))


def best(weights: Mapping[str, Mapping[str, float]], features: Mapping[str, float]) -> str:
    """Best label of a label model."""
    return max(weights, key=lambda label: sum(v * weights[label].get(k, 0.0) for k, v in features.items()))


def main() -> None:
    """Fit everything and write weights and metrics."""
    nlp = load_pipeline()
    nlp.remove_pipe("tieup_deals")
    reads = [read(nlp, passage) for passage in read_passages(FOLDER)]
    fold_of = [i % FOLDS for i in range(len(reads))]
    weights: dict[str, Any] = {"thresholds": {}}
    metrics: dict[str, Any] = {"passages": len(reads)}
    party = [
        [(party_features(c, r.sentences, r.companies), c.id in r.parties) for c in r.companies] for r in reads
    ]
    is_main = [any(d.is_main for d in r.passage.deals) for r in reads]
    held_scores = _held_out_parties(party, is_main, fold_of)
    weights["party"] = fit_binary([e for row, m in zip(party, is_main, strict=True) for e in row if m], 3.0)
    pairs = [
        (s, y)
        for row, scores, m in zip(party, held_scores, is_main, strict=True)
        if m
        for (_, y), s in zip(row, scores, strict=True)
    ]
    metrics["party"] = _prf([s >= 0.5 for s, _ in pairs], [y for _, y in pairs])
    deal = []
    for r, scores, m in zip(reads, held_scores, is_main, strict=True):
        ids = {c.id: s for c, s in zip(r.companies, scores, strict=True)}
        deal.append(
            (
                deal_features(r.sentences, r.companies, r.lead)
                | word_features(r.sentences)
                | score_features(ids),
                m,
            )
        )
    weights["deal"] = fit_binary(deal, 6.0)
    metrics["deal"], _ = _cross(deal, fold_of, 6.0)
    areas, area_folds = [], []
    missed_areas = 0  # expected areas without any cue: lost to recall, whatever the threshold
    types, statuses, fact_folds = [], [], []
    for r, number in zip(reads, fold_of, strict=True):
        mains = [d for d in r.passage.deals if d.is_main]
        if not mains:
            continue
        gold = {
            a.split(":")[0].strip() for d in mains for a in d.facts.get("areas", "").split(",") if a.strip()
        }
        cues = find_area_cues(r.sentences)
        missed_areas += len(gold - {c.area for c in cues} - {"other"})
        for area in dict.fromkeys(c.area for c in cues):
            features = area_features(area, cues, r.parties, [s for s in r.sentences if s.counts])
            if features:
                areas.append((features, area in gold))
                area_folds.append(number)
        if len(mains) == 1:
            chosen = [c for c in r.companies if c.id in r.parties]
            sentences = [s for s in r.sentences if s.counts and not (s.is_recall and not s.is_news)]
            features = fact_features(sentences, chosen, sorted(gold)) | word_features(sentences)
            types.append((features, mains[0].facts.get("type", "other_partnership")))
            statuses.append((features, mains[0].facts.get("status", "announced")))
            fact_folds.append(number)
    weights["area"] = fit_binary(areas, 4.0)
    metrics["area"], weights["thresholds"]["area"] = _cross(areas, area_folds, 4.0, missed=missed_areas)
    for name, examples in (("type", types), ("status", statuses)):
        weights[name] = fit_labels(examples, 6.0, 4)
        metrics[name] = _cross_labels(examples, fact_folds, 6.0)
    OUT.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    METRICS.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(metrics, indent=1))  # noqa: T201


def _held_out_parties(
    party: Sequence[Sequence[Example]], is_main: Sequence[bool], fold_of: Sequence[int]
) -> list[list[float]]:
    held: list[list[float]] = [[] for _ in party]
    for number in range(FOLDS):
        train = [
            e for row, m, f in zip(party, is_main, fold_of, strict=True) if f != number and m for e in row
        ]
        fitted = fit_binary(train, 3.0)
        for i, row in enumerate(party):
            if fold_of[i] == number:
                held[i] = [score(fitted, features) for features, _ in row]
    return held


def _cross(
    examples: Sequence[Example], folds: Sequence[int], penalty: float, *, missed: int = 0
) -> tuple[dict[str, float], float]:
    """Figures at 0.5 and at the threshold with the best F1 over held-out folds, and that threshold."""
    scores: list[float] = []
    truths: list[bool] = []
    for number in range(FOLDS):
        fitted = fit_binary([e for e, f in zip(examples, folds, strict=True) if f != number], penalty)
        for (features, truth), f in zip(examples, folds, strict=True):
            if f == number:
                scores.append(score(fitted, features))
                truths.append(bool(truth))
    lost = [True] * missed
    options = [
        (_prf([s >= t for s in scores] + [False] * missed, truths + lost)["f1"], t)
        for t in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
    ]
    best_threshold = max(options)[1]
    figures = _prf([s >= best_threshold for s in scores] + [False] * missed, truths + lost)
    return figures | {"threshold": best_threshold}, best_threshold


def _cross_labels(examples: Sequence[Example], folds: Sequence[int], penalty: float) -> dict[str, float]:
    right = 0
    for number in range(FOLDS):
        fitted = fit_labels([e for e, f in zip(examples, folds, strict=True) if f != number], penalty, 4)
        right += sum(
            best(fitted, features) == label
            for (features, label), f in zip(examples, folds, strict=True)
            if f == number
        )
    return {"n": len(examples), "accuracy": round(right / max(1, len(examples)), 3)}


def _prf(guesses: Sequence[bool], truths: Sequence[bool]) -> dict[str, float]:
    tp = sum(g and t for g, t in zip(guesses, truths, strict=True))
    p, r = tp / max(1, sum(guesses)), tp / max(1, sum(truths))
    return {
        "n": len(truths),
        "precision": round(p, 3),
        "recall": round(r, 3),
        "f1": round(2 * p * r / max(1e-9, p + r), 3),
    }


if __name__ == "__main__":
    main()
