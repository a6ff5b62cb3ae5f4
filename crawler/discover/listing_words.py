"""Addresses that can be no article, by the words of listing_words.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import yaml

_WORDS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("listing_words.yml").read_text(encoding="utf-8")
)


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(words)})"


_FOLDER = re.compile(rf"/{_any(_WORDS['folders'])}(?:/|$|\.)", re.I)
_FILE = re.compile(rf"\.{_any(_WORDS['endings'])}$", re.I)
_HOME = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:index\.\w{2,5})?", re.I)
_SITEMAP = re.compile(_any(_WORDS["sitemaps"]), re.I)
_SITEMAP_ENDING = re.compile(r"(?:\.xml)?(?:\.gz)?$", re.I)


def is_no_article(url: str) -> bool:
    """Whether an address is a home page, a file, or a list such as those of a tag or an author."""
    parts = urlsplit(url)
    if _HOME.fullmatch(parts.path):
        return not parts.query  # some sites number their articles so: /?p=123
    return bool(_FOLDER.search(parts.path) or _FILE.search(parts.path))


def lists_no_articles(url: str) -> bool:
    """Whether a sitemap, by its name, lists categories, tags, authors or fixed pages."""
    name = _SITEMAP_ENDING.sub("", urlsplit(url).path.rpartition("/")[2], count=1)
    return bool(_SITEMAP.search(name))
