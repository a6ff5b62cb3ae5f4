"""Features for the type, instrument and status of a deal: indicator words by zone, triggers, areas and sectors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import yaml

from extract.company import Company
from extract.rule_index import RuleIndex
from extract.sentences import HEADLINE_KIND, Sentence

_FOLDER = Path(__file__).parent


@cache
def load_patterns(part: str) -> Mapping[str, re.Pattern[str]]:
    """The compiled patterns of one part of indicators.yml (such as instruments, commitments, recalled) by name."""
    with (_FOLDER / "indicators.yml").open(encoding="utf-8") as file:
        entries = yaml.load(file, Loader=yaml.CSafeLoader)[part]
    return {
        name: re.compile(
            rf"(?<![\w-])(?:{pattern})(?!\w)" if pattern[0].isalpha() or pattern[0] == "(" else pattern, re.I
        )
        for name, pattern in entries.items()
    }


@lru_cache(maxsize=1)
def _status_needs() -> Mapping[str, Sequence[str]]:
    with (_FOLDER / "indicators.yml").open(encoding="utf-8") as file:
        needs: Mapping[str, Sequence[str]] = yaml.load(file, Loader=yaml.CSafeLoader)["status_needs"]
    return needs


@lru_cache(maxsize=1)
def _index() -> RuleIndex:
    return RuleIndex(list(load_patterns("indicators").values()))


def plausible_statuses(shares: Mapping[str, float], sentences: Sequence[Sentence]) -> dict[str, float]:
    """The shares of the statuses that some word of the sentences allows; a model alone ends or renews nothing."""
    text = " \n ".join(s.text for s in sentences)
    indicators = list(load_patterns("indicators").items())
    found = {
        name
        for name, pattern in map(indicators.__getitem__, _index().candidates(text))
        if pattern.search(text)
    }
    return {
        s: share for s, share in shares.items() if s not in _status_needs() or found & set(_status_needs()[s])
    }


def deal_sentences(sentences: Sequence[Sentence], parties: frozenset[str]) -> dict[str, list[Sentence]]:
    """The sentences of a deal by zone: headline, lead (first two of the body) and deal (a party and a trigger)."""
    zones: dict[str, list[Sentence]] = {"headline": [], "lead": [], "deal": []}
    for sentence in sentences:
        if not sentence.counts:
            continue
        if sentence.kind == HEADLINE_KIND:
            zones["headline"].append(sentence)
        elif sentence.number <= 1:
            zones["lead"].append(sentence)
        elif sentence.triggers and parties & set(sentence.companies) and not sentence.is_recall:
            zones["deal"].append(sentence)
    return zones


def word_features(sentences: Sequence[Sentence]) -> dict[str, float]:
    """Lemmas and pairs of lemmas of the headline and the first two sentences, names and numbers left out."""
    features: dict[str, float] = {}
    for sentence in sentences:
        if not sentence.counts or sentence.number > 1:
            continue
        named = {token.i for _, span in sentence.mentions for token in span}
        previous = ""
        for token in sentence.span:
            if token.i in named:
                lemma = "ORG"
            elif token.is_alpha and not token.ent_type_:
                lemma = token.lemma_.lower()
                features[f"word={lemma}"] = 1.0
            else:
                lemma = ""
            if lemma and previous:
                features[f"words={previous} {lemma}"] = 1.0
            previous = lemma
    return features


def fact_features(
    sentences: Sequence[Sentence], parties: Sequence[Company], areas: Sequence[str]
) -> dict[str, float]:
    """What tells type, instrument and status of a deal; absent means 0."""
    zones = deal_sentences(sentences, frozenset(p.id for p in parties))
    features: dict[str, float] = {"bias": 1.0}
    texts = {zone: " \n ".join(s.text for s in found) for zone, found in zones.items()}
    for name, pattern in load_patterns("indicators").items():
        for zone, text in texts.items():
            if pattern.search(text):
                features[f"{name}@{zone}"] = 1.0
                features[name] = 1.0
    for zone, found in zones.items():
        for sentence in found:
            for trigger in sentence.triggers:
                features[f"trigger={trigger.rule.id}"] = 1.0
                if zone != "deal":
                    features[f"trigger={trigger.rule.id}@{zone}"] = 1.0
    for area in areas:
        features[f"area={area}"] = 1.0
    features["areas_many"] = float(len(areas) > 3)
    features["areas_one"] = float(len(areas) == 1)
    for sector in {p.sector for p in parties if p.sector}:
        features[f"sector={sector}"] = 1.0
    features["parties_three"] = float(len(parties) > 2)
    features["hedged_lead"] = float(any(s.is_hedged for s in zones["lead"]))
    return {name: number for name, number in features.items() if number}
