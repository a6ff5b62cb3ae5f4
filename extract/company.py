"""A company of one text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spacy.tokens import Span

# From this score on (see extract.company_score) a name is listed as a company; from the lower one it is judged as a
# possible party, since the words of an agreement around it can be the better evidence.
COMPANY_THRESHOLD = 1.0
POSSIBLE_THRESHOLD = 0.0


@dataclass(slots=True)
class Company:
    """A company of one text: who it is and every span that names it, in order."""

    id: str
    name: str
    kind: str
    country: str | None
    parent: str | None
    sector: str | None
    is_known: bool
    score: float
    spans: list[Span] = field(default_factory=list)


def ancestor_in(company: Company, by_id: Mapping[str, Company], ids: set[str]) -> str | None:
    """The next parent, or a parent's parent, that is among `ids`; `by_id` are the companies of the text."""
    parent = company.parent
    for _ in range(4):
        if parent is None:
            return None
        if parent in ids:
            return parent
        parent = by_id[parent].parent if parent in by_id else None
    return None
