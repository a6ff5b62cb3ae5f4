"""The steps of an epoch: what the encoder reads at once, put together in this process or, beside a GPU, in others."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from extract.training.encoder.batches import batches, collate, endless
from extract.training.encoder.data import Text, swap_names, windows, without_headline

# How many organisations of a text are renamed, and how many texts lose their headline.
SWAPPED, BARE = 0.35, 0.15
AHEAD = 16  # steps that each process prepares before they are asked for
TOGETHER = 2000  # texts among which those of like length are put into a batch
Windows = list[dict[str, Any]]
Step = tuple[dict[str, Tensor], dict[str, Tensor]]


@dataclass(frozen=True)
class Epoch(IterableDataset[Step]):
    """One pass over the passages `own`, as pairs of batches: of passages, and of one of the sets `aside` in turn.

    `names` take the place of organisations' names where texts are `varied`. Each of several processes takes its share
    of the texts.
    """

    own: Sequence[Text]
    aside: Sequence[Windows]
    names: Sequence[str]
    tokenizer: Any
    sets: dict[str, list[str]]
    pieces: Sequence[int]
    varied: bool
    seed: str

    def __iter__(self) -> Iterator[Step]:
        worker = get_worker_info()
        number, of = (worker.id, worker.num_workers) if worker else (0, 1)
        rng = random.Random(f"{self.seed} {number}")
        others = cycle(
            [endless(items, pieces, rng) for items, pieces in zip(self.aside, self.pieces[1:], strict=True)]
        )
        for group in self.groups(self.own[number::of], rng):
            yield collate(group, self.sets), collate(next(next(others)), self.sets)

    def groups(self, texts: Sequence[Text], rng: random.Random) -> Iterator[Windows]:
        """Windows of the texts, in batches, in random order."""
        shuffled = rng.sample(texts, len(texts))
        for start in range(0, len(shuffled), TOGETHER):
            some = shuffled[start : start + TOGETHER]
            if self.varied:
                some = [_varied(t, self.names, rng) for t in some]
            yield from batches([w for t in some for w in windows(t, self.tokenizer)], self.pieces[0], rng)


def steps(epoch: Epoch, workers: int) -> DataLoader[Step]:
    """The epoch's steps, prepared by so many other processes (0: by this one)."""
    return DataLoader(epoch, batch_size=None, num_workers=workers, prefetch_factor=AHEAD if workers else None)


def count_steps(own: Sequence[Text], tokenizer: Any, pieces: int, workers: int) -> int:
    """About how many steps an epoch has: each process makes batches of its share of the texts."""
    epoch = Epoch(own, (), (), tokenizer, {}, (pieces,), varied=False, seed="")
    shares = max(1, workers)
    return sum(sum(1 for _ in epoch.groups(own[i::shares], random.Random(i))) for i in range(shares))


def _varied(text: Text, names: Sequence[str], rng: random.Random) -> Text:
    """The text with some names swapped, now and then without its headline."""
    swapped = swap_names(text, names, rng, SWAPPED)
    return without_headline(swapped) if rng.random() < BARE else swapped
