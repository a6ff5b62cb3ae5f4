"""Turns annotated passages and NER sets into windows of word pieces with labels."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extract.encoder import MAX_LENGTH, STRIDE, shapes_of
from extract.training.encoder.labels import (
    APART,
    ENTITY_LABELS,
    IGNORED,
    PARTY,
    ROLE_ALIASES,
    ROLE_LABELS,
    TOGETHER,
)
from extract.training.passages import Passage

_ROLES = (*ROLE_LABELS, TOGETHER, APART)


@dataclass(slots=True)
class Text:
    """A text to learn from: headline and body, entities by part and offsets, mention roles, labels of the whole.

    A mention's role comes with the organisation's name; `whole` holds for the windows that name two parties.
    """

    headline: str
    body: str
    entities: list[tuple[str, int, int, str]] = field(default_factory=list)
    roles: list[tuple[str, int, int, str, str]] = field(default_factory=list)
    known_labels: frozenset[str] = frozenset({"ORG"})  # entity labels that the text really annotates
    whole: Mapping[str, Any] | None = None


def text_of(passage: Passage) -> Text:
    """A passage with its labels. Organisations only: persons and places are not marked in passages."""
    main = {d.letter for d in passage.deals if d.is_main}
    text = Text(passage.headline, passage.body)
    for mark in passage.names:
        text.entities.append((mark.part, mark.start, mark.end, "ORG"))
        role = role_label(passage.roles.get(mark.name, ()), main)
        if role:
            text.roles.append((mark.part, mark.start, mark.end, role, mark.name))
    mains = [d.facts for d in passage.deals if d.is_main]
    areas = {a.split(":")[0].strip() for f in mains for a in f.get("areas", "").split(",") if a.strip()}
    one = mains[0] if mains else {}
    text.whole = {
        "deal": bool(mains),
        "type": one.get("type"),
        "status": one.get("status"),
        "instrument": one.get("instrument"),
        "areas": areas if mains else None,
    }
    return text


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
            yield Text(
                "",
                row["text"],
                roles=[("article_body", s, e, role, "") for s, e in spans],
                known_labels=frozenset(),
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
    new = Text("", "", known_labels=text.known_labels, whole=text.whole)
    shifts: dict[tuple[str, int, int], tuple[int, int]] = {}
    for part in ("headline", "article_body"):
        old, out, last, length = _part(text, part), [], 0, 0
        for _, start, end, _label in sorted({m for m in text.entities if m[0] == part}, key=lambda m: m[1]):
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
    return new


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
        role = [IGNORED] * len(ids)
        parties = set()
        for which, part in ((0, "headline"), (1, "article_body")):
            for p, start, end, label in text.entities:
                if p == part:
                    _mark(entity, sequence, offsets, which, start, end, label)
            for p, start, end, label, name in text.roles:
                if p == part:
                    for i, s in enumerate(sequence):
                        if s == which and offsets[i][0] < end and offsets[i][1] > start:
                            role[i] = _ROLES.index(label)
                            if label == PARTY:
                                parties.add(name)
        # What the deal is like cannot be read where the parties are not named.
        whole = text.whole if text.whole and (len(parties) > 1 or not text.whole["deal"]) else None
        yield {
            "ids": ids,
            "types": encoded["token_type_ids"][number],
            "shapes": shapes,
            "entity": entity,
            "role": role,
            "known": text.known_labels,
            "whole": whole,
        }


def _mark(
    entity: list[int],
    sequence: Sequence[int | None],
    offsets: Sequence[tuple[int, int]],
    which: int,
    start: int,
    end: int,
    label: str,
) -> None:
    first = True
    for i, s in enumerate(sequence):
        if s == which and offsets[i][0] < end and offsets[i][1] > start:
            name = f"{'B' if first else 'I'}-{label}"
            if name in ENTITY_LABELS:
                entity[i] = ENTITY_LABELS.index(name)
            first = False
