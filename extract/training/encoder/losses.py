"""What each head's outputs cost, against the labels of a batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from extract.encoder import PAIR_WIDTH
from extract.training.encoder.data import EITHER
from extract.training.encoder.labels import (
    ENTITY_LABELS,
    IGNORED,
    ORG_LABELS,
    PAIR_LABELS,
    ROLE_LABELS,
    TOGETHER_LABELS,
)
from extract.training.encoder.network import COMMITMENT_HEAD, head_names

# How much the heads count, and how sure the targets of those that judge the whole text are: with all of 1, the encoder
# becomes far surer of them than it is right.
PAIR_WEIGHT = 1.5
CLASS_WEIGHTS = {
    "type": 0.7,
    "status": 0.7,
    "instrument": 0.7,
    "date": 0.7,
    "tense": 0.5,
    "party_role": 0.5,
    COMMITMENT_HEAD: 0.5,
}
YES_NO_WEIGHTS = {"deal": 1.0, "areas": 4.0}
SMOOTHING = 0.05


def entity_loss(logits: Tensor, gold: Tensor, org_only: Tensor) -> Tensor:
    """Cross entropy; where a text marks organisations only, all other labels count as one."""
    log = logits.log_softmax(-1)
    rest = [i for i in range(len(ENTITY_LABELS)) if i not in ORG_LABELS]
    merged = torch.stack([log[..., rest].logsumexp(-1), log[..., ORG_LABELS[0]], log[..., ORG_LABELS[1]]], -1)
    target = torch.where(gold == ORG_LABELS[0], 1, torch.where(gold == ORG_LABELS[1], 2, 0))
    chosen = torch.where(org_only.unsqueeze(1), _chosen(merged, target), _chosen(log, gold))
    return -_mean(chosen, gold != IGNORED)


def role_loss(logits: Tensor, gold: Tensor) -> Tensor:
    """Cross entropy of the roles; of a pair known only as partners or not, the two roles of partners count as one."""
    log = logits.log_softmax(-1)
    of_partners = [ROLE_LABELS.index(label) for label in TOGETHER_LABELS]
    rest = [i for i in range(len(ROLE_LABELS)) if i not in of_partners]
    both = torch.stack([log[..., of_partners].logsumexp(-1), log[..., rest].logsumexp(-1)], -1)
    pair = gold >= len(ROLE_LABELS)
    exact = (gold >= 0) & ~pair
    return -_mean(_chosen(log, gold * exact), exact) - _mean(
        _chosen(both, (gold - len(ROLE_LABELS)) * pair), pair
    )


def _chosen(log: Tensor, labels: Tensor) -> Tensor:
    """The logarithms at the labels; what stands where no label is known means nothing."""
    return log.gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)


def _mean(values: Tensor, known: Tensor) -> Tensor:
    """The mean of the values that are known, or 0: without a question to the GPU, for whose answer a step would wait."""
    return (values * known).sum() / known.sum().clamp(min=1)


def pair_logits(rows: Tensor, pieces: Tensor, sizes: Tensor, pairs: Tensor) -> Tensor:
    """What each pair of organisations is to each other, as logits of PAIR_LABELS (pairs, labels).

    `rows` are the outputs `pair`; `pieces` says which piece (batch row, place) belongs to which organisation, `sizes`
    how many pieces each has, `pairs` which two organisations are looked at.
    """
    group, row, piece = pieces.unbind(1)
    total = rows.new_zeros((len(sizes), rows.shape[-1])).index_add(0, group, rows[row, piece])
    mean = (total / sizes.clamp(min=1).unsqueeze(1)).reshape(len(total), len(PAIR_LABELS), 2, PAIR_WIDTH)
    one, two = mean[pairs[:, 0]], mean[pairs[:, 1]]
    both = (one[:, :, 0] * two[:, :, 1] + two[:, :, 0] * one[:, :, 1]).sum(-1)
    return both / (2 * PAIR_WIDTH**0.5)


def pair_loss(rows: Tensor, pieces: Tensor, sizes: Tensor, pairs: Tensor) -> Tensor:
    """Binary cross entropy of each label; of partners in a deal that may be news or not, that one of the labels holds."""
    if not len(pairs):
        return rows.new_zeros(())
    logits, gold = pair_logits(rows, pieces, sizes, pairs), pairs[:, 2:]
    known = (gold == 0) | (gold == 1)
    loss = (
        functional.binary_cross_entropy_with_logits(
            logits, gold.clamp(0, 1).to(logits.dtype), reduction="none"
        )
        * known
    ).sum()
    # log of the probability that neither holds
    neither = functional.logsigmoid(-logits).sum(-1).clamp(max=-1e-6)
    either = gold[:, 0] == EITHER
    loss = loss - (torch.log(-torch.expm1(neither)) * either).sum()
    return loss / (known.sum() + either.sum()).clamp(min=1)


def losses(outputs: Sequence[Tensor], batch: dict[str, Tensor], names: Sequence[str]) -> Tensor:
    """The sum of all heads' losses; `names` are the heads of the window."""
    guess = dict(zip(head_names(names), outputs, strict=True))
    total = 2.0 * entity_loss(guess["entity"], batch["entity"], batch["org_only"])
    total = total + role_loss(guess["role"], batch["role"])
    total = total + PAIR_WEIGHT * pair_loss(guess["pair"], batch["pieces"], batch["sizes"], batch["pairs"])
    for name, weight in CLASS_WEIGHTS.items():
        logits, gold = guess[name].flatten(0, -2), batch[name].flatten()
        each = functional.cross_entropy(
            logits, gold, ignore_index=IGNORED, label_smoothing=SMOOTHING, reduction="none"
        )
        total = total + weight * _mean(each, gold != IGNORED)
    for name, weight in YES_NO_WEIGHTS.items():
        gold = batch[name]
        smooth = gold * (1 - SMOOTHING) + SMOOTHING / 2 if name == "deal" else gold
        each = functional.binary_cross_entropy_with_logits(
            guess[name].reshape(gold.shape), smooth, reduction="none"
        )
        total = total + weight * _mean(each, gold >= 0)
    return total
