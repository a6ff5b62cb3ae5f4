"""What the templates of our pages are given: one gathering function per template."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from datasette.utils import urlsafe_components

from db.etag import State
from db.names import DATABASE
from db.pages import wording
from db.pages.area import area_page
from db.pages.article import article_page
from db.pages.claim import claim_page
from db.pages.company import company_page
from db.pages.compare import compare_page
from db.pages.deal import deal_page
from db.pages.home import home_page
from db.pages.news import news_page
from db.pages.question import question_page
from db.pages.reading import Record
from db.pages.search import search_page

_WORDING: Mapping[str, Any] = {
    "when": wording.when,
    "moment": wording.moment,
    "counted": wording.counted,
    "percent": wording.percent,
    "plain": wording.plain,
    "listed": wording.listed,
    "web_link": wording.web_link,
    "basis": wording.basis,
}


async def page_vars(datasette: Any, request: Any, template: str) -> dict[str, Any]:
    """The variables of one of our templates; for other templates only the words for dates and counts.

    What a page shows is in `page`, None where the knowledge base is not served or has no such row.
    """
    gather = _PAGES.get(template)
    page = None
    if gather is not None and request is not None and DATABASE in datasette.databases:
        page = await gather(datasette, request)
    return {**_WORDING, "about": datasette.metadata() or {}, "page": page}


async def _home(datasette: Any, request: Any) -> Any:
    """The home page is the same for everybody until the data or the day changes."""
    state, kept = _KEPT.setdefault(datasette, (State(datasette), {}))
    now = state.now()
    if now is None or kept.get("state") != now:
        queries = await datasette.get_canned_queries(DATABASE, request.actor)
        kept["page"] = await _read(datasette, lambda conn: home_page(conn, queries, _today()))
        kept["state"] = now
    return kept["page"]


async def _news(datasette: Any, request: Any) -> Any:
    asked = {name: request.args.get(name) or "" for name in request.args}
    return await _read(datasette, lambda conn: news_page(conn, asked))


async def _search(datasette: Any, request: Any) -> Any:
    return await _read(datasette, lambda conn: search_page(conn, request.args.get("q") or ""))


async def _compare(datasette: Any, request: Any) -> Any:
    return await _read(datasette, lambda conn: compare_page(conn, request.args.get("companies") or ""))


async def _question(datasette: Any, request: Any) -> Any:
    return await _read(datasette, question_page)


def _row(gather: Callable[[sqlite3.Connection, str], Record | None]) -> Callable[..., Awaitable[Any]]:
    async def page(datasette: Any, request: Any) -> Any:
        id = urlsafe_components(request.url_vars["pks"])[0]
        return await _read(datasette, lambda conn: gather(conn, id))

    return page


async def _read(datasette: Any, gather: Callable[[sqlite3.Connection], Any]) -> Any:
    return await datasette.get_database(DATABASE).execute_fn(gather)


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


_KEPT: WeakKeyDictionary[Any, tuple[State, dict[str, Any]]] = WeakKeyDictionary()
_PAGES: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "index.html": _home,
    "pages/news.html": _news,
    "pages/compare.html": _compare,
    "pages/search.html": _search,
    "query.html": _question,
    "row-tieup-deals.html": _row(lambda conn, id: deal_page(conn, id, _today())),
    "row-tieup-companies.html": _row(company_page),
    "row-tieup-articles.html": _row(article_page),
    "row-tieup-areas.html": _row(area_page),
    "row-tieup-claims.html": _row(claim_page),
}
