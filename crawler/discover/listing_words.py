"""The words of listing_words.yml, and addresses that by them can be no article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import yaml

WORDS: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("listing_words.yml").read_text(encoding="utf-8")
)


def any_of(words: Iterable[str]) -> str:
    """A regular expression that matches what any of them does."""
    return f"(?:{'|'.join(words)})"


_FOLDER = re.compile(rf"/{any_of(WORDS['folders'])}(?:/|$|\.)", re.I)
_FILE = re.compile(rf"\.{any_of(WORDS['endings'])}$", re.I)
_HOME = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:index\.\w{2,5})?", re.I)
_SITEMAP = re.compile(any_of(WORDS["sitemaps"]), re.I)
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
