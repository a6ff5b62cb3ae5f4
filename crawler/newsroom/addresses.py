"""Where things are on a publisher's site: paths of articles, copies, listings and their further pages."""

from __future__ import annotations

import zlib
from urllib.parse import urlencode

from crawler.newsroom.articles import SampleArticle
from crawler.newsroom.publishers import Publisher
from crawler.sources import slug


def article_path(publisher: Publisher, article: SampleArticle) -> str:
    """The canonical path of an article."""
    return publisher.article_path.format(
        section=slug(article.section),
        year=f"{article.day:%Y}",
        month=f"{article.day:%m}",
        day=f"{article.day:%d}",
        slug=article.slug,
        number=_number(article),
    )


def copy_path(publisher: Publisher, article: SampleArticle, kind: str) -> str:
    """The path of an article's copy of that kind (amp, print), which the publisher must have."""
    return publisher.copies[kind].format(path=article_path(publisher, article))


def old_path(publisher: Publisher, article: SampleArticle) -> str | None:
    """The path that the article had in earlier years, if the publisher has such addresses."""
    return publisher.old_path and publisher.old_path.format(number=_number(article))


def section_path(publisher: Publisher, section: str) -> str:
    """The path of the page that lists a section, named as in the articles."""
    return publisher.section_path.format(section=slug(section))


def page_path(publisher: Publisher, listing: str, page: int) -> str:
    """The path of a listing's page, counting from 1; the first is the listing's own path."""
    return listing if page == 1 else listing + publisher.next_pages.format(page=page)


def tracked(url: str, medium: str, campaign: str) -> str:
    """The address with the tracking parameters that feeds like to add."""
    return f"{url}?{urlencode({'utm_source': medium, 'utm_medium': 'feed', 'utm_campaign': campaign})}"


def _number(article: SampleArticle) -> str:
    return f"{zlib.crc32(article.key.encode()) % 10**8:08d}"
