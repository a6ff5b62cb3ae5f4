"""How a publisher's articles are found: feeds, sitemaps and robots.txt."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from crawler.newsroom.addresses import copy_path, tracked
from crawler.newsroom.articles import SampleArticle
from crawler.newsroom.pages import SiteContext, environment
from crawler.newsroom.publishers import Listing

_COPY_EVERY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    url: str
    article: SampleArticle | None = None
    id: str = ""
    published: str = ""


def feed(site: SiteContext, listing: Listing) -> bytes:
    """An RSS 2.0 or Atom feed. Its links carry tracking parameters, and the newest article is in it twice."""
    articles = site.articles[: listing.limit]
    entries = [_feed_entry(site, article, listing.kind, "latest") for article in articles]
    entries += [_feed_entry(site, article, listing.kind, "top-stories") for article in articles[:1]]
    updated = max((article.last_changed for article in articles), default=None)
    return _render(
        site,
        f"{listing.kind}.xml",
        path=listing.path,
        entries=entries,
        updated=updated and updated.isoformat(),
    )


def sitemaps(site: SiteContext, listing: Listing) -> Iterator[tuple[str, bytes]]:
    """Path and content of a sitemap, and of its children if it is an index; names in .gz are gzipped."""
    if listing.kind == "index":
        half = (len(site.articles) + 1) // 2
        children = {"/sitemap-1.xml": site.articles[:half], "/sitemap-2.xml.gz": site.articles[half:]}
        yield listing.path, _render(site, "sitemap_index.xml", children=list(children))
        for path, articles in children.items():
            content = _render(site, "sitemap.xml", news=False, entries=_article_entries(site, articles))
            yield path, gzip.compress(content, mtime=0) if path.endswith(".gz") else content
    elif listing.kind == "sections":
        paths = ["/", site.publisher.latest_path, *(path for _, path in site.sections)]
        entries = [_Entry(url=site.origin + path) for path in paths]
        yield listing.path, _render(site, "sitemap.xml", news=False, entries=entries)
    else:
        entries = _article_entries(site, site.articles)
        yield listing.path, _render(site, "sitemap.xml", news=listing.kind == "news", entries=entries)


def robots(site: SiteContext) -> bytes:
    """robots.txt: search results and private pages are closed to crawlers, the sitemaps are named."""
    lines = ["User-agent: *", "Disallow: /search", "Disallow: /private/", ""]
    lines += [f"Sitemap: {site.origin}{listing.path}" for listing in site.publisher.sitemaps]
    return ("\n".join(lines) + "\n").encode()


def _feed_entry(site: SiteContext, article: SampleArticle, medium: str, campaign: str) -> _Entry:
    return _Entry(
        url=tracked(site.url(article), medium, campaign),
        article=article,
        id=f"tag:{site.publisher.id}.invalid,{article.day.isoformat()}:{article.slug}:{campaign}",
        published=format_datetime(article.published),
    )


def _article_entries(site: SiteContext, articles: Sequence[SampleArticle]) -> list[_Entry]:
    """Each article; every third one also by its print or AMP copy, as careless sitemaps have them."""
    entries = []
    for position, article in enumerate(articles):
        entries.append(_Entry(url=site.url(article), article=article))
        if position % _COPY_EVERY == 0:
            entries += [
                _Entry(url=site.origin + copy_path(site.publisher, article, kind), article=article)
                for kind in site.publisher.copies
            ]
    return entries


def _render(site: SiteContext, template: str, **values: object) -> bytes:
    text = environment().get_template(template).render(site=site, publisher=site.publisher, **values)
    return (text.rstrip() + "\n").encode()
