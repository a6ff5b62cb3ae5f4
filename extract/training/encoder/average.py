"""Averages trained encoders: `python -m extract.training.encoder.average <folder> <folder> ... <target>`.

Encoders that began at the same weights and saw the same texts in another order end close to each other, and the mean of
their weights is better on unseen texts than either (model soups: Wortsman et al., ICML 2022), at the cost of one.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import torch


def main() -> None:
    """Write the mean of all but the last folder's weights, and the first one's labels and tokenizer, to the last folder."""
    *sources, target = (Path(name) for name in sys.argv[1:])
    states = [torch.load(source / "reader.pt", weights_only=True) for source in sources]
    mean = {
        name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value
        for name, value in states[0].items()
    }
    shutil.copytree(sources[0], target, dirs_exist_ok=True)
    torch.save(mean, target / "reader.pt")


if __name__ == "__main__":
    main()
