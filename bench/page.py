"""Times the reading of a page against trafilatura alone: `python -m bench.page [FOLDER]`.

FOLDER holds saved pages (.html, or .html.gz); without one the pages of the crawler's tests and of the sample newsroom
are read. Of each page the two take turns, and the fastest of several turns of each counts: other work on the machine
slows both, and seldom all turns. `--turns 0` leaves the times out.

With `--expected FILE` what the two read is compared too, and only the pages of FILE are timed. FILE has a JSON object a
line with `id`, the page's file name without its ending; the pages lie in FOLDER, or in FILE's folder or below. It may
also be a folder of designs like tests/crawler/designs: NAME.html with NAME.json. An object has `article_body` (a text)
or `body` (paragraphs), and may have `url`, `title`, `published` and `authors`; null or an empty list says that the page
has none.

Of bodies, sequences of four words are counted, as extraction benchmarks do; precision and recall are means over the
pages, F1 is of the two. Titles are compared without regard to white space, dates to the day that is written, authors as
sets of names without regard to case and punctuation; `--wrong` lists what differs. `--gate` fails (exit code 1) unless
our F1 is 0.005 above trafilatura's. With `--nameless` the pages are changed first: classes and ids are numbers, and
article, main, section, aside, figure, header and footer are div, as on sites whose markup says nothing.
"""

from __future__ import annotations

import contextlib
import platform
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import click
import trafilatura
from lxml import etree, html

from bench import site
from bench.page_expected import BadInput, ExpectedPage, page_bytes, read_expected, saved_pages
from bench.page_scores import OURS, THEIRS, lines_of, read_ours, read_theirs, score
from crawler.newsroom.articles import load_articles
from crawler.pages import NotAnArticle, parse_page

_URL = "https://publisher.example/news/2024/05/17/story"
_OWN = Path(__file__).parent.parent / "tests" / "crawler"
_NEWSROOM = 40
_MARGIN = 0.005
_PARTS = ("article", "main", "section", "aside", "figure", "figcaption", "header", "footer")


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--turns", default=5, show_default=True, help="Turns of each reader on each page.")
@click.option(
    "--expected",
    type=click.Path(path_type=Path),
    help="What the pages of FOLDER say, as JSON lines; or a folder of designs.",
)
@click.option("--nameless", is_flag=True, help="Take the names out of the pages' markup.")
@click.option("--wrong", is_flag=True, help="List titles, dates and authors that are not as expected.")
@click.option("--gate", is_flag=True, help=f"Fail unless F1 is {_MARGIN} above trafilatura's.")
def main(
    folder: Path | None, turns: int, expected: Path | None, nameless: bool, wrong: bool, gate: bool
) -> None:
    """Print what each reads right, if that is known, and milliseconds for a page of each, and the ratio."""
    if expected is None and (wrong or gate):
        raise BadInput("--wrong and --gate need --expected")
    wanted = read_expected(expected, folder) if expected else []
    if nameless:
        wanted = [replace(page, html=_without_names(page.html)) for page in wanted]
    pages = [page.html for page in wanted] if expected else _pages(folder, nameless)
    python = f"Python {platform.python_version()}"
    click.echo(
        f"{date.today().isoformat()}, {platform.machine()}, {python}, trafilatura {version('trafilatura')}"
    )
    ahead = _compare(wanted, wrong) if wanted else 0.0
    if turns > 0:
        _time(pages, turns)
    if gate and ahead < _MARGIN:
        click.echo(
            f"F1 is {ahead:+.4f} against trafilatura's; it should be at least {_MARGIN} above", err=True
        )
        sys.exit(1)


def _pages(folder: Path | None, nameless: bool) -> list[bytes]:
    pages = [page_bytes(path) for path in saved_pages(folder or _OWN)]
    if nameless:
        pages = [_without_names(page) for page in pages]
    if folder is None:
        articles = load_articles()
        pages += [site.page(articles, number, 1) for number in range(_NEWSROOM)]
    if not pages:
        raise BadInput(f"{folder} holds no .html or .html.gz; name a folder of saved pages")
    return pages


def _compare(pages: Sequence[ExpectedPage], with_wrong: bool) -> float:
    """Print what each reads right, and return by how much our F1 is above trafilatura's."""
    scores = {OURS: score(read_ours, pages), THEIRS: score(read_theirs, pages)}
    for reader, own in scores.items():
        for line in lines_of(reader, own, with_wrong):
            click.echo(line)
    return scores[OURS].f1 - scores[THEIRS].f1


def _time(pages: Sequence[bytes], turns: int) -> None:
    _ours(pages[0])
    _trafilatura(pages[0])
    ours = alone = 0.0
    for page in pages:
        timed = [(_seconds(_ours, page), _seconds(_trafilatura, page)) for _ in range(turns)]
        ours += min(own for own, _ in timed)
        alone += min(other for _, other in timed)
    click.echo(
        f"{len(pages)} pages of {sum(map(len, pages)) / len(pages) / 1000:.0f} kB: "
        f"{ours / len(pages) * 1000:.1f} ms, trafilatura (precision, with metadata) "
        f"{alone / len(pages) * 1000:.1f} ms, ratio {ours / alone:.2f}"
    )


def _without_names(page: bytes) -> bytes:
    tree = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    for element in tree.iter(etree.Element):
        for name, value in element.items():
            if name in ("class", "id"):
                element.set(name, f"c{zlib.crc32(value.encode()):x}")
            elif name in ("role", "itemprop", "itemscope", "itemtype", "aria-label") or name.startswith(
                "data-"
            ):
                del element.attrib[name]
        if element.tag in _PARTS:
            element.tag = "div"
    changed: bytes = etree.tostring(tree, encoding="utf-8", method="html")
    return changed


def _ours(page: bytes) -> None:
    with contextlib.suppress(NotAnArticle):
        parse_page(page, url=None)


def _trafilatura(page: bytes) -> None:
    trafilatura.bare_extraction(page, url=_URL, favor_precision=True, with_metadata=True)


def _seconds(read: Callable[[bytes], None], page: bytes) -> float:
    started = time.process_time()
    read(page)
    return time.process_time() - started


if __name__ == "__main__":
    main()
