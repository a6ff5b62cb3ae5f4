"""What an address may ask for. Datasette 0.65 ignores what it does not know: a wrong filter gives all rows.

Every check raises BadRequest with what is allowed, or NotFound, before Datasette looks at the request.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from datasette.filters import Filters
from datasette.utils import urlsafe_components
from datasette.utils.asgi import BadRequest, NotFound

from db.links import LINKS

_OPERATORS = frozenset(key for key, _, _ in Filters([]).lookups())
_NUMERIC_OPERATORS = frozenset({"gt", "gte", "lt", "lte"})
_QUERY_OPTIONS = frozenset(
    """_shape _json _json_infinity _nl _size _hide_sql _show_sql _timelimit _ttl _dl _stream _header _trace
    _labels _nocount _nofacet _blob_column _blob_hash""".split()  # noqa: SIM905 - a list of names is easier to read like this
)
_TABLE_OPTIONS = _QUERY_OPTIONS | frozenset(
    """_col _nocol _label _next _sort _sort_desc _sort_by_desc _search _searchmode _where _through _facet
    _facet_array _facet_date _facet_link _facet_size _nosuggest _fts_table _fts_pk _extra
    _extras""".split()  # noqa: SIM905
)
_INTEGER_OPTIONS = ("_timelimit", "_ttl")
_MAX_DIGITS = 18  # what fits into SQLite's integers whatever the digits are


async def check_table(datasette: Any, request: Any, db: Any, table: str) -> None:
    """Check the parameters of a table or view page. An unknown table is left to Datasette: 404."""
    is_view = bool(await db.get_view_definition(table))
    if not is_view and not await db.table_exists(table):
        return
    columns: Sequence[str] = await db.table_columns(table)
    keys: Sequence[str] = await db.primary_keys(table)
    known = {*columns, *(() if keys or is_view else ("rowid",))}
    links = LINKS.get(table, {})
    has_search = "_fts_table" in request.args or bool(
        datasette.table_metadata(db.name, table).get("fts_table") or await db.fts_table(table)
    )
    for key in request.args:
        values = request.args.getlist(key)
        if not key.startswith("_") or "__" in key:
            _check_filter(table, known, key, values)
        elif key.removeprefix("_") in links or key.startswith("_filter_"):
            continue  # what the filter form of the page sends is turned into filters by a redirect
        elif key == "_search" or key.startswith("_search_"):
            _require(has_search, f"{table} has no full-text search; remove {key}")
            for wanted in values:
                # Quotes around nothing, and NUL, which ends a text in SQLite, are no words.
                is_words = wanted.strip('" ') and "\0" not in wanted
                _require(is_words or not wanted, f"{key} has no word to search for")
        else:
            allowed = [*sorted(_TABLE_OPTIONS), *(f"_{name}" for name in links)]
            _require(key in allowed, f"{key} is no option of a table page; there are {', '.join(allowed)}")
    _check_integers(request.args)
    for option in ("_sort", "_sort_desc", "_label", "_json"):
        for column in request.args.getlist(option):
            _require(not column or column in known, _no_column(table, known, f"{option}={column}"))
    _require(
        not (request.args.get("_sort") and request.args.get("_sort_desc")) or "_sort_by_desc" in request.args,
        "_sort and _sort_desc cannot both be given",
    )
    _check_facets(table, known, links, request.args)
    await _check_through(db, table, request.args.getlist("_through"))
    metadata = datasette.table_metadata(db.name, table)
    is_sorted = any(request.args.get(name) or metadata.get(name[1:]) for name in ("_sort", "_sort_desc"))
    if request.args.get("_next"):
        integer_key = keys and (await _types(db, table))[keys[0]] == "INTEGER"
        _check_next(request.args["_next"], is_view, is_sorted, len(keys) or 1, bool(integer_key))


async def check_row(db: Any, table: str, identifier: str) -> None:
    """Check that a row's address names a table and as many values as its key has columns. Raises NotFound."""
    if not await db.table_exists(table):
        raise NotFound(f"There is no table {table}")
    keys = await db.primary_keys(table)
    if len(urlsafe_components(identifier)) != max(len(keys), 1):
        raise NotFound(f"A row of {table} is addressed by {', '.join(keys) or 'rowid'}")


def check_query(request: Any, query: Mapping[str, Any]) -> None:
    """Check a canned query's parameters against those of its metadata: names, types, not repeated."""
    parameters: Mapping[str, Mapping[str, Any]] = query.get("parameters") or {}
    for key in request.args:
        if key in parameters:
            values = request.args.getlist(key)
            _require(len(values) == 1, f"{key} is given more than once")
            _check_kind(key, parameters[key], values[0].strip())
        else:
            allowed = ", ".join(parameters)
            _require(
                key in _QUERY_OPTIONS,
                f"{key} is no parameter of {query['name']}; there are {allowed}",
            )
    _check_integers(request.args)


def check_sql(request: Any) -> None:
    """Check the options of a page of somebody's own SQL, and that CSV is asked of a statement."""
    _check_integers(request.args)
    is_csv = request.url_vars["format"] == "csv"
    _require(not is_csv or request.args.get("sql"), "CSV is of a table or of a statement: add ?sql=")


def check_format(datasette: Any, extension: str | None) -> None:
    """Raise NotFound for an extension that nothing renders; Datasette would answer an HTML page."""
    if extension is not None and extension not in {"csv", "jsono", *datasette.renderers}:
        raise NotFound(f"There is no format .{extension}")


def _check_filter(table: str, known: Collection[str], key: str, values: Sequence[str]) -> None:
    column, _, operator = key.rpartition("__") if "__" in key else (key, "", "exact")
    _require(column in known, _no_column(table, known, key))
    _require(
        operator in _OPERATORS,
        f"{key}: there is no operator {operator}; there are {', '.join(sorted(_OPERATORS))}",
    )
    for wanted in values:
        if operator in _NUMERIC_OPERATORS and wanted.isdigit():
            _require(
                wanted.isascii() and len(wanted) <= _MAX_DIGITS,
                f"{key}: {wanted[:40]} is no number that fits",
            )
        if operator in ("in", "notin") and wanted.startswith("["):
            entries = _read_json(key, wanted)
            _require(
                isinstance(entries, list) and all(isinstance(entry, str | int | float) for entry in entries),
                f"{key} takes a JSON array of texts and numbers, or words with commas between them",
            )


def _check_integers(args: Any) -> None:
    for option in _INTEGER_OPTIONS:
        wanted = args.get(option)
        _require(not wanted or _is_integer(wanted), f"{option} must be a whole number")
    size = args.get("_facet_size")
    _require(not size or size == "max" or _is_integer(size), "_facet_size must be a whole number or max")
    size = args.get("_size")
    _require(not size or size == "max" or _is_integer(size), "_size must be a whole number or max")


def _check_facets(table: str, known: Collection[str], links: Collection[str], args: Any) -> None:
    for option in ("_facet", "_facet_array", "_facet_date", "_facet_link"):
        allowed = links if option == "_facet_link" else known
        for wanted in args.getlist(option):
            config = _read_json(option, wanted) if wanted.startswith("{") else {"simple": wanted}
            column = config.get("column") or config.get("simple")
            _require(column in allowed, _no_column(table, allowed, f"{option}={wanted}"))


async def _check_through(db: Any, table: str, values: Sequence[str]) -> None:
    for wanted in values:
        config = _read_json("_through", wanted)
        _require(
            isinstance(config, dict) and {"table", "column", "value"} <= config.keys(),
            "_through takes a JSON object with table, column and value",
        )
        through = config["table"]
        is_table = isinstance(through, str) and await db.table_exists(through)
        columns = await db.table_columns(through) if is_table else ()
        _require(config["column"] in columns, f"_through: {through} has no column {config['column']}")
        keys = await db.foreign_keys_for_table(through)
        _require(
            any(key["other_table"] == table for key in keys), f"_through: {through} does not refer to {table}"
        )


def _check_next(token: str, is_view: bool, is_sorted: bool, keys: int, integer_key: bool) -> None:
    components = token.split(",")
    wanted = 1 if is_view else keys + is_sorted
    is_whole = len(components) == wanted and (not (is_view or integer_key) or _is_integer(components[-1]))
    _require(is_whole, "_next is malformed; take it from the page before, with the same sort order")


def _check_kind(key: str, parameter: Mapping[str, Any], wanted: str) -> None:
    if not wanted:
        return
    kind = parameter.get("kind", "text")
    if kind in _KINDS:
        is_valid, expected = _KINDS[kind]
        _require(is_valid(wanted), f"{key} must be {expected}, not {wanted[:40]}")
    elif kind == "choice":
        choices = [str(choice) for choice in parameter["choices"]]
        _require(wanted in choices, f"{key} must be one of {', '.join(choices)}, not {wanted[:40]}")


def _is_integer(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_cursor(text: str) -> bool:
    epoch, _, number = text.rpartition("-")
    return bool(re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", epoch)) and _is_integer(number)


_KINDS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "date": (_is_day, "a day such as 2024-03-31"),
    "number": (lambda text: _is_integer(text) and len(text) <= 4, "a whole number of at most four digits"),
    "year": (lambda text: _is_integer(text) and len(text) == 4, "a year such as 2024"),
    "cursor": (_is_cursor, "empty or the cursor of a row that sync gave"),
}


def _read_json(key: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{key} is no valid JSON") from error


async def _types(db: Any, table: str) -> dict[str, str]:
    return {column.name: column.type for column in await db.table_column_details(table)}


def _no_column(table: str, known: Collection[str], what: str) -> str:
    return f"{what[:80]}: {table} has no such column; there are {', '.join(sorted(known))}"


def _require(condition: object, message: str) -> None:
    if not condition:
        raise BadRequest(message)
