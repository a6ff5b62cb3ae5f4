"""Fits weights.json to the annotated passages: `python -m extract.training.fit [--held-encoder FOLDER]`.

With an encoder that was trained without every fifth passage (`train --hold-out 0`), the passages that it has not seen
fit how much its opinion counts beside the models here, whose scores for them are of folds that had not seen them either.

Binary models (party, deal, area) and label models (type, status) are logistic regressions with an L2 penalty. The deal
model sees party scores of folds that did not train on the passage. Metrics of the held-out folds are written beside
the weights, so that a change of features or texts can be judged.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from extract.areas import area_features, encoder_area_opinion, find_area_cues, load_area_rules
from extract.assemble import NO_CUE_SHARE, best_cue, evidence_features
from extract.components.deals import read_dates
from extract.deal_dates import PlacedDate, role_features
from extract.deals import DraftDeal, news_sentence, score_features
from extract.encoder import EncoderReading
from extract.indicators import fact_features, word_features
from extract.instruments import instrument_features
from extract.linking import Company
from extract.parties import deal_features, encoder_deal_features, encoder_features, party_features
from extract.pipeline import load_pipeline
from extract.sentences import Sentence, mark_older, read_sentences
from extract.training.items import items_of
from extract.training.passages import Passage, read_passages
from extract.weights import logistic, logit, total

FOLDER = Path(__file__).parent / "passages"
OUT = Path(__file__).parent.parent / "weights.json"
METRICS = Path(__file__).parent / "metrics.json"
FOLDS = 5
HELD_FOLD = 0  # the fold that the encoder was trained without
GUESSED_AREA = 0.4
RARE_DATE_ROLES = ("approved", "first_reported", "updated")  # too few to learn
Example = tuple[Mapping[str, float], Any]
Array = NDArray[np.float32]


@dataclass(slots=True)
class Read:
    """A passage as the pipeline reads it, with the passage's own parties; `number` is its place, its items' too."""

    number: int
    passage: Passage
    sentences: Sequence[Sentence]
    companies: Sequence[Company]
    parties: frozenset[str]
    lead: str
    encoding: EncoderReading | None
    dates: Sequence[PlacedDate]


def read(nlp: Language, number: int, passage: Passage) -> Read:
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
    dates = read_dates(doc, sentences)
    mark_older(sentences, [(e.sentence, e.read.latest) for e in dates], passage.published)
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
    lead = text[: doc._.body_start + 600].lower()
    return Read(number, passage, sentences, inside, parties, lead, doc._.encoding, dates)


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
    rows = np.zeros((len(examples), len(names)), dtype=np.float32)
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
    target = np.zeros((len(examples), len(labels)), dtype=np.float32)
    for row, (_, label) in enumerate(examples):
        target[row, labels.index(label)] = 1.0
    weights = np.zeros((len(names), len(labels)), dtype=np.float32)
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


def best(weights: Mapping[str, Mapping[str, float]], features: Mapping[str, float]) -> str:
    """Best label of a label model."""
    return max(weights, key=lambda label: total(weights[label], features))


def main() -> None:
    """Fit everything and write weights and metrics."""
    held_encoder = sys.argv[sys.argv.index("--held-encoder") + 1] if "--held-encoder" in sys.argv else None
    weights, metrics = fit_all(read_all(held_encoder), has_encoder=held_encoder is not None)
    OUT.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    METRICS.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(metrics, indent=1))  # noqa: T201


def fit_all(reads: Sequence[Read], *, has_encoder: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """All models by name, and the figures of passages held out of each."""
    folds = [r.number % FOLDS for r in reads]
    weights: dict[str, Any] = {"thresholds": {}}
    metrics: dict[str, Any] = {"passages": len({r.number for r in reads}), "texts": len(reads)}
    party = [
        [(party_features(c, r.sentences, r.companies), c.id in r.parties) for c in r.companies] for r in reads
    ]
    is_main = [any(d.is_main for d in r.passage.deals) for r in reads]
    held_scores = _held_out_parties(party, is_main, folds)
    weights["party"] = fit_binary([e for row, m in zip(party, is_main, strict=True) for e in row if m], 3.0)
    deal = [(_deal_features(r, scores), m) for r, scores, m in zip(reads, held_scores, is_main, strict=True)]
    weights["deal"] = fit_binary(deal, 6.0)
    areas, missed = area_rows(reads)
    weights["area"] = fit_binary([(row.features, row.truth) for row in areas], 4.0)
    areas_scored = held_out(areas, folds, 4.0)
    guessed = guessed_areas(areas_scored)
    facts = {name: fact_rows(reads, name, guessed) for name in ("type", "status", "instrument")}
    for name, rows in facts.items():
        weights[name] = fit_labels([(row.features, row.truth) for row in rows], 6.0, 4)
    held = Held(
        [
            Row({"base": logit(s), **encoder_features(c, r.encoding)}, c.id in r.parties, i)
            for i, (r, scores) in enumerate(zip(reads, held_scores, strict=True))
            if is_main[i]
            for c, s in zip(r.companies, scores, strict=True)
        ],
        [
            Row(
                {"base": logit(s), **encoder_deal_features(reads[row.passage].encoding)},
                row.truth,
                row.passage,
            )
            for row, s in held_out([Row(f, t, i) for i, (f, t) in enumerate(deal)], folds, 6.0)
        ],
        [
            Row(
                {"base": logit(s), **encoder_area_opinion(row.label, reads[row.passage].encoding)},
                row.truth,
                row.passage,
            )
            for row, s in areas_scored
        ]
        + no_cue_rows(reads, areas),
    )
    for name, own in (("party", held.party), ("deal", held.deal), ("area", held.area)):
        lost = missed if name == "area" else 0
        metrics[name] = _at_best_threshold(
            [(r.features["base"], r.truth) for r in own if "no_cue" not in r.features], lost
        )
        weights["thresholds"][name] = (
            1 / (1 + math.exp(-metrics[name].pop("log_odds"))) if name == "area" else 0.5
        )
        if has_encoder:
            unseen = [
                Row({**r.features, "bias": 1.0}, r.truth, r.passage)
                for r in own
                if folds[r.passage] == HELD_FOLD
            ]
            weights[f"{name}_mix"], metrics[f"{name}_mix"] = fit_mix(unseen, [r.number for r in reads])
            if name == "area":
                weights["thresholds"]["area"] = metrics["area_mix"]["threshold"]
    for name, rows in facts.items():
        metrics[name] = _cross_labels(
            [(r.features, r.truth) for r in rows], [folds[r.passage] for r in rows], 6.0
        )
        if has_encoder:
            weights[f"{name}_mix"], metrics[f"{name}_mix"] = fit_exponents(name, rows, reads, folds)
    for name, rows in (("date_role", date_rows(reads)), ("commitment", commitment_rows(reads))):
        weights[name] = fit_labels([(r.features, r.truth) for r in rows], 4.0, 4)
        metrics[name] = _cross_labels(
            [(r.features, r.truth) for r in rows], [folds[r.passage] for r in rows], 4.0
        )
    return weights, metrics


@dataclass(frozen=True, slots=True)
class Row:
    """One example of a passage (index); `label` says which area it is about."""

    features: Mapping[str, float]
    truth: Any
    passage: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Examples whose `base` feature is the log-odds of a model that had not seen their passage."""

    party: list[Row]
    deal: list[Row]
    area: list[Row]


def read_all(held_encoder: str | None) -> list[Read]:
    """All passages and the items of round-ups as the pipeline reads them, with the encoder in `held_encoder` if one is given."""
    nlp = load_pipeline()
    nlp.remove_pipe("tieup_deals")
    if "tieup_encoder" in nlp.pipe_names:
        nlp.remove_pipe("tieup_encoder")
    if held_encoder:
        nlp.add_pipe("tieup_encoder", after="tieup_layout", config={"folder": held_encoder})
    return [
        read(nlp, number, part)
        for number, passage in enumerate(read_passages(FOLDER))
        for part in (passage, *items_of(passage))
    ]


def _deal_features(r: Read, scores: Sequence[float]) -> dict[str, float]:
    ids = {c.id: s for c, s in zip(r.companies, scores, strict=True)}
    return deal_features(r.sentences, r.companies, r.lead) | word_features(r.sentences) | score_features(ids)


def _gold_areas(r: Read) -> set[str]:
    mains = [d for d in r.passage.deals if d.is_main]
    return {
        a.split(":")[0].strip() for d in mains for a in d.facts.get("areas", "").split(",") if a.strip()
    } - {"other"}


def area_rows(reads: Sequence[Read]) -> tuple[list[Row], int]:
    """An example for each area with a cue in a deal passage, and how many expected areas have none."""
    rows, missed = [], 0
    for i, r in enumerate(reads):
        if not any(d.is_main for d in r.passage.deals):
            continue
        gold, cues = _gold_areas(r), find_area_cues(r.sentences)
        counted = [s for s in r.sentences if s.counts]
        for rule in load_area_rules():
            features = area_features(rule.area, cues, r.parties, counted)
            if features:
                rows.append(Row(features, rule.area in gold, i, rule.area))
            else:
                missed += rule.area in gold
    return rows, missed


def no_cue_rows(reads: Sequence[Read], areas: Sequence[Row]) -> list[Row]:
    """Areas without any cue, for the encoder to judge alone."""
    have = {(row.passage, row.label) for row in areas}
    return [
        Row(
            {"base": logit(NO_CUE_SHARE), "no_cue": 0.0, **encoder_area_opinion(rule.area, r.encoding)},
            rule.area in _gold_areas(r),
            i,
        )
        for i, r in enumerate(reads)
        if any(d.is_main for d in r.passage.deals)
        for rule in load_area_rules()
        if (i, rule.area) not in have
    ]


def guessed_areas(scored: Sequence[tuple[Row, float]]) -> dict[int, list[str]]:
    """The areas of each passage that a model gives which has not seen it: the facts are read beside such guesses."""
    guessed: dict[int, list[str]] = {}
    for row, share in scored:
        if share >= GUESSED_AREA:
            guessed.setdefault(row.passage, []).append(row.label)
    return guessed


def fact_rows(reads: Sequence[Read], name: str, areas: Mapping[int, Sequence[str]]) -> list[Row]:
    """An example for each passage with one main deal: its type, status or instrument; `areas` are guessed_areas."""
    rows = []
    for i, r in enumerate(reads):
        mains = [d for d in r.passage.deals if d.is_main]
        if len(mains) == 1:
            chosen = [c for c in r.companies if c.id in r.parties]
            sentences = [s for s in r.sentences if s.counts and not (s.is_recall and not s.is_news)]
            features = fact_features(sentences, chosen, sorted(areas.get(i, ()))) | word_features(sentences)
            if name == "instrument":
                features |= instrument_features(sentences, mains[0].facts["status"])
            rows.append(Row(features, mains[0].facts[name], i))
    return rows


def commitment_rows(reads: Sequence[Read]) -> list[Row]:
    """An example for each area of a passage with one main deal: how firmly it commits to it."""
    rows = []
    for i, r in enumerate(reads):
        mains = [d for d in r.passage.deals if d.is_main]
        if len(mains) != 1:
            continue
        chosen = [c for c in r.companies if c.id in r.parties]
        sentences = [s for s in r.sentences if s.counts and not (s.is_recall and not s.is_news)]
        cues = find_area_cues(sentences)
        if not sentences:
            continue
        draft = DraftDeal(True, chosen, [], sentences, 1.0)
        for stated in filter(None, (a.strip() for a in mains[0].facts.get("areas", "").split(","))):
            area, _, commitment = stated.partition(":")
            own = [c for c in cues if c.area == area]
            evidence = best_cue(own, r.parties) if own else None
            sentence = evidence.sentence if evidence else news_sentence(draft)
            rows.append(Row(evidence_features(evidence, sentence, sentences), commitment, i))
    return rows


def date_rows(reads: Sequence[Read]) -> list[Row]:
    """An example for each annotated date of a passage that the pipeline finds: its role."""
    rows = []
    for i, r in enumerate(reads):
        if i and reads[i - 1].number == r.number:
            continue  # an item of the passage before, whose dates are in that already
        offset = len(r.passage.headline) + 2 if r.passage.headline else 0
        is_deal_news = any(d.is_main for d in r.passage.deals)
        for mark in r.passage.dates:
            shift = offset if mark.part == "article_body" else 0
            place = next(
                (e for e in r.dates if e.start < mark.end + shift and mark.start + shift < e.end), None
            )
            if place is None or place.sentence is None or mark.role in RARE_DATE_ROLES:
                continue
            features = role_features(place, r.passage.published, is_deal_news)
            rows.append(Row(features, mark.role, i))
    return rows


def held_out(rows: Sequence[Row], folds: Sequence[int], penalty: float) -> list[tuple[Row, float]]:
    """Each example with the score of a model that was fitted without its fold."""
    scored = []
    for number in range(FOLDS):
        fitted = fit_binary([(r.features, r.truth) for r in rows if folds[r.passage] != number], penalty)
        scored += [(r, logistic(fitted, r.features)) for r in rows if folds[r.passage] == number]
    return scored


def fit_mix(rows: Sequence[Row], numbers: Sequence[int]) -> tuple[dict[str, float], dict[str, float]]:
    """How much base model and encoder count, on passages that neither saw; figures by a second cross-validation."""
    examples = [(r.features, r.truth) for r in rows]
    fitted = fit_binary(examples, 1.0)
    scored = []
    for number in range(FOLDS):
        part = fit_binary(
            [(r.features, r.truth) for r in rows if numbers[r.passage] // FOLDS % FOLDS != number], 1.0
        )
        scored += [
            (logit(logistic(part, r.features)), bool(r.truth))
            for r in rows
            if numbers[r.passage] // FOLDS % FOLDS == number
        ]
    figures = _at_best_threshold(scored, 0)
    figures["threshold"] = round(1 / (1 + math.exp(-figures.pop("log_odds"))), 3)
    return fitted, figures


def fit_exponents(
    name: str, rows: Sequence[Row], reads: Sequence[Read], folds: Sequence[int]
) -> tuple[dict[str, float], dict[str, float]]:
    """Exponents of the geometric mean of base and encoder shares that get most held-out labels right."""
    fitted = fit_labels([(r.features, r.truth) for r in rows if folds[r.passage] != HELD_FOLD], 6.0, 4)
    unseen = [r for r in rows if folds[r.passage] == HELD_FOLD]
    results = []
    for base, encoder in ((1.0, 0.0), (1.0, 0.3), (1.0, 0.6), (1.0, 1.0), (0.6, 1.0), (0.3, 1.0), (0.0, 1.0)):
        right = 0
        for r in unseen:
            totals = {label: total(w, r.features) for label, w in fitted.items()}
            top = max(totals.values())
            norm = math.log(sum(math.exp(t - top) for t in totals.values())) + top
            encoding = reads[r.passage].encoding
            shares = encoding.shares(name) if encoding else {}
            mixed = {
                label: base * (t - norm) + encoder * math.log(max(shares.get(label, 0.0), 1e-4))
                for label, t in totals.items()
            }
            right += max(mixed, key=lambda label: mixed[label]) == r.truth
        results.append((right / max(1, len(unseen)), -abs(base - encoder), base, encoder))
    accuracy, _, base, encoder = max(results)
    alone = {f"{b}/{e}": round(a, 3) for a, _, b, e in results}
    return {"base": base, "encoder": encoder}, {"n": len(unseen), "accuracy": round(accuracy, 3), **alone}


def _at_best_threshold(scored: Sequence[tuple[float, bool]], missed: int) -> dict[str, float]:
    """Precision, recall and F1 at the log-odds with the best F1, cases without any score counted as lost."""
    options = [math.log(t / (1 - t)) for t in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55)]
    lost = [True] * missed

    def figures(limit: float) -> dict[str, float]:
        return _prf([s >= limit for s, _ in scored] + [False] * missed, [bool(t) for _, t in scored] + lost)

    limit = max(options, key=lambda option: figures(option)["f1"])
    return figures(limit) | {"log_odds": limit}


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
                held[i] = [logistic(fitted, features) for features, _ in row]
    return held


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
