"""Which names of one text mean one organisation: short forms, abbreviations in brackets, misspellings.

News names a company in full once ("Abarrotes Don Chuy") and then by a part of the name ("Don Chuy"), by letters that it
put in brackets, or with a slip of the pen. All of it is decided within one text; the gazetteer has no part in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rapidfuzz.distance import OSA
from spacy.tokens import Span

from extract.cues import words
from extract.names import CONNECTORS
from extract.text import fold

Key = tuple[str, ...]
# A slip of the pen is one letter wrong, missing, added or swapped, in names of at least so many letters: of two short
# names (Kroger, Kruger) that differ in one letter both are likely to exist. Words such as "bank" do not count.
LEAST_FOR_A_SLIP = 7
LEAST_FOR_A_PART = 3
LEAST_FOR_A_PLURAL = 7
_ACRONYM_LENGTH = range(2, 7)
# Two letters in brackets are more often a country's; they need the name's initials.
_TRUSTED_ACRONYM = 3
_FORMS = ("l", "c", "i", "p")  # Limited, Company, Inc, plc


def full_name(
    key: Key, longer: Mapping[Key, int], first: int, others: Collection[Key] = frozenset()
) -> Key | None:
    """The name among `longer` that `key` is another form of, if there is one; `others` are known to be none.

    Numbers are where a name first stands in the body: a short form follows the full name. The first words of a name
    stand for it, as its last ones do if no other name ends in them.
    """
    candidates = [other for other in longer if other != key and other not in others]
    same = next((other for other in candidates if is_slip(key, other) or is_plural(key, other)), None)
    if same is not None:
        return same
    if len("".join(key)) < LEAST_FOR_A_PART or all(word in _generic_words() for word in key):
        return None
    for other in candidates:
        if len(key) < len(other) and other[: len(key)] == key:
            rest = set(other[len(key) :])
            if len(key) > 1 or longer[other] < first or rest <= _endings():
                return other
        if _skips_words(key, other):
            return other
    ending = [other for other in candidates if len(key) < len(other) and _contains(other, key)]
    return ending[0] if len(ending) == 1 and (len(key) > 1 or longer[ending[0]] < first) else None


def _contains(long: Key, short: Key) -> bool:
    return any(long[i : i + len(short)] == short for i in range(1, len(long) - len(short) + 1))


def _skips_words(key: Key, other: Key) -> bool:
    """Whether a name is another without words inside it: "Harrow Council", where "Harrow Borough Council" is meant."""
    if not 2 <= len(key) < len(other) or (key[0], key[-1]) != (other[0], other[-1]):
        return False
    words_left = iter(other)
    return (
        key[-1] in _generic_words() and key[0] not in _generic_words() and all(w in words_left for w in key)
    )


def is_plural(key: Key, other: Key) -> bool:
    """Whether one of two names is the other with an s behind it ("Wetherspoons"); short ones (Boot, Boots) are two."""
    one, two = sorted((key[-1], other[-1]), key=len)
    return two == f"{one}s" and key[:-1] == other[:-1] and len(key[-1]) >= LEAST_FOR_A_PLURAL


def is_slip(key: Key, other: Key) -> bool:
    """Whether two names are one but for a slip of the pen or the space between their words."""
    one, two = "".join(key), "".join(other)
    if one == two:
        return True  # "Movil Pago" and "Movilpago"
    if min(len(one), len(two)) < LEAST_FOR_A_SLIP or len(key) != len(other) or one[0] != two[0]:
        return False
    if one.rstrip("s") == two.rstrip("s") or any(c.isdigit() for c in one + two):
        return False
    return OSA.distance(one, two, score_cutoff=1) <= 1 and min(_own(key), _own(other)) >= LEAST_FOR_A_SLIP


def _own(key: Key) -> int:
    """How many letters of a name are its own and not those of a word for a kind of company."""
    return sum(len(word) for word in key if word not in _generic_words())


def are_told_apart(one: Sequence[Span], other: Sequence[Span], is_introduced: bool) -> bool:
    """Whether a text speaks of two companies though their names, with these mentions, look like one and a slip.

    So it does if both are named more than once, or both in one sentence, or one `is_introduced` beside the other.
    """
    if is_introduced or min(len(one), len(other)) > 1:
        return True
    return bool({span.sent.start for span in one} & {span.sent.start for span in other})


def _endings() -> frozenset[str]:
    return words("organisation_endings") | words("legal_suffixes") | {"&", "and", "co"}


def _generic_words() -> frozenset[str]:
    return _endings() | words("company_nouns")


def initials(key: Sequence[str]) -> str:
    """The first letters of a name's words."""
    return "".join(word[0] for word in key if word[0].isalnum())


def stands_for(letters: str, key: Key) -> bool:
    """Whether letters (folded) abbreviate a name: each of its words gives its first letters, in order.

    Small words may give none ("MSDE": Ministry of Skill Development and Entrepreneurship), a legal form may stand
    behind them though the text leaves it out of the name ("GCPL": Godrej Consumer Products Limited), and beginnings may
    be longer than a letter ("AusPost", "TRRAIN": Trust for Retailers and Retail Associates of India).
    """
    own = [word for word in key if word[0].isalnum() and word not in words("legal_suffixes")]
    if len(own) < 2:
        return False
    plain = [word for word in own if word not in CONNECTORS | words("name_joints")]
    forms = ("", *_FORMS) if len(letters) > _TRUSTED_ACRONYM else ("",)
    if any(letters == initials(name) + form for name in (key, own, plain) for form in forms):
        return True
    return len(letters) > _TRUSTED_ACRONYM and len(plain) > 1 and _is_of_beginnings(letters, plain)


def _is_of_beginnings(letters: str, words_left: Sequence[str]) -> bool:
    if not words_left:
        return not letters
    word = words_left[0]
    return any(
        _is_of_beginnings(letters[n:], words_left[1:])
        for n in range(1, min(len(word), len(letters)) + 1)
        if letters[:n] == word[:n]
    )


def abbreviation_after(span: Span) -> str | None:
    """The abbreviation in brackets after a name ("Majid Al Futtaim (MAF)", "Kestrel Home (KSTL)"), or its own letters.

    Letters that are not the name's initials count if they are capitals and no word that news writes so.
    """
    doc, end = span.doc, span.end
    if end + 2 >= len(doc) or doc[end].text != "(" or doc[end + 2].text != ")":
        return None
    acronym = doc[end + 1].text
    letters = [c for c in acronym if c.isalpha()]
    if len(letters) not in _ACRONYM_LENGTH or not acronym[0].isupper():
        return None
    if "".join(letters).casefold()[:2] == initials(tuple(fold(span.text).split()))[:2]:
        return acronym
    is_plain = acronym.isalpha() and acronym.isupper() and len(acronym) >= _TRUSTED_ACRONYM
    return acronym if is_plain and fold(acronym) not in words("not_names") else None


def expansion_after(span: Span) -> Span | None:
    """What stands in brackets after an abbreviation, up to where they close: "ANA (All Nippon Airways)"."""
    doc, end = span.doc, span.end
    letters = span.text
    if len(span) != 1 or not letters.isupper() or len(letters) not in _ACRONYM_LENGTH:
        return None
    if end >= len(doc) or doc[end].text != "(":
        return None
    close = next((i for i in range(end + 1, min(end + 9, len(doc))) if doc[i].text == ")"), None)
    return doc[end + 1 : close] if close is not None and close - end > 2 else None
