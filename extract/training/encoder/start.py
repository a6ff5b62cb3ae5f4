"""Where the heads begin: at what the encoder already knows of their labels' meanings.

all-MiniLM-L6-v2 was trained to put texts of like meaning close together. So each label's weights begin as the embedding
of its own definition, and its bias as the log-odds of its share of the passages: a label that few passages have is
then learned in the first epoch, and not only in the third.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from extract.training.encoder.data import Text
from extract.training.encoder.network import Reader
from extract.vocabularies import load_vocabularies

# Length of a label's weights at the start. Areas are read piece by piece, the others of a mean of the whole text, where
# large weights would draw the encoder away from names and parties.
LENGTHS = {"areas": 1.0, "type": 0.5, "status": 0.5, "instrument": 0.5}


def definitions() -> dict[str, dict[str, str]]:
    """What each label means, by head."""
    v = load_vocabularies()
    entries = {"type": v.deal_types, "status": v.statuses, "instrument": v.instruments}
    told = {
        head: {entry.id: f"{entry.name}: {entry.definition}" for entry in of} for head, of in entries.items()
    }
    told["areas"] = {a.id: f"{a.name}: {a.definition}, {', '.join(a.cues)}" for a in v.areas}
    return told


@torch.no_grad()
def start_heads(
    model: Reader, tokenizer: Any, sets: Mapping[str, Sequence[str]], texts: Iterable[Text]
) -> None:
    """Set the weights and biases of the heads that judge the whole article, before training."""
    facts = [text.whole for text in texts if text.whole and text.whole["deal"]]
    model.eval()
    for head, told in definitions().items():
        labels = sets[head]
        meanings = torch.stack([_meaning(model, tokenizer, told[label]) for label in labels])
        meanings -= meanings.mean(0)  # what all definitions have in common tells none from another
        meanings *= LENGTHS[head] / meanings.norm(dim=1, keepdim=True)
        layer = model.whole[f"{head}_head"]
        layer.weight.copy_(meanings)
        if head == "areas":
            model.area_attention.weight.copy_(meanings)
        layer.bias.copy_(torch.tensor(_log_odds(head, labels, facts)))


def _meaning(model: Reader, tokenizer: Any, text: str) -> Tensor:
    """The mean of the word pieces' vectors, as the encoder embeds a sentence."""
    vectors: Tensor = model.bert(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(0)
    return vectors


def _log_odds(head: str, labels: Sequence[str], facts: Sequence[Mapping[str, Any]]) -> list[float]:
    counts: Counter[str] = Counter()
    for whole in facts:
        counts.update(list(whole[head]) if head == "areas" else [whole[head]])
    shares = [(counts[label] + 1) / (len(facts) + 2) for label in labels]
    return [math.log(share / (1 - share)) for share in shares]
