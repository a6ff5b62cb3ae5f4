"""Component: the model's named entities, with its own scores, decided for all words at once.

spaCy decides word by word, and most of its time goes into asking of each move whether it is allowed. A word outside of
an entity has the same scores whatever came before it, so all such words are scored together here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span

_FEATURES = 3  # the word, the first word of the open entity, and the word before
_NONE = -1
_NEVER = -np.inf


@Language.factory("tieup_entities", default_config={"recognizer": "ner"})
def make_entities(nlp: Language, name: str, recognizer: str) -> EntitiesComponent:
    """Build the component; `recognizer` is the pipe whose work it does."""
    pipe = nlp.get_pipe(recognizer)
    assert isinstance(pipe, EntityRecognizer)
    return EntitiesComponent(pipe)


class EntitiesComponent:
    """Sets the entities that the recogniser sets; texts that it is not made for are left to the recogniser."""

    def __init__(self, recognizer: EntityRecognizer) -> None:
        self._recognizer = recognizer
        moves = recognizer.moves
        names = [moves.get_class_name(number) for number in range(moves.n_moves)]
        self._labels = [name.partition("-")[2] for name in names]
        kinds = [name.partition("-")[0] for name in names]
        self._begins, self._units = (
            np.array([kind == own and label != "" for kind, label in zip(kinds, self._labels, strict=True)])
            for own in ("B", "U")
        )
        self._outside = np.array([kind == "O" for kind in kinds])
        self._moves = {name: number for number, name in enumerate(names)}
        model = recognizer.model
        self._is_plain = bool(
            recognizer.cfg.get("beam_width", 1) == 1
            and model.attrs.get("has_upper")
            and not model.attrs.get("unseen_classes")
            and model.get_ref("lower").get_dim("nF") == _FEATURES
        )

    def __call__(self, doc: Doc) -> Doc:
        if not self._is_plain or not len(doc) or doc.has_annotation("ENT_IOB"):
            whole: Doc = self._recognizer(doc)
            return whole
        found = [Span(doc, start, end, label=label) for start, end, label in self._entities(doc)]
        doc.set_ents(found, default="outside")
        return doc

    def _entities(self, doc: Doc) -> Iterator[tuple[int, int, str]]:
        step = self._recognizer.model.predict([doc])
        length = len(doc)
        # An entity does not go on where a sentence begins; the last word ends the text.
        is_last = np.append(doc.to_array(SENT_START)[1:] == 1, True)
        outside = np.full((length, _FEATURES), _NONE, dtype=np.int32)
        outside[:, 0] = np.arange(length)
        scores = _scores(step, outside)
        is_space = np.array([token.is_space for token in doc])
        scores[:, ~(self._begins | self._units | self._outside)] = _NEVER
        scores[np.ix_(is_last | is_space, self._begins)] = _NEVER
        scores[np.ix_(is_space, self._units)] = _NEVER
        chosen = scores.argmax(axis=1)
        opens = np.flatnonzero(self._begins[chosen] | self._units[chosen]).tolist()
        end = 0
        for start in opens:
            if start < end:
                continue
            move, end = chosen[start], start + 1
            label = self._labels[move]
            if self._begins[move]:
                end = self._end(step, start, label, is_last)
            yield start, end, label

    def _end(self, step: Any, start: int, label: str, is_last: NDArray[np.bool_]) -> int:
        """Where an entity ends that begins at `start` and has more than one word."""
        goes_on, ends = self._moves[f"I-{label}"], self._moves[f"L-{label}"]
        for i in range(start + 1, len(is_last)):
            own = _scores(step, np.array([[i, start, i - 1]], dtype=np.int32))[0]
            # Of two equal scores spaCy takes the move that comes first.
            is_over = own[ends] > own[goes_on] or (own[ends] == own[goes_on] and ends < goes_on)
            if is_last[i] or is_over:
                return i + 1
        return len(is_last)


def _scores(step: Any, words: NDArray[np.int32]) -> NDArray[np.float32]:
    scores: NDArray[np.float32] = step.vec2scores.predict(step.state2vec.predict(words))
    return scores
