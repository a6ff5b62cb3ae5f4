"""Folding: how names are compared. Offsets never pass through here; only keys for look-ups do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_APOSTROPHES = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "‐": "-", "‑": "-"}
)
# Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ħ": "h",
        "ı": "i",
        "þ": "th",
        "ð": "d",
    }
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SLUG_BREAK = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Fold case, accents, apostrophes and invisible characters, so that "El Corte Ingles" meets "EL CORTE INGLÉS"."""
    plain = unicodedata.normalize(
        "NFKD", _INVISIBLE.sub("", text).translate(_APOSTROPHES).translate(_LETTERS)
    )
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def slug(name: str) -> str:
    """The id of a company: its name in `[a-z0-9]+(-[a-z0-9]+)*`; empty if the name has no such character."""
    folded = fold(name).replace("'", "").replace("&", " and ").replace("+", " plus ")
    return _SLUG_BREAK.sub("-", folded).strip("-")


def longest_first(patterns: Iterable[str]) -> str:
    """Alternatives of a regular expression in an order in which none is cut short by one that it begins with."""
    return "|".join(sorted(patterns, key=len, reverse=True))
