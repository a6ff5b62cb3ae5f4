"""Read sources.yml: which publishers to crawl and how, checked strictly so that no typo goes unnoticed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import soupsieve
import yaml

from crawler.items import SourceRecord

KINDS = ("wire", "trade_press", "newspaper", "company_newsroom", "press_release_service", "blog")
SELECTORS = ("headline", "standfirst", "authors", "date_published", "section", "body", "remove")
NUMBERS = ("min_articles", "max_articles")
SHARES = ("min_with_date", "min_with_author", "min_with_standfirst", "min_with_section", "min_with_language")
_LISTINGS = ("feeds", "sitemaps", "sections")
DEFAULT_PATH = Path(__file__).with_name("sources.yml")

_SIZE_LIMIT = 1_000_000
_DOMAIN = re.compile(
    r"(?=.{1,255}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?"
)


class SourcesError(ValueError):
    """A sources file that cannot be used; the message is one line: file, place, what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One publisher: where its articles are listed and how its pages are read. `id` is its name's slug.

    `pages` are addresses of articles that somebody named; no sources file has them. A source that is not `is_listed`
    stands for a host that no sources file names, and its articles are of no source.
    """

    name: str
    id: str
    domain: str
    scheme: str = "https"
    country: str | None = None
    kind: str | None = None
    language: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    selectors: Mapping[str, str] = field(default_factory=dict)
    licence: str | None = None
    assertions: Mapping[str, float] = field(default_factory=dict)
    seen_in: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    is_listed: bool = True

    @property
    def origin(self) -> str:
        """Scheme and domain, without a slash at the end."""
        return f"{self.scheme}://{self.domain}"

    def absolute(self, address: str) -> str:
        """A feed's, sitemap's or section's full address."""
        return urljoin(self.origin + "/", address)


def slug(name: str) -> str:
    """The name in ASCII lower case with hyphens; an empty string if nothing of it can be kept."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")


def to_record(source: Source) -> SourceRecord:
    """The source as the database stores it."""
    return SourceRecord(
        id=source.id,
        name=source.name,
        domain=source.domain,
        kind=source.kind,
        country=source.country,
        in_language=source.language,
    )


def load_sources(path: Path = DEFAULT_PATH) -> tuple[Source, ...]:
    """Read and check a sources file.

    Raises SourcesError for a file that is missing, unreadable or not as the header of sources.yml describes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        raise SourcesError(
            f"{path}: {error.strerror or error}; name a readable YAML file of sources"
        ) from None
    if len(data) > _SIZE_LIMIT:
        raise SourcesError(f"{path}: larger than {_SIZE_LIMIT:,} bytes; a sources file lists publishers only")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourcesError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    return sources_from_text(text, str(path))


def sources_from_text(text: str, origin: str) -> tuple[Source, ...]:
    """Read and check the text of a sources file; `origin` is what messages call it. Raises SourcesError."""
    document = _parse_yaml(text, origin)
    if document is None:
        raise SourcesError(f"{origin}: empty; it must have the key 'sources' with a list of publishers")
    if not isinstance(document, dict) or list(document) != ["sources"]:
        found = ", ".join(map(repr, document)) if isinstance(document, dict) else type(document).__name__
        raise SourcesError(f"{origin}: found {found[:200]}; the only allowed key at the top is 'sources'")
    entries = document["sources"]
    if not isinstance(entries, list) or not entries:
        raise SourcesError(f"{origin}: 'sources' must be a list of at least one publisher")
    sources: list[Source] = []
    for number, entry in enumerate(entries, 1):
        source = _read_source(entry, origin, number)
        for earlier_number, earlier in enumerate(sources, 1):
            if earlier.id == source.id:
                raise SourcesError(
                    f"{origin}: source {number}: duplicate name {source.name!r}, already used by source "
                    f"{earlier_number}; names must differ in letters and digits"
                )
        sources.append(source)
    return tuple(sources)


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML without aliases (they can blow up) and with duplicate keys as errors (else the last wins)."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "aliases (*name) are not allowed", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key.value!r} is given twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _parse_yaml(text: str, origin: str) -> Any:
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except RecursionError:
        raise SourcesError(f"{origin}: nested too deeply; a source is a flat mapping") from None
    except ValueError as error:
        raise SourcesError(
            f"{origin}: {' '.join(str(error).split())}; quote the value if it is text"
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f", line {mark.line + 1}" if mark else ""
        problem = " ".join(str(error.problem).split())
        if mark and "\t" in (text.splitlines() or [""])[min(mark.line, len(text.splitlines()) - 1)]:
            problem = "a tab; YAML is indented with spaces"
        raise SourcesError(
            f"{origin}{place}: {problem}; see the header of sources.yml for the shape"
        ) from None
    except yaml.YAMLError as error:
        raise SourcesError(
            f"{origin}: not YAML: {' '.join(str(error).split())}; save it as plain text"
        ) from None


def _text(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip() or "\n" in value.strip() or len(value) > 500:
        raise ValueError("must be one line of text")
    return value.strip()


def _name(value: Any) -> Any:
    if not slug(_text(value)):
        raise ValueError("must have at least one letter or digit of the Latin alphabet")
    return value.strip()


def _domain(value: Any) -> Any:
    if not isinstance(value, str) or not _DOMAIN.fullmatch(value):
        raise ValueError("must be a host name in lower case, with :port where not the usual one")
    _, _, port = value.partition(":")
    if port and not 0 < int(port) < 65536:
        raise ValueError("has a port outside 1 to 65535")
    return value


def _one_of(*allowed: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return read


def _pattern(pattern: str, meaning: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f"must be {meaning}, in quotes if YAML reads it as something else")
        return value

    return read


def _address(value: Any) -> str:
    problem = (
        f"has a bad address {str(value)[:200]!r}; allowed: an absolute path (/feed/) or an http(s) address"
    )
    if not isinstance(value, str) or len(value) > 2000 or re.search(r"[\s\x00-\x1f]", value):
        raise ValueError(problem)
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(problem) from None
    is_path = value.startswith("/") and not value.startswith("//")
    is_url = parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc
    if not (is_path or is_url):
        raise ValueError(problem)
    return value


def _address_or_more(value: Any) -> Any:
    return _addresses(value) if isinstance(value, list) else (_address(value),)


def _addresses(value: Any) -> Any:
    if not isinstance(value, list):
        raise ValueError("must be a list of absolute paths or http(s) addresses")
    return tuple(_address(entry) for entry in value)


def _selectors(value: Any) -> Any:
    _check_keys(value, SELECTORS)
    for key, selector in value.items():
        try:
            soupsieve.compile(_text(selector))
        except (ValueError, soupsieve.SelectorSyntaxError):
            raise ValueError(f"has no valid CSS selector under {key!r}") from None
    return dict(value)


def _assertions(value: Any) -> Any:
    _check_keys(value, (*NUMBERS, *SHARES))
    if not all(type(value[key]) is int and value[key] >= 0 for key in NUMBERS if key in value):
        raise ValueError("must give whole numbers of articles")
    for key in SHARES:
        if key in value and not (type(value[key]) in (int, float) and 0 <= value[key] <= 1):
            raise ValueError(f"must give {key} as a share from 0 to 1, such as 0.9")
    if value.get("min_articles", 0) > value.get("max_articles", value.get("min_articles", 0)):
        raise ValueError("has min_articles above max_articles")
    return dict(value)


def _check_keys(value: Any, allowed: tuple[str, ...]) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping with the keys {', '.join(allowed)}")
    for key in value:
        if key not in allowed:
            raise ValueError(f"has the unknown key {key!r}; allowed: {', '.join(allowed)}")


_READERS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "domain": _domain,
    "scheme": _one_of("https", "http"),
    "country": _pattern(r"[A-Z]{2}", "an ISO 3166-1 alpha-2 code such as GB"),
    "kind": _one_of(*KINDS),
    "language": _pattern(r"[a-z]{2}", "an ISO 639-1 code such as en"),
    "feeds": _addresses,
    "sitemaps": _addresses,
    "sections": _addresses,
    "selectors": _selectors,
    "licence": _text,
    "assertions": _assertions,
    "seen_in": _address_or_more,
}


def _read_source(entry: Any, origin: str, number: int) -> Source:
    name = entry.get("name") if isinstance(entry, dict) else None
    place = f"{origin}: source {number}" + (f" ({name})" if isinstance(name, str) and len(name) < 100 else "")
    try:
        _check_keys(entry, tuple(_READERS))
    except ValueError as error:
        raise SourcesError(f"{place}: {error}") from None
    values: dict[str, Any] = {}
    for key, value in entry.items():
        try:
            values[key] = _READERS[key](value)
        except ValueError as error:
            raise SourcesError(f"{place}: {key!r} {error}") from None
    for key in ("name", "domain"):
        if key not in values:
            raise SourcesError(f"{place}: the key {key!r} is missing; every source has a name and a domain")
    if not any(key in values for key in _LISTINGS):
        # The home page lists articles, and names feeds.
        values["sections"] = ("/",)
    if not any(values.get(key) for key in _LISTINGS):
        raise SourcesError(
            f"{place}: nothing to read; give feeds, sitemaps or sections, or leave all three out for the home page"
        )
    return Source(id=slug(values["name"]), **values)
