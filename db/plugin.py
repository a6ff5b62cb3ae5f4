"""What Tieup adds to Datasette. Every hook is one line that hands on to the module that does the job."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pluggy import HookimplMarker

from db import cells, errors, facets, folding, links, moved, routes, sync
from db.etag import State, with_etag
from db.headers import App, with_security_headers
from db.names import DATABASE

hookimpl = HookimplMarker("datasette")
TEMPLATES = Path(__file__).with_name("templates")


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Give SQL the folding of company names: `tieup_fold('El Corte Inglés')`."""
    conn.create_function("tieup_fold", 1, _fold, deterministic=True)


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Find the templates also where Datasette was started without naming their folder."""
    searched = env.loader.loaders[0].searchpath
    if str(TEMPLATES) not in searched:
        searched.insert(max(len(searched) - 1, 0), str(TEMPLATES))  # before Datasette's own


@hookimpl
def register_routes() -> list[tuple[str, routes.View]]:
    """Check requests before Datasette's own views see them."""
    return routes.routes()


@hookimpl
def canned_queries(database: str) -> dict[str, Any] | None:
    """The query `sync`; the questions are in metadata.yml."""
    return {"sync": sync.sync_query()} if database == DATABASE else None


@hookimpl
def register_facet_classes() -> list[type]:
    """The facet type `link`."""
    return [facets.LinkFacet]


@hookimpl
def filters_from_request(request: Any, database: str, table: str) -> Any:
    """The filters `_area`, `_company` and `_country`."""
    return links.link_filters(request, table) if database == DATABASE else None


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Ids as links."""
    return cells.render_cell(row, value, column, table, datasette) if database == DATABASE else None


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: BaseException) -> Any:
    """Old ids answer 301, mistakes of the reader 400."""

    async def answer() -> Any:
        if getattr(exception, "status", None) == 404:
            return await moved.moved_to(datasette, request)
        if errors.is_readers_mistake(exception):
            return await errors.bad_request(datasette, request, exception)
        return None

    return answer


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Security headers, and ETag with 304."""
    state = State(datasette)
    return lambda app: with_security_headers(with_etag(app, state))


def _fold(text: object) -> str | None:
    return folding.fold_name(text) if isinstance(text, str) else None
