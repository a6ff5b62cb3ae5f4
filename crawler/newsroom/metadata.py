"""JSON-LD of an article, in the two shapes that publishers use most: one object, and a @graph of several."""

from __future__ import annotations

from typing import Any

from crawler.newsroom.articles import SampleArticle
from crawler.newsroom.publishers import Publisher


def news_article(publisher: Publisher, article: SampleArticle, url: str, origin: str) -> dict[str, Any]:
    """The article as one schema.org NewsArticle."""
    record: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": article.headline,
        "datePublished": article.published.isoformat(),
        "dateModified": article.last_changed.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher.name, "url": f"{origin}/"},
        "articleSection": article.section,
        "inLanguage": publisher.language,
        "isAccessibleForFree": not article.paywall,
    }
    if article.standfirst:
        record["description"] = article.standfirst
    if article.paywall:
        record["hasPart"] = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": ".subscriber-only",
        }
    return record


def graph(publisher: Publisher, article: SampleArticle, url: str, origin: str) -> dict[str, Any]:
    """The article in a @graph beside the site and the breadcrumb, as content management systems write it."""
    record = news_article(publisher, article, url, origin)
    context = record.pop("@context")
    crumbs = [("Home", f"{origin}/"), (article.section, None), (article.headline, url)]
    return {
        "@context": context,
        "@graph": [
            {"@type": "WebSite", "@id": f"{origin}/#website", "name": publisher.name, "url": f"{origin}/"},
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": position,
                        "name": name,
                        **({"item": item} if item else {}),
                    }
                    for position, (name, item) in enumerate(crumbs, 1)
                ],
            },
            record,
        ],
    }
