"""Windows of texts put together into batches of padded tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from extract.commitment import COMMITMENTS
from extract.training.encoder.labels import IGNORED, PAIR_LABELS

PADDED = 16


def batches(items: list[dict[str, Any]], pieces: int, rng: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Batches of windows of like length, at most about `pieces` pieces each, in random order."""
    order = sorted(items, key=lambda w: len(w["ids"]) + rng.random() * 40)
    groups: list[list[dict[str, Any]]] = []
    longest = 0
    for item in order:
        longest = max(longest, len(item["ids"]))
        if groups and (len(groups[-1]) + 1) * _padded(longest) <= pieces:
            groups[-1].append(item)
        else:
            groups.append([item])
            longest = len(item["ids"])
    rng.shuffle(groups)
    yield from groups


def _padded(length: int) -> int:
    """The length that texts are padded to: few different ones, since each new shape of a product costs time to prepare."""
    return -(-length // PADDED) * PADDED


def endless(items: list[dict[str, Any]], pieces: int, rng: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Batches of the items, over and over, each time in another order."""
    while True:
        yield from batches(items, pieces, rng)


def collate(batch: Sequence[dict[str, Any]], sets: dict[str, list[str]]) -> dict[str, Tensor]:
    """Windows of one batch as padded tensors."""
    length = _padded(max(len(w["ids"]) for w in batch))

    def pad(name: str, filler: int) -> Tensor:
        return torch.tensor([w[name] + [filler] * (length - len(w[name])) for w in batch])

    tensors = {
        "ids": pad("ids", 0),
        "types": pad("types", 0),
        "shapes": pad("shapes", 0),
        "entity": pad("entity", IGNORED),
        "role": pad("role", IGNORED),
        "date": pad("date", IGNORED),
        "tense": pad("tense", IGNORED),
        "party_role": pad("party_role", IGNORED),
    }
    tensors["mask"] = torch.tensor([[1] * len(w["ids"]) + [0] * (length - len(w["ids"])) for w in batch])
    tensors["org_only"] = torch.tensor([w["known"] == frozenset({"ORG"}) for w in batch])
    for name in ("type", "status", "instrument"):
        tensors[name] = torch.tensor(
            [
                sets[name].index(w["whole"][name])
                if w["whole"] and w["whole"][name] in sets[name]
                else IGNORED
                for w in batch
            ]
        )
    sizes: list[int] = []
    pieces, pairs = [], []
    for row, window in enumerate(batch):
        first = len(sizes)
        pieces += [(first + g, row, piece) for g, own in enumerate(window["groups"]) for piece in own]
        pairs += [(first + i, first + j, *labels) for i, j, *labels in window["pairs"]]
        sizes += [len(own) for own in window["groups"]]
    tensors["pieces"] = torch.tensor(pieces, dtype=torch.long).reshape(-1, 3)
    tensors["sizes"] = torch.tensor(sizes, dtype=torch.long)
    tensors["pairs"] = torch.tensor(pairs, dtype=torch.long).reshape(-1, 2 + len(PAIR_LABELS))
    tensors["commitment"] = torch.tensor(
        [
            [
                COMMITMENTS.index(w["whole"]["areas"][a])
                if w["whole"] and (w["whole"]["areas"] or {}).get(a) in COMMITMENTS
                else IGNORED
                for a in sets["areas"]
            ]
            for w in batch
        ]
    )
    tensors["deal"] = torch.tensor([float(w["whole"]["deal"]) if w["whole"] else -1.0 for w in batch])
    tensors["areas"] = torch.tensor(
        [
            [
                float(a in w["whole"]["areas"]) if w["whole"] and w["whole"]["areas"] is not None else -1.0
                for a in sets["areas"]
            ]
            for w in batch
        ]
    )
    return tensors
