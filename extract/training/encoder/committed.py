"""Takes a trained encoder back into the network that trains: where exported, its int8 weights as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from extract.training.encoder.network import PIECE_HEADS, Reader

# In the order in which Reader.forward multiplies: the export numbers weights that have no name of their own so.
_HEADS = ("attention", "area_attention", "whole.areas_head", "pair_inner", "pair", "commitment")
Numbers = NDArray[np.float32]


@torch.no_grad()
def take_back(model: Reader, folder: Path) -> None:
    """Set the model's weights to those of `reader.pt` in the folder, as `train` writes it, or `reader.onnx`, as `export` does.

    Heads that the file does not have stay as they are: they are new. Raises ValueError if a weight of the file has no
    place in the model or another shape there, or if any other weight is missing.
    """
    if (folder / "reader.pt").exists():
        model.load_state_dict(torch.load(folder / "reader.pt", weights_only=True))
        return
    weights = dict(_by_name(folder / "reader.onnx", model.bert.config.num_hidden_layers))
    state = model.state_dict()
    for name, numbers in weights.items():
        if name not in state or tuple(state[name].shape) != numbers.shape:
            raise ValueError(f"{folder / 'reader.onnx'}: {name} {numbers.shape} is not of this network")
        state[name].copy_(torch.from_numpy(numbers))
    new = tuple(f"{head}." for head in PIECE_HEADS if f"{head}.bias" not in weights)
    missing = {n for n in state if n not in weights and ".pooler." not in n and not n.startswith(new)}
    if missing:
        raise ValueError(f"{folder / 'reader.onnx'}: has no {', '.join(sorted(missing))}")


def _by_name(path: Path, layers: int) -> Iterator[tuple[str, Numbers]]:
    stored = {i.name: numpy_helper.to_array(i) for i in onnx.load(str(path)).graph.initializer}
    plain = dict(_as_numbers(stored))
    numbered = sorted(
        (int(name.rsplit("_", 1)[1]), name) for name in plain if name.startswith("onnx::MatMul_")
    )
    heads = [*_HEADS, *(head for head in PIECE_HEADS if head != "pair" and f"{head}.bias" in plain)]
    places = [
        f"bert.encoder.layer.{layer}.{part}.dense"
        for layer in range(layers)
        for part in ("attention.output", "intermediate", "output")
    ]
    for place, (_, name) in zip([*places, *heads], numbered, strict=True):
        yield f"{place}.weight", plain.pop(name).T.copy()
    for name, numbers in plain.items():
        if fused := re.fullmatch(r"Attention_(\d+)_qkv_(weight|bias)", name):
            for part, own in zip(("query", "key", "value"), np.split(numbers, 3, axis=-1), strict=True):
                yield f"bert.encoder.layer.{fused[1]}.attention.self.{part}.{fused[2]}", own.T.copy()
        elif name.endswith("_Transposed"):
            yield name.removesuffix("_Transposed"), numbers.T.copy()
        elif name.endswith((".weight", ".bias")):
            yield name, numbers.copy()


def _as_numbers(stored: dict[str, NDArray[np.generic]]) -> Iterator[tuple[str, Numbers]]:
    """Weights by their name before they were quantised; constants that are no weights stay as they are."""
    for name, values in stored.items():
        if name.endswith("_quantized"):
            base = name.removesuffix("_quantized")
            zero = stored[f"{base}_zero_point"].astype(np.float32)
            yield base, (values.astype(np.float32) - zero) * stored[f"{base}_scale"].astype(np.float32)
        elif not name.endswith(("_scale", "_zero_point")) and values.dtype == np.float32:
            yield name, values.astype(np.float32)
