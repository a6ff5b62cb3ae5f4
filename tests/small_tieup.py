"""`tieup` with a sample newsroom of seven articles, and with a switch that kills it at a chosen moment.

Usage: python small_tieup.py [--kill store|merge] [--tell] [--break URL_PART] COMMAND ...

`--kill` ends the process with SIGKILL: after the second article is committed but before the crawler knows of
it (store), or in the middle of the merge's transaction (merge). `--tell` prints a line after each stored
article. `--break` makes extraction of one article raise.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from typing import Any

import db.merge
import extract.pipeline
import tieup
from commands import crawling, pipeline, reading
from crawler.newsroom.articles import load_articles
from crawler.newsroom.server import serve_newsroom

SLUGS = (
    "alibaba-el-corte-ingles",
    "alibaba-spain-cooperation",
    "alibaba-spain-department-store",
    "ikea-sound",
    "next-amazon-counter",
    "carrefour-tesco",
    "spelt-crackers-recall",
)


def articles() -> list[Any]:
    return [article for article in load_articles() if article.slug in SLUGS]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after_store(kill: str | None, tell: bool) -> None:
    stored, store = [], pipeline.store_article

    def wrapped(*args: Any, **options: Any) -> Any:
        outcome = store(*args, **options)
        stored.append(outcome)
        if tell:
            sys.stdout.write(f"stored {len(stored)}\n")
            sys.stdout.flush()
        if kill == "store" and len(stored) == 2:
            die()
        return outcome

    pipeline.store_article = wrapped  # type: ignore[assignment]


def break_extraction(part: str) -> None:
    extract_all = extract.pipeline.extract

    def wrapped(found: Any, **options: Any) -> Any:
        found = list(found)
        if any(part in (article.url or "") for article in found):
            raise ZeroDivisionError("a bug\nin two lines")
        return extract_all(found, **options)

    extract.pipeline.extract = wrapped


def main(args: list[str]) -> None:
    kill = part = None
    tell = False
    while args[0].startswith("--"):
        option = args.pop(0)
        if option == "--tell":
            tell = True
        elif option == "--kill":
            kill = args.pop(0)
        else:
            part = args.pop(0)
    crawling.PROGRAM = (sys.executable, __file__)
    # One publisher of the newsroom has no article here, of which its sources expect one.
    listed = reading.newsroom_sources
    reading.newsroom_sources = lambda *port: tuple(  # type: ignore[assignment]
        replace(source, assertions={}) for source in listed(*port)
    )
    reading.serve_newsroom = lambda port: serve_newsroom(port, articles())  # type: ignore[assignment]
    after_store(kill, tell)
    if kill == "merge":
        db.merge.recount = lambda _: die()
    if part:
        break_extraction(part)
    tieup.cli(args, prog_name="tieup")


if __name__ == "__main__":
    main(sys.argv[1:])
