"""Datasette on the knowledge base, on this machine only: `tieup serve`."""

from __future__ import annotations

import asyncio
import errno
import socket
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils import StartupError, parse_metadata

from db import plugin
from db.names import DATABASE
from db.routes import STATIC
from db.store import DatabaseError, open_database

HOST = "127.0.0.1"
DEFAULT_PORT = 8001

SETTINGS: Mapping[str, int | bool] = {
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 1000,
    "cache_size_kb": 65_536,  # SQLite's own is 2 MB: questions over a hundred thousand deals read pages again
    "suggest_facets": False,  # two seconds a page on 100,000 deals
    "default_facet_size": 15,
    "default_cache_ttl": 0,  # ask again each time: an ETag makes that cheap, and nothing stale is shown
    "truncate_cells_html": 300,
    "allow_download": False,  # the file has the texts of articles
}


class _File(Database):  # type: ignore[misc]  # Datasette has no types
    """A database file whose path may have any character; Datasette puts it into an address as it is."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        address = f"{Path(self.path).resolve().as_uri()}?mode={'rw' if write else 'ro'}"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._all_file_connections.append(connection)
        return connection


class ServeError(ValueError):
    """The server cannot start; the message says in one line why and what to do."""


def build_datasette(
    path: Path,
    *,
    metadata: Mapping[str, Any] | None = None,
    settings: Mapping[str, int | bool] | None = None,
    cors: bool = False,
) -> Datasette:
    """Datasette on the file at `path`, under the name `tieup` whatever the file is called.

    The file is opened read-only for SQL, and it may change while it is served. `metadata` stands in for
    metadata.yml, `settings` are added to SETTINGS. Ask it with `datasette.client` or run `datasette.app()`.

    Raises ServeError for a missing file and one that is no knowledge base.
    """
    try:
        open_database(path, create=False).close()
    except DatabaseError as error:
        raise ServeError(str(error)) from error
    if not pm.is_registered(plugin):  # a checkout that is not installed has no entry point
        pm.register(plugin, plugin.__name__)
    try:
        datasette = Datasette(
            [],
            metadata=dict(metadata) if metadata is not None else load_metadata(),
            template_dir=str(plugin.TEMPLATES) if plugin.TEMPLATES.is_dir() else None,
            static_mounts=[("static-tieup", str(STATIC))] if STATIC.is_dir() else [],
            settings={**SETTINGS, **(settings or {})},
            cors=cors,
        )
    except StartupError as error:
        raise ServeError(str(error)) from error
    datasette.remove_database("_memory")  # added where no files are named
    datasette.add_database(_File(datasette, path=str(path), is_mutable=True), name=DATABASE)
    return datasette


def load_metadata() -> dict[str, Any]:
    """What metadata.yml says: the one beside tieup.py, else the copy in the installed package.

    Raises ServeError if neither is there or it cannot be read.
    """
    for place in (Path(__file__).parents[1] / "metadata.yml", Path(__file__).with_name("metadata.yml")):
        if place.is_file():
            try:
                metadata: dict[str, Any] = parse_metadata(place.read_text(encoding="utf-8"))
            except (ValueError, OSError) as error:
                raise ServeError(f"{place}: cannot be read: {error}") from error
            return metadata
    raise ServeError("metadata.yml is missing; install tieup again")


def serve(path: Path, *, port: int = DEFAULT_PORT, cors: bool = False) -> None:
    """Serve the knowledge base at `path` on 127.0.0.1 until Ctrl-C; port 0 takes any that is free.

    One line with the address is printed when the server answers. Raises ServeError for a port in use and
    whatever `build_datasette` refuses.
    """
    datasette = build_datasette(path, cors=cors)
    listener = _listen(port)
    config = uvicorn.Config(datasette.app(), log_level="warning", access_log=False, lifespan="on")
    try:
        asyncio.run(_Server(config).serve(sockets=[listener]))
    except KeyboardInterrupt:  # what uvicorn hands on after it has closed everything
        pass
    finally:
        listener.close()
        datasette.get_database(DATABASE).close()


class _Server(uvicorn.Server):
    """A server that says where it listens, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started and sockets:
            click.echo(f"Tieup is at http://{HOST}:{sockets[0].getsockname()[1]}/ (Ctrl-C stops it)")


def _listen(port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise ServeError(f"port {port} is none; name one from 0 to 65535")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ServeError(f"port {port} is in use; stop what uses it or name another port") from error
        raise ServeError(f"port {port} cannot be used: {error.strerror}") from error
    return listener
