"""Fits weights.json to the annotated passages: `python -m extract.training.fit [--held-encoder FOLDER]`.

With an encoder that was trained without every fifth passage (`train --hold-out 0`), the passages that it has not seen
fit how much its opinion counts beside the models here, whose scores for them are of folds that had not seen them either.

Binary models (party, deal, area) and label models (type, status) are logistic regressions with an L2 penalty. The deal
model sees party scores of folds that did not train on the passage. Metrics of the held-out folds are written beside
the weights, so that a change of features or texts can be judged.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.areas import encoder_area_opinion
from extract.calibration import Judged, bands_of, save_calibration
from extract.commitment import opinion_features
from extract.deals import score_features
from extract.indicators import word_features
from extract.model import ConfidenceBand
from extract.parties import deal_features, encoder_deal_features, encoder_features, party_features
from extract.training.examples import (
    HELD_FOLD,
    Row,
    area_rows,
    commitment_rows,
    confidence_rows,
    date_rows,
    fact_rows,
    guessed_areas,
    name_rows,
    no_cue_rows,
    party_role_rows,
    recalled_rows,
    together_rows,
)
from extract.training.judge import (
    FOLDS,
    RARE,
    accuracy,
    at_best_threshold,
    fit_exponents,
    fit_label_mix,
    fit_mix,
    held_out,
    held_out_labels,
    held_out_parties,
    judged_labels,
    label_logs,
)
from extract.training.reading import Read, read_all, tell
from extract.training.solve import fit_binary, fit_labels
from extract.weights import logit, share_of, softmax

OUT = Path(__file__).parent.parent / "weights.json"
# How much less F1 is as good where a threshold is chosen: a deal that is none, or a party that is none, costs more trust
# than one that is missed.
AS_GOOD = {"deal": 0.003, "party": 0.003}
METRICS = Path(__file__).parent / "metrics.json"
# What fewer examples have is left out: of the many words about a party more, as there are 28 roles to weigh each for.
RARE_OF = {"party_role": 30}


def main() -> None:
    """Fit everything and write weights and metrics."""
    held_encoder = sys.argv[sys.argv.index("--held-encoder") + 1] if "--held-encoder" in sys.argv else None
    weights, metrics, bands = fit_all(read_all(held_encoder), has_encoder=held_encoder is not None)
    save_calibration(bands)
    OUT.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    METRICS.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(metrics, indent=1))  # noqa: T201


def fit_all(
    reads: Sequence[Read], *, has_encoder: bool
) -> tuple[dict[str, Any], dict[str, Any], list[ConfidenceBand]]:
    """All models by name, the figures of passages held out of each, and how sure they were there and how often right."""
    judged: dict[str, list[Judged]] = {}
    folds = [r.number % FOLDS for r in reads]
    weights: dict[str, Any] = {"thresholds": {}}
    metrics: dict[str, Any] = {"passages": len({r.number for r in reads}), "texts": len(reads)}
    party = [
        [(party_features(c, r.sentences, r.companies), c.id in r.parties) for c in r.companies] for r in reads
    ]
    is_main = [any(d.is_main for d in r.passage.deals) for r in reads]
    tell("fitting parties and deals")
    held_scores = held_out_parties(party, is_main, folds)
    weights["party"] = fit_binary([e for row, m in zip(party, is_main, strict=True) for e in row if m], 3.0)
    deal = [(_deal_features(r, scores), m) for r, scores, m in zip(reads, held_scores, is_main, strict=True)]
    weights["deal"] = fit_binary(deal, 6.0)
    tell("fitting areas")
    areas, missed = area_rows(reads)
    weights["area"] = fit_binary([(row.features, row.truth) for row in areas], 4.0)
    areas_scored = held_out(areas, folds, 4.0)
    guessed = guessed_areas(areas_scored)
    facts = {name: fact_rows(reads, name, guessed) for name in ("type", "status")}
    tell("fitting types, statuses, instruments")
    labels = {name: held_out_labels(rows, folds, 6.0) for name, rows in facts.items()}
    statuses = {row.passage: label for row, (label, _) in zip(facts["status"], labels["status"], strict=True)}
    facts["instrument"] = fact_rows(reads, "instrument", guessed, statuses)
    labels["instrument"] = held_out_labels(facts["instrument"], folds, 6.0)
    for name, rows in facts.items():
        weights[name] = fit_labels([(row.features, row.truth) for row in rows], 6.0, RARE)
    held = Held(
        [
            Row({"base": logit(s), **encoder_features(c, r.companies, r.encoding)}, c.id in r.parties, i)
            for i, (r, scores) in enumerate(zip(reads, held_scores, strict=True))
            if is_main[i]
            for c, s in zip(r.companies, scores, strict=True)
        ],
        [
            Row(
                {"base": logit(s), **_deal_opinion(reads[row.passage])},
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
        metrics[name] = at_best_threshold(
            [(r.features["base"], r.truth) for r in own if "no_cue" not in r.features], lost
        )
        weights["thresholds"][name] = round(share_of(metrics[name].pop("log_odds")), 3)
        if has_encoder:
            unseen = [
                Row({**r.features, "bias": 1.0}, r.truth, r.passage)
                for r in own
                if folds[r.passage] == HELD_FOLD
            ]
            weights[f"{name}_mix"], metrics[f"{name}_mix"], judged[name] = fit_mix(
                unseen,
                [r.number for r in reads],
                AS_GOOD.get(name, 0.0),
                # Four fifths of the passages have a deal, of what a crawler brings far fewer.
                evenly=name == "deal",
            )
            weights["thresholds"][name] = metrics[f"{name}_mix"]["threshold"]
    if has_encoder:
        weights["thresholds"]["area"] = _for_best_f1(metrics["area_mix"])
        weights["company"], metrics["company"], _ = fit_mix(
            name_rows(reads, folds), [r.number for r in reads]
        )
        weights["together"], metrics["together"], _ = fit_mix(
            together_rows(reads, folds), [r.number for r in reads]
        )
    for name, rows in facts.items():
        judged[name] = judged_labels(rows, labels[name])
        metrics[name] = accuracy(judged[name])
        if has_encoder:
            opinions = [_shares_of(name, reads[row.passage]) for row in rows]
            weights[f"{name}_mix"], metrics[f"{name}_mix"], judged[name] = fit_exponents(
                rows, opinions, folds, 6.0
            )
    tell("fitting older deals")
    recalled = recalled_rows(reads)
    rows_of_pairs = [row for row, _ in recalled if "unworded" not in row.features]
    weights["recalled"] = fit_binary([(row.features, row.truth) for row in rows_of_pairs], 4.0, 8)
    of_pairs = {id(row): opinion for row, opinion in recalled}
    unseen = [
        Row({"base": logit(s), "bias": 1.0, **of_pairs[id(row)]}, row.truth, row.passage)
        for row, s in held_out(rows_of_pairs, folds, 4.0)
        if folds[row.passage] == HELD_FOLD
    ]
    metrics["recalled"] = at_best_threshold([(r.features["base"], bool(r.truth)) for r in unseen], 0)
    unseen += [
        Row({"bias": 1.0, **row.features, **opinion}, row.truth, row.passage)
        for row, opinion in recalled
        if "unworded" in row.features and folds[row.passage] == HELD_FOLD
    ]
    limit = metrics["recalled"].pop("log_odds")
    weights["thresholds"]["recalled"] = round(share_of(limit), 3)
    if has_encoder:
        weights["recalled_mix"], metrics["recalled_mix"], judged["recalled"] = fit_mix(
            unseen, [r.number for r in reads]
        )
        weights["thresholds"]["recalled"] = metrics["recalled_mix"]["threshold"]
    types = {row.passage: label for row, (label, _) in zip(facts["type"], labels["type"], strict=True)}
    beside = {"date_role": date_rows(reads), "party_role": party_role_rows(reads, guessed, types)}
    rows_of = {name: [row for row, _ in pairs] for name, pairs in beside.items()}
    rows_of["commitment"] = commitment_rows(reads)
    for name, rows in rows_of.items():
        tell(f"fitting {name}")
        rare = RARE_OF.get(name, RARE)
        weights[name] = fit_labels([(r.features, r.truth) for r in rows], 4.0, rare)
        if name == "commitment" or not has_encoder:
            judged[name] = judged_labels(rows, held_out_labels(rows, folds, 4.0, rare))
            metrics[name] = accuracy(judged[name])
    if has_encoder:
        for name, pairs in beside.items():
            weights[f"{name}_mix"], metrics[f"{name}_mix"], judged[name] = fit_exponents(
                rows_of[name], [opinion for _, opinion in pairs], folds, 4.0, RARE_OF.get(name, RARE)
            )
        weights["commitment_mix"], metrics["commitment_mix"], judged["commitment"] = fit_label_mix(
            _opinions(rows_of["commitment"], reads, folds), [r.number for r in reads]
        )
        sure = confidence_rows(reads, held_scores, held.deal, weights, folds)
        weights["deal_confidence"], metrics["deal_confidence"], judged["deal"] = fit_mix(
            sure, [r.number for r in reads]
        )
    bands = [band for name, own in sorted(judged.items()) for band in bands_of(name, own)]
    return weights, metrics, bands


def _shares_of(head: str, r: Read) -> Mapping[str, float]:
    return r.encoding.shares(head) if r.encoding else {}


def _for_best_f1(figures: Mapping[str, float]) -> float:
    """The threshold of probabilities with the best F1: half of that F1 (Lipton, Elkan and Naryanaswamy 2014)."""
    return round(figures["f1"] / 2, 3)


def _opinions(rows: Sequence[Row], reads: Sequence[Read], folds: Sequence[int]) -> list[Row]:
    """The commitments of passages that the encoder has not seen, by what it and the words around say of them."""
    seen = fit_labels([(r.features, r.truth) for r in rows if folds[r.passage] != HELD_FOLD], 4.0, RARE)
    opinions = []
    for row in rows:
        encoding = reads[row.passage].encoding
        if folds[row.passage] == HELD_FOLD and encoding is not None:
            shares = softmax(label_logs(seen, row.features))
            opinions.append(Row(opinion_features(row.label, shares, encoding), row.truth, row.passage))
    return opinions


@dataclass(frozen=True, slots=True)
class Held:
    """Examples whose `base` feature is the log-odds of a model that had not seen their passage."""

    party: list[Row]
    deal: list[Row]
    area: list[Row]


def _deal_opinion(r: Read) -> dict[str, float]:
    return encoder_deal_features(r.companies, r.encoding)


def _deal_features(r: Read, scores: Sequence[float]) -> dict[str, float]:
    ids = {c.id: s for c, s in zip(r.companies, scores, strict=True)}
    return deal_features(r.sentences, r.companies, r.lead) | word_features(r.sentences) | score_features(ids)


if __name__ == "__main__":
    main()
