"""Names of organisations in public sets of named entities: ours against the spaCy model that we build on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from eval.errors import EvaluationError
from eval.figures import Counts
from eval.report import Result, figures_of
from extract.pipeline import installed_model, load_pipeline

DATASET = "entities"
LABEL = "ORG"
FILE = "dev.spacy"
Place = tuple[int, int]


def score(folder: Path) -> Result:
    """F1 of organisations, exact in both edges, on `<set>/dev.spacy` of each set. Raises EvaluationError."""
    sets = sorted(path.parent for path in folder.glob(f"*/{FILE}"))
    if not sets:
        raise EvaluationError(f"no */{FILE} below {folder}; name a folder of converted sets")
    ours = load_pipeline()
    ours.remove_pipe("tieup_deals")
    reference = spacy.load(installed_model())
    counts: list[Counts] = []
    fields = []
    for part in sets:
        docs = list(_docs(part / FILE))
        for who, read in (("tieup", _alone(ours)), ("en_core_web_sm", reference)):
            field = f"{part.name} {who}"
            fields.append(field)
            counts += [_count(field, doc, read(doc.text)) for doc in docs]
    figures = figures_of(counts, tuple(fields))
    return Result(DATASET, f"organisations in {len(sets)} public sets, exact spans", figures, [], [])


def _docs(path: Path) -> Iterator[Doc]:
    return (doc for doc in DocBin().from_disk(path).get_docs(Vocab()) if doc.text.strip())


def _alone(nlp: spacy.language.Language) -> Callable[[str], Doc]:
    """Reads a text as a body without headline."""

    def read(text: str) -> Doc:
        doc = nlp.make_doc(text)
        doc._.body_start = 0
        return nlp(doc)

    return read


def _count(field: str, gold: Doc, found: Doc) -> Counts:
    expected, given = _places(gold), _places(found)
    return {f"{field}_tp": len(expected & given), f"{field}_p": len(given), f"{field}_g": len(expected)}


def _places(doc: Doc) -> set[Place]:
    return {(e.start_char, e.end_char) for e in doc.ents if e.label_ == LABEL}
