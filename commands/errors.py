"""Errors that a person can mend are one line and exit code 2; a bug shows its traceback."""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import Any, NoReturn

import click


class PlainErrors(click.Group):
    """Errors that a person can mend are one line and exit code 2; a bug shows its traceback."""

    def main(self, *args: Any, **options: Any) -> NoReturn:
        try:
            code = super().main(*args, **options | {"standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(2)
        except click.Abort:
            click.echo("Stopped", err=True)
            sys.exit(130)
        except click.ClickException as error:
            stop(error.format_message())
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever read the output has gone; what is buffered must not be flushed into the closed pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(2)
        except Exception as error:
            if not is_plain(error):
                raise
            stop(described(error, with_type=False))


def is_plain(error: Exception) -> bool:
    """Whether an error's message is meant for the person at the terminal."""
    if isinstance(error, ValueError):
        return type(error).__module__.partition(".")[0] in ("crawler", "extract", "db")
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "").startswith(_SQLITE_PLAIN)
    return isinstance(error, OSError)


# What the disk, the file or another process is to blame for; other errors of SQLite are bugs.
_SQLITE_PLAIN = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_BUSY",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
)


def stop(message: str) -> NoReturn:
    click.echo(f"Error: {' '.join(message.split())}", err=True)
    sys.exit(2)


def described(error: Exception, *, with_type: bool = True) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{shown(error.filename)}: {error.strerror}"
    text = " ".join(str(error).split())[:500]
    return f"{type(error).__name__}: {text}" if with_type else text


def shown(place: str | bytes) -> str:
    return click.format_filename(place)
