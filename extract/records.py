"""Reading the data files: records that know their place, so that an error can name it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import ComposerError


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
        content = _Reader(loader, path.name).document()
    except yaml.YAMLError as error:
        raise DataFileError(f"{path.name}: {' '.join(str(error).split())}") from error
    finally:
        loader.dispose()
    if not isinstance(content, dict):
        raise DataFileError(f"{path.name}: the file must be a mapping")
    return content


class _Reader:
    """What `yaml.load` would give; done here because it forgets lines and lets the last of two keys win.

    It reads events: the nodes that PyYAML would make of them first take twice the time of all the rest.
    """

    def __init__(self, loader: yaml.CSafeLoader, origin: str) -> None:
        self._loader: Any = loader
        self._next: Callable[[], Any] = loader.get_event
        self._origin = origin
        self._plain: dict[str, Any] = {}  # what an unquoted text means; most stand many times
        self._anchors: dict[str, Any] = {}

    def document(self) -> Any:
        """The content of the only document; None for an empty file."""
        self._next()  # the stream's start
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            return None
        content = self._value(self._next())
        self._next()  # the document's end
        if not isinstance(end := self._next(), yaml.StreamEndEvent):
            raise ComposerError(
                "expected a single document in the stream",
                start.start_mark,
                "but found another document",
                end.start_mark,
            )
        return content

    def _value(self, event: Any) -> Any:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            value = self._scalar(event)
        elif kind is yaml.MappingStartEvent:
            value = self._fields()
        elif kind is yaml.SequenceStartEvent:
            value = self._entries()
        elif event.anchor in self._anchors:
            return self._anchors[event.anchor]
        else:
            raise ComposerError(None, None, "found undefined alias", event.start_mark)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.tag is not None and event.tag != "!":
            return self._constructed(event, event.tag)
        if not event.implicit[0]:
            return text  # quoted
        if text not in self._plain:
            tag = self._loader.resolve(yaml.ScalarNode, text, event.implicit)
            self._plain[text] = self._constructed(event, tag)
        return self._plain[text]

    def _constructed(self, event: Any, tag: str) -> Any:
        if tag == "tag:yaml.org,2002:str":
            return event.value
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        return self._loader.construct_object(node)

    def _entries(self) -> list[Any]:
        entries = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            entry = self._value(event)
            if type(entry) is dict:
                entry = Record(f"{self._origin}:{event.start_mark.line + 1}", entry)
            entries.append(entry)
        return entries

    def _fields(self) -> dict[Any, Any]:
        fields: dict[Any, Any] = {}
        lines: dict[Any, int] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key, line = self._value(event), event.start_mark.line + 1
            if key in lines:
                raise DataFileError(
                    f"{self._origin}:{line}: key {event.value!r} stands already on line {lines[key]}"
                )
            lines[key] = line
            fields[key] = self._value(self._next())
        return fields
