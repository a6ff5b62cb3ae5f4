"""The pipeline with one of its two readers left out: rules and linear models, or the encoder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from crawler.items import NewsArticle
from extract.model import Extraction
from extract.pipeline import extract, extract_one, load_pipeline
from extract.weights import load_weights

WITHOUT_ENCODER = "rules and linear models only"
ENCODER_DECIDES = "encoder alone decides on deals and parties"
# In the models that mix both opinions, the weights by which the encoder's log-odds are the whole answer.
_ENCODER_ONLY = {"party_mix": {"encoder_party": 1.0}, "deal_mix": {"encoder_deal": 1.0}}


def read_without_encoder(articles: Iterable[NewsArticle]) -> Iterator[Extraction]:
    """What rules and linear models find; names, too, are found without the encoder."""
    nlp = load_pipeline()
    nlp.disable_pipe("tieup_encoder")
    for article in articles:
        yield extract_one(nlp, article)


def read_by_encoder(articles: Iterable[NewsArticle]) -> Iterator[Extraction]:
    """What comes out if the encoder's probability alone says whether there is a deal and who is a party.

    Names, facts and dates are read as ever.
    """
    for article in articles:
        with _encoder_decides():
            extraction = next(extract([article]))
        yield extraction


@contextmanager
def _encoder_decides() -> Iterator[None]:
    weights = load_weights()
    fitted = {name: weights[name] for name in _ENCODER_ONLY if name in weights}
    weights.update(_ENCODER_ONLY)
    try:
        yield
    finally:
        for name in _ENCODER_ONLY:
            del weights[name]
        weights.update(fitted)
