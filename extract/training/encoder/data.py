"""Turns annotated passages and NER sets into windows of word pieces with labels."""

from __future__ import annotations

import json
import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from extract.encoder import MAX_LENGTH, STRIDE, shapes_of
from extract.training.encoder.labels import (
    APART,
    DATE_LABELS,
    ENTITY_LABELS,
    IGNORED,
    PARTY,
    PARTY_ROLE_LABELS,
    ROLE_ALIASES,
    ROLE_LABELS,
    TENSE_LABELS,
    TOGETHER,
)
from extract.training.passages import DealMark, Passage

# Of two organisations known only to be partners: parties of one deal, whether it is news or not.
EITHER = 2
_ROLES = (*ROLE_LABELS, TOGETHER, APART)


@dataclass(slots=True)
class Text:
    """A text to learn from: headline and body, entities and dates by part and offsets, mention roles, labels of the whole.

    A mention's role comes with the organisation's name. `groups` are the mentions of each organisation by name, and
    `deals` the deals between them. `whole` holds for the windows that name two parties.
    """

    headline: str
    body: str
    entities: list[tuple[str, int, int, str]] = field(default_factory=list)
    roles: list[tuple[str, int, int, str, str]] = field(default_factory=list)
    known_labels: frozenset[str] = frozenset({"ORG"})  # entity labels that the text really annotates
    whole: Mapping[str, Any] | None = None
    dates: list[tuple[str, int, int, str, str | None]] = field(default_factory=list)  # with role and tense
    groups: list[tuple[str, int, int, str]] = field(default_factory=list)
    deals: Sequence[DealOf] = ()
    party_roles: list[tuple[str, int, int, str]] = field(default_factory=list)  # what each is in its deal


@dataclass(frozen=True, slots=True)
class DealOf:
    """Which organisations (names) a deal is between, and which are units of them; `is_main` is None if unknown."""

    is_main: bool | None
    parties: frozenset[str]
    units: frozenset[str] = frozenset()


def text_of(passage: Passage) -> Text:
    """A passage with its labels. Organisations only: persons and places are not marked in passages."""
    main = {d.letter for d in passage.deals if d.is_main}
    text = Text(passage.headline, passage.body)
    for mark in passage.names:
        text.entities.append((mark.part, mark.start, mark.end, "ORG"))
        text.groups.append((mark.part, mark.start, mark.end, mark.name))
        role = role_label(passage.roles.get(mark.name, ()), main)
        if role:
            text.roles.append((mark.part, mark.start, mark.end, role, mark.name))
        party_role = party_role_label(passage.roles.get(mark.name, ()), main)
        if party_role:
            text.party_roles.append((mark.part, mark.start, mark.end, party_role))
    text.dates = [
        (m.part, m.start, m.end, m.role, tense_of(m.edtf, passage.published)) for m in passage.dates
    ]
    text.deals = [_deal_of(d, passage) for d in passage.deals]
    mains = [d.facts for d in passage.deals if d.is_main]
    # Where two deals commit to one area, the first tells how firmly.
    areas = dict(
        (stated.strip().partition(":")[::2])
        for f in reversed(mains)
        for stated in f.get("areas", "").split(",")
        if stated.strip()
    )
    text.whole = {
        "deal": bool(mains),
        **{name: _common(f.get(name) for f in mains) for name in ("type", "status", "instrument")},
        "areas": areas if mains else None,
    }
    return text


def _common(values: Iterable[str | None]) -> str | None:
    """The one value that all have; none where they differ, as nothing tells which one is meant."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


# First and last month of EDTF's seasons, quarters and halves.
_SEASONS = {
    21: (3, 5),
    22: (6, 8),
    23: (9, 11),
    33: (1, 3),
    34: (4, 6),
    35: (7, 9),
    36: (10, 12),
    40: (1, 6),
    41: (7, 12),
}


def tense_of(edtf: str, published: str | None) -> str | None:
    """Whether a date (year, month, day, season, quarter or half) lies before or after publication; None if it may be on it."""
    parts = [int(part) for part in edtf.split("-") if part.isdecimal()]
    if not published or len(parts) != edtf.count("-") + 1:
        return None
    day = [int(part) for part in published[:10].split("-")]
    first, last = parts, parts
    if len(parts) == 2 and parts[1] > 12:
        months = _SEASONS.get(parts[1], (1, 12))
        first, last = [parts[0], months[0]], [parts[0], months[1]]
    if last < day[: len(last)]:
        return "past"
    return "future" if first[: len(day)] > day[: len(first)] else None


def _deal_of(deal: DealMark, passage: Passage) -> DealOf:
    roles = {
        name: {ROLE_ALIASES.get(role, role) for letter, role in pairs if letter == deal.letter}
        for name, pairs in passage.roles.items()
    }
    parties = frozenset(name for name, own in roles.items() if own - {"unit_of_party"})
    return DealOf(deal.is_main, parties, frozenset(n for n, own in roles.items() if own and n not in parties))


def role_label(roles: Sequence[tuple[str | None, str]], main: set[str]) -> str | None:
    """The one label of a company for the encoder: party of a main deal, unit, party of an older deal, or its own role."""
    names = [(letter, ROLE_ALIASES.get(role, role)) for letter, role in roles]
    if any(letter in main and role != "unit_of_party" for letter, role in names):
        return PARTY
    if any(letter in main for letter, _ in names):
        return "unit_of_party"
    if any(letter is not None for letter, _ in names):
        return "prior_partner"
    for _, role in names:
        if role in ROLE_LABELS:
            return role
    return None


def party_role_label(roles: Sequence[tuple[str | None, str]], main: set[str]) -> str | None:
    """What a company is as a party: in the first deal that is news, else in the first older one."""
    own = [(letter not in main, role) for letter, role in roles if letter and role in PARTY_ROLE_LABELS]
    return min(own, key=lambda pair: pair[0])[1] if own else None


def pair_texts(path: Path) -> Iterator[Text]:
    """Sentences of a relation set in which two named companies are marked: partners, or something else to each other.

    Sentences of client and supplier are left out, since their set does not say whether an agreement is meant; every fifth
    sentence (by the number in its id) is kept out for measuring. Pronouns ("the company") are no names.
    """
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            spans = [(e["start"], e["end"]) for e in row["entities"]]
            if row["relation"] == "client_of" or is_measured(row["id"]):
                continue
            if not all(row["text"][s:e][:1].isupper() and _is_name(row["text"][s:e]) for s, e in spans):
                continue
            role = TOGETHER if row["relation"] == "collaboration" else APART
            deal = DealOf(None, frozenset({"0", "1"}))
            yield Text(
                "",
                row["text"],
                roles=[("article_body", s, e, role, "") for s, e in spans],
                known_labels=frozenset(),
                groups=[("article_body", s, e, str(i)) for i, (s, e) in enumerate(spans)],
                deals=(deal,) if role == TOGETHER else (),
            )


def is_measured(sentence: str) -> bool:
    """Whether a sentence of the relation set (by id) is kept out of training."""
    return int("".join(c for c in sentence if c.isdigit())) % 5 == 0


def _is_name(surface: str) -> bool:
    return surface.split()[0].lower() not in {"it", "its", "the", "they", "their", "he", "she", "we", "our"}


def swap_names(text: Text, names: Sequence[str], rng: random.Random, share: float) -> Text:
    """The same text with some organisations renamed throughout, so that a name tells nothing of its role."""
    surfaces = sorted({_part(text, p)[s:e] for p, s, e, label in text.entities if label == "ORG"})
    swapped = {s: rng.choice(names) for s in surfaces if rng.random() < share and len(s.split()) < 4}
    new = Text("", "", known_labels=text.known_labels, whole=text.whole, deals=text.deals)
    shifts: dict[tuple[str, int, int], tuple[int, int]] = {}
    marks = {*text.entities, *((part, start, end, "DATE") for part, start, end, *_ in text.dates)}
    for part in ("headline", "article_body"):
        old, out, last, length = _part(text, part), [], 0, 0
        for _, start, end, _label in sorted({m for m in marks if m[0] == part}, key=lambda m: m[1]):
            if start < last:
                continue
            surface = old[start:end]
            name = swapped.get(surface, surface) if _label == "ORG" else surface
            out += [old[last:start], name]
            length += start - last
            shifts[part, start, end] = (length, length + len(name))
            length += len(name)
            last = end
        out.append(old[last:])
        if part == "headline":
            new.headline = "".join(out)
        else:
            new.body = "".join(out)
    new.entities = [(p, *shifts[p, s, e], label) for p, s, e, label in text.entities if (p, s, e) in shifts]
    new.roles = [
        (p, *shifts[p, s, e], role, name) for p, s, e, role, name in text.roles if (p, s, e) in shifts
    ]
    new.party_roles = [
        (p, *shifts[p, s, e], role) for p, s, e, role in text.party_roles if (p, s, e) in shifts
    ]
    new.dates = [
        (p, *shifts[p, s, e], role, when) for p, s, e, role, when in text.dates if (p, s, e) in shifts
    ]
    new.groups = [(p, *shifts[p, s, e], name) for p, s, e, name in text.groups if (p, s, e) in shifts]
    return new


def without_headline(text: Text) -> Text:
    """The same text as a reader of the body alone has it."""
    body = "article_body"
    return replace(
        text,
        headline="",
        entities=[mark for mark in text.entities if mark[0] == body],
        roles=[mark for mark in text.roles if mark[0] == body],
        party_roles=[mark for mark in text.party_roles if mark[0] == body],
        dates=[mark for mark in text.dates if mark[0] == body],
        groups=[mark for mark in text.groups if mark[0] == body],
    )


def _part(text: Text, part: str) -> str:
    return text.headline if part == "headline" else text.body


def windows(text: Text, tokenizer: Any) -> Iterator[dict[str, Any]]:
    """Windows of at most MAX_LENGTH pieces: the headline and a stretch of the body, with labels by piece."""
    encoded = tokenizer(
        text.headline,
        text.body,
        truncation="only_second",
        max_length=MAX_LENGTH,
        stride=STRIDE,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    by_part = (shapes_of(text.headline), shapes_of(text.body))
    for number, ids in enumerate(encoded["input_ids"]):
        offsets, sequence = encoded["offset_mapping"][number], encoded.sequence_ids(number)
        shapes = [
            int(by_part[which][start]) if which is not None and end > start else 0
            for which, (start, end) in zip(sequence, offsets, strict=True)
        ]
        entity = [0 if s is not None and text.known_labels else IGNORED for s in sequence]
        role, party_role, date, tense = ([IGNORED] * len(ids) for _ in range(4))
        parties = set()
        groups: dict[str, list[int]] = {}
        for which, part in ((0, "headline"), (1, "article_body")):
            pieces = _pieces_of(sequence, offsets, which)
            for p, start, end, label in text.entities:
                if p == part:
                    _mark(entity, pieces.of(start, end), label)
            for p, start, end, label, name in text.roles:
                if p == part:
                    for i in pieces.of(start, end):
                        role[i] = _ROLES.index(label)
                        if label == PARTY:
                            parties.add(name)
            for p, start, end, label in text.party_roles:
                if p == part:
                    for i in pieces.of(start, end):
                        party_role[i] = PARTY_ROLE_LABELS.index(label)
            for p, start, end, label, when in text.dates:
                if p == part:
                    for i in pieces.of(start, end):
                        date[i] = DATE_LABELS.index(label) if label in DATE_LABELS else IGNORED
                        tense[i] = TENSE_LABELS.index(when) if when else IGNORED
            for p, start, end, name in text.groups:
                if p == part:
                    groups.setdefault(name, []).extend(pieces.of(start, end))
        # What the deal is like cannot be read where the parties are not named.
        whole = text.whole if text.whole and (len(parties) > 1 or not text.whole["deal"]) else None
        yield {
            "ids": ids,
            "types": encoded["token_type_ids"][number],
            "shapes": shapes,
            "entity": entity,
            "role": role,
            "party_role": party_role,
            "date": date,
            "tense": tense,
            "groups": [own for own in groups.values() if own],
            "pairs": _pairs([name for name, own in groups.items() if own], text.deals),
            "known": text.known_labels,
            "whole": whole,
        }


def _pairs(names: Sequence[str], deals: Sequence[DealOf]) -> list[tuple[int, int, int, int]]:
    """What each two organisations are to each other: their places among the names, then one number for each of PAIR_LABELS.

    1: parties of such a deal, 0: not, IGNORED: a unit acts for one of them; both EITHER: of one deal, main or recalled.
    """
    pairs = []
    for (i, one), (j, two) in combinations(enumerate(names), 2):
        labels = [0, 0]
        for deal in deals:
            both = {one, two}
            if both <= deal.parties:
                if deal.is_main is None:
                    labels = [EITHER, EITHER]
                else:
                    labels[0 if deal.is_main else 1] = 1
            elif both <= deal.parties | deal.units and deal.is_main is not None:
                at = 0 if deal.is_main else 1
                labels[at] = labels[at] or IGNORED
        pairs.append((i, j, labels[0], labels[1]))
    return pairs


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The word pieces of one part in a window: the place of the first, and where in the part each starts and ends."""

    first: int
    starts: Sequence[int]
    ends: Sequence[int]

    def of(self, start: int, end: int) -> range:
        """The places of the pieces of a stretch."""
        return range(self.first + bisect_right(self.ends, start), self.first + bisect_left(self.starts, end))


def _pieces_of(sequence: Sequence[int | None], offsets: Sequence[tuple[int, int]], which: int) -> _Pieces:
    """The pieces of the headline (0) or body (1), which stand together."""
    places = [i for i, s in enumerate(sequence) if s == which]
    return _Pieces(
        places[0] if places else 0, [offsets[i][0] for i in places], [offsets[i][1] for i in places]
    )


def _mark(entity: list[int], places: Iterable[int], label: str) -> None:
    for number, i in enumerate(places):
        name = f"{'I' if number else 'B'}-{label}"
        if name in ENTITY_LABELS:
            entity[i] = ENTITY_LABELS.index(name)
