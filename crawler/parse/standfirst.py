"""The sentence under the headline: found on the page or declared, and kept apart from the article."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree
from w3lib.html import remove_tags

from crawler.parse.set_aside import drop
from crawler.parse.structured import Structured
from crawler.parse.text import drop_control, fold, squeeze, text_up_to

_NEAR = (
    ".//*[contains(@class, 'standfirst') or contains(@class, 'subhead') or contains(@class, 'sub-title')"
    " or contains(@class, 'subtitle') or contains(@class, 'deck') or contains(@class, 'dek')"
    " or contains(@class, 'article-lead') or contains(@class, 'article-summary')]"
)
_LABEL = re.compile(r"standfirst|subhead|sub-?title|deck|dek|article-(?:lead|summary)")
_TAGS = ("p", "h2", "h3", "div", "strong", "em")
_SHORTEST, _LONGEST, _RUNNING = 10, 600, 80


def find_standfirst(
    tree: etree._Element, structured: Structured, *, selected: Iterable[str], headline: str | None
) -> str | None:
    """What a selector finds, what stands beside the headline, or the declared description."""
    heading = fold(headline or "")
    near = next((h1.getparent() for h1 in tree.iter("h1") if fold(" ".join(h1.itertext())) == heading), None)
    labelled = near.xpath(_NEAR) if near is not None and near.tag != "body" else []
    shown = [element for element in labelled[:6] if not _is_inside_text(element)]
    texts = [
        *selected,
        *(squeeze(" ".join(element.itertext())) for element in shown[:2]),
        structured.first_schema_text("description"),
        structured.first_meta("og:description", "description", "twitter:description"),
    ]
    for text in (squeeze(remove_tags(text)) for text in texts if text):
        # Descriptions that are cut off are the text's beginning, not a standfirst.
        if _SHORTEST < len(text) < _LONGEST and fold(text) != heading and not text.endswith(("...", "…")):
            return drop_control(text)
    return None


def _is_inside_text(element: etree._Element) -> bool:
    """Whether running text comes before it: then it heads a section."""
    before = element.itersiblings("p", preceding=True)
    return any(len(squeeze("".join(p.itertext()))) > _RUNNING for p in before)


def take_out_standfirst(tree: etree._Element, standfirst: str) -> None:
    """Remove the element that shows the standfirst, unless it is a paragraph of the running text."""
    wanted = fold(standfirst)
    for element in tree.iter(*_TAGS):
        if len(element) > 3:
            continue
        text = text_up_to(element, _LONGEST * 3)
        if text is not None and len(wanted) <= len(text) and fold(text) == wanted:
            named = _LABEL.search(element.get("class") or "")
            parent = element.getparent()
            # A bold first sentence is as much of the text as its paragraph.
            if parent is not None and parent.tag == "p":
                element, parent = parent, parent.getparent()
            running = (
                [p for p in parent.iterchildren("p") if len("".join(p.itertext())) > _RUNNING]
                if parent is not None
                else []
            )
            if named or len([p for p in running if p is not element]) < 2:
                drop(element)
            return
