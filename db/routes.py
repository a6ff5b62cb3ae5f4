"""Routes in front of Datasette's own: they check what is asked and hand on to the same views."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.database import QueryInterrupted
from datasette.utils import CustomRow, tilde_decode
from datasette.utils.asgi import BadRequest, NotFound, Request, Response, asgi_static
from datasette.views.database import DatabaseView
from datasette.views.row import RowView
from datasette.views.table import TableView

from db import agenda, bulk, feed
from db.checks import check_format, check_query, check_row, check_sql, check_table
from db.export import guarded
from db.names import DATABASE
from db.paging import with_fixed_order

View = Callable[..., Awaitable[Any]]
STATIC = Path(__file__).with_name("static")

# Datasette's own patterns, for this database only; `tieup.db` is the download.
_DATABASE_PAGE = rf"/(?P<database>{DATABASE})(\.(?P<format>(?!db$)\w+))?$"
_TABLE_PAGE = rf"/(?P<database>{DATABASE})/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$"
_ROW_PAGE = rf"/(?P<database>{DATABASE})/(?P<table>[^/]+?)/(?P<pks>[^/]+?)(\.(?P<format>\w+))?$"


def routes() -> list[tuple[str, View]]:
    """The routes of the knowledge base, in the form of the hook `register_routes`."""
    return [
        (r"/static-tieup/(?P<path>.*)$", asgi_static(STATIC)),
        (bulk.ROUTE, bulk.export_table),
        (feed.ROUTE, feed.atom_feed),
        (agenda.ROUTE, agenda.calendar),
        (_DATABASE_PAGE, database_page),
        (_TABLE_PAGE, table_page),
        (_ROW_PAGE, row_page),
    ]


class _CsvForSpreadsheets:
    """CSV that says what failed, and whose text no spreadsheet calculates.

    For SQL that fails, Datasette answers an empty CSV file with 200; for SQL that takes too long, 500.
    """

    async def data(self, request: Any, *args: Any, **options: Any) -> Any:
        """What Datasette gathers for the page; BadRequest where that failed and CSV was asked for."""
        is_csv = request.url_vars["format"] == "csv"
        try:
            gathered = await super().data(request, *args, **options)  # type: ignore[misc]
        except QueryInterrupted as error:
            if is_csv:
                raise BadRequest("SQL query took too long") from error
            raise
        if is_csv and isinstance(gathered, tuple) and gathered[0].get("error"):
            raise BadRequest(gathered[0]["error"])
        if is_csv and isinstance(gathered, tuple):
            found = gathered[0]
            found["columns"] = [guarded(column) for column in found["columns"]]
            found["rows"] = [_guarded_row(found["columns"], row) for row in found["rows"]]
        return gathered


class _DatabaseView(_CsvForSpreadsheets, DatabaseView):  # type: ignore[misc]  # Datasette has no types
    pass


class _TableView(_CsvForSpreadsheets, TableView):  # type: ignore[misc]
    ds: Any

    async def data(self, request: Any, *args: Any, **options: Any) -> Any:
        datasette = self.ds
        self.ds = await with_fixed_order(datasette, request, tilde_decode(request.url_vars["table"]))
        try:
            return await super().data(request, *args, **options)
        finally:
            self.ds = datasette


async def database_page(request: Any, send: Any, datasette: Any) -> Any:
    """Datasette's database page, or the result of SQL."""
    check_format(datasette, request.url_vars["format"])
    check_sql(request)
    return await _DatabaseView.as_view(datasette)(request, send)


async def table_page(request: Any, send: Any, datasette: Any) -> Any:
    """Datasette's table, view or canned query page, after its parameters were checked."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return Response.text("Method not allowed", status=405)
    check_format(datasette, request.url_vars["format"])
    request = _without_empty_search(request)
    table = tilde_decode(request.url_vars["table"])
    query = await datasette.get_canned_query(DATABASE, table, request.actor)
    if query:
        check_query(request, query)
    else:
        await check_table(datasette, request, _database(datasette), table)
    return await _TableView.as_view(datasette)(request, send)


async def row_page(request: Any, send: Any, datasette: Any) -> Any:
    """Datasette's row page, 404 where the address cannot be a row's."""
    check_format(datasette, request.url_vars["format"])
    await check_row(_database(datasette), tilde_decode(request.url_vars["table"]), request.url_vars["pks"])
    return await RowView.as_view(datasette)(request, send)


def _without_empty_search(request: Any) -> Any:
    """The request as if an empty search box had not been sent: SQLite takes no search for nothing."""
    pairs = parse_qsl(request.query_string, keep_blank_values=True)
    kept = [(key, text) for key, text in pairs if text.strip() or not key.startswith("_search")]
    if kept == pairs:
        return request
    return Request({**request.scope, "query_string": urlencode(kept).encode("ascii")}, request.receive)


def _guarded_row(columns: list[str], row: Any) -> Any:
    """The row with what a spreadsheet would take for a formula marked as text, labels too."""
    cells = [
        {key: guarded(each) for key, each in cell.items()} if isinstance(cell, dict) else guarded(cell)
        for cell in row
    ]
    # Datasette looks keys of a table up by name; a statement may name two columns alike.
    is_unique = len(set(columns)) == len(columns)
    return CustomRow(columns, dict(zip(columns, cells, strict=True))) if is_unique else cells


def _database(datasette: Any) -> Any:
    try:
        return datasette.get_database(DATABASE)
    except KeyError as error:
        raise NotFound("Database not found") from error
