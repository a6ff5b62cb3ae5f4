"""HTML pages of a publisher: articles, their copies, lists of articles, and a few others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crawler.newsroom import metadata
from crawler.newsroom.addresses import article_path, copy_path, old_path, section_path
from crawler.newsroom.articles import SampleArticle
from crawler.newsroom.body import body_blocks
from crawler.newsroom.publishers import Publisher

TEMPLATES_FOLDER = Path(__file__).with_name("templates")
FOOTER = "Sample text written for the Tieup project; not news."


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """What every page of a publisher needs: the publisher, where it is served, and all its articles."""

    publisher: Publisher
    base_port: int
    articles: Sequence[SampleArticle]

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return self.publisher.origin(self.base_port)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Name and path of each section that has articles, by path; spellings of one path are one section."""
        names = {self.section_path(article.section): article.section for article in reversed(self.articles)}
        return [(names[path], path) for path in sorted(names)]

    def section_path(self, name: str) -> str:
        """The path of the page that lists a section."""
        return section_path(self.publisher, name)

    def old_path(self, article: SampleArticle) -> str | None:
        """The path that the article had in earlier years, if any."""
        return old_path(self.publisher, article)

    def url(self, article: SampleArticle) -> str:
        """The canonical address of an article."""
        return self.origin + article_path(self.publisher, article)


@cache
def environment() -> Environment:
    """Jinja with escaping everywhere and undefined names as errors."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.filters.update(day_month=_day_month, month_day=_month_day, clock=_clock, byline=_byline)
    return jinja


def render_article(site: SiteContext, article: SampleArticle) -> str:
    """The article's page in the publisher's own design."""
    return _render(site, f"{site.publisher.id}/article.html", **_article_values(site, article))


def render_copy(site: SiteContext, article: SampleArticle, kind: str) -> str:
    """The plain copy of an article: kind `amp` or `print`; it names the article's page as canonical."""
    return _render(site, f"{kind}.html", **_article_values(site, article))


def render_listing(
    site: SiteContext,
    title: str,
    articles: Sequence[SampleArticle],
    previous_page: str | None,
    next_page: str | None,
) -> str:
    """A page of teasers that lead to articles, with the way to the pages before and after it."""
    # Some archives still link to the addresses of earlier years: here the oldest article of the paper.
    oldest = site.articles[-1] if site.articles else None
    return _render(
        site,
        f"{site.publisher.id}/listing.html",
        title=title,
        articles=articles,
        oldest=oldest,
        previous_page=previous_page,
        next_page=next_page,
    )


def render_plain(site: SiteContext, title: str, paragraphs: Sequence[str]) -> str:
    """A page that is no article: about, search, not found ..."""
    return _render(site, "plain.html", title=title, paragraphs=paragraphs)


def render_style(site: SiteContext) -> str:
    """The publisher's style sheet."""
    return _render(site, f"{site.publisher.id}/style.css")


def _article_values(site: SiteContext, article: SampleArticle) -> dict[str, Any]:
    url = site.url(article)
    blocks = body_blocks(article.body)
    # Only what a reader without a subscription may see is ever sent.
    shown = blocks[:1] if article.paywall else blocks
    by_headline = {other.headline: site.url(other) for other in site.articles}
    return {
        "article": article,
        "blocks": shown,
        "middle": _middle(shown),
        "url": url,
        "copies": {
            kind: site.origin + copy_path(site.publisher, article, kind) for kind in site.publisher.copies
        },
        # A teaser of an article that the site does not have leads to the site's search.
        "related": [
            (teaser, by_headline.get(teaser) or f"/search?{urlencode({'q': teaser})}")
            for teaser in article.related
        ],
        "news_article": metadata.news_article(site.publisher, article, url, site.origin),
        "graph": metadata.graph(site.publisher, article, url, site.origin),
    }


def _middle(blocks: Sequence[Markup]) -> int:
    """How many blocks stand before the box in the middle of the text; a subheading keeps its paragraph."""
    count = max(1, len(blocks) // 2)
    while count < len(blocks) and blocks[count - 1].startswith("<h"):
        count += 1
    return count


def _render(site: SiteContext, template: str, **values: Any) -> str:
    text = (
        environment()
        .get_template(template)
        .render(
            site=site,
            publisher=site.publisher,
            footer=FOOTER,
            base=f"{site.publisher.id}/base.html",
            **values,
        )
    )
    return text + "\n"


def _day_month(time: datetime) -> str:
    """As British papers write it: Friday 30 November 2018."""
    return f"{time:%A} {time.day} {time:%B %Y}"


def _month_day(time: datetime) -> str:
    """As American papers write it: November 30, 2018."""
    return f"{time:%B} {time.day}, {time.year}"


def _clock(time: datetime) -> str:
    """Twelve-hour time: 5:05 pm."""
    return f"{time.hour % 12 or 12}:{time:%M} {'am' if time.hour < 12 else 'pm'}"


def _byline(authors: Sequence[str]) -> str:
    """Names as a sentence has them: A, B and C."""
    if len(authors) < 2:
        return "".join(authors)
    return f"{', '.join(authors[:-1])} and {authors[-1]}"
