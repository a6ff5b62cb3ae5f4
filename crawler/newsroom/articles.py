"""The newsroom's articles: Markdown files with YAML front matter, read and checked.

A file is `articles/<publisher>/<YYYY-MM-DD>-<slug>.md`. Its front matter has the keys of FRONT_MATTER; what
follows is the text: paragraphs, `## subheadings`, `> quotations` and `- ` lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from crawler.newsroom.publishers import Publisher, load_publishers

ARTICLES_FOLDER = Path(__file__).with_name("articles")

_FILE_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_FRONT_MATTER = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


class ArticlesError(ValueError):
    """An article file that cannot be used; the message is one line: file, key, what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """One article as its author wrote it. `body` is Markdown; times carry the publisher's zone."""

    publisher: str
    day: date
    slug: str
    headline: str
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime
    modified: datetime | None = None
    section: str
    caption: str | None = None
    related: tuple[str, ...] = ()
    bio: str | None = None
    comments: tuple[str, ...] = ()
    paywall: bool = False
    press_release: bool = False
    body: str

    @property
    def key(self) -> str:
        """Folder and file name without the ending: what names the article in other files."""
        return f"{self.publisher}/{self.day.isoformat()}-{self.slug}"

    @property
    def last_changed(self) -> datetime:
        """When the page's text last changed."""
        return self.modified or self.published


def load_articles(folder: Path = ARTICLES_FOLDER) -> tuple[SampleArticle, ...]:
    """Read every article of the folder, newest first within a publisher.

    Raises ArticlesError for a folder of no publisher and for a file that is not as the module describes.
    """
    publishers = {publisher.id: publisher for publisher in load_publishers()}
    articles: list[SampleArticle] = []
    for subfolder in sorted(path for path in folder.iterdir() if path.is_dir()):
        if subfolder.name not in publishers:
            raise ArticlesError(
                f"{subfolder}: no publisher has this id; publishers.yml has {', '.join(publishers)}"
            )
        articles += [
            read_article(path, publishers[subfolder.name]) for path in sorted(subfolder.glob("*.md"))
        ]
    return newest_first(articles)


def newest_first(articles: Iterable[SampleArticle]) -> tuple[SampleArticle, ...]:
    """The articles by time of publication, newest first, then by key so that the order is fixed."""
    return tuple(sorted(sorted(articles, key=lambda a: a.key), key=lambda a: a.published, reverse=True))


def read_article(path: Path, publisher: Publisher) -> SampleArticle:
    """Read one file. Raises ArticlesError."""
    name = _FILE_NAME.fullmatch(path.name)
    if not name:
        raise ArticlesError(f"{path}: the file name must be YYYY-MM-DD-slug.md with an ASCII slug")
    try:
        text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ArticlesError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    parts = _FRONT_MATTER.fullmatch(text)
    if not parts:
        raise ArticlesError(f"{path}: must begin with front matter between two lines of ---")
    values = _read_front_matter(parts[1], path)
    if not parts[2].strip():
        raise ArticlesError(f"{path}: no text after the front matter")
    published = values["published"]
    if published.date().isoformat() != name[1]:
        raise ArticlesError(
            f"{path}: 'published' is {published.date().isoformat()}, but the file name says {name[1]}"
        )
    if values.get("modified") and values["modified"] < published:
        raise ArticlesError(f"{path}: 'modified' is before 'published'")
    if values.get("paywall") and not publisher.paywall:
        raise ArticlesError(f"{path}: 'paywall' is not possible; {publisher.name} has no paywall")
    return SampleArticle(
        publisher=publisher.id, day=published.date(), slug=name[2], body=parts[2].strip(), **values
    )


def _read_front_matter(text: str, path: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 2}" if mark else ""
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        raise ArticlesError(f"{path}: front matter is not YAML{place}: {problem}") from None
    if not isinstance(document, dict):
        raise ArticlesError(f"{path}: front matter must be a mapping with {', '.join(FRONT_MATTER)}")
    values: dict[str, Any] = {}
    for key, value in document.items():
        if key not in FRONT_MATTER:
            raise ArticlesError(f"{path}: unknown key {key!r}; allowed: {', '.join(FRONT_MATTER)}")
        try:
            values[key] = FRONT_MATTER[key](value)
        except ValueError as error:
            raise ArticlesError(f"{path}: {key!r} {error}") from None
    for key in ("headline", "published", "section"):
        if key not in values:
            raise ArticlesError(f"{path}: the key {key!r} is missing")
    return values


def _line(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\n" in value.strip():
        raise ValueError("must be one line of text, in quotes if YAML reads it as something else")
    return value.strip()


def _lines(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("must be a list of texts")
    return tuple(_line(entry) for entry in value)


def _time(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError("must be a date and time with a zone, such as 2018-11-30T17:05:00+01:00")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


FRONT_MATTER: dict[str, Callable[[Any], Any]] = {
    "headline": _line,
    "standfirst": _line,
    "authors": _lines,
    "published": _time,
    "modified": _time,
    "section": _line,
    "caption": _line,
    "related": _lines,
    "bio": _line,
    "comments": _lines,
    "paywall": _flag,
    "press_release": _flag,
}
