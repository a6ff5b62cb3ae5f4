"""The version that every extraction carries: a change of rules, data or weights is a new one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_KINDS = (".py", ".yml", ".txt", ".json", ".onnx")
_TRAINING = (
    "training"  # makes the weights and is not asked once they are there; an installed package lacks it
)


def digest_of(folder: Path) -> str:
    """Eight hex digits over whatever decides an extraction: the sources, data files and weights below a folder.

    The same in a checkout and where the package is installed; takes some 30 ms for as many megabytes.
    """
    tops = (top for top in folder.iterdir() if top.name != _TRAINING)
    found = (path for top in tops for path in (top.rglob("*") if top.is_dir() else (top,)))
    names = {path.relative_to(folder).as_posix(): path for path in found if path.suffix in _KINDS}
    total = hashlib.sha256()
    for name, path in sorted(names.items()):
        content = path.read_bytes()
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:8]


@cache
def pipeline_version() -> str:
    """The version of this package's pipeline; taken when it is asked for, which most commands never do."""
    return f"tieup_en 0.1.0+{digest_of(Path(__file__).parent)}"
