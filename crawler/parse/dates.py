"""Publication dates: every place where a page states one is a candidate; none is ever invented."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from lxml import etree

from crawler.items import DateCandidate
from crawler.parse.date_text import MONTHS, parse_date, two_readings
from crawler.parse.day_order import settled_day
from crawler.parse.place import Place, find_place
from crawler.parse.structured import Structured, text_of
from crawler.parse.text import squeeze, text_in, text_up_to

META_PUBLISHED = (
    (
        "open_graph",
        ("article:published_time", "og:published_time", "og:article:published_time", "article:published"),
    ),
    (
        "meta",
        (
            "datepublished", "date", "pubdate", "publishdate", "publish-date", "publish_date",
            "publication_date", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued",
            "dcterms.created", "dc.date", "dcterms.date", "cxenseparse:recs:publishtime", "article.published",
            "displaydate", "originalpublicationdate",
            "date_published", "published-date", "bt:pubdate", "citation_publication_date", "publish_time",
            "article:publish_date", "article:published:time", "article_date_original", "article.created",
            "shareaholic:article_published_time", "swiftype:published_at", "published_at", "publication-date",
            "pub_date", "pub-date", "og:pubdate", "og:publish_date", "release_date", "rnews:datepublished",
            "prism.publicationdate", "dc.date.created", "dcterms.dateaccepted", "dc.created", "date.available",
            "sort_date", "sn-post-date", "cmsdate", "article-published-date", "published_time", "pdate",
            "dcterms.available", "created", "datecreated", "date_created", "cxenseparse:publishtime",
            "cxenseparse:recs:publishtime:date", "vr:published_time", "post_date", "post-date", "dateposted",
            "date-posted", "date_posted", "published", "published_date", "publisheddate", "publishedtime",
            "firstpublished", "first_published", "first-published", "article.date", "article_date", "article-date",
            "articledate", "article:published_date", "article:date", "article:post_date", "news_date", "newsdate",
            "press_release_date", "releasedate", "release-date", "analytics-pubdate", "pubtime", "ptime",
            "content_publish_date", "contentpublisheddate", "og:article:published", "dc.date.published",
            "st.published", "bt:published", "parsely-pubdate", "originalpublishdate", "page-publish-date",
        ),
    ),
)  # fmt: skip
META_MODIFIED = (
    ("open_graph", ("article:modified_time", "og:updated_time")),
    (
        "meta",
        (
            "datemodified", "lastmod", "last-modified", "dcterms.modified", "dc.date.modified",
            "article.updated", "revised",
        ),
    ),
)  # fmt: skip

_URL_DAYS = (
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>[01]?\d|[a-z]{3})[/-](?P<d>[0-3]?\d)(?=[/_.-]|$)", re.I),
    re.compile(r"/(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])/(?P<d>[0-3]\d)/"),
    re.compile(r"[/_-]t?(?P<y>20[012]\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?=[/_.-]|$)"),
    re.compile(r"-(?P<y>20[012]\d)-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3]\d)(?=[/_.]|$)"),
)
_DATE_CLASS = re.compile(
    r"(?:^|[-_ ])(?:date|dateline|datetime|pub-?date|published|publication|posted|timestamp|byline|meta-?info"
    r"|time)"
    r"(?:$|[-_ ])|publish|entry-date|post-date|articledate",
    re.I,
)
_DATED_TAGS = ("p", "span", "div", "small", "address", "li", "em", "i", "td", "h5", "h6", "footer", "b")
_DATED_PROPERTIES = re.compile(r"datePublished|dc:date|dc:issued|dc:created|dcterms:created")
_SENTENCE = re.compile(r"[^\W\d_]{4,}[.!?][”\"’']?$")
_DATELINE = re.compile(r"[A-ZÀ-Þ][^.!?:;/]{2,50}[,(–—-]\s*([^()/–—]{8,24}?\d{4})\s*(?:[(/–—:]|-)")
_YEAR = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|[a-z.] ['’][0-3]\d\b|(?<![\d/.])\d\d?([/.])\d\d?\1[0-3]\d(?![\d/.])"
)
_STAMPS = ("datetime", "data-datetime", "data-date", "data-timestamp", "data-time", "data-epoch", "data-published",
           "data-publish-date", "data-pubdate", "title")  # fmt: skip
_STAMP = re.compile(r"(?:19|20)\d\d-\d\d?-\d\d?.*|1\d{9}(?:\d{3})?|.*[a-z].*(?:19|20)\d\d.*", re.I | re.S)
_TIMES = ("time", "relative-time", "time-ago", "local-time", "amp-timeago", "bsp-timestamp", "time-elapsed")
_PUBLISHED = re.compile(
    r"(?i)\b(?:first )?(?:published|posted|publiziert|veröffentlicht|publié|publicado|pubblicato)"
    r"(?: (?:on|at|am|le|el|il))?\s*[:–—-]?\s*"
)
_UPDATED = re.compile(r"(?i)\b(?:last )?(?:updated|modified|amended)\b")
_LONGEST_BYLINE, _LONGEST_DATE_LINE, _MOST_ELEMENTS = 160, 70, 1500
_MAX_BYLINES = 200
_MAX_BYLINE_ELEMENTS = 40
_PLACEHOLDER = re.compile(r"0000|0001|1900|1970")
_IN_UPDATE_TAG = re.compile(r"<[^<>]*(?:updat|modif)[^<>]*$", re.I)
_UPDATE = re.compile(r"(?:updat|modif|amend|chang)\w*\W{0,6}(?:<[^>]*>\W*)*$", re.I)


def date_candidates(
    tree: etree._Element,
    structured: Structured,
    *,
    url: str | None,
    selected: Iterable[str],
    now: datetime,
    place: Place | None = None,
    country: str | None = None,
) -> tuple[DateCandidate, ...]:
    """All publication dates that the page offers, the most trusted first, without repetitions.

    `country` is the publisher's, if known: it tells how dates in numbers are written.
    """
    raws: dict[tuple[str, str], None] = {}
    where = place or find_place(tree, None)
    for basis, raw in _raw_dates(tree, structured, url, selected, where):
        if raw.strip() and len(raws) < 40:
            raws.setdefault((basis, squeeze(raw)[:200]))
    changed = modified(structured, now=now)

    def read(raw: str) -> str | None:
        return parse_date(raw, now=now) or settled_day(
            raw, tree, now=now, url=url, changed=changed.date if changed else None, country=country
        )

    found = tuple(DateCandidate(basis, raw, read(raw)) for basis, raw in raws)
    if not may_guess(found):
        return found
    return found + tuple(DateCandidate(basis, raw, read(raw)) for basis, raw in _near_headline(where))


def _raw_dates(
    tree: etree._Element, structured: Structured, url: str | None, selected: Iterable[str], place: Place
) -> Iterator[tuple[str, str]]:
    yield from (("selector", text) for text in selected)
    yield from _schema_dates(structured, "datePublished")
    for basis, names in META_PUBLISHED:
        for name in names:
            for content in structured.meta.get(name, ()):
                yield basis, content
    yield from _marked(tree, place)
    yield from _time_elements(tree, place)
    yield from _schema_dates(structured, "dateCreated")
    for pattern in _URL_DAYS:
        if match := pattern.search(url or ""):
            day, month = match["d"].zfill(2), match["m"]
            yield (
                "url",
                f"{match['y']}-{month.zfill(2)}-{day}" if month.isdigit() else f"{day} {month} {match['y']}",
            )
            break
    yield from _bylines(tree, place)


def _schema_dates(structured: Structured, name: str) -> Iterator[tuple[str, str]]:
    for basis, value in structured.schema(name):
        if text := text_of(value):
            yield basis, text
        elif isinstance(value, int) and not isinstance(value, bool):
            yield basis, str(value)


def _marked(tree: etree._Element, place: Place) -> Iterator[tuple[str, str]]:
    """Dates in microdata or RDFa outside any object that says it is an article."""
    marked = (
        element
        for element in tree.xpath("//*[@itemprop or @property]")
        if "datePublished" in (element.get("itemprop") or "")
        or _DATED_PROPERTIES.search(element.get("property") or "")
    )
    for element in place.first_after(marked)[:6]:
        if element.tag != "meta" and place.is_elsewhere(element):
            continue
        stamp = element.get("content") or _stamp(element)
        yield "microdata" if element.get("itemprop") else "rdfa", stamp or text_in(element)


def _time_elements(tree: etree._Element, place: Place) -> Iterator[tuple[str, str]]:
    times = (t for t in place.first_after(tree.iter(*_TIMES)))
    own = (t for t in times if not _is_update(t) and not place.is_elsewhere(t))
    for element in itertools.islice(own, 3):
        yield "time_element", _stamp(element) or text_in(element)


def _stamp(element: etree._Element) -> str | None:
    """What an element's attributes tell machines of a time, if that is a date."""
    values = (element.get(name) or "" for name in _STAMPS)
    return next(
        (value for value in values if len(value) < _LONGEST_BYLINE and _STAMP.fullmatch(value.strip())), None
    )


def _bylines(tree: etree._Element, place: Place) -> Iterator[tuple[str, str]]:
    """Visible dates in elements that call themselves so, such as "Published: Friday 30 November 2018"."""
    seen = asked = 0
    for element in place.first_after(filter(_is_called_date, tree.iter(*_DATED_TAGS))):
        asked += 1
        if asked > _MAX_BYLINES or place.is_elsewhere(element):
            continue
        if _is_update(element) and not _PUBLISHED.search(text_in(element)[:_LONGEST_BYLINE]):
            continue
        if next(itertools.islice(element.iter(), _MAX_BYLINE_ELEMENTS, None), None) is not None:
            continue
        if text := _dated(text_in(element)) or _stamp(element):
            yield "byline", text
            seen += 1
            if two_readings(text):
                return  # the next would be another article's
        if seen == 3:
            return


def _is_called_date(element: etree._Element) -> bool:
    names = element.get("class"), element.get("id")
    return any(names) and _names_date(*names, element.get("itemprop"))


@lru_cache(maxsize=8192)
def _names_date(*names: str | None) -> bool:
    return bool(_DATE_CLASS.search(" ".join(name or "" for name in names)))


def _near_headline(place: Place) -> Iterator[tuple[str, str]]:
    """A date in a short line of its own between the headline and the text, whatever its element is called.

    Further down, a line must say that this is when the text was published.
    """
    previous = ""
    for element, above in itertools.islice(place.around(), _MOST_ELEMENTS):
        for text in filter(None, map(squeeze, element.xpath("text()"))):
            dated = _dated(text) if len(text) <= _LONGEST_DATE_LINE else None
            said = _PUBLISHED.search(text) or (
                above
                and not _SENTENCE.search(text)
                and not _UPDATE.search(previous)
                and not _is_update(element)
            )
            if dated and said and not place.is_elsewhere(element):
                yield "byline", dated
                return
            previous = text


def _dated(text: str) -> str | None:
    """The part of a line that tells the publication date, null if it has none: not what follows "Updated"."""
    if len(text) > _LONGEST_BYLINE or not _YEAR.search(text):
        return None
    if match := _PUBLISHED.search(text):
        text = text[match.end() :]
    text = _UPDATED.split(text)[0] or text
    return text if _YEAR.search(text) else None


def _is_update(element: etree._Element) -> bool:
    names = " ".join(v for k, v in element.attrib.items() if k in ("class", "id", "itemprop"))
    if re.search(r"publish|pubdate|posted", names, re.I):
        return False
    before = squeeze(element.getprevious().tail or "") if element.getprevious() is not None else ""
    parent = element.getparent()
    before = before or (squeeze(parent.text or "") if parent is not None else "")
    own = squeeze(text_up_to(element, _LONGEST_BYLINE) or element.text or "")
    return bool(re.search(r"updat|modif|amend", f"{names} {before[-30:]} {own[:20]}", re.I))


def modified(structured: Structured, *, now: datetime) -> DateCandidate | None:
    """When the page says that it was last changed: the first such date that can be read."""
    raws = [(basis, text) for basis, value in structured.schema("dateModified") if (text := text_of(value))]
    for basis, names in META_MODIFIED:
        raws += [(basis, content) for name in names for content in structured.meta.get(name, ())]
    dated = (DateCandidate(basis, raw[:200], parse_date(raw, now=now)) for basis, raw in raws)
    return next((candidate for candidate in dated if candidate.date), None)


def may_guess(candidates: Iterable[DateCandidate]) -> bool:
    """Whether no candidate is a date, read or left unread on purpose: placeholders do not count."""
    return all(candidate.date is None and _PLACEHOLDER.match(candidate.raw) for candidate in candidates)


def dateline(body: str, *, now: datetime) -> DateCandidate | None:
    """The date in the line that a press release opens with: "LEEDS, March 4, 2021 - ..."."""
    match = _DATELINE.match(body[:_LONGEST_BYLINE])
    day = parse_date(match[1], now=now) if match else None
    return DateCandidate("dateline", match[1], day) if match and day else None


def guess(html: str, body: str, *, now: datetime) -> DateCandidate | None:
    """The last resort: htmldate's finding, if the page outside the body states that day in clear words."""
    import htmldate  # here, since it is slow to import and seldom needed

    try:
        found = htmldate.find_date(html, original_date=True, extensive_search=False, outputformat="%Y-%m-%d")
    except (ValueError, RecursionError, OverflowError, AttributeError, TypeError):
        return None
    if not found or parse_date(found, now=now) is None:
        return None
    day = datetime.fromisoformat(found)
    month = MONTHS[day.month - 1]
    forms = (
        rf"{day:%Y-%m-%d}|(?<![/\w]){day:%Y/%m/%d}(?![/\w])"
        rf"|\b0?{day.day}(?:st|nd|rd|th)?\.?(?: de)? (?:{month}|{month[:3]}|[^\W\d_]{{3,12}})\.?,?(?: de)? {day.year}"
        rf"|\b(?:{month}|{month[:3]})\.? 0?{day.day}(?:st|nd|rd|th)?,? {day.year}"
    )
    outside = [
        m
        for m in re.finditer(forms, html, re.I)
        if not _UPDATE.search(html[max(0, m.start() - 40) : m.start()])
        and not _IN_UPDATE_TAG.search(html[max(0, m.start() - 200) : m.start()])
    ]
    inside = sum(1 for _ in re.finditer(forms, body, re.I))
    return DateCandidate("htmldate", found, found) if len(outside) > inside else None
