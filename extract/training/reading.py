"""Passages as the pipeline reads them, up to the deals: what the models are fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from extract.components.deals import read_dates
from extract.deal_dates import PlacedDate
from extract.encoder import EncoderReading
from extract.linking import Company
from extract.pipeline import load_pipeline
from extract.sentences import Sentence, mark_older, read_sentences
from extract.training.items import items_of
from extract.training.passages import Passage, read_passages

FOLDER = Path(__file__).parent / "passages"


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
