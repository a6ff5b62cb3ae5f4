"""Whose an address is that a listing names: its source's, another source's, or nobody's that is read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from crawler.canonical import same_site
from crawler.discover.links import ARTICLE, FEED, Link
from crawler.session import Task
from crawler.sources import Source

_PATH = Path(__file__).with_name("forwarders.yml")


class Owners:
    """The sources of a crawl by their hosts."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._by_host = {_host(source.origin): source for source in sources}

    def owner(self, task: Task, link: Link, url: str) -> Source | None:
        """The source to which a link of a listing at `url` belongs, or None for a link that is not followed."""
        if link.kind == ARTICLE:
            host = _host(link.url)
            if host == _host(task.source.origin):
                return task.source
            if (source := self._by_host.get(host)) is not None:
                return source
        return task.source if follows(task, link, url) else None


def follows(task: Task, link: Link, url: str) -> bool:
    """Whether a listing at `url` is believed: it may name what is on its source's site, or where it was listed.

    A page may name a feed anywhere, unless the source has feeds of its own. A feed may name a forwarder.
    """
    if link.kind == FEED:
        return not task.source.feeds
    if same_site(link.url, task.source.origin) or same_site(link.url, task.home or url):
        return True
    return task.link.kind == FEED and forwards(link.url)


def is_at_home(task: Task, url: str) -> bool:
    """Whether a page that arrived from `url` is one that its task may bring: redirects may lead anywhere."""
    if same_site(url, task.source.origin):
        return True
    home = (task.home or task.link.url) if forwards(task.link.url) else task.link.url
    return same_site(url, home) and not forwards(url)


def forwards(url: str) -> bool:
    """Whether an address is of a service that only forwards to a publisher's site."""
    host = _host(url).partition(":")[0]
    return any(host == name or host.endswith(f".{name}") for name in _forwarders())


def _host(url: str) -> str:
    """Host and port, without www; empty for what is no address."""
    try:
        return urlsplit(url).netloc.lower().removeprefix("www.")
    except ValueError:
        return ""


@cache
def _forwarders() -> tuple[str, ...]:
    return tuple(yaml.safe_load(_PATH.read_text(encoding="utf-8"))["hosts"])
