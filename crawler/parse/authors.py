"""Who wrote an article: names only, without "By", roles, addresses and desks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree
from rapidfuzz import fuzz

from crawler.parse.bylines import byline_words
from crawler.parse.names import clean_authors, is_organisation
from crawler.parse.place import Place, find_place
from crawler.parse.structured import Structured, flat_list
from crawler.parse.text import compact, fold, squeeze, text_in, text_up_to

_META = (
    "author", "article:author", "og:article:author", "byl", "byline", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "article_author", "article.author", "dcsext.author", "dcsext.rauthor",
    "mrf:authors", "citation_author", "cxenseparse:author", "swiftype:author", "authors", "creator", "og:author",
    "bt:author", "vr:author", "article-author", "article:author_name", "article:author:name", "author_name",
    "author-name", "analytics-author", "page-author", "page_author", "content-author", "content_author",
    "news_author", "news-author", "news_authors", "post-author", "post_author", "st.author", "dc.creator.personalname",
    "dcterms.contributor", "cxenseparse:recs:author", "article:authors", "blogger_name",
)  # fmt: skip
_UPLOADER = "twitter:author"  # which a plugin fills with whoever put the article on the site
_SAYS_AUTHOR = "contains(@itemprop, 'author') or contains(@property, 'schema:author') or @property='author'"
_CLASSES = {
    "byline": re.compile(r"byline|by-line"),
    "name": re.compile(r"author-name|article-author|authorname"),
    "author": re.compile(
        r"(?:^| )(?:p-)?author(?: |$)|^authors$|post-author|entry-author|vcard|article__author|signature|writer"
    ),
    "any": re.compile(r"author"),
}
_OF_WRITERS = re.compile(
    r"/(?:authors?/|profile/|reporters?/|by/|contributor|editors/|columnists?/|writers?/|journalists?/)"
)
_WRITERS_PAGE = re.compile(
    r"://[^/]+/(?:[^/]+/){0,3}(?:authors?|contributors?|reporters?|writers?)/([a-z]+(?:-[a-z]+){1,2})/?$"
)
_MOST_ELEMENTS, _LONGEST_BYLINE = 12, 200
_LONGEST_SIGNATURE, _CREDIT_DEPTH, _MOST_PICTURES, _MOST_AROUND = 80, 4, 100, 1500
_CREDITED = re.compile(r"(?i)caption|credit|photo|image|media|gallery|video|slide|picture")
_SIGNATURE = re.compile(
    r"([A-ZÀ-Þ][\w.'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){1,3}?)(?:\s*[,/|·•–—]\s*|\s+-\s+|\s+(?=\d|The |[A-Z][a-z]{2,8}\.? \d))"
)
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SENTENCE_END = re.compile(r"[.!?]$")
_WORD = re.compile(r"[^\W\d_]{3,20}")
_SIGNED = re.compile(r"(?:(?:words|written|posted|story|text) )?by\b", re.I)
_DATE_BEFORE = re.compile(r"[^a-z]*\d[^a-z]*(?:\b(?:[ap]\.?m|[a-z]{2,3}t|utc|at|on)\b[^a-z]*)*\bby\s+", re.I)


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
    return tuple(name for name in _found(tree, structured, where, sites) if not _is_subject(name, where))


def _is_subject(name: str, place: Place) -> bool:
    """Whether the headline speaks of it: then it is a company; "Ann Lee: What tills know" is signed."""
    title = text_in(place.heading) if place.heading is not None else ""
    return name in title and f"{name}:" not in title


def _found(
    tree: etree._Element, structured: Structured, where: Place, sites: tuple[str, ...]
) -> tuple[str, ...]:
    shown, signed = _shown(tree, where, sites)
    for raws in _declared(structured):
        if names := _names_of(raws, sites):
            return _settled(names, shown, signed=signed)
    if shown := shown or _names_of(structured.meta.get(_UPLOADER, ()), sites):
        return shown
    return _single(tree, structured, where, sites) or _names_of(_of_addresses(structured), sites)


def _names_of(raws: Iterable[str], sites: tuple[str, ...]) -> tuple[str, ...]:
    names = (name for raw in raws for name in clean_authors(raw, sites))
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(fold(name), name)
    return tuple(unique.values())[:12]


def _own_names(structured: Structured, site: str | None, host: str) -> tuple[str, ...]:
    names = {site, structured.first_schema_text("publisher"), structured.first_meta("og:site_name")}
    labels = [label for label in host.lower().split(".")[:-1] if label not in ("www", "news", "blog")]
    own = {compact(name) for name in names if name} | {compact(label) for label in labels}
    return tuple(sorted(name for name in own if len(name) > 3))


def _declared(structured: Structured) -> Iterator[list[str]]:
    for key in ("author", "creator"):
        for _, item in structured.articles():
            yield list(_names(item.get(key)))
    for name in _META:
        yield [content for content in structured.meta.get(name, ()) if "://" not in content]


def _names(value: Any) -> Iterator[str]:
    for member in flat_list(value):
        if isinstance(member, dict):
            kind = member.get("@type") or member.get("type") or ""
            if "Organization" not in str(kind):
                yield from _names_of_person(member)
        elif isinstance(member, str) and "://" not in member:
            yield member


def _names_of_person(person: Mapping[str, Any]) -> Iterator[str]:
    given = [person.get("givenName"), person.get("familyName")]
    name = person.get("name")
    if name is None and all(isinstance(part, str) for part in given):
        name = " ".join(map(str, given))
    image = person.get("image")
    if name is None and isinstance(image, dict):
        name = image.get("caption")  # what a plugin leaves of a person without a name
    for text in flat_list(name):
        told = text.get("@value") if isinstance(text, dict) else text
        if isinstance(told, str):
            yield told


def _of_addresses(structured: Structured) -> Iterator[str]:
    """Names in the addresses of writers' own pages, where the page gives nothing else: /author/ann-lee."""
    addresses: list[Any] = [*structured.meta.get("article:author", ())]
    members = [member for _, item in structured.articles() for member in flat_list(item.get("author"))]
    addresses += [member.get("url") if isinstance(member, dict) else member for member in members]
    for address in addresses:
        if isinstance(address, str) and (match := _WRITERS_PAGE.search(address)):
            yield match[1].replace("-", " ").title()


def _shown(tree: etree._Element, place: Place, sites: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The names in the first byline that the page shows, and whether it says "By" before them.

    It is looked for between the headline and the text, then below it, then above the headline, where most is of other
    articles.
    """
    groups = [place.first_after(elements) for elements in _bylines(tree)]
    head = [element for element, _ in itertools.takewhile(lambda pair: pair[1], _around(place))]
    heads = frozenset(head)
    return (
        _first_marked([[e for e in group if e in heads] for group in groups], place, sites)
        or _signed(tree, head, place, sites)
        or _first_marked([[e for e in group if place.is_below(e)] for group in groups], place, sites)
        or _signed_below((element for element, above in _around(place) if not above), place, sites)
        or _first_marked(groups, place, sites)
        or ((), False)
    )


def _around(place: Place) -> Iterator[tuple[etree._Element, bool]]:
    return itertools.islice(place.around(), _MOST_AROUND)


def _first_marked(
    groups: Iterable[list[etree._Element]], place: Place, sites: tuple[str, ...]
) -> tuple[tuple[str, ...], bool] | None:
    """The names of the first group of elements that has any, and whether it says "By" before them."""
    for elements in groups:
        found: list[str] = []
        signed = False
        box: etree._Element | None = None
        for element in elements[:_MOST_ELEMENTS]:
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
    return None


def _signed(
    tree: etree._Element, head: Iterable[etree._Element], place: Place, sites: tuple[str, ...]
) -> tuple[tuple[str, ...], bool] | None:
    """The names in a line about the headline that is called nothing, but signed, and whether it says "By"."""
    alts: list[str] = tree.xpath("//img/@alt")[:_MOST_PICTURES] if place.heading is not None else []
    for element in head:
        text = squeeze(text_up_to(element, _LONGEST_BYLINE) or "")
        by = byline_words().by.match(text) is not None
        dated = _DATE_BEFORE.match(text)
        is_signed = by or dated or (_is_signature(text, alts) and not _is_credit(element))
        if not is_signed or place.is_elsewhere(element):
            continue
        if names := _names_of([text[dated.end() :]], sites) if dated else tuple(_names_in(element, sites)):
            return names, by or dated is not None
    return None


def _signed_below(
    elements: Iterable[etree._Element], place: Place, sites: tuple[str, ...]
) -> tuple[tuple[str, ...], bool] | None:
    """The names in a line below the headline's part of the page that is all "Posted by" and names."""
    for element in elements:
        text = squeeze(text_up_to(element, _LONGEST_BYLINE) or "")
        if not byline_words().by_below.fullmatch(text) or place.is_elsewhere(element):
            continue
        if names := _names_in(element, sites):
            return tuple(names), True
    return None


def _is_credit(element: etree._Element) -> bool:
    """Whether it belongs to a picture or film."""
    around = itertools.islice((element, *element.iterancestors()), _CREDIT_DEPTH)
    return any(
        e.tag in ("figure", "figcaption") or _CREDITED.search(f"{e.get('class') or ''} {e.get('id') or ''}")
        for e in around
    )


def _is_signature(text: str, alts: Iterable[str]) -> bool:
    """Whether a short line is a name with a post, an agency or a date: "Ann Lee, Contributor", "Ann Lee / Reuters".

    A name with a date only counts if a picture is called so: places and sections stand before dates too.
    """
    match = _SIGNATURE.match(text) if len(text) <= _LONGEST_SIGNATURE else None
    if match is None or not text[match.end() :].strip():
        return False
    words, rest = byline_words(), text[match.end() :]
    if words.roles.search(rest) or words.agencies.search(rest) or words.organisations.search(rest):
        return not _SENTENCE_END.search(text)
    names = [name for name in clean_authors(match[1]) if _DATED.search(rest)]
    return any(name in alt for name in names for alt in alts)


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
