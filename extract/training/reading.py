"""Passages as the pipeline reads them, up to the deals: what the models are fitted on."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from extract.company import Company
from extract.company_score import company_features
from extract.components.deals import read_dates
from extract.deal_dates import PlacedDate
from extract.encoder import Encoder, EncoderReading
from extract.pipeline import load_pipeline
from extract.sentences import Sentence, mark_older, read_sentences
from extract.training.items import items_of
from extract.training.passages import Passage, read_passages
from extract.vocabularies import load_vocabularies

FOLDER = Path(__file__).parent / "passages"
PARTY_ROLES = frozenset(role.id for role in load_vocabularies().party_roles if role.is_party)
_BATCH = 32
"""Texts that the statistical model reads at a time: twice as fast as one by one."""
TOLD_EVERY = 1000


@dataclass(slots=True)
class Read:
    """A passage as the pipeline reads it, with the passage's own parties; `number` is its place, its items' too.

    `parties` are those of its main deals, `parties_of` those of each deal by its letter (ids of `companies`).
    """

    number: int
    passage: Passage
    sentences: Sequence[Sentence]
    companies: Sequence[Company]
    parties: frozenset[str]
    lead: str
    encoding: EncoderReading | None
    dates: Sequence[PlacedDate]
    parties_of: Mapping[str, frozenset[str]]
    roles_of: Mapping[str, Mapping[str, str]]  # of each party, by the deal's letter
    candidates: Sequence[tuple[Mapping[str, float], bool]]  # names with whether they are organisations'


def of_doc(doc: Doc, number: int, passage: Passage) -> Read:
    """A passage from its Doc, read up to the deals component."""
    text, companies = doc.text, list(doc._.companies)
    sentences = read_sentences(doc, companies)
    dates = read_dates(doc, sentences)
    mark_older(sentences, [(e.sentence, e.read.latest) for e in dates], passage.published)
    inside = [c for c in companies if any(s.counts and c.id in s.companies for s in sentences)]
    parties_of = {d.letter: _parties_of(d.letter, passage, inside) for d in passage.deals}
    parties = frozenset[str]().union(*(parties_of[d.letter] for d in passage.deals if d.is_main))
    lead = text[: doc._.body_start + 600].lower()
    roles_of = {d.letter: _roles_of(d.letter, passage, inside) for d in passage.deals}
    return Read(
        number,
        passage,
        sentences,
        inside,
        parties,
        lead,
        doc._.encoding,
        dates,
        parties_of,
        roles_of,
        _candidates(doc, passage),
    )


def _candidates(doc: Doc, passage: Passage) -> list[tuple[Mapping[str, float], bool]]:
    """What the company model reads of each name that may be a company's, and whether most of its mentions are marked."""
    marked = _spans_of(passage, {mark.name for mark in passage.names})
    found: list[tuple[Mapping[str, float], bool]] = []
    for candidate, score in doc._.candidates:
        inside = [
            any(s < span.end_char and span.start_char < e for s, e in marked) for span in candidate.spans
        ]
        features = company_features(candidate, score) if inside else {}
        if features:
            found.append((features, 2 * sum(inside) >= len(inside)))
    return found


def _parties_of(letter: str, passage: Passage, companies: Sequence[Company]) -> frozenset[str]:
    """The companies found that a deal of a passage has as parties: those whose spans its marks cover."""
    names = {
        name
        for name, roles in passage.roles.items()
        if any(deal == letter and role != "unit_of_party" for deal, role in roles)
    }
    spans = _spans_of(passage, names)
    return frozenset(
        c.id for c in companies if any(_overlaps(s.start_char, s.end_char, spans) for s in c.spans)
    )


def _roles_of(letter: str, passage: Passage, companies: Sequence[Company]) -> dict[str, str]:
    """The first role that each company found has as a party of a deal."""
    found: dict[str, str] = {}
    for name, roles in passage.roles.items():
        own = [role for deal, role in roles if deal == letter and role in PARTY_ROLES]
        spans = _spans_of(passage, {name}) if own else set()
        for company in companies:
            if any(_overlaps(s.start_char, s.end_char, spans) for s in company.spans):
                found.setdefault(company.id, own[0])
    return found


def _spans_of(passage: Passage, names: set[str]) -> set[tuple[int, int]]:
    offset = passage.body_start
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
    nlp.remove_pipe("tieup_encoder")
    encoder = Encoder(Path(held_encoder)) if held_encoder else None
    parts = [
        (number, part)
        for number, passage in enumerate(read_passages(FOLDER))
        for part in (passage, *items_of(passage))
    ]
    # The encoder, which takes almost half of the time, reads ahead in a thread of its own.
    with ThreadPoolExecutor(1) as ahead:
        encodings = ahead.map(lambda part: _encode(encoder, part[1]), parts)
        unread = (_unread(nlp, part, encoding) for (_, part), encoding in zip(parts, encodings, strict=True))
        docs = nlp.pipe(unread, batch_size=_BATCH)
        reads = []
        for (number, part), doc in zip(parts, docs, strict=True):
            reads.append(of_doc(doc, number, part))
            if len(reads) % TOLD_EVERY == 0:
                tell(f"{len(reads)} of {len(parts)} texts read")
        return reads


def tell(text: str) -> None:
    """A line on standard error with the time: the fit takes many minutes."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)  # noqa: T201


def _unread(nlp: Language, passage: Passage, encoding: EncoderReading | None) -> Doc:
    doc = nlp.make_doc(passage.text)
    doc._.encoding = encoding
    doc._.body_start = passage.body_start
    doc._.anchor = passage.published
    return doc


def _encode(encoder: Encoder | None, passage: Passage) -> EncoderReading | None:
    return encoder.read(passage.text, passage.body_start, max(0, passage.body_start - 2)) if encoder else None
