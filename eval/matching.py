"""When a predicted name or deal is the expected one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from extract.cues import words as cue_words
from extract.gazetteer import load_gazetteer
from extract.model import GazetteerCompany
from extract.text import fold

# How alike two names are: the same words, names of the same company, or one that may stand for the other.
SAME_WORDS, SAME_COMPANY, MAY_BE = 3, 2, 1
Words = tuple[str, ...]
Aliases = Mapping[str, Sequence[str]]
_NAMES = Path(__file__).with_name("names.yml")
_LETTERS = re.compile(r"\b[a-z](?:[./][a-z])+\b\.?")  # S.p.A., A/S


@lru_cache(maxsize=8192)
def words(name: str) -> Words:
    """The words of a name without case, accents and punctuation."""
    folded = fold(name).replace("&", " and ").replace("'", "")
    return tuple(re.findall(r"[a-z0-9]+", _LETTERS.sub(lambda m: re.sub("[./]", "", m.group()), folded)))


@lru_cache(maxsize=8192)
def core(name: str) -> Words:
    """The words of a name without legal forms at its end and "the" at its beginning, if any are left."""
    own = list(words(name))
    if own[:1] == ["the"] and len(own) > 1:
        del own[0]
    while len(own) > 1 and own[-1] in _forms():
        own.pop()
    return tuple(own)


def same(one: str, other: str) -> bool:
    """Whether two names may mean one organisation (see likeness)."""
    return likeness(one, other) > 0


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> int:
    """How alike two names are: SAME_WORDS, SAME_COMPANY, MAY_BE or 0.

    If the gazetteer knows both, it decides: of two companies ("JD.com" and "JD Sports", "Metro AG" and "Metro Bank")
    only a unit that begins with its owner's name ("Amazon Fresh") may stand for the owner. Otherwise names are of the
    same company if they differ in case, accents and legal forms alone. The longer of two may stand for the shorter if
    it only adds generic words ("Tesco Stores"), or if the shorter is by itself, with no legal form, the name of a
    known company and no common word ("Tesco Ireland", but neither "Target Hospitality" nor "Metro Bank").
    """
    a, b = core(one), core(other)
    if not a or not b:
        return 0
    if words(one) == words(other):
        return SAME_WORDS
    ids, others = _ids_of(one), _ids_of(other)
    if ids and others:
        if ids & others:
            return SAME_COMPANY
        return MAY_BE if _is_named_unit(a, ids, b, others) or _is_named_unit(b, others, a, ids) else 0
    if a == b:
        return SAME_COMPANY
    short, long, name = (a, b, one) if len(a) < len(b) else (b, a, other)
    if long[: len(short)] != short:
        return 0
    is_generic = all(word in _generic() for word in long[len(short) :])
    is_known = words(name) == short and short in _known().by_words and short not in _known().common
    return MAY_BE if is_generic or is_known else 0


def pair_names(gold: Sequence[str], found: Sequence[str], aliases: Aliases | None = None) -> dict[int, int]:
    """Expected names (by index) with the found ones that mean them, one to one, the most alike first.

    `aliases` are other names that the text has for an expected one. So "Amazon" is not taken for "Amazon Fresh" where
    both are named, and one found name never answers for two expected ones.
    """
    options = sorted(
        (-alike, i, j)
        for i, name in enumerate(gold)
        for j, other in enumerate(found)
        if (alike := _alike(name, other, (aliases or {}).get(name, ())))
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in options:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def distinct(names: Iterable[str]) -> list[str]:
    """The names without those that name the same company as one before."""
    kept: list[str] = []
    for name in names:
        if not any(likeness(name, other) >= SAME_COMPANY for other in kept):
            kept.append(name)
    return kept


def pair_deals(
    gold: Sequence[Mapping[str, Any]],
    predicted: Sequence[Mapping[str, Any]],
    aliases: Aliases | None = None,
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Expected and predicted deals of one article, one to one, most parties in common first; two are the least."""
    options = sorted(
        (
            (len(pair_parties(g, p, aliases)), -abs(len(g["parties"]) - len(p["parties"])), i, j)
            for i, g in enumerate(gold)
            for j, p in enumerate(predicted)
        ),
        key=lambda o: (-o[0], -o[1], o[2], o[3]),
    )
    pairs, used_gold, used_predicted = [], set[int](), set[int]()
    for common, _, i, j in options:
        if common >= 2 and i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            pairs.append((gold[i], predicted[j]))
    return pairs


def pair_parties(
    gold: Mapping[str, Any], predicted: Mapping[str, Any], aliases: Aliases | None = None
) -> dict[int, int]:
    """The expected parties of a deal (by index) that are among the predicted ones."""
    return pair_names(
        [p["name"] for p in gold["parties"]], [p["name"] for p in predicted["parties"]], aliases
    )


def _alike(name: str, found: str, aliases: Sequence[str]) -> int:
    by_alias = max((likeness(alias, found) for alias in aliases), default=0)
    return max(likeness(name, found), min(by_alias, SAME_COMPANY))


class _Known:
    """The gazetteer by the words of its names."""

    def __init__(self, companies: Iterable[GazetteerCompany]) -> None:
        self.by_words: defaultdict[Words, set[str]] = defaultdict(set)
        self.by_core: defaultdict[Words, set[str]] = defaultdict(set)
        self.common: set[Words] = set()
        self.parents: dict[str, str | None] = {}
        for company in companies:
            self.parents[company.id] = company.parent
            self.common |= {words(name) for name in company.context_aliases}
            for name in (company.name, *company.aliases, *company.context_aliases):
                self.by_words[words(name)].add(company.id)
                self.by_core[core(name)].add(company.id)


@cache
def _known() -> _Known:
    return _Known(load_gazetteer())


def _ids_of(name: str) -> set[str]:
    """The known companies of this name; of its words without legal forms only if none has the whole name."""
    known = _known()
    return known.by_words.get(words(name)) or known.by_core.get(core(name)) or set()


def _is_named_unit(unit: Words, of_unit: set[str], owner: Words, of_owner: set[str]) -> bool:
    """Whether a unit is named after a company that owns it."""
    if unit[: len(owner)] != owner:
        return False
    above = set(of_unit)
    for _ in range(4):
        above = {parent for i in above if (parent := _known().parents.get(i))}
        if above & of_owner:
            return True
    return False


@cache
def _lists() -> Mapping[str, Sequence[str]]:
    lists: Mapping[str, Sequence[str]] = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))
    return lists


@cache
def _forms() -> frozenset[str]:
    legal = (re.sub("[./]", "", form) for form in cue_words("legal_suffixes"))
    return frozenset((*legal, *_lists()["forms"]))


@cache
def _generic() -> frozenset[str]:
    return frozenset((*_lists()["generic"], *_forms()))
