"""Reading the data files: records that know their place, so that an error can name it."""

from __future__ import annotations

from collections.abc import Mapping
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


def read_data(path: Path) -> dict[str, Any]:
    """The top mapping of a YAML file; every mapping in a list of it comes as a Record.

    Raises DataFileError if the file is no such mapping, is no YAML, or repeats a key.
    """
    loader = yaml.CSafeLoader(path.read_text(encoding="utf-8"))
    try:
        content = _read(loader.get_single_node(), loader, path.name)
    except yaml.YAMLError as error:
        raise DataFileError(f"{path.name}: {' '.join(str(error).split())}") from error
    finally:
        loader.dispose()
    if not isinstance(content, dict):
        raise DataFileError(f"{path.name}: the file must be a mapping")
    return content


def _read(node: yaml.Node | None, loader: yaml.CSafeLoader, origin: str) -> Any:
    """What `yaml.load` would give; done here because it forgets lines and lets the last of two keys win."""
    if isinstance(node, yaml.MappingNode):
        return _fields(node, loader, origin)
    if isinstance(node, yaml.SequenceNode):
        return [
            Record(f"{origin}:{item.start_mark.line + 1}", _fields(item, loader, origin))
            if isinstance(item, yaml.MappingNode)
            else _read(item, loader, origin)
            for item in node.value
        ]
    if node is None or node.tag == "tag:yaml.org,2002:str":
        return node and node.value
    return loader.construct_object(node)


def _fields(node: yaml.MappingNode, loader: yaml.CSafeLoader, origin: str) -> dict[Any, Any]:
    fields = {_read(key, loader, origin): _read(entry, loader, origin) for key, entry in node.value}
    if len(fields) < len(node.value):
        lines: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.value in lines:
                raise DataFileError(
                    f"{origin}:{line}: key {key.value!r} stands already on line {lines[key.value]}"
                )
            lines[key.value] = line
    return fields
