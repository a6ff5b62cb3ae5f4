"""Reading the data files: records that know their place, so that an error can name it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class DataFileError(ValueError):
    """A data file of the package, or one made like it, that breaks its own rules; the message is one line."""


@dataclass(frozen=True, slots=True)
class Record:
    """One mapping of a list in a data file; `place` is "file:line"."""

    place: str
    fields: Mapping[str, Any]


class _Loader(yaml.CSafeLoader):
    """The fast safe loader, which refuses a key that stands twice and remembers where a mapping began."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                first = seen[key.value]
                raise DataFileError(f"key {key.value!r} on line {line} stands already on line {first}")
            seen[key.value] = line
        return super().construct_mapping(node, deep=deep) | {_LINE: node.start_mark.line + 1}


_LINE = object()


def read_data(path: Path) -> dict[str, Any]:
    """The top mapping of a YAML file; every list of mappings in it comes as a list of Record.

    Raises DataFileError if the file is no such mapping, is no YAML, or repeats a key.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        raise DataFileError(f"{path.name}: {' '.join(str(error).split())}") from error
    except DataFileError as error:
        raise DataFileError(f"{path.name}: {error}") from error
    if not isinstance(content, dict):
        raise DataFileError(f"{path.name}: the file must be a mapping")
    return {key: _with_places(entry, path.name) for key, entry in content.items() if key is not _LINE}


def _with_places(entry: Any, origin: str) -> Any:
    if isinstance(entry, dict):
        return {key: item for key, item in entry.items() if key is not _LINE}
    if isinstance(entry, list):
        return [
            Record(f"{origin}:{item[_LINE]}", {key: part for key, part in item.items() if key is not _LINE})
            if isinstance(item, dict)
            else item
            for item in entry
        ]
    return entry
