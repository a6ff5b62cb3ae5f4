"""Who wrote an article: names only, without "By", roles, addresses and desks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree
from rapidfuzz import fuzz

from crawler.parse.bylines import byline_words
from crawler.parse.place import Place, find_place
from crawler.parse.structured import Structured, as_list
from crawler.parse.text import compact, fold, squeeze, text_in

_META = (
    "author", "article:author", "og:article:author", "byl", "byline", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "article_author", "article.author", "dcsext.author", "dcsext.rauthor",
    "mrf:authors", "citation_author", "cxenseparse:author", "swiftype:author", "authors", "creator",
)  # fmt: skip
_SAYS_AUTHOR = "contains(@itemprop, 'author') or contains(@property, 'schema:author') or @property='author'"
_CLASSES = {
    "byline": re.compile(r"byline|by-line"),
    "name": re.compile(r"author-name|article-author|authorname"),
    "author": re.compile(
        r"(?:^| )author(?: |$)|^authors$|post-author|entry-author|vcard|article__author|signature|writer"
    ),
    "any": re.compile(r"author"),
}
_OF_WRITERS = re.compile(r"/(?:authors?/|profile/|reporter/|by/|contributor)")
_MOST_ELEMENTS, _LONGEST_BYLINE = 12, 200
_SPLIT = re.compile(
    r"\s*[,;|/•·⋅\n]\s*|\s+[-–—]+\s+|\s*(?:\band\b|&|\bwith\b|\bund\b|\bet\b|\bas told to\b)\s*"
    r"|(?<=[^\W\d_]{3})\.\s+",
    re.I,
)
_NOISE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d.*$|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*$"
    r"|\S+@\S+|https?://\S+|@\w+|\([^)]*\)|\[[^\]]*\]|\d.*$|\b(?:on|in|at|for)\s+(?:(?-i:[A-Z])|\d).*$",
    re.I,
)
_NAME = re.compile(r"[^\W\d_][\w.'’`-]*(?:\s+[^\W\d_][\w.'’`-]*){1,5}")
_SHOUTED = re.compile(r"(?:Mc|Mac|O['’]|[DdLl]['’])[A-Z]{3,}")
_WORD = re.compile(r"[^\W\d_]{3,20}")
_SIGNED = re.compile(r"(?:(?:words|written|posted|story|text) )?by\b", re.I)
_CREDENTIAL = re.compile(r"(?:Ph\.?D|M\.?D|MBA|CFA|CPA|RD|RN|MS|MSc|BSc|MA|BA|Esq|JD)\.?")


def find_authors(
    tree: etree._Element,
    structured: Structured,
    *,
    selected: Iterable[str] = (),
    site: str | None = None,
    host: str = "",
    place: Place | None = None,
) -> tuple[str, ...]:
    """The authors' names in the page's order, without repetitions; empty if the page names no person.

    `site` and `host` are names that no author has: publishers often sign as their own author.
    """
    sites = _own_names(structured, site, host)
    if names := _names_of(selected, sites):
        return names
    where = place or find_place(tree, None)
    shown, signed = _shown(tree, where, sites)
    for raws in _declared(structured):
        if names := _names_of(raws, sites):
            return _settled(names, shown, signed=signed)
    if shown:
        return shown
    return _single(tree, structured, where, sites)


def _names_of(raws: Iterable[str], sites: tuple[str, ...]) -> tuple[str, ...]:
    names = (name for raw in raws for name in clean_authors(raw, sites))
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(fold(name), name)
    return tuple(unique.values())[:12]


def clean_authors(raw: str, sites: tuple[str, ...] = ()) -> Iterator[str]:
    """The personal names in a byline such as "By Ann Lee, Senior Editor and Bo Li (bo@example.org)"."""
    words = byline_words()
    text = raw.strip()[:300]
    text = "\n".join(squeeze(line) for line in text.split("\n"))
    if match := re.fullmatch(r"([^\W\d_][\w'’-]+), ([^\W\d_][\w'’-]+)", text):
        text = f"{match[2]} {match[1]}"  # a catalogue's form: family name first
    for piece in _SPLIT.split(text):
        signed = words.by.sub("", squeeze(piece))
        name = squeeze(_NOISE.sub(" ", words.stops.sub("", words.by.sub("", signed))))
        name = _without_site(name.strip(" .,-–—:*"), sites)
        if (match := words.roles.search(name)) and signed != piece and len(name[: match.start()].split()) > 1:
            name = name[: match.start()].strip(" .,-–—:")
        if _is_name(name) and not is_organisation(name, sites):
            yield _cased(name)


def _is_name(name: str) -> bool:
    words = name.split()
    particles = byline_words().particles
    lower = name.islower()
    return (
        3 < len(name) <= 60
        and bool(_NAME.fullmatch(name))
        and not byline_words().roles.search(name)
        and any(len(word.strip(".")) > 1 for word in words[1:])
        and (lower or all(word[0].isupper() or word in particles or not word[0].islower() for word in words))
        and (not lower or len(words) in (2, 3))
        and not _CREDENTIAL.fullmatch(name)
    )


def is_organisation(name: str, sites: tuple[str, ...]) -> bool:
    """Whether a name is a publisher's or an agency's, not a person's."""
    letters = compact(name)
    if name.lower() in byline_words().no_person or byline_words().organisations.search(name):
        return True
    return any(fuzz.ratio(letters, own) > 85 or (len(letters) > 8 and letters in own) for own in sites)


def _own_names(structured: Structured, site: str | None, host: str) -> tuple[str, ...]:
    names = {site, structured.first_schema_text("publisher"), structured.first_meta("og:site_name")}
    labels = [label for label in host.lower().split(".")[:-1] if label not in ("www", "news", "blog")]
    own = {compact(name) for name in names if name} | {compact(label) for label in labels}
    return tuple(sorted(name for name in own if len(name) > 3))


def _without_site(name: str, sites: tuple[str, ...]) -> str:
    """ "Ann Lee The Paper" is "Ann Lee", and "ANN LEE Associated Press", as a wire sets it, "ANN LEE"."""
    words = name.split()
    for cut in range(2, len(words)):
        rest = " ".join(words[cut:])
        shouted = all(word.isupper() for word in words[:cut])
        if compact(rest) in sites or byline_words().agencies.fullmatch(words[cut]):
            return " ".join(words[:cut])
        if shouted and is_organisation(rest, ()):
            return " ".join(words[:cut])
    return name


def _cased(name: str) -> str:
    """Capitals as in a name where a byline is all in capitals, has them in the family name, or has none."""
    shouted = name.isupper() and len(name) > 5
    words = [
        _mixed(word) if shouted or name.islower() or _SHOUTED.fullmatch(word) else word
        for word in name.split()
    ]
    return " ".join(words)


def _mixed(word: str) -> str:
    return re.sub(r"^(Mc|[OD]['’])(\w)", lambda m: m[1] + m[2].upper(), word.title().replace("’S", "’s"))


def _declared(structured: Structured) -> Iterator[list[str]]:
    for key in ("author", "creator"):
        for _, item in structured.articles():
            yield list(_names(item.get(key)))
    for name in _META:
        yield [content for content in structured.meta.get(name, ()) if "://" not in content]


def _names(value: Any) -> Iterator[str]:
    for member in as_list(value):
        if isinstance(member, dict):
            kind = member.get("@type") or member.get("type") or ""
            name = member.get("name")
            if "Organization" not in str(kind):
                given = [member.get("givenName"), member.get("familyName")]
                if name is None and all(isinstance(part, str) for part in given):
                    name = " ".join(map(str, given))
                yield from (text for text in as_list(name) if isinstance(text, str))
        elif isinstance(member, str) and "://" not in member:
            yield member


def _shown(tree: etree._Element, place: Place, sites: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The names in the first byline that the page shows, and whether it says "By" before them."""
    for elements in _bylines(tree):
        found: list[str] = []
        signed = False
        box: etree._Element | None = None
        for element in place.first_after(elements)[:_MOST_ELEMENTS]:
            if box is not None and box not in element.iterancestors():
                break
            if element.tag in ("meta", "link") or place.is_elsewhere(element):
                continue
            if names := _names_in(element, sites):
                found += names
                parent = element.getparent()
                up = (
                    parent.getparent() if parent is not None and parent.tag in ("li", "span", "a") else parent
                )
                if box is None:
                    box = up
                    signed = any(_SIGNED.match(text_in(e)) for e in (element, parent) if e is not None)
        if found:
            return _names_of(found, sites), signed
    for element, above in place.around():
        if not above:
            break
        if not byline_words().by.match(text_in(element)) or place.is_elsewhere(element):
            continue
        if names := _names_in(element, sites):
            return tuple(names), True
    return (), False


def _bylines(tree: etree._Element) -> Iterator[list[etree._Element]]:
    """The elements that may hold a byline, in groups, the surest first."""
    yield tree.xpath("//*[@rel='author']")
    yield tree.xpath(f"//*[@itemprop or @property][{_SAYS_AUTHOR}]")
    called = [(element, _called(element.get("class"))) for element in tree.xpath("//*[@class]")]
    yield [
        *(element for element, names in called if "byline" in names),
        *(
            element
            for element in tree.xpath("//*[@id='byline']")
            if "byline" not in _called(element.get("class"))
        ),
    ]
    yield [element for element, names in called if "name" in names]
    yield [element for element in tree.iter("a") if _OF_WRITERS.search(element.get("href") or "")]
    yield [element for element, names in called if "author" in names]
    yield list(tree.iter("address"))


@lru_cache(maxsize=8192)
def _called(names: str | None) -> frozenset[str]:
    """Which of the classes of bylines an element's class is."""
    return frozenset(kind for kind, pattern in _CLASSES.items() if pattern.search(names or ""))


def _names_in(element: etree._Element, sites: tuple[str, ...]) -> list[str]:
    texts = [squeeze(t) for t in element.itertext() if isinstance(t, str) and t.strip()]
    if not texts or sum(map(len, texts)) > _LONGEST_BYLINE:
        return []
    apart = _names_of(["\n".join(texts)], sites)
    return list(apart or _names_of([" ".join(texts)], sites))


def _settled(names: tuple[str, ...], shown: tuple[str, ...], *, signed: bool) -> tuple[str, ...]:
    """Declared names against those that the page shows.

    Often only one of several is declared, or the person who put the article on the site: a line that says
    "By" is what readers see, and wins.
    """
    declared, seen = {compact(name) for name in names}, {compact(name) for name in shown}
    if declared < seen or (signed and seen and not any(_alike(d, s) for d in declared for s in seen)):
        return shown
    return names


def _alike(one: str, other: str) -> bool:
    return one in other or other in one or fuzz.ratio(one, other) > 70


def _single(
    tree: etree._Element, structured: Structured, place: Place, sites: tuple[str, ...]
) -> tuple[str, ...]:
    """A byline of one word, if the page both shows it as its author's and is not called so itself."""
    marked = (
        e
        for e in tree.xpath("//*[@rel or @class]")
        if e.get("rel") == "author" or "any" in _called(e.get("class"))
    )
    for element in place.first_after(marked)[:_MOST_ELEMENTS]:
        text = byline_words().by.sub("", text_in(element))
        known = _WORD.fullmatch(text) and text[0].isupper() and not byline_words().roles.search(text)
        if known and not is_organisation(text, sites) and not place.is_elsewhere(element):
            return (text,)
    return ()
