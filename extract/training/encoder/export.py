"""Exports a trained encoder to int8 ONNX: `python -m extract.training.encoder.export <folder> extract/trained`."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoConfig, AutoModel

from extract.training.encoder.network import Reader
from extract.training.encoder.train import base_model, label_sets


def main() -> None:
    """Write reader.onnx, tokenizer.json and labels.json into the target folder."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    sets = label_sets()
    model = Reader(
        AutoModel.from_config(AutoConfig.from_pretrained(base_model())),
        {name: len(labels) for name, labels in sets.items()},
    )
    model.load_state_dict(torch.load(source / "reader.pt"))
    model.eval()
    example = torch.ones((1, 16), dtype=torch.long)
    axes = {0: "batch", 1: "length"}
    outputs = ["entity", "role", *sets]
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared = Path(folder) / "reader.onnx", target / "reader.onnx"
        torch.onnx.export(
            model, (example, example * 0, example, example), str(plain), input_names=["ids", "types", "shapes", "mask"], output_names=outputs,
            dynamic_axes=dict.fromkeys(("ids", "types", "shapes", "mask", "entity", "role"), axes) | {name: {0: "batch"} for name in sets}, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            str(plain), str(prepared), weight_type=QuantType.QInt8, per_channel=True, reduce_range=False
        )
    shutil.copy(source / "tokenizer.json", target / "tokenizer.json")
    labels = json.loads((source / "labels.json").read_text(encoding="utf-8"))
    (target / "labels.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
