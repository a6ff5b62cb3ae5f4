"""How firmly a deal commits to an area: committed, planned, option or exploring, by the words around its evidence."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from extract.encoder import EncoderReading
from extract.indicators import load_patterns
from extract.sentences import HEADLINE_KIND, Sentence
from extract.weights import best_of, label_shares, load_weights

COMMITMENTS = ("committed", "planned", "option", "exploring")
# Words of the whole report that tell how far the deal has come, and with it how firm its parts can be.
_OF_THE_REPORT = ("talks", "rumour", "loi", "mou", "term_sheet", "pilot", "launched", "future", "signed")
# The words on either side of the evidence that are looked at one by one.
_NEAR = 6
_LEAST_SHARE = 1e-3

_MODAL = re.compile(r"\b(will|would|may|might|could|can|should|has|have|is|are|was|were|had)\b", re.I)


def commitment_features(
    clause: str, sentence: Sentence, at: int | None, sentences: Sequence[Sentence]
) -> dict[str, float]:
    """What tells the commitment to an area; absent means 0.

    `clause` is the part of `sentence` that shows the area, `at` where in the text it does (None if no word does), and
    `sentences` are the deal's.
    """
    features: dict[str, float] = {"bias": 1.0}
    indicators = load_patterns("indicators")
    for name, pattern in load_patterns("commitments").items():
        features[f"{name}@clause"] = float(bool(pattern.search(clause)))
        features[f"{name}@sentence"] = float(bool(pattern.search(sentence.text)))
    for modal in _MODAL.findall(clause):
        features[f"modal={modal.lower()}"] = 1.0
    for name in _OF_THE_REPORT:
        features[f"{name}@clause"] = float(bool(indicators[name].search(clause)))
    opening = " \n ".join(s.text for s in sentences if s.counts and s.number <= 1)
    for name in _OF_THE_REPORT:
        features[f"{name}@opening"] = float(bool(indicators[name].search(opening)))
    features["headline"] = float(sentence.kind == HEADLINE_KIND)
    features["first"] = float(sentence.number == 0)
    features["quote"] = float(sentence.is_quote)
    features["no_word"] = float(at is None)
    for token in _words_near(sentence, at):
        features[f"near={token}"] = 1.0
    return {name: number for name, number in features.items() if number}


def _words_near(sentence: Sentence, at: int | None) -> list[str]:
    """Lemmas of the plain words before and after the evidence, and of all verbs of the sentence if it has none."""
    span = sentence.span
    named = {token.i for _, mention in sentence.mentions for token in mention}
    if at is None:
        return [t.lemma_.lower() for t in span if t.pos_ in ("VERB", "AUX") and t.i not in named]
    place = next((t.i for t in span if t.idx + len(t) > at), span.end - 1)
    near = [t for t in span if place - _NEAR <= t.i <= place + _NEAR // 2]
    return [t.lemma_.lower() for t in near if t.is_alpha and t.i not in named]


def stated_commitment(clause: str, sentence: Sentence) -> str | None:
    """The commitment that a clause states in so many words, if it does; a headline that hedges nothing is firm."""
    for name, pattern in load_patterns("stated").items():
        if pattern.search(clause):
            return name
    hedged = any(pattern.search(clause) for pattern in load_patterns("commitments").values())
    return "committed" if sentence.kind == HEADLINE_KIND and not hedged else None


def commitment_of(
    area: str, features: Mapping[str, float], encoding: EncoderReading | None
) -> tuple[str, float]:
    """The most probable commitment to an area and its probability; what the encoder says counts with the words."""
    shares = label_shares("commitment", features)
    if encoding is None or "commitment_mix" not in load_weights():
        return best_of(shares)
    return best_of(label_shares("commitment_mix", opinion_features(area, shares, encoding)))


def opinion_features(area: str, shares: Mapping[str, float], encoding: EncoderReading) -> dict[str, float]:
    """Log shares of the commitments by the words around the evidence and by the encoder; of status and instrument."""
    said = {
        "words": shares,
        "encoder": encoding.commitment_shares(area),
        **{head: encoding.shares(head) for head in ("status", "instrument")},
    }
    logs = {
        f"{by}={label}": math.log(max(share, _LEAST_SHARE))
        for by, labels in said.items()
        for label, share in labels.items()
    }
    return {"bias": 1.0, **logs}
