"""One page of HTML becomes one NewsArticle. Pure: no network, no files, same page, same article."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from lxml import etree, html

from crawler.canonical import canonical_of_page
from crawler.items import Block, DateCandidate, NewsArticle, content_sha256
from crawler.parse import authors, body, dates, headline, language, paywall, refuse, set_aside
from crawler.parse.about_company import take_out_about
from crawler.parse.decode import NotAnArticle, decode_page
from crawler.parse.place import find_place
from crawler.parse.standfirst import find_standfirst, take_out_standfirst
from crawler.parse.structured import Structured, read_structured
from crawler.parse.text import fold, squeeze, text_in
from crawler.sources import Source

__all__ = ["NotAnArticle", "parse_page"]

_MAX_DEPTH = 150
_MAX_ELEMENTS = 40_000
_SHORT = 2500
"""Characters of a text under which a page may be a stub, a wall or nothing."""
_TOO_DEEP = etree.XPath("/*" * (_MAX_DEPTH + 1) + "[*]")


def parse_page(
    html: bytes | str,
    *,
    url: str | None,
    source: Source | None = None,
    content_type: str | None = None,
    retrieved_at: str | None = None,
) -> NewsArticle:
    """Read one page.

    `url` is where it was fetched (null: its canonical address), `content_type` the HTTP header's value,
    `retrieved_at` an ISO date-time, against which dates in the future are refused. What a source's selectors
    find goes before everything else. Raises NotAnArticle with the reason if the page is no article.
    """
    text = decode_page(html, content_type)
    tree = _parse(text)
    structured = read_structured(tree)
    chosen = _Selected(text, source)
    now = _moment(retrieved_at)
    canonical = canonical_of_page(_declared_address(tree, structured), url)
    if source is None or not source.selectors.get("body"):
        refuse.refuse_listing(tree, structured, url or canonical)

    site = source.name if source else _site_name(tree, structured)
    host = (urlsplit(url or canonical or "").hostname or "").lower()
    title = headline.find_headline(tree, structured, selected=chosen.texts("headline"), site=site, host=host)
    place = find_place(tree, title)
    names = authors.find_authors(
        tree, structured, selected=chosen.texts("authors"), site=site, host=host, place=place
    )
    selected_dates = [*chosen.values("date_published", "datetime", "content")]
    candidates = dates.date_candidates(
        tree,
        structured,
        url=url or canonical,
        selected=selected_dates,
        now=now,
        place=place,
        country=source.country if source else None,
    )
    standfirst = find_standfirst(tree, structured, selected=chosen.texts("standfirst"), headline=title)
    if standfirst:
        take_out_standfirst(tree, standfirst)

    aside = set_aside.take_out(tree)
    aside += take_out_about(tree, title or "")
    own = chosen.body()
    if own is not None:
        aside = [*set_aside.take_out(own), *aside]
    declared = structured.first_schema_text("articleBody")
    found_blocks = body.find_body(tree, chosen=own, headline=title or "", declared=declared)
    blocks, furniture = body.set_lines_aside(
        found_blocks, headline=title or "", authors=names, site=site, host=host
    )
    # What a short text lacks the rest of the page may explain, as it was before parts were taken out.
    whole = _parse(text) if sum(len(block.text) for block in blocks) < _SHORT or not title else None
    free = paywall.is_free(whole, structured, furniture)
    if whole is not None:
        refuse.refuse_empty(whole, blocks, title, free)
    article_body = body.as_text(blocks)
    if dates.may_guess(candidates):
        rest = etree.tostring(tree, encoding="unicode", method="html")
        found = dates.dateline(article_body, now=now) or dates.guess(rest, article_body, now=now)
        candidates += (found,) if found else ()
    elif _best_date(candidates) is None and (found := dates.dateline(article_body, now=now)):
        candidates += (found,)
    if standfirst and fold(article_body).startswith(fold(standfirst.rstrip(".… "))[:200]):
        standfirst = None
    best = _best_date(candidates)
    changed = dates.modified(structured, now=now)
    all_blocks = (*blocks, *_without_repeats([*furniture, *aside], blocks))
    return NewsArticle(
        url=url or canonical,
        canonical_url=canonical,
        headline=title or "",
        standfirst=standfirst,
        date_published=best.date if best else None,
        date_published_raw=best.raw if best else None,
        date_published_basis=best.basis if best else None,
        date_candidates=candidates,
        date_modified=changed.date if changed else None,
        date_modified_raw=changed.raw if changed else None,
        date_modified_basis=changed.basis if changed else None,
        authors=names,
        publisher=site,
        source=source.id if source else None,
        section=next(iter(chosen.texts("section")), None)
        or structured.first_schema_text("articleSection")
        or structured.first_meta("article:section", "section", "parsely-section"),
        in_language=language.find_language(tree, structured, article_body),
        article_body=article_body,
        blocks=all_blocks,
        is_accessible_for_free=free,
        retrieved_at=retrieved_at,
        content_sha256=content_sha256(title or "", article_body, all_blocks),
    )


def _parse(text: str) -> etree._Element:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        raise NotAnArticle("no readable HTML") from None
    if tree.xpath("count(//*)") > _MAX_ELEMENTS:
        raise NotAnArticle(f"more than {_MAX_ELEMENTS:,} elements")
    for element in _TOO_DEEP(tree):
        # Nobody nests a text this deep: keep the words, drop the nesting, lest something recurses.
        words = text_in(element)
        for child in list(element):
            element.remove(child)
        element.text = words
    return tree


class _Selected:
    """What a source's CSS selectors find on a page."""

    def __init__(self, text: str, source: Source | None) -> None:
        self._selectors = dict(source.selectors) if source else {}
        self._soup = BeautifulSoup(text, "lxml") if self._selectors else None

    def texts(self, key: str) -> list[str]:
        return [text for text, _ in self._found(key) if text]

    def values(self, key: str, *attributes: str) -> list[str]:
        return [next((a for a in attrs if a), text) for text, attrs in self._found(key, *attributes)]

    def body(self) -> etree._Element | None:
        """The element that the body selector names, without what the remove selector names."""
        if self._soup is None or "body" not in self._selectors:
            return None
        found = self._soup.select_one(self._selectors["body"])
        if found is None:
            return None
        for junk in found.select(self._selectors.get("remove", "script, style")):
            junk.decompose()
        return html.fragment_fromstring(str(found), create_parent="div")

    def _found(self, key: str, *attributes: str) -> list[tuple[str, list[str]]]:
        selector = self._selectors.get(key)
        if self._soup is None or selector is None:
            return []
        return [
            (squeeze(e.get_text(" ")), [str(e.get(a) or "") for a in attributes])
            for e in self._soup.select(selector)[:12]
        ]


def _moment(retrieved_at: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(retrieved_at) if retrieved_at else datetime.now(UTC)
    except ValueError:
        moment = datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _declared_address(tree: etree._Element, structured: Structured) -> str | None:
    links = [
        link.get("href")
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    return next(filter(None, links), None) or structured.first_meta("og:url")


def _site_name(tree: etree._Element, structured: Structured) -> str | None:
    declared = structured.first_schema_text("publisher") or structured.first_meta("og:site_name")
    if declared:
        return declared
    # Some portals put the article's title where others name the application.
    titles = {fold(text_in(element)) for element in tree.iter("title", "h1")}
    return next(
        (name for name in structured.meta.get("application-name", ()) if fold(name) not in titles), None
    )


def _best_date(candidates: tuple[DateCandidate, ...]) -> DateCandidate | None:
    """The first that can be read; of a month, a day in it that another states; of a day, an hour."""
    best = next((candidate for candidate in candidates if candidate.date), None)
    for _ in range(2):
        if best is None or best.date is None or len(best.date) > len("2024-03-01"):
            return best
        inside = f"{best.date}-" if len(best.date) == len("2024-03") else f"{best.date}T"
        best = next((other for other in candidates if (other.date or "").startswith(inside)), best)
    return best


def _without_repeats(aside: list[Block], blocks: list[Block]) -> list[Block]:
    """Set-aside blocks once each, and none whose text is in the body."""
    seen = {block.text for block in blocks}
    kept = []
    for block in aside:
        if block.text not in seen:
            seen.add(block.text)
            kept.append(block)
    return kept
