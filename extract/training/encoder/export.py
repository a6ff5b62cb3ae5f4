"""Exports a trained encoder to int8 ONNX: `python -m extract.training.encoder.export <folder> extract/trained`.

Each layer's attention becomes one node before the weights are quantised, which saves a sixth of the time of a window.
Weights have seven bits: with eight, processors without VNNI cut off sums of two products that are too large for 16 bits
(as ONNX Runtime's guide to quantisation says), so that they would give other scores than those with it.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnx import TensorProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from transformers import AutoConfig, AutoModel

from extract.training.encoder.network import PIECE_HEADS, Reader, head_names
from extract.training.encoder.train import base_model, label_sets


def main() -> None:
    """Write reader.onnx, tokenizer.json and labels.json into the target folder."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    sets = label_sets()
    weights = torch.load(source / "reader.pt")
    layers = len({name.split(".")[3] for name in weights if name.startswith("bert.encoder.layer.")})
    config = AutoConfig.from_pretrained(base_model(), num_hidden_layers=layers)
    model = Reader(
        # The fusion knows attention that is written out, step by step.
        AutoModel.from_config(config, attn_implementation="eager"),
        {name: len(labels) for name, labels in sets.items()},
    )
    model.load_state_dict(weights)
    model.eval()
    example = torch.ones((1, 16), dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    outputs = head_names(sets)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            model, (example, example * 0, example, example), str(plain), input_names=["ids", "types", "shapes", "mask"], output_names=outputs,
            dynamic_axes=dict.fromkeys(("ids", "types", "shapes", "mask", *PIECE_HEADS), axes) | {name: {0: "batch"} for name in outputs if name not in PIECE_HEADS}, opset_version=17, dynamo=False,
        )  # fmt: skip
        _fuse(plain, fused, model.bert.config)
        quantize_dynamic(
            str(fused), str(target / "reader.onnx"), weight_type=QuantType.QInt8, per_channel=True,
            reduce_range=True, extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )  # fmt: skip
    shutil.copy(source / "tokenizer.json", target / "tokenizer.json")
    labels = json.loads((source / "labels.json").read_text(encoding="utf-8"))
    (target / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")


def _fuse(plain: Path, fused: Path, config: Any) -> None:
    options = FusionOptions("bert")
    options.enable_embed_layer_norm = False  # the words' vectors come with shapes added
    # ONNX Runtime's node for a sum and its norm takes five times as long as the two apart (1.32, one core, 256 pieces).
    options.enable_skip_layer_norm = options.enable_bias_skip_layer_norm = False
    optimised = optimize_model(
        str(plain), model_type="bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size,
        optimization_options=options, opt_level=1,
    )  # fmt: skip
    optimised.save_model_to_file(str(fused))


if __name__ == "__main__":
    main()
