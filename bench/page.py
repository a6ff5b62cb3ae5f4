"""Times the reading of a page against trafilatura alone: `python -m bench.page [FOLDER]`.

FOLDER holds saved pages (.html, or .html.gz); without one the pages of the crawler's tests and of the sample newsroom
are read. Of each page the two take turns, and the fastest of several turns of each counts: other work on the machine
slows both, and seldom all turns.

With `--expected FILE` the bodies are compared too: FILE has a JSON object a line with `id`, the page's file name
without its ending, and `article_body`. Counted are sequences of four words, as extraction benchmarks do; precision and
recall are means over the pages, F1 is of the two. With `--nameless` the pages are changed first: classes and ids are
numbers, and article, main, section, aside, figure, header and footer are div, as on sites whose markup says nothing.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import platform
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import trafilatura
from lxml import etree, html

from bench import site
from crawler.newsroom.articles import load_articles
from crawler.pages import NotAnArticle, parse_page

_URL = "https://publisher.example/news/2024/05/17/story"
_OWN = Path(__file__).parent.parent / "tests" / "crawler"
_NEWSROOM = 40
_PARTS = ("article", "main", "section", "aside", "figure", "figcaption", "header", "footer")


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--turns", default=5, show_default=True, help="Turns of each reader on each page.")
@click.option(
    "--expected",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The bodies that the pages of FOLDER should have.",
)
@click.option("--nameless", is_flag=True, help="Take the names out of the pages' markup.")
def main(folder: Path | None, turns: int, expected: Path | None, nameless: bool) -> None:
    """Print milliseconds for a page of each, and the ratio."""
    files = {path.name.partition(".")[0]: path for path in sorted((folder or _OWN).rglob("*.html*"))}
    paths = files.values() if folder else sorted(_OWN.rglob("*.html*"))
    pages = [_without_names(_bytes(path)) if nameless else _bytes(path) for path in paths]
    if expected and folder:
        wanted = [json.loads(line) for line in expected.read_text(encoding="utf-8").splitlines()]
        named = dict(zip(files, pages, strict=True))
        bodies = [(named[page["id"]], page["article_body"]) for page in wanted if page["id"] in named]
        _compare(bodies)
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


def _compare(bodies: list[tuple[bytes, str]]) -> None:
    for name, read in (("ours", _ours), ("trafilatura (precision)", _trafilatura)):
        scores = [_score(read(page), wanted) for page, wanted in bodies]
        precision, recall = (sum(score[n] for score in scores) / len(scores) for n in (0, 1))
        f1 = 2 * precision * recall / (precision + recall)
        click.echo(f"{name}: {len(scores)} bodies, P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")


def _score(found: str, wanted: str) -> tuple[float, float]:
    one, other = _shingles(found), _shingles(wanted)
    same = (one & other).total()
    return same / one.total() if one else 0.0, same / other.total() if other else 1.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def _ours(page: bytes) -> str:
    with contextlib.suppress(NotAnArticle):
        return parse_page(page, url=None).article_body
    return ""


def _trafilatura(page: bytes) -> str:
    found = trafilatura.bare_extraction(page, url=_URL, favor_precision=True, with_metadata=True)
    return getattr(found, "text", None) or ""


def _seconds(read: Callable[[bytes], str], page: bytes) -> float:
    started = time.process_time()
    read(page)
    return time.process_time() - started


if __name__ == "__main__":
    main()
