"""The pipeline with another one's names: all else is ours, but companies are what that one takes for organisations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from crawler.items import NewsArticle
from eval.baselines import is_organisation, load_entities, require
from eval.matching import core, words
from extract.company import COMPANY_THRESHOLD, Company
from extract.components.companies import set_companies
from extract.gazetteer import load_gazetteer
from extract.model import Extraction
from extract.names import trim
from extract.pipeline import extract_one, load_pipeline
from extract.text import slug


def reader_with_names_of(model: str) -> Callable[[Iterable[NewsArticle]], Iterator[Extraction]]:
    """A reader whose companies are the organisations that a spaCy pipeline names.

    A name that the gazetteer has, legal forms aside, is its company; nothing else of our search for names is used.
    Raises EvaluationError if no such pipeline is installed.
    """
    require(model)

    def read(articles: Iterable[NewsArticle]) -> Iterator[Extraction]:
        nlp = load_pipeline()
        nlp.remove_pipe("tieup_companies")
        nlp.add_pipe("evaluated_names", before="tieup_deals", config={"model": model})
        for article in articles:
            yield extract_one(nlp, article)

    return read


@Language.factory("evaluated_names", default_config={"model": ""})
def make_names(nlp: Language, name: str, model: str) -> OtherNames:
    """Build the component, which asks the spaCy pipeline `model` for names."""
    return OtherNames(load_entities(model))


class OtherNames:
    """In place of tieup_companies: sets `doc._.companies` and their mentions as ORG entities."""

    def __init__(self, entities: Language) -> None:
        self._entities = entities
        gazetteer = load_gazetteer()
        self._known = {words(alias): c for c in gazetteer for alias in (*c.context_aliases, *c.aliases)}
        self._known |= {words(c.name): c for c in gazetteer}

    def __call__(self, doc: Doc) -> Doc:
        companies: dict[str, Company] = {}
        for span in self._organisations(doc):
            company = self._company(span.text)
            companies.setdefault(company.id, company).spans.append(span)
        set_companies(doc, companies.values())
        return doc

    def _organisations(self, doc: Doc) -> Iterator[Span]:
        for entity in self._entities(doc.text).ents:
            span = doc.char_span(entity.start_char, entity.end_char, alignment_mode="contract")
            if is_organisation(entity.label_) and span and (name := trim(span)) and slug(name.text):
                yield name

    def _company(self, text: str) -> Company:
        name = " ".join(text.split())
        known = self._known.get(words(name)) or self._known.get(core(name))
        if known is None:
            return Company(slug(name), name, "company", None, None, None, False, COMPANY_THRESHOLD)
        return Company(
            known.id,
            known.name,
            known.kind,
            known.country,
            known.parent,
            known.sector,
            True,
            COMPANY_THRESHOLD,
        )
