"""Reads saved pages with what a person sees on them, from a file of JSON lines or a folder of designs."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

Fact = str | tuple[str, ...]
"""A title, a date ("": the page has none), or names of authors."""

_DAY = re.compile(r"\d{4}(-\d\d){0,2}(?![\d-])")


class BadInput(click.ClickException):
    """What the user named cannot be used: one line, and exit code 2."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class ExpectedPage:
    """A saved page and what a person reads on it. `facts` has title, published and authors, if they were noted."""

    name: str
    html: bytes
    url: str | None
    body: str
    facts: Mapping[str, Fact]


def read_expected(expected: Path, folder: Path | None) -> list[ExpectedPage]:
    """The pages of a folder of designs, or those that a file expects, which lie in `folder` or beside the file.

    Raises BadInput where either cannot be read, has another shape or names no page that is there.
    """
    if expected.is_dir():
        if folder:
            raise BadInput(f"the pages of {expected} are in it; name no other FOLDER")
        pages = list(_of_designs(expected))
        if not pages:
            raise BadInput(f"{expected} has no .json with what its pages say")
        return pages
    saved = {name_of(path): path for path in saved_pages(folder or expected.parent)}
    lines = list(_of_lines(expected))
    missing = [row["id"] for _, row in lines if row["id"] not in saved]
    if len(missing) == len(lines):
        raise BadInput(f"{expected} names none of the {len(saved)} pages in {folder or expected.parent}")
    if missing:
        click.echo(f"{len(missing)} of {len(lines)} pages are not there, the first is {missing[0]}", err=True)
    return [_page(saved[row["id"]], row, place) for place, row in lines if row["id"] in saved]


def saved_pages(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.html*")) if path.name.endswith((".html", ".html.gz"))]


def name_of(page: Path) -> str:
    return page.name.removesuffix(".gz").removesuffix(".html")


def page_bytes(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{path} cannot be read: {_reason(error)}") from None


def _of_designs(folder: Path) -> Iterator[ExpectedPage]:
    for path in sorted(folder.glob("*.json")):
        beside = [path.with_suffix(ending) for ending in (".html", ".html.gz")]
        page = next((page for page in beside if page.is_file()), None)
        if page is None:
            raise BadInput(f"{path} has no {beside[0].name} or {beside[1].name} beside it")
        yield _page(page, _object(_text(path), str(path)), str(path))


def _of_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    # Not splitlines: JSON may have other line separators inside of its strings.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if line.strip():
            place = f"{path}, line {number}"
            row = _object(line, place)
            if not isinstance(row.get("id"), str):
                raise BadInput(f"{place}: needs an id, the page's file name without .html")
            yield place, row


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{place}: no JSON: {error}") from None
    if not isinstance(row, dict):
        raise BadInput(f"{place}: no JSON object")
    return row


def _page(path: Path, row: Mapping[str, Any], place: str) -> ExpectedPage:
    body, url = row.get("article_body", row.get("body")), row.get("url")
    if not (isinstance(body, str) or _are_texts(body)):
        raise BadInput(f"{place}: needs article_body, a text, or body, a list of paragraphs")
    if not (url is None or isinstance(url, str)):
        raise BadInput(f"{place}: url is no text")
    text = body if isinstance(body, str) else "\n".join(body)
    return ExpectedPage(name_of(path), page_bytes(path), url, text, dict(_facts(row, place)))


def _facts(row: Mapping[str, Any], place: str) -> Iterable[tuple[str, Fact]]:
    for field in ("title", "published"):
        if field in row:
            value = row[field] or ""
            if not isinstance(value, str) or (field == "published" and value and not _DAY.match(value)):
                raise BadInput(
                    f"{place}: {field} is no {'text' if field == 'title' else 'date like 2024-05-17'}"
                )
            yield field, value
    if "authors" in row:
        if not _are_texts(names := row["authors"] or []):
            raise BadInput(f"{place}: authors is no list of names")
        yield "authors", tuple(names)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
