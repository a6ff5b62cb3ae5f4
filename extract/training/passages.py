"""Reads annotated passages: a readable inline markup that compiles to plain text and exact offsets.

    headline: Brinkholt brings [[nuvaPay]] to its tills
    published: 2021-06-17
    deal a: main; type=service_agreement; instrument=agreement_unspecified; status=announced; announced=2021-06-17; areas=digital_payments:committed
    ---
    [[Brinkholt|a:retailer]], the Danish grocer, will accept [[nuvaPay|a:payment_provider]], it said on {{Thursday|2021-06-17 announced a}}.

`[[surface]]` is a mention of an organisation, `[[surface=Canonical Name|roles]]` a short form; roles are given once per
organisation: `<deal>:<role>` or a bare role of those that are no parties. `{{surface|EDTF role deal}}` is a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"\[\[(?P<name>[^\]]*)\]\]|\{\{(?P<date>[^}]*)\}\}", re.S)


# Passages in folders from this one on retell articles of the press, in other words. There are few beside those that were
# thought up, but they are built as news really is, so to the encoder each counts for several.
RETOLD, RETOLD_TIMES = "zzza", 3


class PassageError(ValueError):
    """A passage file that breaks the markup; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class NameMark:
    """A mention of an organisation: where it stands and which organisation it is (canonical name)."""

    part: str
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class DateMark:
    """A date expression with its EDTF, role and deal letter."""

    part: str
    start: int
    end: int
    edtf: str
    role: str
    deal: str | None


@dataclass(frozen=True, slots=True)
class DealMark:
    """A deal line: letter, whether it is main, and its facts as written."""

    letter: str
    is_main: bool
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """A compiled passage. `roles` maps a canonical name to (deal letter or None, role) pairs.

    `notes` are header lines besides headline, published and deals: in gold articles, genre and hard cases.
    """

    path: Path
    headline: str
    body: str
    published: str | None
    deals: tuple[DealMark, ...]
    names: tuple[NameMark, ...]
    dates: tuple[DateMark, ...]
    roles: dict[str, tuple[tuple[str | None, str], ...]]
    notes: dict[str, str]

    @property
    def text(self) -> str:
        """Headline and body as one text."""
        return f"{self.headline}\n\n{self.body}" if self.headline else self.body

    @property
    def body_start(self) -> int:
        """Where the body begins in that text."""
        return len(self.headline) + 2 if self.headline else 0


def is_retold(passage: Passage) -> bool:
    """Whether a passage retells an article of the press."""
    return passage.path.parent.name >= RETOLD


def times_of(passage: Passage) -> int:
    """How many times the encoder learns from a passage in one pass."""
    return RETOLD_TIMES if is_retold(passage) else 1


def read_passages(folder: Path) -> Iterator[Passage]:
    """All passages below a folder, in path order. Raises PassageError at the first that is broken."""
    for path in sorted(folder.rglob("*.txt")):
        yield read_passage(path)


def read_passage(path: Path) -> Passage:
    """Compile one file. Raises PassageError."""
    head, separator, body = path.read_text(encoding="utf-8").partition("\n---\n")
    if not separator:
        raise PassageError(f"{path}: no line '---' between header and text")
    fields: dict[str, str] = {}
    deals = []
    for line in head.splitlines():
        key, _, rest = line.partition(":")
        if key.startswith("deal "):
            first, *facts = [part.strip() for part in rest.split(";")]
            deals.append(
                DealMark(key[5:].strip(), first == "main", dict(_fact(path, fact) for fact in facts if fact))
            )
        else:
            fields[key.strip()] = rest.strip()
    names: list[NameMark] = []
    dates: list[DateMark] = []
    roles: dict[str, tuple[tuple[str | None, str], ...]] = {}
    headline_text = _compile("headline", fields.get("headline", ""), names, dates, roles)
    body_text = _compile("article_body", body.strip("\n"), names, dates, roles)
    return Passage(
        path,
        headline_text,
        body_text,
        fields.get("published") or None,
        tuple(deals),
        tuple(names),
        tuple(dates),
        roles,
        {k: v for k, v in fields.items() if k not in ("headline", "published")},
    )


def _fact(path: Path, fact: str) -> tuple[str, str]:
    key, separator, stated = fact.partition("=")
    if not separator:
        raise PassageError(f"{path}: '{fact}' is no key=value")
    return key.strip(), stated.strip().strip('"')


def _compile(
    part: str,
    text: str,
    names: list[NameMark],
    dates: list[DateMark],
    roles: dict[str, tuple[tuple[str | None, str], ...]],
) -> str:
    plain: list[str] = []
    length = last = 0
    for mark in _MARK.finditer(text):
        plain.append(text[last : mark.start()])
        length += mark.start() - last
        last = mark.end()
        if mark["name"] is not None:
            inner, _, given = mark["name"].partition("|")
            surface, _, canonical = inner.partition("=")
            name = canonical or surface
            names.append(NameMark(part, length, length + len(surface), name))
            if given:
                pairs = [(r.rpartition(":")[0] or None, r.rpartition(":")[2]) for r in given.split()]
                roles[name] = (*roles.get(name, ()), *pairs)
        else:
            surface, _, given = mark["date"].partition("|")
            words = given.split()
            if len(words) >= 2:
                dates.append(
                    DateMark(
                        part,
                        length,
                        length + len(surface),
                        words[0],
                        words[1],
                        words[2] if len(words) > 2 else None,
                    )
                )
        plain.append(surface)
        length += len(surface)
    plain.append(text[last:])
    return "".join(plain)
