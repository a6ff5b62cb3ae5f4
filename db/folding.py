"""Folding: the form in which names are compared, whatever their case, accents or legal suffix."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_LEGAL_SUFFIXES = frozenset(
    [
        "ab",
        "ag",
        "aps",
        "as",
        "asa",
        "bhd",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "gmbh",
        "inc",
        "incorporated",
        "kg",
        "kgaa",
        "kk",
        "limited",
        "llc",
        "llp",
        "lp",
        "ltd",
        "nv",
        "oy",
        "oyj",
        "plc",
        "pte",
        "pty",
        "sa",
        "sab",
        "sarl",
        "sas",
        "sdn",
        "se",
        "spa",
        "sro",
        "srl",
    ]
)
_DOTTED = re.compile(r"\b(?:\w\.)+\w?\b\.?")
_NO_WORD = re.compile(r"[^\w]+|_+")


def fold_name(name: str) -> str:
    """A company's name as a key: `"L'Oréal S.A."` gives `loreal`, `Marks & Spencer plc` gives `marks and
    spencer`.

    Never empty for a name with a letter or digit: a name that is all legal suffix keeps its first word.
    """
    text = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = re.sub(r"['’`´]", "", text.replace("&", " and ").replace("+", " and "))
    text = _DOTTED.sub(lambda match: match.group().replace(".", "") + " ", text)
    words = _NO_WORD.sub(" ", text).split()
    while len(words) > 1 and words[-1] in _LEGAL_SUFFIXES:
        words.pop()
    return " ".join(words)


def fold_text(text: str) -> str:
    """Running text without differences of space and case, to recognise copies of it."""
    return " ".join(text.casefold().split())


def slug(name: str) -> str:
    """An id `[a-z0-9]+(-[a-z0-9]+)*` from a name; a hash where none of its letters can be kept."""
    text = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    words = re.findall(
        r"[a-z0-9]+", "".join(c for c in text if not unicodedata.combining(c)).replace("'", "")
    )
    return "-".join(words) or f"name-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
