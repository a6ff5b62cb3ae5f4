"""ETag and 304: a program that asks every hour gets an answer in a millisecond while nothing has changed.

The tag stands for the state of the file and the request, not for the bytes: JSON tells how long a query took.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
import sqlite3
from pathlib import Path
from typing import Any

from db.headers import App, Message, Receive, Scope, Send
from db.names import DATABASE

_REQUEST_HEADERS = (b"cookie", b"authorization", b"accept-encoding", b"accept", b"host")
_STATE = (
    "select group_concat(stated, ' ') from "
    "(select stated from about where key in ('epoch', 'data_version') order by key)"
)


class State:
    """What the served file is like now, as a short text that changes with every commit to it."""

    def __init__(self, datasette: Any) -> None:
        self._datasette = datasette
        # A new start may bring new templates, and PRAGMA data_version counts from one again.
        self._start = secrets.token_hex(8)
        self._connection: sqlite3.Connection | None = None

    def now(self) -> str | None:
        """The state, or None where it cannot be read at this moment; then nothing is tagged."""
        try:
            connection = self._connection or self._connect()
            # This connection writes nothing, so its data_version moves with every commit of any other.
            data = connection.execute("pragma data_version").fetchone()[0]
            schema = connection.execute("pragma schema_version").fetchone()[0]
            stated = connection.execute(_STATE).fetchone()[0]
        except (sqlite3.Error, KeyError, TypeError):
            return None
        # Questions that speak of today answer otherwise tomorrow.
        today = datetime.datetime.now(datetime.UTC).date()
        return f"{self._start} {data} {schema} {stated} {today}"

    def _connect(self) -> sqlite3.Connection:
        path = Path(self._datasette.get_database(DATABASE).path).resolve()
        self._connection = sqlite3.connect(
            f"{path.as_uri()}?mode=ro", uri=True, timeout=0, check_same_thread=False
        )
        return self._connection


def with_etag(app: App, state: State) -> App:
    """Wrap an ASGI application: GET answers get an ETag, and 304 where the client has that state already."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        tag = _tag(scope, state)
        if tag is None:
            await app(scope, receive, send)
            return
        if _has(scope, tag):
            headers = [(b"etag", tag), (b"cache-control", b"no-cache"), (b"vary", b"Cookie, Authorization")]
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                present = {bytes(name).lower() for name, _ in message.get("headers", [])}
                if not present & {b"set-cookie", b"etag"}:
                    message = {**message, "headers": [*message.get("headers", []), (b"etag", tag)]}
            await send(message)

        await app(scope, receive, send_tagged)

    return wrapped


def _tag(scope: Scope, state: State) -> bytes | None:
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or _is_internal(scope["path"]):
        return None
    now = state.now()
    if now is None:
        return None
    digest = hashlib.sha256(now.encode())
    headers = dict(scope["headers"])
    for part in (
        scope.get("raw_path") or scope["path"].encode(),
        scope["query_string"],
        *(headers.get(name, b"") for name in _REQUEST_HEADERS),
    ):
        digest.update(b"\0" + part)
    return b'W/"' + digest.hexdigest()[:32].encode("ascii") + b'"'


def _is_internal(path: str) -> bool:
    """Pages about the server itself and files with tags of their own."""
    return path.startswith(("/-/", "/static-tieup/")) and not path.startswith(
        ("/-/export/", "/-/feed", "/-/calendar")
    )


def _has(scope: Scope, tag: bytes) -> bool:
    wanted = dict(scope["headers"]).get(b"if-none-match", b"")
    return tag in (entry.strip() for entry in wanted.split(b","))
