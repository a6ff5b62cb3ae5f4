"""Component: the model's attribute ruler, asked once for each word and tag instead of at every place."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.attrs import DEP, LEMMA, LOWER, POS, TAG
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc, MorphAnalysis

# What a rule may look at for its outcome to be the same wherever a word stands: these follow from the key.
_OF_THE_KEY = frozenset({"TAG", "DEP", "LOWER", "IS_SPACE"})
_KEY = (TAG, DEP, LOWER)
_SET = (TAG, DEP, POS, LEMMA)
_Outcome = tuple[tuple[int, ...], MorphAnalysis]


@Language.factory("tieup_tags", default_config={"ruler": "attribute_ruler"})
def make_tags(nlp: Language, name: str, ruler: str) -> TagsComponent:
    """Build the component; `ruler` is the pipe whose work it does."""
    pipe = nlp.get_pipe(ruler)
    assert isinstance(pipe, AttributeRuler)
    return TagsComponent(nlp, pipe)


class TagsComponent:
    """Sets what the ruler sets: it is shown each word with its tag once, and what it said is remembered.

    Texts with words that a rule of several words fits ("gonna") are left to the ruler, as all are if a rule looks at
    more than a word's tag, dependency and letters.
    """

    def __init__(self, nlp: Language, ruler: AttributeRuler) -> None:
        self._ruler: Any = ruler
        self._several = Matcher(nlp.vocab, validate=False)
        self._is_plain = True
        self._known: dict[tuple[int, ...], _Outcome] = {}
        for number, rule in enumerate(ruler.patterns):
            patterns: Any = rule["patterns"]
            for pattern in patterns:
                if len(pattern) > 1:
                    self._several.add(str(number), [pattern])
                elif not pattern or not _OF_THE_KEY.issuperset(pattern[0]):
                    self._is_plain = False

    def __call__(self, doc: Doc) -> Doc:
        is_fresh = not any(doc.has_annotation(name) for name in ("POS", "MORPH", "LEMMA"))
        if not self._is_plain or not is_fresh or self._several(doc, allow_missing=True):
            whole: Doc = self._ruler(doc)
            return whole
        keys = [tuple(row) for row in doc.to_array(list(_KEY)).tolist()]
        self._learn(doc, keys)
        outcomes = [self._known[key] for key in keys]
        if outcomes:
            rows: Any = np.array([row for row, _ in outcomes], dtype=np.uint64)
            doc.from_array(list(_SET), rows)
        for token, (_, morph) in zip(doc, outcomes, strict=True):
            token.morph = morph
        return doc

    def _learn(self, doc: Doc, keys: list[tuple[int, ...]]) -> None:
        new = {key: i for i, key in enumerate(keys) if key not in self._known}
        for i in new.values():
            found = self._ruler.matcher(doc[i : i + 1], allow_missing=True)
            ordered = sorted((int(doc.vocab.strings[id]), id) for id, _, _ in found)
            self._ruler.set_annotations(doc, [(number, id, i, i + 1) for number, id in ordered])
        rows = doc.to_array(list(_SET))
        for key, i in new.items():
            self._known[key] = (tuple(int(x) for x in rows[i]), doc[i].morph)
