"""Is the whole article there for everybody, only its beginning, or does the page not say."""

from __future__ import annotations

from lxml import etree

from crawler.items import Block
from crawler.parse.cues import cues
from crawler.parse.structured import Structured, as_list


def is_free(short: etree._Element | None, structured: Structured, aside: list[Block]) -> bool | None:
    """True or False if the page declares it or shows a subscription prompt over a short text; else null.

    `short` is the whole page where its text is short.
    """
    for name in ("isAccessibleForFree",):
        for _, value in structured.schema(name):
            for member in as_list(value):
                said = str(member).strip().lower().rsplit("/", 1)[-1]
                if said in ("true", "false"):
                    return said == "true"
    tier = (structured.first_meta("article:content_tier", "og:article:content_tier") or "").lower()
    if tier in ("free", "locked"):
        return tier == "free"
    if short is None:
        return None
    prompts = [block.text for block in aside if block.kind in ("boilerplate", "newsletter")] + _prompts(short)
    if any(cues().paywall.search(text) for text in prompts):
        return False
    return None


def _prompts(tree: etree._Element) -> list[str]:
    path = (
        "//*[contains(@class, 'paywall') or contains(@id, 'paywall') or contains(@class, 'subscriber')"
        " or contains(@class, 'regwall') or contains(@class, 'premium')]"
    )
    return [" ".join(" ".join(element.itertext()).split())[:1000] for element in tree.xpath(path)[:10]]
