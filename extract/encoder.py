"""Runs the trained encoder (extract/trained): what each stretch of a text is, by a small int8 BERT on the CPU.

The encoder reads windows of the headline and a stretch of the body. By word piece it says whether an organisation, a
person or a place is named, what part an organisation plays, what a date is the date of, and which organisations belong
together; by article, whether it reports a deal, of what kind, about what and how firmly.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "trained"
MAX_LENGTH = 256
STRIDE = 48
# No text has more pieces than characters, so that some of a body fits beside so much of its headline in any window.
LONGEST_HEADLINE = 200
MAX_WINDOWS = 20
FIRST_WINDOW = 0.6
AREA_EVIDENCE = "area_evidence"  # what each word piece adds to the logits of the areas
PAIR_WIDTH = 48  # numbers of each vector of the head `pair`
ENTITY_KINDS = ("ORG", "PERSON", "LOC")
_LONGEST_STRETCH = 200  # characters
_WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*|[^\w\s]|_")
_BY_CHARACTER = ("entity", "role", "date", "tense", "party_role")
Floats = NDArray[np.floating[Any]]
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Word pieces: where each begins and ends in the text, and its row of numbers (pieces, numbers)."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    rows: Floats

    def within(self, spans: Sequence[tuple[int, int]]) -> Floats:
        """The rows of the pieces that overlap some of the stretches."""
        inside = np.zeros(len(self.starts), dtype=bool)
        for start, end in spans:
            inside |= (self.starts < end) & (self.ends > start)
        rows: Floats = self.rows[inside]
        return rows


@dataclass(frozen=True, slots=True)
class EncoderReading:
    """What the encoder says of a text.

    `entity` (characters, ENTITY_KINDS) and `begins` (characters: an organisation's name begins here) are probabilities;
    `role`, `date`, `tense` and `party_role` (characters, labels) are logits; all are 0 where no word stands.
    `pieces` are the word pieces of all windows with what tells which organisations belong together, `evidence` the same
    with what each adds to the logits of the areas. `whole` maps a head that judges the article to its logits, averaged
    over windows; those of `commitment` are (areas, commitments).
    """

    entity: Floats
    begins: Floats
    role: Floats
    date: Floats
    tense: Floats
    party_role: Floats
    pieces: Pieces
    evidence: Pieces
    whole: Mapping[str, Floats]
    labels: Mapping[str, list[str]]
    # All are asked for again and again with the same spans: once for every pair that a company is part of.
    _roles: dict[Spans, Mapping[str, float]] = field(default_factory=dict, repr=False, compare=False)
    _vectors: dict[Spans, Floats | None] = field(default_factory=dict, repr=False, compare=False)
    _pairs: dict[tuple[Spans, Spans], Mapping[str, float]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def organisations(self, starts: Sequence[int], ends: Sequence[int]) -> list[float]:
        """The probability of ORG that entity_of gives for each of many stretches, all at once.

        Of a stretch longer than any word the beginning counts.
        """
        share, seen = self.entity[:, ENTITY_KINDS.index("ORG")], self.entity.sum(axis=1) > 0
        first = np.asarray(starts, dtype=np.int64)
        last = np.minimum(np.asarray(ends, dtype=np.int64), first + _LONGEST_STRETCH)
        total = np.zeros(len(first), dtype=np.float32)
        count = np.zeros(len(first), dtype=np.int64)
        # From left to right, as entity_of adds up, so that both give the same number to the last bit.
        for shift in range(int((last - first).max(initial=0))):
            own = np.flatnonzero(first + shift < last)
            total[own] += share[first[own] + shift]
            count[own] += seen[first[own] + shift]
        means: list[float] = (total / np.maximum(count, 1)).astype(np.float32).tolist()
        return means

    def entity_of(self, start: int, end: int) -> Mapping[str, float]:
        """Probability that the characters name an organisation, a person or a place."""
        rows = self.entity[start:end]
        rows = rows[rows.sum(axis=1) > 0]
        means = rows.mean(axis=0) if len(rows) else np.zeros(len(ENTITY_KINDS))
        return dict(zip(ENTITY_KINDS, (float(x) for x in means), strict=True))

    def roles_of(self, spans: Sequence[tuple[int, int]]) -> Mapping[str, float]:
        """Probabilities of the roles of one organisation from all its mentions."""
        key = tuple(spans)
        if key not in self._roles:
            self._roles[key] = self._read_roles(key)
        return self._roles[key]

    def _read_roles(self, spans: Sequence[tuple[int, int]]) -> Mapping[str, float]:
        labels = self.labels["role"]
        return _shares_over(self.role, spans, labels) or dict.fromkeys(labels, 0.0)

    def party_roles_of(self, spans: Sequence[tuple[int, int]]) -> Mapping[str, float]:
        """Probabilities of what a party is in its deal, from some of its mentions; empty if they are unread."""
        return _shares_over(self.party_role, spans, self.labels["party_role"])

    def date_shares(self, start: int, end: int) -> Mapping[str, float]:
        """Probabilities of what the date in some characters is the date of; empty if the encoder has not read them."""
        return _mean_shares(self.date[start:end], self.labels["date"])

    def tense_shares(self, start: int, end: int) -> Mapping[str, float]:
        """Probabilities that a date in some characters lies before or after publication; empty if it is unread."""
        return _mean_shares(self.tense[start:end], self.labels["tense"])

    def together(self, one: Sequence[tuple[int, int]], two: Sequence[tuple[int, int]]) -> Mapping[str, float]:
        """Log-odds that two organisations, by their mentions, are parties of one deal: one that is news, or recalled.

        The labels are those of the head `pair`; empty if the encoder has not read them.
        """
        key = (tuple(one), tuple(two))
        if key not in self._pairs:
            self._pairs[key] = self._read_pair(*key)
        return self._pairs[key]

    def read_pairs(self, organisations: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Compute `together` of each two of some organisations all at once; it is asked for nearly all of them."""
        vectors = {
            key: vector for key in map(tuple, organisations) if (vector := self._vector(key)) is not None
        }
        if len(vectors) < 2:
            return
        rows = np.stack(list(vectors.values()))
        one_way = np.einsum("ilw,jlw->ijl", rows[:, :, 0], rows[:, :, 1], optimize=True)
        both = ((one_way + one_way.transpose(1, 0, 2)) / (2 * PAIR_WIDTH**0.5)).tolist()
        for i, one in enumerate(vectors):
            for j, two in enumerate(vectors):
                self._pairs[one, two] = dict(zip(self.labels["pair"], both[i][j], strict=True))

    def _read_pair(self, one: Spans, two: Spans) -> Mapping[str, float]:
        first, second = self._vector(one), self._vector(two)
        if first is None or second is None:
            return {}
        both = (first[:, 0] * second[:, 1] + second[:, 0] * first[:, 1]).sum(axis=-1) / (2 * PAIR_WIDTH**0.5)
        return dict(zip(self.labels["pair"], (float(x) for x in both), strict=True))

    def _vector(self, spans: Spans) -> Floats | None:
        if spans not in self._vectors:
            own = self.pieces.within(spans)
            shape = (len(self.labels["pair"]), 2, PAIR_WIDTH)
            self._vectors[spans] = own.mean(axis=0).reshape(shape) if len(own) else None
        return self._vectors[spans]

    def shares(self, head: str) -> Mapping[str, float]:
        """The probabilities of a head's labels, where one of them holds."""
        return _named_shares(self.whole[head], self.labels[head])

    def area_evidence(self, area: str, start: int, end: int) -> float:
        """How much the word of some characters that tells most of an area speaks for it; minus infinity if unread."""
        rows = self.evidence.within([(start, end)])
        return float(rows[:, self.labels["areas"].index(area)].max()) if len(rows) else -math.inf

    def commitment_shares(self, area: str) -> Mapping[str, float]:
        """The probabilities of how firmly the article's deal commits to an area, if it is about it."""
        row = self.whole["commitment"][self.labels["areas"].index(area)]
        return _named_shares(row, self.labels["commitment"])


def _mean_shares(logits: Floats, labels: Sequence[str]) -> dict[str, float]:
    """The probabilities of characters' mean logits; empty where no word stands."""
    rows = logits[np.abs(logits).sum(axis=1) > 0]
    return _named_shares(rows.mean(axis=0), labels) if len(rows) else {}


def _shares_over(logits: Floats, spans: Sequence[tuple[int, int]], labels: Sequence[str]) -> dict[str, float]:
    """The probabilities of the mean over stretches of characters' mean logits; empty where no word stands."""
    rows = [logits[s:e].mean(axis=0) for s, e in spans if e > s and np.abs(logits[s:e]).sum() > 0]
    return _named_shares(np.mean(rows, axis=0), labels) if rows else {}


def _named_shares(logits: Floats, labels: Sequence[str]) -> dict[str, float]:
    odds = np.exp(logits - logits.max())
    return dict(zip(labels, (float(x) for x in odds / odds.sum()), strict=True))


class Encoder:
    """The network and its tokeniser, loaded once."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "reader.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=[
                "SkipLayerNormFusion"
            ],  # slower than what it replaces: see training/encoder/export
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_LENGTH, stride=STRIDE, strategy="only_second")
        self.labels: Mapping[str, list[str]] = json.loads(
            (folder / "labels.json").read_text(encoding="utf-8")
        )
        self._heads = [output.name for output in self._session.get_outputs()]

    def read(
        self, text: str, body_start: int, headline_end: int, body_end: int | None = None
    ) -> EncoderReading:
        """Read a text whose headline ends at `headline_end` and whose body begins at `body_start`.

        With `body_end` it reads the body up to there; what it does not read has probabilities and logits of 0.
        """
        first = self._tokenizer.encode(text[: min(headline_end, LONGEST_HEADLINE)], text[body_start:body_end])
        windows = [first, *first.overflowing][:MAX_WINDOWS]
        by_character = {
            head: np.zeros((len(text), len(self.labels[head])), dtype=np.float32) for head in _BY_CHARACTER
        }
        seen = np.zeros(len(text), dtype=np.float32)
        pieces: list[Pieces] = []
        evidence: list[Pieces] = []
        whole: dict[str, list[Floats]] = {}
        shapes = shapes_of(text)
        for window in windows:
            starts, ends = _places(window, body_start)
            outputs = dict(
                zip(self._heads, self._session.run(None, _inputs(window, shapes, starts, ends)), strict=True)
            )
            numbers, characters = _characters(starts, ends)
            for head, total in by_character.items():
                _add(total, characters, outputs[head][0][numbers])
            _add(seen, characters, 1)
            pieces.append(Pieces(starts, ends, outputs["pair"][0]))
            evidence.append(Pieces(starts, ends, outputs[AREA_EVIDENCE][0]))
            for head in self._heads:
                if head not in ("pair", AREA_EVIDENCE) and head not in by_character:
                    whole.setdefault(head, []).append(outputs[head][0])
        divisor = np.maximum(seen, 1)[:, None]
        shares = _shares(by_character["entity"] / divisor, seen > 0)
        return EncoderReading(
            _kinds(shares, self.labels["entity"]),
            shares[:, self.labels["entity"].index("B-ORG")].astype(np.float32),
            by_character["role"] / divisor,
            by_character["date"] / divisor,
            by_character["tense"] / divisor,
            by_character["party_role"] / divisor,
            _joined(pieces),
            _joined(evidence),
            {head: _of_windows(rows) for head, rows in whole.items()},
            self.labels,
        )


def _joined(pieces: Sequence[Pieces]) -> Pieces:
    starts, ends, rows = (
        np.concatenate([getattr(p, name) for p in pieces]) for name in ("starts", "ends", "rows")
    )
    return Pieces(starts, ends, rows)


def _places(window: Any, body_start: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each word piece of a window begins and ends in the text; marks that stand for no text have no length."""
    places = np.asarray(window.offsets, dtype=np.int64)
    sequences = [-1 if s is None else s for s in window.sequence_ids]
    sequence = np.asarray(sequences, dtype=np.int64)
    shifted = (places + np.where(sequence == 1, body_start, 0)[:, None]) * (sequence >= 0)[:, None]
    return shifted[:, 0], shifted[:, 1]


def _characters(
    starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each character of each word piece: the number of the piece, and the place of the character."""
    lengths = ends - starts
    pieces = np.repeat(np.arange(len(starts)), lengths)
    within = np.arange(len(pieces)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return pieces, starts[pieces] + within


def _add(total: Floats, places: NDArray[np.int64], rows: Floats | int) -> None:
    """Add rows at places; two pieces that share a character (of "½") are both added to it."""
    if (np.diff(places) > 0).all():
        total[places] += rows
    else:
        np.add.at(total, places, rows)


def _inputs(
    window: Any, shapes: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    places = np.where(ends > starts, shapes[starts], 0)
    rows = {"ids": window.ids, "types": window.type_ids, "shapes": places, "mask": window.attention_mask}
    return {name: np.asarray(row, dtype=np.int64)[None] for name, row in rows.items()}


def _of_windows(rows: Sequence[Floats]) -> Floats:
    """One opinion from those of all windows: news stands first, so the first counts for more."""
    mixed: Floats = FIRST_WINDOW * rows[0] + (1 - FIRST_WINDOW) * np.mean(rows, axis=0)
    return mixed


def _shares(logits: Floats, seen: NDArray[np.bool_]) -> Floats:
    """Probabilities per character from logits, 0 where nothing was read."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=1, keepdims=True) * seen[:, None]
    return shares


def _kinds(shares: Floats, labels: Sequence[str]) -> Floats:
    """Probabilities of ENTITY_KINDS from those of the B- and I- labels."""
    columns = [[i for i, label in enumerate(labels) if label.endswith(f"-{kind}")] for kind in ENTITY_KINDS]
    return np.stack([shares[:, c].sum(axis=1) for c in columns], axis=1).astype(np.float32)


def shapes_of(text: str) -> NDArray[np.int64]:
    """The shape of each character's word (see shape_of), 0 where no word stands; training reads texts with it too."""
    shapes = np.zeros(len(text) + 1, dtype=np.int64)
    for match in _WORD.finditer(text):
        shapes[match.start() : match.end()] = shape_of(match.group())
    return shapes


@lru_cache(maxsize=65536)
def shape_of(word: str) -> int:
    """How a word is written: 1 lower, 2 title, 3 upper, 4 mixed, 5 with a digit, 6 punctuation (0: no word)."""
    if any(c.isdigit() for c in word):
        return 5
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return 6
    if all(c.islower() for c in letters):
        return 1
    if all(c.isupper() for c in letters):
        return 3 if len(letters) > 1 else 2
    if letters[0].isupper() and all(c.islower() for c in letters[1:]):
        return 2
    return 4


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The encoder of this package, loaded at the first call."""
    return Encoder(FOLDER)
