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

from extruct.w3cmicrodata import MicrodataExtractor
from lxml import etree

from crawler.parse.json_ld import json_ld_nodes
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
_MAX_ITEMS, _MAX_LISTS = 400, 4
_LABELS = re.compile(r"(?:written|posted|words)? ?by|authors?", re.I)


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


def flat_list(value: Any, depth: int = 0) -> list[Any]:
    """Like as_list, with the members of lists in lists and of {"@list": ...} at the same level."""
    if isinstance(value, Mapping) and set(value) == {"@list"}:
        value = value["@list"]
    if not isinstance(value, list):
        return as_list(value)
    inner = value[:_MAX_ITEMS] if depth < _MAX_LISTS else []
    return [found for member in inner for found in flat_list(member, depth + 1)]


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
    nodes = list(json_ld_nodes(tree))
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


def _resolved(node: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The node with its bare references ({"@id": ...}) to authors and publishers filled in."""
    full = dict(node)
    for key in ("author", "creator", "publisher"):
        full[key] = [_referred(value, by_id) for value in flat_list(node.get(key))]
    return full


def _referred(value: Any, by_id: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, str):
        return by_id.get(value, value)
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return by_id.get(value["@id"], value)
    return value


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
        keys = ("property", "name", "http-equiv", *(("itemprop",) if not _is_of_other_item(element) else ()))
        for key in keys:
            for name in (element.get(key) or "").lower().split()[:3]:
                if content and len(found) < 1000:
                    found.setdefault(name, []).append(content)
    for number in range(1, 5):
        # What cards of a social network show below a link: a label and its text.
        label, told = (found.get(f"twitter:{kind}{number}", [""])[0] for kind in ("label", "data"))
        if told and _LABELS.fullmatch(label.rstrip(": ")):
            found.setdefault("twitter:author", []).append(told)
    for content in found.get("parsely-page", []):
        for name, value in _parsely(content):
            found.setdefault(name, []).append(value)
    return {name: tuple(contents) for name, contents in found.items()}


def _is_of_other_item(element: etree._Element) -> bool:
    """Whether microdata has it as a property of something in the article, such as a picture, that has authors too."""
    if not element.get("itemprop"):
        return False
    item = next((e for e in element.iterancestors() if e.get("itemscope") is not None), None)
    types = _types({"itemtype": item.get("itemtype", "").split()}, "itemtype") if item is not None else set()
    return bool(types) and not types & (ARTICLE_TYPES | _PAGE_TYPES | LISTING_TYPES)


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
