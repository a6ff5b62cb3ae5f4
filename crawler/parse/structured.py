"""What a page says about itself in machine-readable form: JSON-LD, microdata, meta elements.

The readers are tolerant: broken pieces are skipped, the rest counts. Values stay as written.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from extruct.jsonld import JsonLdExtractor
from extruct.w3cmicrodata import MicrodataExtractor
from lxml import etree

from crawler.parse.text import compact, squeeze

ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "BlogPosting",
        "Report",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "SocialMediaPosting",
        "LiveBlogPosting",
        "TechArticle",
        "PressRelease",
        "AdvertiserContentArticle",
        "SatiricalArticle",
    ]
)
LISTING_TYPES = frozenset(["CollectionPage", "WebSite", "SearchResultsPage", "ItemList", "ProfilePage"])

_PAGE_TYPES = frozenset(
    ["WebPage", "ItemPage", "MedicalWebPage", "AboutPage", "VideoObject", "Review", "CreativeWork"]
)
_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")
_WRAPPER = re.compile(
    r"^\s*(?:<!--|/?\*?\s*<!\[CDATA\[\s*\*?/?|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_MAX_SCRIPTS = 60
_MAX_BROKEN = 400_000
_MAX_ITEMS = 400
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Structured:
    """The article objects of a page (schema.org names to values) and its meta elements (name to contents)."""

    json_ld: tuple[Mapping[str, Any], ...] = ()
    microdata: tuple[Mapping[str, Any], ...] = ()
    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types: frozenset[str] = frozenset()

    def first_meta(self, *names: str) -> str | None:
        """The first content under any of the names (in lower case), in the names' order."""
        return next((content for name in names for content in self.meta.get(name, ())), None)

    def articles(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The article objects with their basis: JSON-LD first, then microdata."""
        yield from (("json_ld", item) for item in self.json_ld)
        yield from (("microdata", item) for item in self.microdata)

    def schema(self, name: str) -> Iterator[tuple[str, Any]]:
        """Every value of a schema.org property, with its basis."""
        for basis, item in self.articles():
            for value in as_list(item.get(name)):
                yield basis, value

    def first_schema_text(self, name: str) -> str | None:
        """The first value of the property that is or has a text."""
        return next((text for _, value in self.schema(name) if (text := text_of(value))), None)


def as_list(value: Any) -> list[Any]:
    """The value's members: a list's own, none for null, else the value alone."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text_of(value: Any) -> str | None:
    """The text of a schema.org value: itself, or the name of an object."""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("@value") or value.get("headline")
    if isinstance(value, list):
        value = next((v for v in value if isinstance(v, str)), None)
    # Publishers escape what JSON needs no escape for: "Marks &amp; Spencer".
    return (squeeze(html.unescape(value)) or None) if isinstance(value, str) else None


def read_structured(tree: etree._Element) -> Structured:
    """Read a parsed page."""
    nodes = list(_json_ld_nodes(tree))
    by_id: dict[str, dict[str, Any]] = {}
    for node in nodes:
        if isinstance(node.get("@id"), str) and ("name" in node or len(node) > 2):
            by_id.setdefault(node["@id"], node)
    chosen = [node for node in nodes if _types(node, "@type") & ARTICLE_TYPES]
    chosen = chosen or [node for node in nodes if _speaks_of_page(node)]
    articles = [_resolved(node, by_id) for node in _this_one_first(chosen, tree)]
    types: set[str] = set().union(*(_types(node, "@type") for node in nodes))
    items = list(_microdata_items(tree))
    types.update(*(_types(item, "type") for item in items))
    return Structured(
        json_ld=tuple(articles),
        microdata=tuple(_flat(item) for item in items if _types(item, "type") & ARTICLE_TYPES),
        meta=_meta(tree),
        types=frozenset(types),
    )


def _speaks_of_page(node: Mapping[str, Any]) -> bool:
    """Whether a node that is called no article says who wrote the page, or when."""
    if _types(node, "@type") & _PAGE_TYPES:
        return "datePublished" in node or "author" in node
    return "headline" in node and ("datePublished" in node or "author" in node)


def _this_one_first(nodes: list[dict[str, Any]], tree: etree._Element) -> list[dict[str, Any]]:
    """The nodes about this page's article before those about others, such as the next one below it."""
    if len(nodes) < 2:
        return nodes
    titles = [compact("".join(e.itertext())) for e in tree.xpath("//h1 | //head/title")[:4]]
    titles += [compact(text) for text in tree.xpath("//meta[@property='og:title']/@content")[:1]]

    def is_other(node: dict[str, Any]) -> bool:
        name = compact(text_of(node.get("headline")) or text_of(node.get("name")) or "")
        return bool(name) and not any(name in title or (title and title in name) for title in titles)

    return sorted(nodes, key=is_other)


def _types(node: Mapping[str, Any], key: str) -> set[str]:
    return {
        name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in as_list(node.get(key)) if isinstance(name, str)
    }


def _json_ld_nodes(tree: etree._Element) -> Iterator[dict[str, Any]]:
    scripts = [s for s in tree.iter("script") if "ld+json" in (s.get("type") or "").lower()]
    for script in scripts[:_MAX_SCRIPTS]:
        script.set("type", "application/ld+json")
        try:
            found = JsonLdExtractor().extract_items(script)
        except (ValueError, RecursionError, AttributeError, TypeError):
            found = _mended(script.text or "")
        yield from _walk(found, 0)


def _mended(text: str) -> Any:
    """JSON with what templates often break: comment marks around it, commas at ends, bare line breaks.

    Null if that does not mend it.
    """
    try:
        return json.loads(_TRAILING_COMMA.sub("", _WRAPPER.sub("", text[:_MAX_BROKEN])), strict=False)
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Objects at the top, in arrays and @graph, and the main entity of a page object."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for member in value[:_MAX_ITEMS]:
            yield from _walk(member, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(key), list | dict):
                yield from _walk(value[key], depth + 1)


def _resolved(node: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The node with its bare references ({"@id": ...}) to authors and publishers filled in."""
    full = dict(node)
    for key in ("author", "creator", "publisher"):
        full[key] = [
            by_id.get(value["@id"], value)
            if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value
            else value
            for value in as_list(node.get(key))
        ]
    return full


def _microdata_items(tree: etree._Element) -> Iterator[dict[str, Any]]:
    scopes = tree.xpath("//*[@itemscope]")
    # The extractor compares every scope with every property: it is not let loose on absurd pages.
    if not scopes or len(scopes) > _MAX_ITEMS or len(tree.xpath("//*[@itemprop]")) > 5 * _MAX_ITEMS:
        return
    try:
        found = MicrodataExtractor().extract_items(tree, None)
    except (ValueError, RecursionError, AttributeError, TypeError):
        return
    for item in found:
        if isinstance(item, dict):
            yield item
            properties = item.get("properties")
            main = properties.get("mainEntity") if isinstance(properties, dict) else None
            yield from (entity for entity in as_list(main) if isinstance(entity, dict))


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    properties = item.get("properties")
    if not isinstance(properties, dict):
        return {}
    flat: dict[str, Any] = {}
    for name, value in properties.items():
        members = [_flat(v) if isinstance(v, dict) and "properties" in v else v for v in as_list(value)]
        flat[name.rsplit("/", 1)[-1]] = members
    return flat


def _meta(tree: etree._Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = squeeze(element.get("content") or "")
        for key in ("property", "name", "itemprop", "http-equiv"):
            for name in (element.get(key) or "").lower().split()[:3]:
                if content and len(found) < 1000:
                    found.setdefault(name, []).append(content)
    for content in found.get("parsely-page", []):
        for name, value in _parsely(content):
            found.setdefault(name, []).append(value)
    return {name: tuple(contents) for name, contents in found.items()}


def _parsely(content: str) -> Iterator[tuple[str, str]]:
    """The title, author and date that a page tells an analytics service in one JSON object."""
    try:
        page = json.loads(content)
    except (ValueError, RecursionError):
        return
    if isinstance(page, dict):
        for key, name in (("title", "parsely-title"), ("pub_date", "parsely-pub-date")):
            if isinstance(page.get(key), str):
                yield name, html.unescape(page[key])
        for author in as_list(page.get("authors") or page.get("author")):
            if isinstance(author, str):
                yield "parsely-author", author
