"""The texts of the public sets of named entities, in stretches of a few sentences."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from extract.training.encoder.data import Text

# Longer texts of NER sets (whole documents of GUM) are cut at ends of sentences into stretches, in characters.
LONGEST, STRETCH = 800, 400
NER_SETS = {
    "uner_ewt": {"ORG", "PERSON", "LOC"},
    "gum": {"ORG", "PERSON", "LOC"},
    "fire": {"ORG"},
    "wikigold": {"ORG", "PERSON", "LOC"},
    "crossner": {"ORG", "PERSON", "LOC"},
}


def ner_texts(folder: Path, rng: random.Random) -> list[Text]:
    """Sentences and stretches of the NER sets, in random order."""
    texts = [
        _text_of_span(span, known)
        for name, known in NER_SETS.items()
        for doc in DocBin().from_disk(folder / name / "train.spacy").get_docs(Vocab())
        for span in _stretches(doc)
        if span.text.strip()
    ]
    rng.shuffle(texts)
    return texts


def _stretches(doc: Doc) -> Iterator[Span]:
    if len(doc.text) <= LONGEST:
        yield doc[:]
        return
    start, last = 0, 0
    for sentence in doc.sents:
        if last > start and sentence.end_char - doc[start].idx > STRETCH:
            yield doc[start:last]
            start = last
        last = sentence.end
    yield doc[start:last]


def _text_of_span(span: Span, known: set[str]) -> Text:
    entities = [
        ("article_body", e.start_char - span.start_char, e.end_char - span.start_char, e.label_)
        for e in span.ents
        if e.label_ in known
    ]
    return Text("", span.text, entities, known_labels=frozenset(known))
