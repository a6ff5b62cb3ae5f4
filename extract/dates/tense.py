"""Whether the words around a date speak of the past or of the future."""

from __future__ import annotations

import re
from typing import Literal

Tense = Literal["past", "future"]

_REACH = 160  # characters to either side, within the sentence

_BREAK = re.compile(r"[.!?](?:[\"'”’)]*\s+(?=[A-Z“\"'])|[\"'”’)]*$)|\n|;|•|\|")

_CUE = re.compile(
    r"""
    \b(?=[a-z])(?:
    (?P<future>
        \b(?:will|shall|would|can|may|could|to\ be|(?:is|are|is\ going|are\ going|set|due|about|agreed)\ to
            |(?:plan|aim|expect|intend|hope|want)(?:s|n?ed|n?ing)?\ to)\b(?:\ [a-z]+){1,3}
      | \b[a-z]+[’']ll\b(?:\ [a-z]+){1,2}
      | \bto\ (?:launch|open|start|begin|roll|go|expand|offer|deliver|introduce|debut|close|complete|take
            |become|sell|use|test|pilot|trial|add|bring|enter|join|move|shut|end|unveil|present|be)\b
      | \b(?:starts?|begins?|opens|launches|arrives|kicks\ off|goes\ live|takes\ effect|comes\ into\ force
            |(?:is|are)\ (?:launching|opening|starting|coming)
            |expected|planned|scheduled|slated|due|upcoming|coming|targeted|targeting|forthcoming)\b
    )
  | (?P<present>
        \b(?:is|are|be|being)\ (?:[a-z]+ly\ )?(?:[a-z]+(?:ed|en)|sold|made|bought|held|built|brought|run)\b
    )
  | (?P<report>
        \b(?:said|says|announced|told|reported|stated|confirmed|unveiled|revealed|added|wrote|disclosed|according)\b
    )
  | (?P<past>
        \b(?:was|were|had|has|have|did|began|opened|took|made|came|went|became|sold|bought|won|grew|rose|fell|ran
            |held|met|saw|led|left|got|gave|struck|sealed|inked|ago|since|last|previous(?:ly)?|earlier)\b
      | \b(?!need|based|limited|united|hundred|indeed|speed|feed|related|embed|exceed|proceed|used\b)
            [a-z]{2,}ed\b
    )
    )
    """,
    re.VERBOSE,
)

# Words right before a date that point forward ("from Saturday"), unless the sentence tells of the past.
_FORWARD = re.compile(
    r"\b(?:from|starting(?:\s(?:on|in))?|beginning(?:\s(?:on|in))?|effective|as\sof|until|till|by|before|through)\s$",
    re.IGNORECASE,
)


def tense_around(text: str, start: int, end: int) -> Tense | None:
    """What the nearest verb says of text[start:end]: the one before it in its sentence, else after."""
    left = _last_sentence(text[max(0, start - _REACH) : start])
    cue: str | None = None
    for match in _CUE.finditer(left):
        cue = match.lastgroup if match.lastgroup != "present" else None
    if _FORWARD.search(left) and cue != "past":
        return "future"
    if cue is None:
        right = text[end : end + _REACH]
        if (stop := _BREAK.search(right)) is not None:
            right = right[: stop.start()]
        match_right = _CUE.search(right)
        cue = match_right.lastgroup if match_right else None
    if cue is None or cue == "present":
        return None
    return "future" if cue == "future" else "past"


def _last_sentence(text: str) -> str:
    start = 0
    for stop in _BREAK.finditer(text):
        if stop.end() < len(text):
            start = stop.end()
    return text[start:]
