"""Writes extract/common_words.txt: `python -m extract.training.common_words`, the words that passages write in lower case."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from extract.training.passages import read_passages

PASSAGES = Path(__file__).parent / "passages"
TARGET = Path(__file__).parent.parent / "common_words.txt"
# A word of two passages is no slip, and no brand that is written in lower case once.
LEAST_PASSAGES = 2
_LOWER = re.compile(r"(?<![\w'’&.-])[a-z]{2,}(?![\w&-])")


def main() -> None:
    """Count the words of all passages, outside the names marked in them."""
    counts: Counter[str] = Counter()
    for passage in read_passages(PASSAGES):
        text = list(passage.body)
        for mark in passage.names:
            if mark.part == "article_body":
                text[mark.start : mark.end] = "_" * (mark.end - mark.start)
        counts.update(set(_LOWER.findall("".join(text))))
    found = sorted(word for word, number in counts.items() if number >= LEAST_PASSAGES)
    header = "# Words that news writes in lower case, one a line; made by extract/training/common_words.py.\n"
    TARGET.write_text(header + "".join(f"{word}\n" for word in found), encoding="utf-8")


if __name__ == "__main__":
    main()
