"""One address for one article: tracking parameters, fragments, AMP and print variants fall away."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import tldextract
from w3lib.url import canonicalize_url, safe_url_string

_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|vero_\w+|oly_\w+|__s|_ga|_gl|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid"
    r"|twclid|ttclid|igshid|igsh|yclid|mc_cid|mc_eid|_hsenc|_hsmi|hsctatracking|mkt_tok|icid|ncid|cmpid|cmp|ito|s_cid"
    r"|ref_?src|ref_?url|wt\.mc_\w+|at_(?:medium|campaign|link_\w+|custom\d|format|ptr_name|bbc_team)|spm|guccounter"
    r"|guce_\w+|share_?id|smid|smtyp|ftag|xtor|rss|feed_?id|amp|outputtype|sr_share|soc_src|soc_trk"
    r"|phpsessid|jsessionid|sid|session_?id|aspsessionid\w*|print|printable|output)",
    re.IGNORECASE,
)
# Parameters that carry content elsewhere fall away only with these values.
_ONLY_WITH = {
    "amp": re.compile(r"1?|true|amp", re.IGNORECASE),
    "outputtype": re.compile(r"amp|print", re.IGNORECASE),
    "output": re.compile(r"amp|print|1", re.IGNORECASE),
    "print": re.compile(r"1?|true|yes|print", re.IGNORECASE),
    "printable": re.compile(r"1?|true|yes", re.IGNORECASE),
    "rss": re.compile(r"1?|yes|true", re.IGNORECASE),
    "sid": re.compile(r"[0-9a-z]{16,}", re.IGNORECASE),
}
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?]*", re.IGNORECASE)
_AMP_END = re.compile(r"(?:/amp/?|\.amp|/print/?)$", re.IGNORECASE)
_AMP_END_HTML = re.compile(r"\.amp(\.html?)$", re.IGNORECASE)
_AMP_CACHE = re.compile(r"(?:^|\.)(?:cdn\.ampproject\.org|amp\.cloudflare\.com|bing-amp\.com)$")
# The suffix list that comes with the package: nothing is downloaded.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_DEFAULT_PORT = {"http": "80", "https": "443"}


def canonical_url(url: str) -> str:
    """The address that all variants of a page share.

    It stays an address that can be fetched: parameters are sorted, tracking and session parameters and the
    fragment dropped, the host in lower case without its usual port. What cannot be read comes back as it is.
    """
    try:
        parts = urlsplit(safe_url_string(url.strip()))
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url
    if not host:
        return url
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and str(port) != _DEFAULT_PORT.get(parts.scheme):
        netloc += f":{port}"
    path = _AMP_END_HTML.sub(r"\1", _AMP_END.sub("", _PATH_SESSION.sub("", parts.path))) or "/"
    if path.startswith("/amp/"):
        path = path[4:]
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_noise(k, v)]
    address = urlunsplit((parts.scheme.lower(), netloc, path, urlencode(query), ""))
    canonical: str = canonicalize_url(address)
    return canonical


def same_article_key(url: str) -> str:
    """What two addresses of one article share although they differ in scheme, www or a slash at the end."""
    parts = urlsplit(canonical_url(url))
    host = re.sub(
        r"^(?:www|m|mobile|amp)\.(?=.+\.)", "", parts.netloc.removesuffix(":80").removesuffix(":443")
    )
    return f"{host}{parts.path.rstrip('/') or '/'}" + (f"?{parts.query}" if parts.query else "")


def same_site(url: str, other: str) -> bool:
    """Whether two addresses are one publisher's: the same registered domain, or the same numeric netloc."""
    return _site(url) == _site(other)


def canonical_of_page(declared: str | None, url: str | None) -> str | None:
    """The canonical address from what the page declares and where it was fetched.

    A declared address counts if it is an http(s) address of the same site, so that no page can pass itself
    off as another publisher's. A home page declared for a deeper page does not count either: that is a common
    mistake in templates, which would make all articles one.
    """
    if declared:
        try:
            absolute = urljoin(url, declared.strip()) if url else declared.strip()
            parts = urlsplit(absolute)
            deep_here = url is not None and urlsplit(url).path.strip("/") != ""
        except ValueError:
            return canonical_url(url) if url else None
        is_home = parts.path.strip("/") == "" and not parts.query
        usable = parts.scheme in ("http", "https") and parts.hostname and not (is_home and deep_here)
        if usable and (url is None or same_site(absolute, url) or _AMP_CACHE.search(urlsplit(url).netloc)):
            return canonical_url(absolute)
    return canonical_url(url) if url else None


def _is_noise(name: str, value: str) -> bool:
    if not _TRACKING.fullmatch(name):
        return False
    only_with = _ONLY_WITH.get(name.lower())
    return only_with is None or bool(only_with.fullmatch(value))


def _site(url: str) -> str:
    try:
        netloc = urlsplit(url).netloc.lower().rpartition("@")[2]
    except ValueError:
        return url
    return _suffixes(netloc).top_domain_under_public_suffix or netloc
