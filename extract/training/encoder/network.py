"""The network: a small BERT with case and shape features, and several heads on one pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch import Tensor, nn

from extract.commitment import COMMITMENTS
from extract.encoder import AREA_EVIDENCE, PAIR_WIDTH
from extract.training.encoder.labels import (
    DATE_LABELS,
    ENTITY_LABELS,
    PAIR_LABELS,
    PARTY_ROLE_LABELS,
    ROLE_LABELS,
    SHAPES,
    TENSE_LABELS,
)

# Heads by word piece; the heads of the window come after them, and how firmly each area is committed to comes last.
PIECE_HEADS = ("entity", "role", "date", "tense", "party_role", "pair", AREA_EVIDENCE)
COMMITMENT_HEAD = "commitment"


def head_names(sets: Iterable[str]) -> list[str]:
    """The names of Reader's outputs, in order; `sets` are the heads of the window."""
    return [*PIECE_HEADS, *sets, COMMITMENT_HEAD]


class Reader(nn.Module):
    """Outputs by word piece (PIECE_HEADS) and by window (deal, type, status, instrument, areas, commitment).

    The output `pair` of a piece holds, for each of PAIR_LABELS, two vectors, left and right: what two organisations are
    to each other is read off their mentions' means (extract.encoder.pair_logits). The outputs `area_evidence` of all
    pieces add up to the window's logits of the areas.
    """

    def __init__(self, bert: Any, sizes: dict[str, int]) -> None:
        super().__init__()
        self.bert = bert
        width = bert.config.hidden_size
        self.shapes = nn.Embedding(len(SHAPES), width)
        nn.init.normal_(self.shapes.weight, std=0.01)
        self.drop = nn.Dropout(0.1)
        self.entity = nn.Linear(width, len(ENTITY_LABELS))
        self.role = nn.Linear(width, len(ROLE_LABELS))
        self.date = nn.Linear(width, len(DATE_LABELS))
        self.tense = nn.Linear(width, len(TENSE_LABELS))
        self.party_role = nn.Linear(width, len(PARTY_ROLE_LABELS))
        self.pair_inner = nn.Linear(width, width // 2)
        self.pair = nn.Linear(width // 2, len(PAIR_LABELS) * 2 * PAIR_WIDTH)
        self.attention = nn.Linear(width, len(sizes))
        # Each area stands in words of its own, so each looks for them by itself (as CAML does for codes of diagnoses).
        self.area_attention = nn.Linear(width, sizes["areas"])
        self.commitment = nn.Linear(width, len(COMMITMENTS))
        self.whole = nn.ModuleDict({f"{name}_head": nn.Linear(width, size) for name, size in sizes.items()})

    def forward(self, ids: Tensor, types: Tensor, shapes: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        words = self.bert.embeddings.word_embeddings(ids) + self.shapes(shapes)
        hidden = self.bert(inputs_embeds=words, token_type_ids=types, attention_mask=mask).last_hidden_state
        hidden = self.drop(hidden)
        outside = mask.unsqueeze(-1) == 0
        weights = self.attention(hidden).masked_fill(outside, -1e4).softmax(dim=1)
        pooled = weights.transpose(1, 2) @ hidden
        by_area = self.area_attention(hidden).masked_fill(outside, -1e4).softmax(dim=1)
        evidence = by_area * self.whole["areas_head"](hidden)
        whole = [
            evidence.sum(dim=1) if name == "areas_head" else head(pooled[:, i])
            for i, (name, head) in enumerate(self.whole.items())
        ]
        pair = self.pair(nn.functional.gelu(self.pair_inner(hidden)))
        commitment = self.commitment(by_area.transpose(1, 2) @ hidden)
        by_piece = [head(hidden) for head in (self.entity, self.role, self.date, self.tense, self.party_role)]
        return (*by_piece, pair, evidence, *whole, commitment)
