"""Letters that are one company's short name elsewhere and that a text gives another name: "Restaurant Brands (RBI)"."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.fuzz import token_set_ratio
from spacy.tokens import Span

from extract.introduced import short_names_after
from extract.model import GazetteerCompany
from extract.names import key_of
from extract.short_forms import Key, stands_for
from extract.text import fold

# From which likeness (0 to 100) a name that we do not know may be another form of one that we do.
_ALIKE = 80


def without_redefined(
    mentions: list[tuple[Span, GazetteerCompany]], organisations: Sequence[Span]
) -> list[tuple[Span, GazetteerCompany]]:
    """Mentions without those by letters that the text gives another name: "Restaurant Brands International (RBI)"."""
    owners = {(span.start, span.end): company for span, company in mentions}
    by_letters: dict[Key, GazetteerCompany] = {
        key_of(s): c for s, c in mentions if len(s) == 1 and s.text.isupper()
    }
    if not by_letters:
        return mentions
    redefined: set[Key] = set()
    for name in (*(span for span, _ in mentions), *organisations):
        if len(name) == 1:
            continue
        for short in short_names_after(name):
            meant, owner = by_letters.get(short.key), owners.get((name.start, name.end))
            if meant is None or owner is meant or not stands_for("".join(short.key), key_of(name)):
                continue
            if owner is not None or not _may_be_name_of(meant, name):
                redefined.add(short.key)
    return [m for m in mentions if key_of(m[0]) not in redefined] if redefined else mentions


def _may_be_name_of(company: GazetteerCompany, span: Span) -> bool:
    """Whether a name that we do not know is another form of a company's own ("United Parcel Services", UPS)."""
    name = fold(span.text)
    return any(
        stands_for(fold(own), key_of(span))
        if own == company.name and len(own.split()) == 1
        else token_set_ratio(fold(own), name) >= _ALIKE
        for own in (company.name, *company.aliases)
    )
