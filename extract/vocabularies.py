"""The closed lists of the knowledge base, read from their data files and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from extract.model import Area, Vocabularies, VocabularyEntry
from extract.records import DataFileError, Record, read_data

FOLDER = Path(__file__).parent

_COMMON: dict[str, type] = {"id": str, "name": str, "definition": str}
_OWN: Mapping[str, dict[str, type]] = {
    "deal_types": {"is_partnership": bool},
    "instruments": {"is_binding": bool},
    "statuses": {"phase": str},
    "party_roles": {"is_party": bool, "side": str},
    "date_roles": {},
    "commitments": {},
    "sectors": {},
}
_REQUIRED = {"statuses": {"phase"}, "party_roles": {"is_party"}}
_ALLOWED = {"phase": {"talks", "intent", "agreed", "live", "ended"}, "side": {"provider", "buyer"}}


class VocabulariesError(DataFileError):
    """A vocabulary file that breaks its rules; the message is one line that names the places."""


@cache
def load_vocabularies(folder: Path = FOLDER) -> Vocabularies:
    """Read and check vocabularies.yml, areas.yml and countries.yml of `folder`.

    Raises VocabulariesError for an unknown or missing key, a wrong type, or an id that stands twice.
    """
    content = _read(folder / "vocabularies.yml", {"version", *_OWN})
    if not isinstance(content["version"], str):
        raise VocabulariesError("vocabularies.yml: version must be a quoted text")
    return Vocabularies(
        version=content["version"],
        areas=_areas(_read(folder / "areas.yml", {"areas"})["areas"]),
        countries=_countries(folder)["countries"],
        **{name: _entries(name, content[name]) for name in _OWN},
    )


@cache
def load_places(folder: Path = FOLDER) -> Mapping[str, str]:
    """What news calls a place (names of countries, adjectives, peoples, cities) -> ISO 3166-1 alpha-2 code.

    Raises VocabulariesError for a place of an unknown country.
    """
    content = _countries(folder)
    places: dict[str, str] = content["places"]
    return _plain_names(content) | places


@cache
def load_country_names(folder: Path = FOLDER) -> Mapping[str, str]:
    """What running text calls a country where a preposition says that it is one -> ISO 3166-1 alpha-2 code."""
    content = _countries(folder)
    names: dict[str, str] = content["country_names"]
    return _plain_names(content) | names


def _plain_names(content: Mapping[str, Any]) -> dict[str, str]:
    """Countries' own names, without those that more often mean something else."""
    return {name: code for code, name in content["countries"].items() if name not in content["not_places"]}


def _countries(folder: Path) -> dict[str, Any]:
    content = _read(folder / "countries.yml", {"countries", "places", "not_places", "country_names"})
    for part in (content["countries"], content["places"], content["country_names"]):
        if not isinstance(part, dict) or not all(isinstance(x, str) for pair in part.items() for x in pair):
            raise VocabulariesError('countries.yml: codes and names must be texts (quote "NO")')
    for place, code in (content["places"] | content["country_names"]).items():
        if code not in content["countries"]:
            raise VocabulariesError(f"countries.yml: place {place!r}: no country has the code {code!r}")
    for name in content["not_places"]:
        if name not in content["countries"].values():
            raise VocabulariesError(f"countries.yml: {name!r} in not_places is no country's name")
    return content


def _read(path: Path, keys: set[str]) -> dict[str, Any]:
    try:
        content = read_data(path)
    except DataFileError as error:
        raise VocabulariesError(str(error)) from error
    for key in sorted(content.keys() ^ keys):
        problem = "unknown key" if key in content else "missing key"
        raise VocabulariesError(f"{path.name}: {problem} {key!r} (expected {', '.join(sorted(keys))})")
    return content


def _entries(name: str, records: list[Record]) -> tuple[VocabularyEntry, ...]:
    defaults = {"is_partnership": True} if name == "deal_types" else {}
    required = _COMMON.keys() | _REQUIRED.get(name, set())
    _check(name, records, _COMMON | _OWN[name], required)
    return tuple(
        VocabularyEntry(position=position, **(defaults | dict(record.fields)))
        for position, record in enumerate(records, 1)
    )


def _areas(records: list[Record]) -> tuple[Area, ...]:
    fields = _COMMON | {"details": list, "cues": list}
    _check("areas", records, fields, fields.keys())
    seen: dict[str, str] = {}
    for record in records:
        for detail in record.fields["details"]:
            if not isinstance(detail, list) or [type(part) for part in detail] != [str, str]:
                raise VocabulariesError(f"{record.place}: details must be pairs [id, name], not {detail!r}")
            if detail[0] in seen:
                first = seen[detail[0]]
                raise VocabulariesError(f"{record.place}: detail {detail[0]!r} stands already at {first}")
            seen[detail[0]] = record.place
        if not all(isinstance(cue, str) for cue in record.fields["cues"]):
            raise VocabulariesError(f"{record.place}: cues must be texts")
    return tuple(
        Area(
            id=record.fields["id"],
            name=record.fields["name"],
            definition=record.fields["definition"],
            position=position,
            details=tuple((detail[0], detail[1]) for detail in record.fields["details"]),
            cues=tuple(record.fields["cues"]),
        )
        for position, record in enumerate(records, 1)
    )


def _check(name: str, records: Any, fields: Mapping[str, type], required: Iterable[str]) -> None:
    """Refuse what is not a list of entries with these fields and one id each."""
    if not isinstance(records, list) or not all(isinstance(record, Record) for record in records):
        raise VocabulariesError(f"{name}: must be a list of entries")
    seen: dict[str, str] = {}
    for record in records:
        for key, entry in record.fields.items():
            if problem := _problem(key, entry, fields):
                raise VocabulariesError(f"{record.place}: {problem} in {name}")
        if missing := sorted(set(required) - record.fields.keys()):
            raise VocabulariesError(f"{record.place}: missing {', '.join(missing)} in {name}")
        entry_id = record.fields["id"]
        if entry_id in seen:
            raise VocabulariesError(
                f"{record.place}: id {entry_id!r} in {name} stands already at {seen[entry_id]}"
            )
        seen[entry_id] = record.place


def _problem(key: str, entry: Any, fields: Mapping[str, type]) -> str | None:
    if key not in fields:
        return f"unknown key {key!r} (known: {', '.join(fields)})"
    if not isinstance(entry, fields[key]):
        return f"{key} {entry!r} is no {fields[key].__name__}"
    if key in _ALLOWED and entry not in _ALLOWED[key]:
        return f"{key} {entry!r} is none of {', '.join(sorted(_ALLOWED[key]))}"
    return None
