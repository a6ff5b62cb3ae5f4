"""Times the reading of a page against trafilatura alone: `python -m bench.page [FOLDER]`.

FOLDER holds saved pages (.html, or .html.gz); without one the pages of the crawler's tests and of the sample newsroom
are read. Of each page the two take turns, and the fastest of several turns of each counts: other work on the machine
slows both, and seldom all turns.
"""

from __future__ import annotations

import contextlib
import gzip
import platform
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import trafilatura

from bench import site
from crawler.newsroom.articles import load_articles
from crawler.pages import NotAnArticle, parse_page

_URL = "https://publisher.example/news/2024/05/17/story"
_OWN = Path(__file__).parent.parent / "tests" / "crawler"
_NEWSROOM = 40


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--turns", default=5, show_default=True, help="Turns of each reader on each page.")
def main(folder: Path | None, turns: int) -> None:
    """Print milliseconds for a page of each, and the ratio."""
    pages = [_bytes(path) for path in sorted((folder or _OWN).rglob("*.html*"))]
    if folder is None:
        articles = load_articles()
        pages += [site.page(articles, number, 1) for number in range(_NEWSROOM)]
    if not pages:
        raise click.UsageError(f"{folder} holds no .html or .html.gz; name a folder of saved pages")
    _ours(pages[0])
    _trafilatura(pages[0])
    ours = alone = 0.0
    for page in pages:
        timed = [(_seconds(_ours, page), _seconds(_trafilatura, page)) for _ in range(turns)]
        ours += min(own for own, _ in timed)
        alone += min(other for _, other in timed)
    click.echo(f"{date.today().isoformat()}, {platform.machine()}, Python {platform.python_version()}")
    click.echo(
        f"{len(pages)} pages of {sum(map(len, pages)) / len(pages) / 1000:.0f} kB: "
        f"{ours / len(pages) * 1000:.1f} ms, trafilatura (precision, with metadata) "
        f"{alone / len(pages) * 1000:.1f} ms, ratio {ours / alone:.2f}"
    )


def _bytes(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _ours(page: bytes) -> None:
    with contextlib.suppress(NotAnArticle):
        parse_page(page, url=_URL)


def _trafilatura(page: bytes) -> None:
    trafilatura.bare_extraction(page, url=_URL, favor_precision=True, with_metadata=True)


def _seconds(read: Callable[[bytes], None], page: bytes) -> float:
    started = time.process_time()
    read(page)
    return time.process_time() - started


if __name__ == "__main__":
    main()
