"""One address for one article: what tells how a reader came, or which form of the page is shown, falls away.

Which parameters, hosts and file names that are is in address_noise.yml; w3lib does what the standards say: case of
scheme and host, IDN, percent-encoding, dots in the path, order of parameters, fragment.

Two forms: `canonical_url` is an address to fetch and to cite, so it keeps host, scheme and the slash at the end as the
publisher writes them: another server, or a path without its slash, may have another page or none. `same_article_key`
is only compared, never fetched, and leaves these out too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote_plus, urljoin, urlsplit, urlunsplit

import tldextract
import yaml
from w3lib.url import canonicalize_url, safe_url_string

_PATH = Path(__file__).with_name("address_noise.yml")
_DEFAULT_PORT = {"http": "80", "https": "443"}
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?]*", re.IGNORECASE)
_VARIANT_START = re.compile(r"^/amp(?=/)", re.IGNORECASE)
_VARIANT_END = re.compile(r"/(?:amp|print)/?$|\.amp$", re.IGNORECASE)
_VARIANT_END_HTML = re.compile(r"\.amp(?=\.html?$)", re.IGNORECASE)
# A copy in a cache: /c/s/n.example/story, at a search engine /amp/s/n.example/story; `s` stands for https.
_CACHED = re.compile(r"^/(?:amp|[a-z])/(s/)?((?:[\w-]+\.)+[\w-]{2,}(?::\d+)?(?:/.*)?)$", re.IGNORECASE)
# An address that ends so is a listing's, unless the page's own ends so too.
_PLAIN_SEGMENT = re.compile(r"[a-z]+(?:[-_][a-z]+)?|\d{1,4}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{5}")
# The suffix list that comes with the package: nothing is downloaded. Where anybody can have a subdomain
# (blogspot.com), each is a site of its own.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@dataclass(frozen=True, slots=True)
class _Noise:
    prefixes: tuple[str, ...]
    names: frozenset[str]
    only_with: Mapping[str, re.Pattern[str]]
    hosts: frozenset[str]
    amp_caches: re.Pattern[str]
    index: frozenset[str]


# Asked for several times in a row for each page.
@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """The address that the variants of a page on one host share.

    It stays an address that can be fetched: parameters are sorted, tracking and session parameters, AMP and print
    forms, the name of a folder's index file and the fragment dropped, the host in lower case without its usual
    port; a copy in an AMP cache gives the address copied. What cannot be read comes back as it is.
    """
    try:
        parts = _unwrapped(urlsplit(_standard(url)))
        netloc = _netloc(parts)
    except ValueError:
        return url
    if not netloc:
        return url
    query = "&".join(pair for pair in parts.query.split("&") if not _is_noise(pair))
    address = urlunsplit((parts.scheme, netloc, _path(parts.path, query), query, ""))
    canonical: str = canonicalize_url(address)
    return canonical


def same_article_key(url: str) -> str:
    """What two addresses of one article share although they differ in scheme, www, mobile host or a slash at the
    end."""
    canonical = canonical_url(url)
    try:
        parts = urlsplit(canonical)
    except ValueError:
        return canonical
    host = parts.netloc.removesuffix(":80").removesuffix(":443")
    site, hosts = _site(canonical), _noise().hosts
    while host != site and host.count(".") > 1 and host.partition(".")[0] in hosts:
        host = host.partition(".")[2]
    return f"{host}{parts.path.rstrip('/') or '/'}" + (f"?{parts.query}" if parts.query else "")


def host_of(netloc: str) -> str:
    """What the host of a publisher's pages and that of its entry among the sources have in common."""
    return netloc.lower().removeprefix("www.")


def same_site(url: str, other: str) -> bool:
    """Whether two addresses are one publisher's: the same registered domain, or the same numeric netloc."""
    return _site(url) == _site(other)


def canonical_of_page(declared: str | None, url: str | None) -> str | None:
    """The canonical address from what the page declares and where it was fetched.

    A declared address counts if it is an http(s) address of the same site, so that no page can pass itself
    off as another publisher's. A home page or section that is declared for a story does not count either: that is
    a common mistake in templates, which would make all articles one.
    """
    own = canonical_url(url) if url else None
    if not declared:
        return own
    try:
        base = (own if _is_elsewhere(url, own) else url) or ""
        absolute = urljoin(base, declared.strip())
        parts = urlsplit(absolute)
    except ValueError:
        return own
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return own
    claimed = canonical_url(absolute)
    if own is not None and (not same_site(claimed, own) or _is_listing_of(claimed, own)):
        return own
    return claimed


def _standard(url: str) -> str:
    """The address as the standards write it; feeds that escape twice have `&amp;` between parameters."""
    standard: str = canonicalize_url(safe_url_string(url.strip().replace("&amp;", "&")))
    return standard


def _unwrapped(parts: SplitResult) -> SplitResult:
    for _ in range(3):
        host = (parts.hostname or "").lower()
        found = _CACHED.match(parts.path) if _noise().amp_caches.fullmatch(host) else None
        if found is None:
            break
        scheme = "https" if found[1] else "http"
        parts = urlsplit(f"{scheme}://{found[2]}" + (f"?{parts.query}" if parts.query else ""))
    return parts


def _netloc(parts: SplitResult) -> str:
    """Host and port, without a user, a usual port and the dot of the root domain; raises ValueError for a port that
    is none."""
    host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    netloc = f"[{host}]" if ":" in host else host
    is_usual = port is None or str(port) == _DEFAULT_PORT.get(parts.scheme)
    return netloc if is_usual or not netloc else f"{netloc}:{port}"


def _path(path: str, query: str) -> str:
    before = None
    while path != before:
        before = path
        path = _VARIANT_START.sub("", _VARIANT_END.sub("", _PATH_SESSION.sub("", path)))
        path = _VARIANT_END_HTML.sub("", path) or "/"
        folder, _, name = path.rpartition("/")
        # With parameters left it is a program that chooses the page.
        if not query and name.lower() in _noise().index:
            path = f"{folder}/"
    return path


def _is_noise(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name, value, noise = unquote_plus(name).lower(), unquote_plus(value), _noise()
    if only_with := noise.only_with.get(name):
        return bool(only_with.fullmatch(value))
    return name in noise.names or name.startswith(noise.prefixes)


def _is_elsewhere(url: str | None, own: str | None) -> bool:
    """Whether the page is a copy in a cache."""
    return bool(url and own) and not same_site(str(url), str(own))


def _is_listing_of(claimed: str, own: str) -> bool:
    """Whether an address is of a home page, section or archive, and the page's own is of a story."""
    if same_article_key(claimed) == same_article_key(own):
        return False
    one, other = urlsplit(claimed), urlsplit(own)
    segments = [segment for segment in one.path.split("/") if segment]
    if one.query:
        return False
    if not segments:
        return True
    is_plain = len(segments) <= 3 and all(map(_PLAIN_SEGMENT.fullmatch, segments))
    return is_plain and _is_story(other.path.rstrip("/").rpartition("/")[2])


def _is_story(segment: str) -> bool:
    """Whether the end of a path is a story's slug or number: three words, or a number longer than a year."""
    words = [word for word in re.split(r"[-_]", segment) if word]
    return len(words) >= 3 or bool(_LONG_NUMBER.search(segment))


def _site(url: str) -> str:
    try:
        parts = urlsplit(url)
        netloc = _netloc(parts) or parts.netloc.lower()
    except ValueError:
        return url
    host = parts.hostname or ""
    if registered := _registered(host):
        return registered
    labels = host.rstrip(".").split(".")
    # A name under no known suffix (n.example) is registered by its last two labels; a number is an address.
    is_name = len(labels) > 1 and not labels[-1].isdecimal() and ":" not in host
    return ".".join(labels[-2:]) if is_name else netloc


@lru_cache(maxsize=4096)
def _registered(host: str) -> str:
    return _suffixes(host).top_domain_under_public_suffix


@cache
def _noise() -> _Noise:
    record: dict[str, Any] = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    patterns = dict(record["only_with"]) | dict.fromkeys(record["came_from"], record["referrers"])
    return _Noise(
        prefixes=tuple(record["prefixes"]),
        names=frozenset(record["names"]),
        only_with={name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()},
        hosts=frozenset(record["hosts"]),
        amp_caches=re.compile("|".join(record["amp_caches"])),
        index=frozenset(record["index"]),
    )
