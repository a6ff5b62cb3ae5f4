"""What a page says about itself in machine-readable form: JSON-LD, microdata, meta elements.

The readers are tolerant: broken pieces are skipped, the rest counts. Values stay as written.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from extruct.jsonld import JsonLdExtractor
from extruct.w3cmicrodata import MicrodataExtractor
from lxml import etree

from crawler.parse.text import squeeze

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

_MAX_SCRIPTS = 60
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

    def schema(self, name: str) -> Iterator[tuple[str, Any]]:
        """Every value of a schema.org property, with its basis: JSON-LD first, then microdata."""
        for basis, items in (("json_ld", self.json_ld), ("microdata", self.microdata)):
            for item in items:
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
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [_resolved(node, by_id) for node in nodes if _types(node, "@type") & ARTICLE_TYPES]
    types: set[str] = set().union(*(_types(node, "@type") for node in nodes))
    items = list(_microdata_items(tree))
    types.update(*(_types(item, "type") for item in items))
    return Structured(
        json_ld=tuple(articles),
        microdata=tuple(_flat(item) for item in items if _types(item, "type") & ARTICLE_TYPES),
        meta=_meta(tree),
        types=frozenset(types),
    )


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
            continue
        yield from _walk(found, 0)


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
    return {name: tuple(contents) for name, contents in found.items()}
