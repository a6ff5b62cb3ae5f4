"""Fits anew how much the encoder counts beside the linear models: `python -m extract.training.mixes FOLDER --since NAME`.

FOLDER holds an encoder that was trained without every fifth passage. The linear models stay as they are in weights.json.
What is fitted has a few weights each and is read off retold articles of the press alone, which are what the pipeline
meets: of the folders from NAME on, whose passages the linear models have not learnt from either, those that the encoder
has not. Which parties go together, which no linear model takes part in, is read off all retold articles that it has not.

It takes five minutes, where `fit` takes forty, and belongs behind each training of the encoder.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any

from extract.among import first_look, second_look
from extract.areas import encoder_area_opinion
from extract.calibration import Judged, bands_of, load_calibration, save_calibration
from extract.company import Company
from extract.deals import UNLIKELY_PARTY, score_features
from extract.indicators import word_features
from extract.parties import deal_features, encoder_deal_features, is_organisation, party_features
from extract.training.examples import HELD_FOLD, Row, area_rows, confidence_rows, no_cue_rows, together_rows
from extract.training.fit import AS_GOOD, METRICS, OUT, for_best_f1
from extract.training.judge import FOLDS, fit_mix
from extract.training.passages import is_retold
from extract.training.reading import Read, read_all, tell
from extract.training.weights_file import write_weights
from extract.weights import label_maps, load_weights, logistic, logit, probability, total


def main() -> None:
    """Fit the mixes and write them into the weights, their figures into the metrics, and how sure they were."""
    parser = argparse.ArgumentParser()
    parser.add_argument("encoder")
    parser.add_argument(
        "--since", required=True, help="the first folder that the linear models have not learnt from"
    )
    args = parser.parse_args()
    reads = read_all(args.encoder, lambda number, passage: number % FOLDS == HELD_FOLD and is_retold(passage))
    weights = dict(load_weights())
    weights["thresholds"] = dict(weights["thresholds"])
    metrics: dict[str, Any] = json.loads(METRICS.read_text(encoding="utf-8"))
    judged = fit_mixes(reads, args.since, weights, metrics)
    kept = [band for band in load_calibration() if band.field not in judged]
    save_calibration(
        sorted(
            [*kept, *(band for name, own in judged.items() for band in bands_of(name, own))],
            key=lambda band: (band.field, band.number),
        )
    )
    write_weights({name: label_maps(model) for name, model in weights.items()}, OUT)
    METRICS.write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")


def fit_mixes(
    reads: Sequence[Read], since: str, weights: dict[str, Any], metrics: dict[str, Any]
) -> dict[str, list[Judged]]:
    """Fit the mixes of parties, deals and areas into `weights`; how sure each was, and how often right."""
    judged: dict[str, list[Judged]] = {}
    weights["together"], metrics["together"], _ = fit_mix(
        together_rows(reads, [HELD_FOLD] * len(reads)), [r.number for r in reads]
    )
    reads = [r for r in reads if r.passage.path.parent.name >= since]
    numbers = [r.number for r in reads]
    tell(f"fitting on {len(set(numbers))} passages")

    def fit(name: str, rows: Sequence[Row], of: str, *, evenly: bool = False) -> Mapping[str, float]:
        weights[name], metrics[name], judged[of] = fit_mix(rows, numbers, AS_GOOD.get(of, 0.0), evenly=evenly)
        weights["thresholds"][of] = metrics[name]["threshold"]
        mix: Mapping[str, float] = weights[name]
        return mix

    scores = _fit_parties(reads, weights, fit)
    deals = [_deal_row(i, r, scores[i]) for i, r in enumerate(reads)]
    fit(
        "deal_mix",
        [Row({"bias": 1.0, **row.features}, row.truth, row.passage) for row in deals],
        "deal",
        evenly=True,
    )
    areas, _ = area_rows(reads)
    rows = [
        Row(
            {
                "bias": 1.0,
                "base": logit(probability("area", row.features)),
                **encoder_area_opinion(row.label, reads[row.passage].encoding),
            },
            row.truth,
            row.passage,
        )
        for row in areas
    ]
    rows += [Row({"bias": 1.0, **r.features}, r.truth, r.passage) for r in no_cue_rows(reads, areas)]
    fit("area_mix", rows, "area")
    weights["thresholds"]["area"] = for_best_f1(metrics["area_mix"])
    weights["deal_confidence"], metrics["deal_confidence"], judged["deal"] = fit_mix(
        confidence_rows(reads, scores, deals, weights, [HELD_FOLD] * len(reads)), numbers
    )
    return judged


def _fit_parties(reads: Sequence[Read], weights: Mapping[str, Any], fit: Any) -> list[dict[str, float]]:
    """Fit the two looks at who is a party; the probabilities of each text's companies by id."""
    features = [{c.id: party_features(c, r.sentences, r.companies) for c in r.companies} for r in reads]
    organisations = [[c for c in r.companies if is_organisation(c, r.encoding)] for r in reads]

    def rows(looks: Sequence[Sequence[Mapping[str, float]]]) -> list[Row]:
        return [
            Row({"bias": 1.0, **look}, company.id in r.parties, i)
            for i, (r, companies, own) in enumerate(zip(reads, organisations, looks, strict=True))
            for company, look in zip(companies, own, strict=True)
            if _is_news(r)
        ]

    looks = [
        first_look(companies, r.companies, [probability("party", own[c.id]) for c in companies], r.encoding)
        for r, companies, own in zip(reads, organisations, features, strict=True)
        if r.encoding is not None
    ]
    mix = fit("party_mix", rows(looks), "party")
    looks = [
        second_look(
            companies, own, [total(mix, {"bias": 1.0, **one}) for one in own], features[i], r.encoding
        )
        for i, (r, companies, own) in enumerate(zip(reads, organisations, looks, strict=True))
        if r.encoding is not None
    ]
    among = fit("party_among", rows(looks), "party")
    return [
        dict.fromkeys(own, UNLIKELY_PARTY) | _judged(among, companies, look)
        for own, companies, look in zip(features, organisations, looks, strict=True)
    ]


def _judged(
    among: Mapping[str, float], companies: Sequence[Company], looks: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    return {c.id: logistic(among, {"bias": 1.0, **look}) for c, look in zip(companies, looks, strict=True)}


def _is_news(r: Read) -> bool:
    return any(d.is_main for d in r.passage.deals)


def _deal_row(number: int, r: Read, scores: Mapping[str, float]) -> Row:
    words = deal_features(r.sentences, r.companies, r.lead) | word_features(r.sentences)
    base = logit(probability("deal", words | score_features(scores)))
    return Row({"base": base, **encoder_deal_features(r.companies, r.encoding)}, _is_news(r), number)


if __name__ == "__main__":
    main()
