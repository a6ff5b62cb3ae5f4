"""A company of one text."""

from __future__ import annotations

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
