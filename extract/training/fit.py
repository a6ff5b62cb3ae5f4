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

from extract.among import first_look, second_look
from extract.areas import encoder_area_opinion
from extract.calibration import Judged, bands_of, save_calibration
from extract.commitment import opinion_features
from extract.deals import UNLIKELY_PARTY, score_features
from extract.indicators import word_features
from extract.model import ConfidenceBand
from extract.parties import deal_features, encoder_deal_features, is_organisation, party_features
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
from extract.training.weights_file import write_weights
from extract.weights import logistic, logit, share_of, softmax, total

OUT = Path(__file__).parent.parent / "weights.json"
# How much less F1 is as good where a threshold is chosen: a deal that is none, or a party that is none, costs more trust
# than one that is missed.
AS_GOOD = {"deal": 0.01, "party": 0.003}
METRICS = Path(__file__).parent / "metrics.json"
# What fewer examples have is left out: of the many words about a party more, as there are 28 roles to weigh each for.
RARE_OF = {"party_role": 30}


def main() -> None:
    """Fit everything and write weights and metrics."""
    held_encoder = sys.argv[sys.argv.index("--held-encoder") + 1] if "--held-encoder" in sys.argv else None
    weights, metrics, bands = fit_all(read_all(held_encoder), has_encoder=held_encoder is not None)
    save_calibration(bands)
    write_weights(weights, OUT)
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
    is_main = [any(d.is_main for d in r.passage.deals) for r in reads]
    tell("fitting parties and deals")
    party_scores = _fit_parties(reads, is_main, Fitted(weights, metrics, judged), has_encoder=has_encoder)
    deal = [_deal_row(i, r, party_scores[i], is_main[i]) for i, r in enumerate(reads)]
    weights["deal"] = fit_binary([(row.features, row.truth) for row in deal], 6.0)
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
    held_deals = [
        Row({"base": logit(s), **_deal_opinion(reads[row.passage])}, row.truth, row.passage)
        for row, s in held_out(deal, folds, 6.0)
    ]
    held_areas = [
        Row(
            {"base": logit(s), **encoder_area_opinion(row.label, reads[row.passage].encoding)},
            row.truth,
            row.passage,
        )
        for row, s in areas_scored
    ] + no_cue_rows(reads, areas)
    for name, own in (("deal", held_deals), ("area", held_areas)):
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
        sure = confidence_rows(reads, party_scores, held_deals, weights, folds)
        weights["deal_confidence"], metrics["deal_confidence"], judged["deal"] = fit_mix(
            sure, [r.number for r in reads]
        )
    bands = [band for name, own in sorted(judged.items()) for band in bands_of(name, own)]
    return weights, metrics, bands


def _fit_parties(
    reads: Sequence[Read], is_main: Sequence[bool], fitted: Fitted, *, has_encoder: bool
) -> Sequence[Mapping[str, float]]:
    """Fit who is a party, and give the probabilities of each text's companies by id.

    They are what the pipeline would give where the encoder had not seen the text; else the base model's, fitted without it.
    """
    folds, numbers = [r.number % FOLDS for r in reads], [r.number for r in reads]
    features = [{c.id: party_features(c, r.sentences, r.companies) for c in r.companies} for r in reads]
    examples = [
        [(own[c.id], c.id in r.parties) for c in r.companies] for own, r in zip(features, reads, strict=True)
    ]
    base = held_out_parties(examples, is_main, folds)
    of_deals = [e for row, m in zip(examples, is_main, strict=True) for e in row if m]
    fitted.weights["party"] = fit_binary(of_deals, 3.0)
    scored = [
        (logit(share), bool(truth))
        for row, shares, m in zip(examples, base, is_main, strict=True)
        for (_, truth), share in zip(row, shares, strict=True)
        if m
    ]
    fitted.metrics["party"] = at_best_threshold(scored, 0)
    fitted.weights["thresholds"]["party"] = round(share_of(fitted.metrics["party"].pop("log_odds")), 3)
    scores = [dict(zip(own, shares, strict=True)) for own, shares in zip(features, base, strict=True)]
    if not has_encoder:
        return scores
    unseen = [
        (i, r, r.encoding, [c for c in r.companies if is_organisation(c, r.encoding)])
        for i, r in enumerate(reads)
        if folds[i] == HELD_FOLD and r.encoding is not None
    ]

    def fit(name: str, looks: Sequence[Sequence[Mapping[str, float]]]) -> dict[str, float]:
        rows = [
            Row({"bias": 1.0, **look}, company.id in r.parties, i)
            for (i, r, _, companies), own in zip(unseen, looks, strict=True)
            for company, look in zip(companies, own, strict=True)
            if is_main[i]
        ]
        weights, fitted.metrics[name], fitted.judged["party"] = fit_mix(rows, numbers, AS_GOOD["party"])
        fitted.weights[name] = weights
        fitted.weights["thresholds"]["party"] = fitted.metrics[name]["threshold"]
        return weights

    looks = [
        first_look(companies, r.companies, [scores[i][c.id] for c in companies], encoding)
        for i, r, encoding, companies in unseen
    ]
    mix = fit("party_mix", looks)
    looks = [
        second_look(companies, own, [total(mix, {"bias": 1.0, **one}) for one in own], features[i], encoding)
        for (i, _, encoding, companies), own in zip(unseen, looks, strict=True)
    ]
    among = fit("party_among", looks)
    for (i, _, _, companies), own in zip(unseen, looks, strict=True):
        scores[i] = dict.fromkeys(scores[i], UNLIKELY_PARTY) | {
            company.id: logistic(among, {"bias": 1.0, **look})
            for company, look in zip(companies, own, strict=True)
        }
    return scores


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit fills: the models by name, their figures, and how sure they were and how often right."""

    weights: dict[str, Any]
    metrics: dict[str, Any]
    judged: dict[str, list[Judged]]


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


def _deal_opinion(r: Read) -> dict[str, float]:
    return encoder_deal_features(r.companies, r.encoding)


def _deal_row(number: int, r: Read, scores: Mapping[str, float], is_main: bool) -> Row:
    features = deal_features(r.sentences, r.companies, r.lead) | word_features(r.sentences)
    return Row(features | score_features(scores), is_main, number)


if __name__ == "__main__":
    main()
