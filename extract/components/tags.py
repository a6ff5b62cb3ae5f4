"""Component: the model's attribute ruler, asked once for each word and tag instead of at every place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

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
_Rule = tuple[int, int]  # its number, by which rules are ordered, and its id
_Match = tuple[int, int, int, int]  # the rule, and where the words begin and end


class _Outcome(NamedTuple):
    row: tuple[int, int, int, int]  # of _SET
    morph: MorphAnalysis
    rules: tuple[_Rule, ...]  # of one word, that fit it
    begins: bool  # whether a rule of several words may begin with it


@Language.factory("tieup_tags", default_config={"ruler": "attribute_ruler"})
def make_tags(nlp: Language, name: str, ruler: str) -> TagsComponent:
    """Build the component; `ruler` is the pipe whose work it does."""
    pipe = nlp.get_pipe(ruler)
    assert isinstance(pipe, AttributeRuler)
    return TagsComponent(nlp, pipe)


class TagsComponent:
    """Sets what the ruler sets: it is shown each word with its tag once, and what it said is remembered.

    Rules of several words ("gonna") are looked for where a word stands that can begin one. All texts are left to the
    ruler if a rule looks at more of its first word than its tag, dependency and letters.
    """

    def __init__(self, nlp: Language, ruler: AttributeRuler) -> None:
        self._ruler: Any = ruler
        self._several = Matcher(nlp.vocab, validate=False)
        self._first = Matcher(nlp.vocab, validate=False)
        self._longest = 1
        self._is_plain = True
        self._known: dict[tuple[int, ...], _Outcome] = {}
        for number, rule in enumerate(ruler.patterns):
            patterns: Any = rule["patterns"]
            for pattern in patterns:
                if len(pattern) > 1:
                    self._several.add(str(number), [pattern])
                    self._first.add(str(number), [pattern[:1]])
                    self._longest = max(self._longest, len(pattern))
                if not pattern or not _OF_THE_KEY.issuperset(pattern[0]):
                    self._is_plain = False

    def __call__(self, doc: Doc) -> Doc:
        is_fresh = not any(doc.has_annotation(name) for name in ("POS", "MORPH", "LEMMA"))
        if not self._is_plain or not is_fresh:
            whole: Doc = self._ruler(doc)
            return whole
        keys = [tuple(row) for row in doc.to_array(list(_KEY)).tolist()]
        for i in {key: i for i, key in enumerate(keys) if key not in self._known}.values():
            self._known[keys[i]] = self._outcome(doc, i)
        outcomes = [self._known[key] for key in keys]
        if outcomes:
            rows: Any = np.array([outcome.row for outcome in outcomes], dtype=np.uint64)
            doc.from_array(list(_SET), rows)
        for token, outcome in zip(doc, outcomes, strict=True):
            token.morph = outcome.morph
        for i, several in self._several_at(doc, outcomes).items():
            # Of two rules for a word the later one holds.
            self._ruler.set_annotations(doc, sorted([*_at(i, outcomes[i].rules), *several]))
        return doc

    def _outcome(self, doc: Doc, i: int) -> _Outcome:
        """What the ruler makes of one word by itself; it is set, too."""
        word, token = doc[i : i + 1], doc[i]
        found = self._numbered(self._ruler.matcher(word, allow_missing=True))
        rules = tuple(sorted((number, id) for number, id, _, _ in found))
        self._ruler.set_annotations(doc, _at(i, rules))
        row = token.tag, token.dep, token.pos, token.lemma
        return _Outcome(row, token.morph, rules, bool(self._first(word, allow_missing=True)))

    def _several_at(self, doc: Doc, outcomes: Sequence[_Outcome]) -> dict[int, list[_Match]]:
        """The rules of several words that fit, by the word that they say something of."""
        found: dict[int, list[_Match]] = {}
        for start in (i for i, outcome in enumerate(outcomes) if outcome.begins):
            fitting = self._several(doc[start : start + self._longest], allow_missing=True)
            for number, id, first, last in self._numbered(fitting):
                if not first:  # others are found from their own beginning
                    i = doc[start : start + last][self._ruler.indices[number]].i
                    found.setdefault(i, []).append((number, id, start, start + last))
        return found

    def _numbered(self, found: Any) -> list[_Match]:
        strings = self._ruler.vocab.strings
        return [(int(strings[id]), id, start, end) for id, start, end in found]


def _at(i: int, rules: Sequence[_Rule]) -> list[_Match]:
    return [(number, id, i, i + 1) for number, id in rules]
