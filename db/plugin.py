"""What Tieup adds to Datasette. Every hook hands on to the module that does the job.

Those modules are imported when a hook is called: Datasette loads its plugins while half imported itself, and
whoever imports one of them first would meet others unfinished.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

from db.names import DATABASE

if TYPE_CHECKING:
    from db.headers import App
    from db.routes import View

hookimpl = HookimplMarker("datasette")
TEMPLATES = Path(__file__).with_name("templates")


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Give SQL the folding of company names: `tieup_fold('El Corte Inglés')`."""
    from db.folding import fold_name

    def fold(text: object) -> str | None:
        return fold_name(text) if isinstance(text, str) else None

    conn.create_function("tieup_fold", 1, fold, deterministic=True)


@hookimpl
def startup() -> None:
    """No tracebacks on the console for a mistyped address."""
    from db.errors import keep_console_quiet

    keep_console_quiet()


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Find the templates also where Datasette was started without naming their folder."""
    searched = env.loader.loaders[0].searchpath
    if str(TEMPLATES) not in searched:
        searched.insert(max(len(searched) - 1, 0), str(TEMPLATES))  # before Datasette's own


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    """Check requests before Datasette's own views see them."""
    from db.pages.front import ROUTE, front_page
    from db.routes import routes

    return [(ROUTE, front_page), *routes()]


@hookimpl
def canned_queries(database: str) -> dict[str, Any] | None:
    """The query `sync`; the questions are in metadata.yml."""
    from db.sync import sync_query

    return {"sync": sync_query()} if database == DATABASE else None


@hookimpl
def register_facet_classes() -> list[type]:
    """The facet type `link`."""
    from db.facets import LinkFacet

    return [LinkFacet]


@hookimpl
def filters_from_request(request: Any, database: str, table: str) -> Any:
    """The filters `_area`, `_company` and `_country`."""
    from db.links import link_filters

    return link_filters(request, table) if database == DATABASE else None


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any) -> Any:
    """Ids as links."""
    from db import cells

    return cells.render_cell(row, value, column, table, datasette) if database == DATABASE else None


@hookimpl
def extra_template_vars(datasette: Any, request: Any, template: str) -> Any:
    """What our own pages show."""
    from db.pages.hooks import page_vars

    return page_vars(datasette, request, template)


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: BaseException) -> Any:
    """Old ids answer 301, mistakes of the reader 400."""
    from db import errors, moved

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
    from db.etag import State, with_etag
    from db.headers import with_security_headers

    state = State(datasette)
    return lambda app: with_security_headers(with_etag(app, state))
