"""Which parties of an article's deals belong together: one deal, or several between some of them each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from extract.company import Company
from extract.encoder import EncoderReading
from extract.items import read_items
from extract.sentences import Sentence
from extract.together import together_odds

# From which log-odds two companies are parties of one deal; and from which mean of these two groups that share a
# company are one, so that a single doubtful pair does not cut a deal of three.
TOGETHER, ONE_DEAL = 0.0, -1.5
# Up to which log-odds with all others a company stands alone, and from which probability it is a party nevertheless.
ALONE, SURE_PARTY = -1.0, 0.8
MANY = 16  # from more companies on, not every largest set is looked for


def group_parties(
    parties: list[Company],
    counted: Sequence[Sentence],
    scores: Mapping[str, float],
    encoding: EncoderReading | None,
) -> list[list[Company]]:
    """The parties of each deal; a company may be in several.

    By the items of a round-up, else by how surely each two are of one deal, else by the sentences that name both.
    """
    if len(parties) < 3:
        return [parties]
    return (
        _groups_by_item(parties, counted)
        or (_groups_by_pairs(parties, counted, scores, encoding) if encoding else [])
        or _groups(parties, counted)
    )


def _groups_by_pairs(
    parties: Sequence[Company],
    counted: Sequence[Sentence],
    scores: Mapping[str, float],
    encoding: EncoderReading,
) -> list[list[Company]]:
    """The largest sets of which each two are parties of one deal; none where the encoder sees no such two.

    A company that goes with no other is left out where there are several sets; it joins the only one if it is a sure
    party by itself (`scores`), or not quite alone.
    """
    odds = together_odds(parties, counted, encoding)
    groups = _merged(_cliques([c.id for c in parties], odds), odds)
    if len(groups) == 1:
        (own,) = groups
        best = {c.id: max((odds[frozenset((c.id, i))] for i in own - {c.id}), default=0.0) for c in parties}
        return [[c for c in parties if c.id in own or best[c.id] > ALONE or scores[c.id] >= SURE_PARTY]]
    if not groups:
        return []
    ordered = sorted(groups, key=lambda ids: [c.id not in ids for c in parties])
    return [[c for c in parties if c.id in ids] for ids in ordered]


def _cliques(ids: Sequence[str], odds: Mapping[frozenset[str], float]) -> list[frozenset[str]]:
    """All largest sets of two companies or more, each two of which go together.

    Bron and Kerbosch 1973 with the pivot of Tomita et al. 2006. A graph can have 3 ** (n / 3) such sets, so of many
    companies (MANY) those that are linked at all, over others or not, are one set.
    """
    near = {i: {j for j in ids if j != i and odds[frozenset((i, j))] > TOGETHER} for i in ids}
    if len(ids) > MANY:
        return [frozenset(part) for part in _linked(ids, near) if len(part) > 1]
    found: list[frozenset[str]] = []

    def grow(chosen: frozenset[str], may: set[str], done: set[str]) -> None:
        if not may and not done and len(chosen) > 1:
            found.append(chosen)
        if not may:
            return
        pivot = max(sorted(may | done), key=lambda i: len(near[i] & may))
        for i in sorted(may - near[pivot]):
            grow(chosen | {i}, may & near[i], done & near[i])
            may, done = may - {i}, done | {i}

    grow(frozenset(), set(ids), set())
    return found


def _linked(ids: Sequence[str], near: Mapping[str, set[str]]) -> list[set[str]]:
    """The ids in parts: a part has all that are linked with one of it, over others or not."""
    parts: list[set[str]] = []
    seen: set[str] = set()
    for first in ids:
        if first in seen:
            continue
        part, frontier = {first}, [first]
        while frontier:
            for other in near[frontier.pop()] - part:
                part.add(other)
                frontier.append(other)
        seen |= part
        parts.append(part)
    return parts


def _merged(groups: list[frozenset[str]], odds: Mapping[frozenset[str], float]) -> list[frozenset[str]]:
    """Groups that share a company as one where the others go together well enough."""
    for one, two in combinations(groups, 2):
        cross = [odds[frozenset((i, j))] for i in one - two for j in two - one]
        if one & two and (not cross or sum(cross) / len(cross) > ONE_DEAL):
            rest = [g for g in groups if g not in (one, two)]
            return _merged([*rest, one | two], odds)
    return groups


def _groups_by_item(parties: Sequence[Company], counted: Sequence[Sentence]) -> list[list[Company]]:
    """The parties of each item of a round-up, where two items or more have parties enough for a deal; else nothing.

    A party that stands alone in its item is left out: in a round-up nothing says with whom it would go.
    """
    named = [{i for s in item for i in s.companies} for item in read_items(counted)]
    groups = [[c for c in parties if c.id in ids] for ids in named]
    found = [group for group in groups if len(group) > 1]
    return found if len(found) > 1 else []


def _groups(parties: list[Company], counted: Sequence[Sentence]) -> list[list[Company]]:
    """Parties that stand together in sentences which report an agreement; a hub of pairs that never meet is split."""
    ids = [c.id for c in parties]
    together: dict[frozenset[str], int] = {}
    joint = 0
    for sentence in counted:
        present = [i for i in ids if i in sentence.companies]
        joint = max(joint, len(present) if sentence.triggers else 0)
        if sentence.triggers and not sentence.is_recall:
            for pair in combinations(present, 2):
                together[frozenset(pair)] = together.get(frozenset(pair), 0) + 1
    if joint >= len(ids):
        return [parties]
    neighbours = {i: {j for pair in together if i in pair for j in pair if j != i} for i in ids}
    groups = [[c for c in parties if c.id in part] for part in _linked(ids, neighbours)]
    pairs = [g for g in groups if len(g) > 1]
    alone = [g[0] for g in groups if len(g) == 1]
    if not pairs:
        return [parties]
    pairs[0] = sorted([*pairs[0], *alone], key=lambda c: c.spans[0].start) if len(pairs) == 1 else pairs[0]
    return [part for group in pairs for part in _split_hub(group, neighbours)]


def _split_hub(group: list[Company], neighbours: Mapping[str, set[str]]) -> list[list[Company]]:
    if len(group) < 3:
        return [group]
    for hub in group:
        leaves = [c for c in group if c is not hub]
        if all(neighbours[c.id] == {hub.id} for c in leaves) and {c.id for c in leaves} <= neighbours[hub.id]:
            return [[hub, leaf] for leaf in leaves]
    return [group]
