"""A deal before its facts are read, and which of its sentences says what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extract.areas import AreaCue
from extract.company import Company
from extract.encoder import EncoderReading
from extract.sentences import HEADLINE_KIND, Sentence


@dataclass(slots=True)
class DraftDeal:
    """A deal before its facts are read: who, whether it is the article's news, and the sentences that speak of it."""

    is_main: bool
    parties: list[Company]
    units: list[Company]
    sentences: list[Sentence]
    confidence: float
    scores: Mapping[str, float] = field(default_factory=dict)
    encoding: EncoderReading | None = None  # of the report that a main deal stands in
    follows: int | None = None  # index of the main deal that this recalled one is extended by


def news_sentence(draft: DraftDeal) -> Sentence:
    """The sentence that reports the agreement best: what a value taken by default is claimed on."""
    ids = {c.id for c in draft.parties}

    def rank(sentence: Sentence) -> tuple[float, int]:
        named = len(ids & set(sentence.companies))
        score = (
            2.0 * named
            + (2.0 if sentence.has("noun", "verb", "stake", "talk", "end") else 0.0)
            + (0.5 if sentence.has("use", "extend") else 0.0)
        )
        score += (0.5 if sentence.kind != HEADLINE_KIND else 0.0) - (
            1.5 if sentence.is_recall and draft.is_main else 0.0
        )
        return (-score, sentence.number)

    return min(draft.sentences, key=rank)


def cues_of(draft: DraftDeal, cues: Sequence[AreaCue]) -> list[AreaCue]:
    """The cues of areas in the sentences of a deal."""
    own = {id(s) for s in draft.sentences}
    return [cue for cue in cues if id(cue.sentence) in own]
