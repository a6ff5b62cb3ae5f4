"""Component: the companies of a text, known and unknown, as `doc._.companies` and as ORG entities."""

from __future__ import annotations

from collections.abc import Collection

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from extract.company import Company
from extract.extensions import register
from extract.gazetteer import load_gazetteer
from extract.linking import Linker
from extract.text import fold
from extract.vocabularies import load_places

register()


@Language.factory("tieup_companies")
def make_companies(nlp: Language, name: str) -> CompaniesComponent:
    """Build the component from the gazetteer and the places of the vocabularies."""
    return CompaniesComponent(nlp)


class CompaniesComponent:
    """Sets `doc._.companies` and makes every mention an ORG entity in place of what else was seen there."""

    def __init__(self, nlp: Language) -> None:
        places = {fold(name): code for name, code in load_places().items()}
        self._linker = Linker(nlp, load_gazetteer(), places)

    def __call__(self, doc: Doc) -> Doc:
        set_companies(doc, self._linker.link(doc))
        return doc


def set_companies(doc: Doc, companies: Collection[Company]) -> None:
    """Set `doc._.companies`, and every mention as an ORG entity in place of what else was seen there."""
    doc._.companies = tuple(companies)
    mentions = [Span(doc, s.start, s.end, label="ORG", kb_id=c.id) for c in companies for s in c.spans]
    covered = {i for m in mentions for i in range(m.start, m.end)}
    others = [e for e in doc.ents if not any(i in covered for i in range(e.start, e.end))]
    doc.set_ents(filter_spans([*mentions, *others]))
