"""Dropout whose masks are stretches of random numbers drawn once: drawing them anew takes a sixth of a step on a processor."""

from __future__ import annotations

import torch
from torch import Tensor, nn

POOL = 1 << 24  # numbers that are drawn once; a step uses about as many, each time from other places


class PooledDropout(nn.Module):
    """Sets a share of the values to zero while training, and makes up for it in the others."""

    pool: Tensor

    def __init__(self, share: float) -> None:
        super().__init__()
        kept = (torch.rand(POOL) >= share).to(torch.bfloat16)
        self.register_buffer("pool", kept / (1 - share), persistent=False)

    def forward(self, values: Tensor) -> Tensor:
        if not self.training:
            return values
        start = int(torch.randint(POOL - values.numel(), ()))
        mask = self.pool[start : start + values.numel()].view(values.shape)
        return values * mask.to(values.dtype)


def pool_dropout(module: nn.Module) -> None:
    """Put PooledDropout in the place of every Dropout below the module; those of one share use one pool."""
    pools: dict[float, PooledDropout] = {}
    for parent in list(module.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Dropout) and child.p:
                setattr(parent, name, pools.setdefault(child.p, PooledDropout(child.p)))
