"""The network: a small BERT with case and shape features, and several heads on one pass."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from extract.training.encoder.labels import ENTITY_LABELS, ROLE_LABELS, SHAPES


class Reader(nn.Module):
    """Outputs by word piece (entity, role) and by window (deal, type, status, instrument, areas)."""

    def __init__(self, bert: Any, sizes: dict[str, int]) -> None:
        super().__init__()
        self.bert = bert
        width = bert.config.hidden_size
        self.shapes = nn.Embedding(len(SHAPES), width)
        nn.init.normal_(self.shapes.weight, std=0.01)
        self.drop = nn.Dropout(0.1)
        self.entity = nn.Linear(width, len(ENTITY_LABELS))
        self.role = nn.Linear(width, len(ROLE_LABELS))
        self.attention = nn.Linear(width, len(sizes))
        # Each area stands in words of its own, so each looks for them by itself (as CAML does for codes of diagnoses).
        self.area_attention = nn.Linear(width, sizes["areas"])
        self.whole = nn.ModuleDict({f"{name}_head": nn.Linear(width, size) for name, size in sizes.items()})

    def forward(self, ids: Tensor, types: Tensor, shapes: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        words = self.bert.embeddings.word_embeddings(ids) + self.shapes(shapes)
        hidden = self.bert(inputs_embeds=words, token_type_ids=types, attention_mask=mask).last_hidden_state
        hidden = self.drop(hidden)
        outside = mask.unsqueeze(-1) == 0
        weights = self.attention(hidden).masked_fill(outside, -1e4).softmax(dim=1)
        pooled = torch.einsum("blh,blk->bkh", hidden, weights)
        by_area = self.area_attention(hidden).masked_fill(outside, -1e4).softmax(dim=1)
        whole = [
            (by_area * head(hidden)).sum(dim=1) if name == "areas_head" else head(pooled[:, i])
            for i, (name, head) in enumerate(self.whole.items())
        ]
        return (self.entity(hidden), self.role(hidden), *whole)
