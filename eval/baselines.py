"""Simple ways to find a deal's parties, which the pipeline must beat to be worth its size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from crawler.items import NewsArticle
from eval.errors import EvaluationError
from eval.matching import distinct
from extract.gazetteer import load_gazetteer
from extract.model import Deal, Extraction, Party
from extract.text import slug
from extract.triggers import find_triggers

GAZETTEER = "baseline: gazetteer companies of the beginning"
TRIGGERS = "baseline: gazetteer companies at the first triggers"
HEADLINE = "baseline: first two names of the headline"
LEAD_SENTENCES = 2
TRIGGER_SENTENCES = 2
# What pipelines call an organisation.
ORGANISATION = frozenset({"ORG", "ORGANIZATION", "ORGANISATION", "COMPANY"})
# What needs no names; a pipeline without one of them does not mind.
_NOT_NEEDED = ("parser", "tagger", "morphologizer", "attribute_ruler", "lemmatizer")
# A capital begins the word or comes soon in it (eBay, 7-Eleven).
_WORD = r"(?<!\w)[a-z0-9-]{0,5}[A-Z][\w&.'’-]*"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:of|de|&|\+)\s+)?{_WORD})*")
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Guess:
    """The names that are taken for the parties of an article's one deal, and the deal's type where one is given."""

    names: Sequence[str]
    type: str = ""


Guesser = Callable[[NewsArticle], Guess]
Namer = Callable[[str], Sequence[str]]  # the organisations that a text names


def gazetteer_names() -> Namer:
    """Names every company of the gazetteer that stands in a text."""
    nlp = _splitter()
    matcher = PhraseMatcher(nlp.vocab)
    names = {}
    for company in load_gazetteer():
        names[company.id] = company.name
        aliases = (company.name, *company.aliases, *company.context_aliases)
        matcher.add(company.id, [nlp.make_doc(alias) for alias in aliases])

    def name(text: str) -> list[str]:
        found = filter_spans(matcher(nlp.make_doc(text), as_spans=True))
        return [names[i] for i in dict.fromkeys(span.label_ for span in found)]

    return name


def entity_names(name: str) -> Namer:
    """Names what a spaCy pipeline takes for organisations. Raises EvaluationError if no such one is installed."""
    nlp = load_entities(name)
    return lambda text: [entity.text for entity in nlp(text).ents if is_organisation(entity.label_)]


def load_entities(name: str) -> Language:
    """A spaCy pipeline with no more than its entities need. Raises EvaluationError if it is not installed."""
    require(name)
    return spacy.load(name, exclude=_NOT_NEEDED)


def is_organisation(label: str) -> bool:
    """Whether a pipeline's label of an entity says that it is an organisation."""
    return label.upper() in ORGANISATION


def require(name: str) -> None:
    """Raises EvaluationError if no such spaCy pipeline is installed."""
    if not spacy.util.is_package(name):
        raise EvaluationError(f"no spaCy pipeline {name} is installed; pip list shows those that are")


def lead_guesser(namer: Namer) -> Guesser:
    """Every organisation of headline and first two sentences of the body is a party."""
    nlp = _splitter()

    def guess(article: NewsArticle) -> Guess:
        sentences = islice(_sentences(nlp, article.article_body), LEAD_SENTENCES)
        return Guess(namer("\n".join((article.headline, *sentences))))

    return guess


def headline_guess(article: NewsArticle) -> Guess:
    """The first two runs of capitalised words in the headline are the parties."""
    runs = (_POSSESSIVE.sub("", m.group()) for m in _NAME.finditer(article.headline))
    return Guess(list(islice(runs, 2)))


def trigger_guesser(namer: Namer) -> Guesser:
    """Organisations of the first two sentences that hold a trigger are the parties, its type is the deal's."""
    nlp = _splitter()

    def guess(article: NewsArticle) -> Guess:
        sentences = [article.headline, *_sentences(nlp, article.article_body)]
        chosen = list(islice((s for s in sentences if any(find_triggers(s))), TRIGGER_SENTENCES))
        names = distinct(name for s in chosen for name in namer(s))
        types = (
            t.rule.suggests["type"] for s in chosen for t in find_triggers(s) if "type" in t.rule.suggests
        )
        return Guess(names, next(types, ""))

    return guess


def reader_of(guesser: Guesser) -> Callable[[Iterable[NewsArticle]], Iterator[Extraction]]:
    """A baseline in the pipeline's place: two names or more make one main deal."""

    def read(articles: Iterable[NewsArticle]) -> Iterator[Extraction]:
        for article in articles:
            yield _extraction(article, guesser(article))

    return read


def _extraction(article: NewsArticle, guess: Guess) -> Extraction:
    parties = tuple(Party(company=slug(n), name=n, roles=("partner",), confidence=1.0) for n in guess.names)
    deal = Deal(
        main=True,
        type=guess.type,
        instrument="",
        status="",
        announced=None,
        confidence=1.0,
        parties=parties,
    )
    return Extraction(
        url=article.url,
        relevance=1.0,
        pipeline="baseline",
        deals=(deal,) if len(parties) > 1 else (),
    )


def _splitter() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def _sentences(nlp: Language, text: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        if paragraph.strip():
            yield from (span.text for span in nlp(paragraph).sents)
