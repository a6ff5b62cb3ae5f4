"""Requests that Datasette 0.65 answers with 500 although the reader made the mistake: 400 and why."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable
from typing import Any

from datasette import handle_exception as default
from datasette.utils.asgi import BadRequest

# Two statements in one, a parameter too few, a number beyond 64 bits, half a surrogate pair.
_READERS_MISTAKES = (
    sqlite3.Warning,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    OverflowError,
    UnicodeEncodeError,
)


def is_readers_mistake(exception: BaseException) -> bool:
    """Whether an exception of a request comes from what the request asked for."""
    return isinstance(exception, _READERS_MISTAKES)


def bad_request(datasette: Any, request: Any, exception: BaseException) -> Awaitable[Any]:
    """The 400 page, or JSON for `.json`, in Datasette's own form."""
    answer: Awaitable[Any] = default.handle_exception(
        datasette=datasette, request=request, exception=BadRequest(str(exception))
    )()
    return answer


def keep_console_quiet() -> None:
    """Stop Datasette from printing a traceback with all local variables for every 404, given rich."""
    default.rich = None
