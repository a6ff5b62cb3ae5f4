"""The pipeline with one of its two readers left out: rules and linear models, or the encoder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from crawler.items import NewsArticle
from extract.components import deals as deals_component
from extract.deal_facts import read_facts
from extract.draft_deal import DraftDeal
from extract.encoder import EncoderReading
from extract.model import Claim, DealArea, Extraction
from extract.pipeline import extract, extract_one, load_pipeline
from extract.quotes import Quoter
from extract.weights import best_of, load_weights

WITHOUT_ENCODER = "rules and linear models, without the encoder"
ENCODER_ALONE = "encoder alone, where it has a head"
# In the models that mix both opinions, the weights by which the encoder's opinion is the whole answer.
_ENCODER_ONLY = {
    "party_mix": {"encoder_party": 1.0},
    "party_among": {"encoder_party": 1.0},
    "deal_mix": {"encoder_deal": 1.0},
    "area_mix": {"encoder_area": 1.0},
}
_JUDGED_BY_BOTH = ("deal", "party")
_HEADS = ("type", "instrument", "status")


def read_without_encoder(articles: Iterable[NewsArticle]) -> Iterator[Extraction]:
    """What rules and linear models find; names, too, are found without the encoder."""
    nlp = load_pipeline()
    nlp.disable_pipe("tieup_encoder")
    # Thresholds were chosen for both readers together; of one alone, what is likelier than not counts.
    alone = {
        name: limit for name, limit in load_weights()["thresholds"].items() if name not in _JUDGED_BY_BOTH
    }
    for article in articles:
        with patch.dict(load_weights(), {"thresholds": alone}):
            extraction = extract_one(nlp, article)
        yield extraction


def read_by_encoder(articles: Iterable[NewsArticle]) -> Iterator[Extraction]:
    """What comes out if the encoder alone decides what it has a head for.

    That is: whether there is a deal, who is a party, and the deal's areas, type, instrument and status. It has no head
    for older deals, commitment and the roles of dates, which are read as ever, as are the places of names.
    """
    for article in articles:
        with _encoder_decides():
            extraction = next(extract([article]))
        yield extraction


@contextmanager
def _encoder_decides() -> Iterator[None]:
    # The pipeline has no setting for it, and needs none besides here: what is replaced for a while comes back whole.
    with (
        patch.dict(load_weights(), _ENCODER_ONLY),
        patch.object(deals_component, "read_facts", _facts_by_encoder),
    ):
        yield


def _facts_by_encoder(
    draft: DraftDeal, areas: Sequence[DealArea], quoter: Quoter, encoding: EncoderReading | None
) -> tuple[str, str, str, list[Claim]]:
    """In place of extract.deal_facts.read_facts: the heads' likeliest labels of a main deal, whatever rules say."""
    *facts, claims = read_facts(draft, areas, quoter, encoding)
    if not draft.is_main or encoding is None:
        return facts[0], facts[1], facts[2], claims
    said = {head: best_of(encoding.shares(head)) for head in _HEADS}
    judged = [
        replace(c, stated=said[c.field][0], confidence=round(said[c.field][1], 3), rule=f"model:{c.field}")
        if c.field in said
        else c
        for c in claims
    ]
    return said["type"][0], said["instrument"][0], said["status"][0], judged
