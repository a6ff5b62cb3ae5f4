"""Publication dates: every place where a page states one is a candidate; none is ever invented.

A date is read only if it can mean one thing: 03/04/2021 stays unread, and so do the future and the year 1970,
which machines write when they know no date. Zones stay as the publisher wrote them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from lxml import etree

from crawler.items import DateCandidate
from crawler.parse.structured import Structured, text_of
from crawler.parse.text import squeeze

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
            "date_published", "published-date", "bt:pubdate", "citation_publication_date",
        ),
    ),
)  # fmt: skip
META_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified",
    "dcterms.modified", "dc.date.modified", "article.updated", "revised",
)  # fmt: skip

_ISO = re.compile(
    r"(?P<day>(?:19|20)\d\d-[01]\d-[0-3]\d)(?:[T ]+(?P<time>[0-2]?\d:[0-5]\d(?::[0-5]\d)?)(?:[.,]\d+)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][01]\d:?[0-5]\d|[+-]\d\d)?)?(?:\[[\w/]+\])?"
)
_ISO_BASIC = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)")
_YEAR_FIRST = re.compile(r"\b(?P<y>(?:19|20)\d\d)[/.](?P<m>[01]?\d)[/.](?P<d>[0-3]?\d)\b")
_YEAR_MONTH = re.compile(r"(?P<y>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])")
_NUMERIC = re.compile(r"\b(?P<a>[0-3]?\d)[/.-](?P<b>[0-3]?\d)[/.-](?P<y>(?:19|20)\d\d)\b")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY_MONTH = re.compile(
    rf"\b(?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{_MONTH},?[\s-]+(?P<y>(?:19|20)\d\d)\b", re.I
)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(?P<d>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b", re.I)
_CLOCK = re.compile(
    r"\b(?P<h>[0-2]?\d)[:.](?P<min>[0-5]\d)(?::(?P<s>[0-5]\d))?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<zone>Z\b|UTC\b|GMT\b|[+-][01]\d:?[0-5]\d)?",
    re.I,
)
_URL_DAY = re.compile(
    r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>[01]?\d|[a-z]{3})[/-](?P<d>[0-3]?\d)(?=[/_.-]|$)", re.I
)
_DATE_CLASS = re.compile(
    r"(?:^|[-_ ])(?:date|dateline|datetime|pub-?date|published|publication|posted|timestamp|byline|meta-?info"
    r"|time)"
    r"(?:$|[-_ ])|publish|entry-date|post-date|articledate",
    re.I,
)
_MAX_BYLINES = 200
_MAX_BYLINE_ELEMENTS = 40
_PLACEHOLDER = re.compile(r"0000|0001|1900|1970")
_UPDATE = re.compile(r"(?:updat|modif|amend|chang)\w*\W{0,6}(?:<[^>]*>\W*)*$", re.I)
_WORD_DATE = re.compile(r"^\W*(?:\w+\W+){0,4}?(\d{1,2}\.?\s+[^\W\d]{3,12}\.?\s+(?:19|20)\d\d)\b")


def parse_date(raw: str, *, now: datetime) -> str | None:
    """The date in ISO form at its own precision (year-month, day or date-time), or null if it is not certain.

    `now` is when the page was fetched: what lies more than a day after it is not a publication date.
    """
    text = squeeze(raw)[:200]
    found = _read(text)
    if found is None:
        return None
    iso, moment = found
    if moment.year <= 1970 or moment.replace(tzinfo=moment.tzinfo or UTC) > now + timedelta(days=1):
        return None
    return iso


def _read(text: str) -> tuple[str, datetime] | None:
    if match := _ISO.match(text):
        return _with_time(match["day"], match["time"], match["zone"])
    if match := _ISO_BASIC.fullmatch(text):
        return _day(match["y"], match["m"], match["d"])
    if match := _YEAR_MONTH.fullmatch(text):
        return match[0], datetime(int(match["y"]), int(match["m"]), 1)
    if re.match(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*, \d", text, re.I) and re.search(
        r"\d:\d\d:\d\d", text
    ):
        try:
            moment = parsedate_to_datetime(text)
            return moment.isoformat(), moment
        except ValueError:
            pass
    for pattern in (_DAY_MONTH, _MONTH_DAY, _YEAR_FIRST):
        if match := pattern.search(text):
            day = _day(match["y"], match["m"], match["d"])
            return _add_clock(day, text[: match.start()] + " " + text[match.end() :]) if day else None
    if match := _NUMERIC.search(text):
        first, second = int(match["a"]), int(match["b"])
        if first > 12 >= second:
            return _day(match["y"], match["b"], match["a"])
        if second > 12 >= first or first == second:
            return _day(match["y"], match["a"], match["b"])
        return None
    return _read_other_language(text)


def _day(year: str, month: str, day: str) -> tuple[str, datetime] | None:
    names = [name[:3] for name in _MONTHS]
    number = names.index(month[:3].lower()) + 1 if month[:3].lower() in names else month
    try:
        moment = datetime(int(year), int(number), int(day))
    except ValueError:
        return None
    return moment.date().isoformat(), moment


def _with_time(day: str, clock: str | None, zone: str | None) -> tuple[str, datetime] | None:
    if clock is None:
        return _day(*day.split("-"))
    zone = {"UTC": "+00:00", "GMT": "+00:00", "Z": "+00:00"}.get((zone or "").upper(), zone or "")
    try:
        moment = datetime.fromisoformat(f"{day}T{clock.rjust(len(clock) + (clock[1] == ':'), '0')}{zone}")
    except ValueError:
        return _day(*day.split("-"))
    return moment.isoformat(), moment


def _add_clock(day: tuple[str, datetime], rest: str) -> tuple[str, datetime]:
    match = _CLOCK.search(rest)
    if not match:
        return day
    hour = int(match["h"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0].lower() == "p" else 0)
    return _with_time(day[0], f"{hour:02}:{match['min']}:{match['s'] or '00'}", match["zone"]) or day


def _read_other_language(text: str) -> tuple[str, datetime] | None:
    match = _WORD_DATE.match(text)
    if not match or len(text) > 80:
        return None
    import dateparser  # type: ignore[import-untyped]  # here, since it is slow to import and seldom needed

    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"]}
    moment = dateparser.parse(match[1], settings=settings)
    return (moment.date().isoformat(), moment) if moment else None


def date_candidates(
    tree: etree._Element, structured: Structured, *, url: str | None, selected: Iterable[str], now: datetime
) -> tuple[DateCandidate, ...]:
    """All publication dates that the page offers, the most trusted first, without repetitions."""
    raws: dict[tuple[str, str], None] = {}
    for basis, raw in _raw_dates(tree, structured, url, selected):
        if raw.strip() and len(raws) < 40:
            raws.setdefault((basis, squeeze(raw)[:200]))
    return tuple(DateCandidate(basis, raw, parse_date(raw, now=now)) for basis, raw in raws)


def _raw_dates(
    tree: etree._Element, structured: Structured, url: str | None, selected: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for name in ("datePublished", "dateCreated"):
        for basis, value in structured.schema(name):
            if text := text_of(value):
                yield basis, text
    for basis, names in META_PUBLISHED:
        for name in names:
            for content in structured.meta.get(name, ()):
                yield basis, content
    yield from (("selector", text) for text in selected)
    yield from _time_elements(tree)
    if match := _URL_DAY.search(url or ""):
        yield (
            "url",
            f"{match['y']}-{match['m'].zfill(2)}-{match['d'].zfill(2)}"
            if match["m"].isdigit()
            else (f"{match['d']} {match['m']} {match['y']}"),
        )
    yield from _bylines(tree)


def _time_elements(tree: etree._Element) -> Iterator[tuple[str, str]]:
    times = [t for t in tree.iter("time") if not _is_update(t) and not _is_teaser(t)]
    for element in times[:3]:
        stamp = element.get("datetime") or ""
        yield "time_element", stamp if re.search(r"\d{4}", stamp) else squeeze(" ".join(element.itertext()))


def _bylines(tree: etree._Element) -> Iterator[tuple[str, str]]:
    """Visible dates in elements that call themselves so, such as "Published: Friday 30 November 2018"."""
    seen = asked = 0
    for element in tree.iter(
        "p", "span", "div", "small", "address", "li", "em", "i", "td", "h5", "h6", "footer"
    ):
        names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        if not _DATE_CLASS.search(names):
            continue
        asked += 1
        if asked > _MAX_BYLINES or _is_update(element) or _is_teaser(element):
            continue
        if next(itertools.islice(element.iter(), _MAX_BYLINE_ELEMENTS, None), None) is not None:
            continue
        text = squeeze(" ".join(element.itertext()))
        if len(text) <= 160 and re.search(r"\b(?:19|20)\d\d\b", text):
            text = re.split(r"(?i)\b(?:last )?(?:updated|modified|amended)\b", text)[0] or text
            if re.search(r"\b(?:19|20)\d\d\b", text):
                yield "byline", text
                seen += 1
        if seen == 3:
            return


def _is_update(element: etree._Element) -> bool:
    names = " ".join(v for k, v in element.attrib.items() if k in ("class", "id", "itemprop"))
    before = squeeze(element.getprevious().tail or "") if element.getprevious() is not None else ""
    parent = element.getparent()
    before = before or (squeeze(parent.text or "") if parent is not None else "")
    own = squeeze(element.text or "")
    return bool(re.search(r"updat|modif|amend", f"{names} {before[-30:]} {own[:20]}", re.I))


def _is_teaser(element: etree._Element) -> bool:
    """Inside a list of other articles, a comment, the navigation or the foot of the page."""
    for parent in element.iterancestors():
        names = f"{parent.get('class') or ''} {parent.get('id') or ''}".lower()
        if parent.tag in ("nav", "aside", "ul", "ol") or (parent.tag == "footer" and "article" not in names):
            return True
        if re.search(
            r"related|comment|sidebar|teaser|recommend|most-?read|latest|trending|card|promo", names
        ):
            return parent.tag not in ("body", "html")
    return False


def modified(structured: Structured, *, now: datetime) -> str | None:
    """When the page says that it was last changed, in ISO form."""
    raws = [text for _, value in structured.schema("dateModified") if (text := text_of(value))]
    raws += [content for name in META_MODIFIED for content in structured.meta.get(name, ())]
    return next((date for raw in raws if (date := parse_date(raw, now=now))), None)


def may_guess(candidates: Iterable[DateCandidate]) -> bool:
    """Whether no candidate is a date, read or left unread on purpose: placeholders do not count."""
    return all(candidate.date is None and _PLACEHOLDER.match(candidate.raw) for candidate in candidates)


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
    month = _MONTHS[day.month - 1]
    forms = (
        rf"{day:%Y-%m-%d}|{day:%Y/%m/%d}"
        rf"|\b0?{day.day}(?:st|nd|rd|th)? (?:{month}|{month[:3]})\.?,? {day.year}"
        rf"|\b(?:{month}|{month[:3]})\.? 0?{day.day}(?:st|nd|rd|th)?,? {day.year}"
    )
    outside = [
        m
        for m in re.finditer(forms, html, re.I)
        if not _UPDATE.search(html[max(0, m.start() - 40) : m.start()])
    ]
    inside = sum(1 for _ in re.finditer(forms, body, re.I))
    return DateCandidate("htmldate", found, found) if len(outside) > inside else None
