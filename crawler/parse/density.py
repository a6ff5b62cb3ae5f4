"""Our own look for an article's text, by where most sentences without links stand: a second opinion."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from crawler.items import Block
from crawler.parse.cues import cues
from crawler.parse.segments import Segment
from crawler.parse.text import compact

_SENTENCE, _LINKED = 60, 0.4
_LISTS = frozenset(["ul", "ol", "li", "dl", "dd", "table", "tbody", "tr", "blockquote"])
_OF_TEXT = frozenset(["p", "li", "blockquote", "h2", "h3", "h4", "h5", "h6", "pre", "tr"])
_SHARES = (1.0, 0.55, 0.3)
_STRAY, _STRAY_BOX, _BETWEEN = 0.12, 0.4, 300


def densest(pieces: list[Segment], headline: str = "") -> list[Block]:
    """The blocks of the box that holds most of the running text; empty if no piece is a sentence.

    The text begins below the heading that shows the headline, if there is one.
    """
    scores: dict[etree._Element, float] = {}
    for piece in pieces:
        if not _is_running(piece):
            continue
        points = 1 + piece.text.count(",") / 4 + min(len(piece.text) / 100, 4)
        for share, box in zip(_SHARES, _boxes(piece), strict=False):
            scores[box] = scores.get(box, 0) + points * share
    if not scores:
        return []
    best = _with_end(
        _with_beginning(max(scores, key=lambda box: scores[box]), pieces, compact(headline)), pieces
    )
    inside = [piece for piece in pieces if best is piece.box or best in piece.box.iterancestors()]
    return [_block(piece) for piece in _own(inside)]


def _block(piece: Segment) -> Block:
    return Block("paragraph" if piece.kind == "item" else piece.kind, piece.text)


def _is_running(piece: Segment) -> bool:
    return len(piece.text) >= _SENTENCE and piece.link_share < _LINKED and piece.kind != "subheading"


def _boxes(piece: Segment) -> Iterator[etree._Element]:
    """The boxes around a piece, from within; the list that it is an item of is none."""
    within = True
    for box in (piece.box, *piece.box.iterancestors()):
        if box.tag in ("html", "body"):
            return
        within = within and box.tag in _LISTS
        if not within:
            yield box


def _with_beginning(best: etree._Element, pieces: list[Segment], title: str) -> etree._Element:
    """The box, or one around it that holds the running text between the heading and it too."""
    first = next(
        n for n, piece in enumerate(pieces) if best is piece.box or best in piece.box.iterancestors()
    )
    headings = [
        number
        for number, piece in enumerate(pieces[:first])
        if piece.kind == "subheading" and title and title in compact(piece.text)
    ]
    if not headings:
        return best
    between = [piece for piece in pieces[headings[-1] + 1 : first] if _is_running(piece) and piece.tag == "p"]
    if sum(len(piece.text) for piece in between) < _BETWEEN:
        return best
    around = {between[0].box, *between[0].box.iterancestors()}
    return next(
        (box for box in best.iterancestors() if box in around and box.tag not in ("html", "body")), best
    )


def _with_end(best: etree._Element, pieces: list[Segment]) -> etree._Element:
    """The box, or one around it that holds the paragraphs which follow it without a link between.

    After something short, such as a caption, they must be in a box that is called the same.
    """
    last = max(n for n, piece in enumerate(pieces) if best is piece.box or best in piece.box.iterancestors())
    around = [box for box in best.iterancestors() if box.tag not in ("html", "body")]
    running: list[Segment] = []
    at_once = True
    for piece in pieces[last + 1 :]:
        outside = not around or around[-1] not in piece.box.iterancestors()
        if piece.link_share >= _LINKED or piece.tag == "h1" or outside:
            break
        at_once = at_once and piece.tag == "p"
        if _is_running(piece) and (at_once or _is_twin(piece.box, best)):
            running.append(piece)
    if sum(len(piece.text) for piece in running) < _BETWEEN:
        return best
    holders = {running[-1].box, *running[-1].box.iterancestors()}
    return next((box for box in around if box in holders), best)


def _is_twin(box: etree._Element, other: etree._Element) -> bool:
    return bool(box.get("class")) and (box.tag, box.get("class")) == (other.tag, other.get("class"))


def _own(pieces: list[Segment]) -> list[Segment]:
    """From the first sentence to the last, without lines that are links and what stands apart from the text.

    What stands apart is in boxes of another depth than the text's: captions of galleries, teasers.
    """
    layers = Counter[int]()
    for piece in pieces:
        if _is_running(piece):
            layers[_depth(piece)] += len(piece.text)
    most = max(layers.values(), default=0)
    kept = [
        piece
        for piece in pieces
        if layers[_depth(piece)] >= most * (_STRAY if piece.tag in _OF_TEXT else _STRAY_BOX)
        and _is_text(piece)
    ]
    running = [number for number, piece in enumerate(kept) if _is_running(piece)]
    return kept[: running[-1] + 1] + _closing(kept[running[-1] :], pieces) if running else []


def _closing(kept: list[Segment], pieces: list[Segment]) -> list[Segment]:
    """The short lines that follow the last long one at once: the first of these pieces."""
    start = next(number for number, piece in enumerate(pieces) if piece is kept[0])
    following = zip(kept[1:], pieces[start + 1 :], strict=False)
    return [
        one
        for one, _ in itertools.takewhile(lambda pair: pair[0] is pair[1], following)
        if one.tag in _OF_TEXT
    ]


def _is_text(piece: Segment) -> bool:
    """Whether it is text and not a list of links; what says that it is a teaser is told from the text later."""
    share = piece.link_share / 2 if piece.kind == "item" else piece.link_share
    return share < _LINKED or cues().line_kind(piece.text) is not None


def _depth(piece: Segment) -> int:
    box = next(_boxes(piece), piece.box)
    return sum(1 for _ in box.iterancestors())
