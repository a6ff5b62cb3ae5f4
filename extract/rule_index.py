"""Which of many patterns can match a text at all, asked of all of them at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

import re2

# What re2 reads otherwise than Python does, as something that matches no less: its classes know ASCII alone.
_WIDER = {r"\w": r"\pL\pM\pN_", r"\d": r"\pN", r"\s": r"\s\pZ"}
_WIDER_ALONE = {name: f"[{inside}]" for name, inside in _WIDER.items()} | {r"\b": "", "$": r"\n?$"}
_PIECE = re.compile(r"\(\?<?[!=][^()]*\)|\[\^?\]?(?:\\.|[^]\\])*\]|\\.|\$", re.DOTALL)
_ESCAPE = re.compile(r"\\.", re.DOTALL)


class RuleIndex:
    """Patterns, ignoring case, behind one automaton that reads a text once however many they are.

    It spares a hundred searches of every sentence, most of which find nothing. What looks ahead or behind is left out
    of a pattern; one that re2 cannot read even so is always among those that may match.
    """

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = 16 << 20
        self._set = re2.Set.SearchSet(options)
        self._known: list[int] = []
        self._always: list[int] = []
        for number, pattern in enumerate(patterns):
            try:
                self._set.Add(_PIECE.sub(_wider, pattern.pattern))
            except re2.error:
                self._always.append(number)
            else:
                self._known.append(number)
        self._set.Compile()

    def candidates(self, text: str) -> list[int]:
        """The numbers, in order, of the patterns that may match somewhere in a text: all that do, and few others."""
        return sorted([*self._always, *(self._known[i] for i in self._set.Match(text) or ())])


def _wider(piece: re.Match[str]) -> str:
    """A class, an escape, an end or a look around of a pattern, so that it matches no less in re2."""
    text = piece.group()
    if text.startswith("(?"):
        return ""
    if text.startswith("["):
        return _ESCAPE.sub(lambda escape: _WIDER.get(escape.group(), escape.group()), text)
    return _WIDER_ALONE.get(text, text)
