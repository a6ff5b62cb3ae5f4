"""What a deal is about: cues of areas in its sentences, and how firmly each was committed to."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from extract.encoder import EncoderReading
from extract.indicators import load_patterns
from extract.rule_index import RuleIndex
from extract.sentences import HEADLINE_KIND, Sentence

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class AreaRule:
    """Compiled cues of one area."""

    area: str
    strong: re.Pattern[str]
    weak: re.Pattern[str] | None
    details: Mapping[str, re.Pattern[str]]
    near: str | None


@dataclass(frozen=True, slots=True)
class AreaCue:
    """A cue of an area in a text; offsets are code points of that text."""

    area: str
    is_strong: bool
    start: int
    end: int
    text: str
    sentence: Sentence


@lru_cache(maxsize=1)
def load_area_rules() -> tuple[AreaRule, ...]:
    """The rules of area_cues.yml."""
    with (_FOLDER / "area_cues.yml").open(encoding="utf-8") as file:
        areas = yaml.load(file, Loader=yaml.CSafeLoader)["areas"]
    return tuple(
        AreaRule(
            area,
            _any_of(entry["strong"]),
            _any_of(entry["weak"]) if entry.get("weak") else None,
            {detail: _any_of([pattern]) for detail, pattern in entry.get("details", {}).items()},
            entry.get("near"),
        )
        for area, entry in areas.items()
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(patterns)})(?!\w)", re.I)


def find_area_cues(sentences: Sequence[Sentence]) -> list[AreaCue]:
    """Every cue in the sentences that belong to the article itself."""
    cues: list[AreaCue] = []
    for sentence in sentences:
        if sentence.counts:
            cues.extend(_cues_of(sentence))
    return cues


def _cues_of(sentence: Sentence) -> Iterator[AreaCue]:
    text, start = sentence.text, sentence.span.start_char
    cues, index = _cue_patterns()
    for number in index.candidates(text):
        area, is_strong, pattern = cues[number]
        for match in pattern.finditer(text):
            yield AreaCue(
                area, is_strong, start + match.start(), start + match.end(), match.group(), sentence
            )


@lru_cache(maxsize=1)
def _cue_patterns() -> tuple[Sequence[tuple[str, bool, re.Pattern[str]]], RuleIndex]:
    """The strong and weak patterns of every area, and which of them can match a text."""
    cues = [
        (rule.area, is_strong, pattern)
        for rule in load_area_rules()
        for is_strong, pattern in ((True, rule.strong), (False, rule.weak))
        if pattern is not None
    ]
    return cues, RuleIndex([pattern for _, _, pattern in cues])


def details_of(area: str, text: str) -> tuple[str, ...]:
    """Second-level ids of an area that a text supports, in the order of the data file."""
    rule = next(r for r in load_area_rules() if r.area == area)
    return tuple(detail for detail, pattern in rule.details.items() if pattern.search(text))


def encoder_area_opinion(area: str, encoding: EncoderReading | None) -> dict[str, float]:
    """The encoder's log-odds that the article's deal is about an area; empty without an encoder."""
    if encoding is None:
        return {}
    logit = float(encoding.whole["areas"][encoding.labels["areas"].index(area)])
    return {"encoder_area": max(-6.0, min(6.0, logit))}


def area_features(
    area: str, cues: Sequence[AreaCue], parties: frozenset[str], sentences: Sequence[Sentence]
) -> dict[str, float]:
    """What speaks for one area of a deal of `parties`; absent means 0. Empty where no word speaks for it."""
    own = [
        cue for cue in cues if cue.area == area and not (cue.sentence.is_recall and not cue.sentence.is_news)
    ]
    if not own:
        return {}
    strong = [c for c in own if c.is_strong]
    features: dict[str, float] = {"bias": 1.0, f"area={area}": 1.0}
    features["strong"] = math.log1p(len(strong))
    features["weak"] = math.log1p(len(own) - len(strong))
    features["strong_words"] = math.log1p(len({c.text.lower() for c in strong}))
    features["no_strong"] = float(not strong)
    for name, among in (("strong", strong), ("weak", [c for c in own if not c.is_strong])):
        features[f"{name}_headline"] = float(any(c.sentence.kind == HEADLINE_KIND for c in among))
        features[f"{name}_lead"] = float(any(0 <= c.sentence.number <= 1 for c in among))
        features[f"{name}_party"] = float(any(parties & set(c.sentence.companies) for c in among))
        features[f"{name}_pair"] = float(any(len(parties & set(c.sentence.companies)) > 1 for c in among))
        features[f"{name}_trigger"] = float(any(c.sentence.triggers for c in among))
        features[f"{name}_party_trigger"] = float(
            any(c.sentence.triggers and parties & set(c.sentence.companies) for c in among)
        )
        features[f"{name}_news"] = float(any(c.sentence.is_news for c in among))
        features[f"{name}_quote_only"] = float(bool(among) and all(c.sentence.is_quote for c in among))
        features[f"{name}_modal"] = float(any(_MODAL.search(c.sentence.text) for c in among))
        features[f"{name}_both"] = float(any(_BOTH.search(c.sentence.text) for c in among))
    for cue in strong:
        features[f"cue={area}:{cue.text.lower()}"] = 1.0
    for key in ("headline", "lead", "pair", "party_trigger"):
        if features[f"strong_{key}"]:
            features[f"area={area}&strong_{key}"] = 1.0
    sentences_with = {id(c.sentence) for c in strong}
    features["sentences"] = math.log1p(len(sentences_with))
    features["sentence_share"] = len(sentences_with) / max(1, sum(s.counts for s in sentences))
    features["others_only"] = float(
        all(set(c.sentence.companies) and not parties & set(c.sentence.companies) for c in own)
    )
    ranking = _ranking(cues)
    # A long report has words for more areas than its deal is about.
    features["length"] = math.log1p(sum(s.counts for s in sentences))
    features["areas_cued"] = math.log1p(len(ranking))
    features["rank"] = 1.0 / (1 + ranking.index(area)) if area in ranking else 0.0
    return {name: number for name, number in features.items() if number}


def _ranking(cues: Sequence[AreaCue]) -> list[str]:
    weight: dict[str, float] = {}
    for cue in cues:
        zone = 3.0 if cue.sentence.kind == HEADLINE_KIND else 2.0 if cue.sentence.number <= 1 else 1.0
        weight[cue.area] = weight.get(cue.area, 0.0) + zone * (1.0 if cue.is_strong else 0.2)
    return sorted(weight, key=lambda a: (-weight[a], a))


_MODAL = re.compile(
    r"\b(?:will|would|to be|plans? to|may|might|could|can|able to|explor\w+|assess\w*|stud(?:y|ies)|consider\w*|aims? to|set to|agreed to)\b",
    re.I,
)
# Words that mean the parties without naming them.
_BOTH = re.compile(
    r"\b(?:both|the (?:two|pair|companies|partners|firms|groups|retailers?|chain|agreement|deal|partnership|pact|alliance|venture)|they|their|together|jointly|under the)\b",
    re.I,
)


def states_commitment(cue: AreaCue, parties: frozenset[str]) -> bool:
    """Whether a cue stands where the parties say what they will look into or be able to do."""
    sentence = cue.sentence
    if (
        sentence.is_recall
        or sentence.number < 1
        or not (parties & set(sentence.companies) or _BOTH.search(sentence.text))
    ):
        return False
    return any(pattern.search(sentence.text) for pattern in load_patterns("stated").values())
