"""Fingerprints of texts: which two may be copies of each other, and whether they are.

A text is the set of its runs of three words, its shingles, as 64-bit hashes. Two texts are copies if they share more
than half of the shingles of the longer one. So a text that holds two stories in full is a copy of at most one of
them and never makes the two one group, and a report that quotes some sentences of a release is no copy of it.
Shingles hold what a simhash of the words does not: two stories of the same business use much the same words, but not
in the same order.

Comparing all texts with all is avoided by MinHash (datasketch's): a text has some keys, its bands, which it is likely
to share with a copy and most unlikely to share with any other text. The same text has the same bands on every machine,
whatever was loaded before.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.folding import fold_text
from db.identity import content_id

METHOD = 2
"""To be raised by whoever changes what a text's key or bands are, as another MinHash scheme or seed would: stored ones
are then made anew."""

MIN_WORDS = 30
"""A text with fewer words is a copy of an equal one only: too little to tell a copy from a turn of phrase."""

COPY_SHARE = 0.5
"""Two texts are copies if they share more than this part of the shingles of the longer one."""

_SHINGLE_WORDS = 3
_BANDS, _ROWS = 32, 2
# At a third of all shingles in common, the least that copies of one length have, 98 in 100 pairs share a band; of
# unrelated texts of the same business, which have a hundredth in common, fewer than 1 in 100.

_AT_ONCE = 10_000  # shingles; a text may have a million

_WORD = re.compile(r"\w+")
# What follows one of these lines is a company's standing text, the same below all its releases and often left out.
# The crawler sets it aside; texts that other programs bring still have it.
_TAIL = re.compile(
    r"about (?!the |this |that |these |those |us$)(?-i:[A-ZÀ-Þ])[^.!?]{0,60}|about us|(?:media|press|investor)"
    r"(?: relations)? contacts?:?|notes? to editors?:?|forward.looking statements?:?|[#*\s-]*ends?[#*\s-]*|[#*\s]+",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"about (?-i:[A-ZÀ-Þ])[^.!?:]{0,60}: \S", re.IGNORECASE)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`key` is shared by texts that are equal apart from case, space and punctuation; `bands` by likely copies, none
    for a text that is too short; `shingles` are sorted."""

    key: str
    bands: tuple[int, ...]
    shingles: Hashes


def fingerprint(body: str) -> Fingerprint:
    """The fingerprint of an article's body, without the standing text about the company at its end."""
    words = _words(_story(body))
    if len(words) < MIN_WORDS:
        words = _words(body)
    key = content_id(" ".join(words) or fold_text(body))
    if len(words) < MIN_WORDS:
        return Fingerprint(key, (), np.empty(0, dtype=np.uint64))
    shingles = _shingles(words)
    return Fingerprint(key, _bands(shingles), shingles)


def are_copies(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether one text is an edited copy of the other, or equal to it."""
    if one.key == other.key:
        return True
    shared = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    return shared > COPY_SHARE * max(len(one.shingles), len(other.shingles))


def _story(body: str) -> str:
    lines = body.split("\n")
    for number, line in enumerate(lines[1:], 1):
        text = line.strip()
        if text and (_TAIL.fullmatch(text) or _ABOUT.match(text)):
            return "\n".join(lines[:number])
    return body


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _shingles(words: list[str]) -> Hashes:
    hashes = np.fromiter((zlib.crc32(word.encode()) for word in words), dtype=np.uint64, count=len(words))
    runs = len(words) - _SHINGLE_WORDS + 1
    combined = np.zeros(runs, dtype=np.uint64)
    for place in range(_SHINGLE_WORDS):
        combined = _mix(combined + hashes[place : place + runs])
    return np.unique(combined)


def _bands(shingles: Hashes) -> tuple[int, ...]:
    # Imported here: it brings SciPy, which takes half a second, and only loading has texts to compare.
    from datasketch import MinHash

    minhash = MinHash(num_perm=_BANDS * _ROWS, seed=1, scheme="affine64", hashfunc=int)
    for start in range(0, len(shingles), _AT_ONCE):
        minhash.update_batch(shingles[start : start + _AT_ONCE].tolist())
    lowest = minhash.hashvalues.reshape(_BANDS, _ROWS)
    combined = np.arange(_BANDS, dtype=np.uint64)
    for row in range(_ROWS):
        combined = _mix(combined + lowest[:, row])
    # SQLite's integers are signed.
    return tuple(int(band) for band in combined.view(np.int64))


def _mix(numbers: Hashes) -> Hashes:
    """A number for each number that looks like chance (the last step of the generator SplitMix64)."""
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
