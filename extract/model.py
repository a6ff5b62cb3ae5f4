"""The types that extraction emits. They carry exactly the fields of the JSON contract, in its order.

A span names its part (`headline`, `article_body` or `blocks/<n>`), and that part's `text[start_char:end_char]` is
the quoted text; offsets count Unicode code points. Claims quote headline and body only.

The second half of the file holds the records of the vocabularies and the gazetteer, which the composition root
hands on to the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

HEADLINE = "headline"
ARTICLE_BODY = "article_body"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one part of an article: `text` is the part's text[start_char:end_char]."""

    part: str
    start_char: int
    end_char: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyMention:
    """One company of an article with every place that names it.

    `roles` are ids of party roles, the main one first; `is_party` says whether it is a party of a main deal;
    `reason` says readably which rule or model decided.
    """

    id: str
    name: str
    kind: str = "company"
    country: str | None = None
    parent: str | None = None
    roles: tuple[str, ...]
    is_party: bool
    reason: str
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date expression: its span, its EDTF reading against `anchor`, its role, and the deal (index) it belongs to."""

    part: str
    start_char: int
    end_char: int
    text: str
    edtf: str | None
    earliest: str | None
    latest: str | None
    precision: str | None
    role: str
    anchor: str | None = None
    deal: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A company that the text makes an actor of the deal; `roles` are ids of party roles, the main one first."""

    company: str
    name: str
    roles: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DealArea:
    """An area of a deal with second-level details and how firmly it was committed to."""

    area: str
    details: tuple[str, ...] = ()
    commitment: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DealValue:
    """Money of a deal, normalised; `text` is the wording."""

    amount: float
    currency: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealTerm:
    """How long a deal runs: months, or the EDTF of its end, or both; `text` is the wording."""

    months: int | None
    end: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusivity:
    """Whether the text says that a deal is exclusive or is not; `text` is the wording."""

    is_exclusive: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLink:
    """A link to another deal of the same article: `deal` is its index in Extraction.deals."""

    kind: str
    deal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One span that supports one value of one field of the deal that holds it.

    `stated` is the same string as in the deal or date; `subject` is the company of a role, the area of a commitment,
    the role of a date, the other deal's index of a link, else null; `rule` says which rule or model spoke.
    """

    field: str
    subject: str | None
    stated: str
    part: str
    start_char: int
    end_char: int
    quote: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One agreement, or reported intent, between two or more named organisations.

    `main` is false for a deal that the article only recalls. `announced` is EDTF.
    """

    main: bool
    type: str
    instrument: str
    status: str
    announced: str | None
    confidence: float
    parties: tuple[Party, ...]
    units: tuple[str, ...] = ()
    areas: tuple[DealArea, ...] = ()
    places: tuple[str, ...] = ()
    value: DealValue | None = None
    term: DealTerm | None = None
    exclusive: Exclusivity | None = None
    scope: str | None = None
    links: tuple[DealLink, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What one article says. `relevance` (0 to 1) says how surely it is about retail; `pipeline` names the version."""

    url: str | None
    relevance: float
    pipeline: str
    companies: tuple[CompanyMention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    deals: tuple[Deal, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The extraction as plain JSON values, every field present."""
        return asdict(self)


class ExtractionError(ValueError):
    """A JSON object that is no valid Extraction; the message says in one line what is wrong."""


def extraction_from_json(record: Mapping[str, Any]) -> Extraction:
    """Read one line of `tieup extract`. Raises ExtractionError where the contract is not kept."""
    try:
        return _read_extraction(record)
    except (KeyError, TypeError, AttributeError) as error:
        raise ExtractionError(f"no valid extraction: {type(error).__name__} {error}") from error


def _read_extraction(record: Mapping[str, Any]) -> Extraction:
    return Extraction(
        url=record["url"],
        relevance=record["relevance"],
        pipeline=record["pipeline"],
        companies=tuple(
            CompanyMention(
                **_known(CompanyMention, c)
                | {
                    "roles": tuple(c["roles"]),
                    "mentions": tuple(Span(**_known(Span, m)) for m in c["mentions"]),
                }
            )
            for c in record["companies"]
        ),
        dates=tuple(DateMention(**_known(DateMention, d)) for d in record["dates"]),
        deals=tuple(_read_deal(d) for d in record["deals"]),
    )


def _read_deal(record: Mapping[str, Any]) -> Deal:
    value, term, exclusive = record["value"], record["term"], record["exclusive"]
    parts = {
        "parties": tuple(Party(**_known(Party, p) | {"roles": tuple(p["roles"])}) for p in record["parties"]),
        "units": tuple(record["units"]),
        "areas": tuple(
            DealArea(**_known(DealArea, a) | {"details": tuple(a["details"])}) for a in record["areas"]
        ),
        "places": tuple(record["places"]),
        "value": DealValue(**_known(DealValue, value)) if value else None,
        "term": DealTerm(**_known(DealTerm, term)) if term else None,
        "exclusive": Exclusivity(**_known(Exclusivity, exclusive)) if exclusive else None,
        "links": tuple(DealLink(**_known(DealLink, link)) for link in record["links"]),
        "claims": tuple(Claim(**_known(Claim, c)) for c in record["claims"]),
    }
    return Deal(**_known(Deal, record) | parts)


def _known(make: type, record: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a record that the type has; fields that a newer writer adds are left out."""
    return {field.name: record[field.name] for field in fields(make) if field.name in record}


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyEntry:
    """One entry of a vocabulary. The last fields belong to some vocabularies only (see vocabularies.yml)."""

    id: str
    name: str
    definition: str
    position: int
    phase: str | None = None
    is_party: bool | None = None
    side: str | None = None
    is_binding: bool | None = None
    is_partnership: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area of the taxonomy; `details` are (id, name) of its second level, `cues` are phrases that suggest it."""

    id: str
    name: str
    definition: str
    position: int
    details: tuple[tuple[str, str], ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabularies:
    """Every vocabulary of the knowledge base; `countries` maps ISO 3166-1 alpha-2 to a name."""

    version: str
    areas: tuple[Area, ...]
    deal_types: tuple[VocabularyEntry, ...]
    instruments: tuple[VocabularyEntry, ...]
    statuses: tuple[VocabularyEntry, ...]
    party_roles: tuple[VocabularyEntry, ...]
    date_roles: tuple[VocabularyEntry, ...]
    commitments: tuple[VocabularyEntry, ...]
    sectors: tuple[VocabularyEntry, ...]
    countries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ConfidenceBand:
    """Confidences of one fact in one band: its number (3 is 0.3 to below 0.4), count, mean, the share that is right."""

    field: str
    number: int
    n: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteerCompany:
    """A company that we know by name.

    `aliases` are other names as written in news; `context_aliases` are names that are common words ("Target", "Gap")
    and count only where the text around them shows a company. `parent` is another entry's id.
    """

    id: str
    name: str
    kind: str = "company"
    sector: str | None = None
    country: str | None = None
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    context_aliases: tuple[str, ...] = ()
    wikidata: str | None = None
    website: str | None = None
