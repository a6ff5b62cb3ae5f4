"""A publisher's whole site as a mapping from path to response, made from its articles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from crawler.newsroom import discovery, pages
from crawler.newsroom.addresses import article_path, copy_path, old_path, page_path
from crawler.newsroom.articles import SampleArticle, load_articles, newest_first
from crawler.newsroom.pages import SiteContext
from crawler.newsroom.publishers import Publisher, load_publishers
from crawler.sources import Source, load_sources

DEFAULT_BASE_PORT = 8471
SOURCES_FILE = Path(__file__).with_name("sources.yml")
NOT_FOUND = "*"
"""The key of the response for every path that the site does not have."""

_PAGE_SIZE = 6
_HTML = "text/html; charset=utf-8"
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
# Parameters that choose a page. Sites ignore all others, so an address with tracking shows the same article.
_MEANINGFUL = ("page", "print")
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9">'
    '<path fill="#ccd" d="M0 0h16v9H0z"/><path fill="#99a" d="M3 8V4h3v4zm5 0V2h4v6z"/></svg>\n'
)


@dataclass(frozen=True, slots=True)
class Response:
    """What a request for a path gets: HTTP status, headers by name, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def build_site(
    publisher: Publisher, articles: Iterable[SampleArticle], base_port: int
) -> Mapping[str, Response]:
    """Every path (with its query, where that chooses a page) of a publisher's site, and NOT_FOUND.

    Takes all articles or only the publisher's. The same articles and port always give the same bytes.
    Raises ValueError if two pages would have the same address.
    """
    own = newest_first(article for article in articles if article.publisher == publisher.id)
    site = SiteContext(publisher=publisher, base_port=base_port, articles=own)
    builder = _Builder(publisher)
    _add_articles(site, builder)
    _add_listing(site, builder, "/", publisher.name, own)
    _add_listing(site, builder, publisher.latest_path, "Latest", own)
    for name, path in site.sections:
        _add_listing(
            site,
            builder,
            path,
            name,
            [article for article in own if site.section_path(article.section) == path],
        )
    for path, title, text in _plain_pages(publisher):
        builder.add(path, _HTML, pages.render_plain(site, title, [text]))
    builder.add(NOT_FOUND, _HTML, pages.render_plain(site, "Page not found", [_GONE]), status=404)
    newest = max((article.last_changed for article in own), default=None)
    for listing in publisher.feeds:
        builder.add(listing.path, _TYPES[listing.kind], discovery.feed(site, listing), changed=newest)
    for listing in publisher.sitemaps:
        for path, content in discovery.sitemaps(site, listing):
            kind = "application/gzip" if path.endswith(".gz") else "application/xml"
            builder.add(path, kind, content, changed=newest)
    builder.add("/robots.txt", "text/plain; charset=utf-8", discovery.robots(site))
    builder.add("/static/style.css", "text/css; charset=utf-8", pages.render_style(site))
    builder.add("/static/picture.svg", "image/svg+xml", _PICTURE)
    return builder.responses


def respond(site: Mapping[str, Response], target: str) -> Response:
    """The response to a request target (path and query); parameters that choose nothing are ignored."""
    path, _, query = target.partition("?")
    kept = [
        (name, value)
        for name, value in parse_qsl(query)
        if name in _MEANINGFUL and (name, value) != ("page", "1")
    ]
    key = path + (f"?{urlencode(kept)}" if kept else "")
    return site[key] if key in site and key != NOT_FOUND else site[NOT_FOUND]


def newsroom_sources(base_port: int = DEFAULT_BASE_PORT) -> tuple[Source, ...]:
    """The newsroom's publishers as crawler sources, with the ports that a server on this base port uses."""
    moved = []
    for source in load_sources(SOURCES_FILE):
        host, _, port = source.domain.partition(":")
        moved.append(replace(source, domain=f"{host}:{int(port) - DEFAULT_BASE_PORT + base_port}"))
    return tuple(moved)


def base_port_of(domains: Mapping[str, str]) -> int | None:
    """The base port of the newsroom that sources belong to (`127.0.0.1:8473` by source id), or None."""
    for source in load_sources(SOURCES_FILE):
        host, _, port = domains.get(source.id, "").partition(":")
        if host == source.domain.partition(":")[0] and port.isdecimal():
            return int(port) - int(source.domain.partition(":")[2]) + DEFAULT_BASE_PORT
    return None


def article_urls(base_port: int = DEFAULT_BASE_PORT) -> dict[str, str]:
    """The canonical address of every bundled article by its key (`retail-ledger/2018-11-30-alibaba-...`)."""
    publishers = {publisher.id: publisher for publisher in load_publishers()}
    return {
        article.key: publishers[article.publisher].origin(base_port)
        + article_path(publishers[article.publisher], article)
        for article in load_articles()
    }


class _Builder:
    """Collects responses, with the validators of the publisher, and refuses an address that is taken."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self.responses: dict[str, Response] = {}

    def add(
        self,
        path: str,
        kind: str,
        content: str | bytes,
        *,
        changed: datetime | None = None,
        is_listing: bool = False,
        status: int = 200,
    ) -> None:
        body = content.encode() if isinstance(content, str) else content
        headers = {"Content-Type": kind}
        if status == 200 and (is_listing or "etag" in self.publisher.validators):
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        if changed and "last_modified" in self.publisher.validators:
            headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
        self._put(path, Response(status, headers, body))

    def redirect(self, path: str, location: str) -> None:
        self._put(path, Response(301, {"Location": location}, b""))

    def _put(self, path: str, response: Response) -> None:
        if path in self.responses:
            raise ValueError(f"{self.publisher.name} has two pages at {path}; give one article another slug")
        self.responses[path] = response


def _add_articles(site: SiteContext, builder: _Builder) -> None:
    publisher = site.publisher
    for article in site.articles:
        changed = article.last_changed
        builder.add(
            article_path(publisher, article), _HTML, pages.render_article(site, article), changed=changed
        )
        for kind in publisher.copies:
            path = copy_path(publisher, article, kind)
            builder.add(path, _HTML, pages.render_copy(site, article, kind), changed=changed)
        if old := old_path(publisher, article):
            builder.redirect(old, site.url(article))


def _add_listing(
    site: SiteContext, builder: _Builder, path: str, title: str, articles: Sequence[SampleArticle]
) -> None:
    """The pages of one listing: always an ETag, no Last-Modified, for an older article can join."""
    last = 1 if path == "/" else max(1, -(-len(articles) // _PAGE_SIZE))
    paths = [page_path(site.publisher, path, number) for number in range(1, last + 1)]
    for index, page in enumerate(paths):
        html = pages.render_listing(
            site,
            title,
            articles[index * _PAGE_SIZE : (index + 1) * _PAGE_SIZE],
            previous_page=paths[index - 1] if index else None,
            next_page=paths[index + 1] if index + 1 < last else None,
        )
        builder.add(page, _HTML, html, is_listing=True)


_GONE = "There is nothing at this address. It may have moved, or it may never have existed."


def _plain_pages(publisher: Publisher) -> list[tuple[str, str, str]]:
    return [
        ("/about", "About", f"{publisher.name}: {publisher.tagline}. This is a sample publisher."),
        ("/search", "Search", "Type a word to search our archive. Nothing was found for your last search."),
        ("/subscribe", "Subscribe", "Subscriptions are not sold here: this is a sample publisher."),
        (publisher.private_path, "Please log in", "This page is for people with an account."),
    ]
