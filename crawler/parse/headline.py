"""The headline that readers see, not the variant written for search engines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from lxml import etree
from rapidfuzz import fuzz

from crawler.parse.structured import Structured, text_of
from crawler.parse.text import compact, squeeze

_WORDS = Path(__file__).with_suffix(".yml")
_SAME, _NEARLY_EQUAL = 60.0, 80.0
_SECTION_WORDS = 3
_SEPARATOR = re.compile(r"\s+[|–—·»«•]+\s+|\s+-{1,2}\s+|\s+::?\s+|\s*\|\s*")
_PREFIX = re.compile(r"([^:|]{2,40}):\s+(\S.{15,})")
_HIDDEN = re.compile(r"hidden|sr-only|screen-reader|offscreen")
_CUT = re.compile(r"(?:\.\.\.|…)$")
_META = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "title")
_INLINE = frozenset(
    ["a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "s", "span", "strong", "sub",
     "sup", "u", "wbr"]
)  # fmt: skip


def find_headline(
    tree: etree._Element,
    structured: Structured,
    *,
    selected: Iterable[str] = (),
    site: str | None = None,
    host: str = "",
) -> str | None:
    """The page's headline, or null if it has none.

    The level-one heading wins if what the page declares elsewhere is about the same thing: declared headlines
    are often cut, or written for search engines. A heading that no declaration resembles is the site's name.
    `site` and `host` tell which end of a title is the site's name.
    """
    for chosen in selected:
        if squeeze(chosen):
            return squeeze(chosen)
    declared = list(dict.fromkeys(_declared(tree, structured, site, host)))
    if (heading := _best_heading(tree, declared, site, host)) is not None:
        return _polished(heading, declared)
    whole = [text for text in declared if not _CUT.search(text)] or declared
    if whole:
        return _completed(whole, tree)
    first = _first_heading(tree, site, host)
    return shown_text(first) if first is not None else None


def _declared(tree: etree._Element, structured: Structured, site: str | None, host: str) -> Iterator[str]:
    texts = [text for _, value in structured.schema("headline") if (text := text_of(value))]
    texts += [text for name in _META for text in structured.meta.get(name, ())]
    texts += [squeeze("".join(t.itertext())) for t in tree.xpath("//head/title")[:1]]
    for text in texts:
        stripped = _without_generic(strip_site(squeeze(html.unescape(text)), site, host))
        if stripped and not is_generic(stripped) and not is_site(stripped, site, host):
            yield stripped


def _best_heading(
    tree: etree._Element, declared: list[str], site: str | None, host: str
) -> etree._Element | None:
    """The heading that most resembles a declared headline, level one before level two, null if none does."""
    best: tuple[float, etree._Element] | None = None
    for h1 in _headings(tree, "h1"):
        text = shown_text(h1)
        if len(text) < 3 or is_generic(text) or not any(_about(text, other) for other in declared):
            continue
        if text not in declared and is_site(text, site, host):
            continue
        score = max(fuzz.ratio(compact(text), compact(other)) for other in declared)
        if score >= _NEARLY_EQUAL and len(text.split()) > _SECTION_WORDS:
            return h1
        if best is None or score > best[0]:
            best = (score, h1)
    if best is not None and len(shown_text(best[1]).split()) > _SECTION_WORDS:
        return best[1]
    # A short level-one heading is the section's ("Press releases") where a lower one is the headline.
    for h2 in _headings(tree, "h2", "h3")[:40]:
        text = compact(shown_text(h2))
        if len(text) > 20 and any(fuzz.ratio(text, compact(other)) >= _NEARLY_EQUAL for other in declared):
            return h2
    if best is not None and best[0] >= _SAME / 2:
        return best[1]
    return next(
        (
            h1
            for h1 in tree.iter("h1")
            if _is_alone(h1) and not is_generic(shown_text(h1)) and not is_site(shown_text(h1), site, host)
        ),
        None,
    )


def _first_heading(tree: etree._Element, site: str | None, host: str) -> etree._Element | None:
    """The first heading long enough, where nothing else is declared: what stands above all articles is none."""
    for heading in tree.iter("h1", "h2", "h3"):
        text = shown_text(heading)
        enough = len(text.split()) > (2 if heading.tag == "h1" else _SECTION_WORDS)
        if enough and not is_generic(text) and not is_site(text, site, host):
            return heading
    return None


def is_generic(text: str) -> bool:
    """Whether a heading or title stands above all articles of a kind and is that of none."""
    return len(text) < 40 and squeeze(text).lower().strip(" .:|-–»") in _generic()


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(yaml.safe_load(_WORDS.read_text(encoding="utf-8"))["generic"])


def _without_generic(title: str) -> str:
    """ "Headline" of "Headline - News", and nothing of "The Shop plc - Press Release Details"."""
    pieces = _SEPARATOR.split(title)
    if not any(map(is_generic, pieces)):
        return title
    rest = next((piece for piece in pieces if not is_generic(piece)), "")
    return rest if len(rest.split()) > _SECTION_WORDS else ""


def _is_alone(h1: etree._Element) -> bool:
    """Whether it is an article's only level-one heading: editors may call a thing by quite another name."""
    articles = h1.xpath("ancestor::article[1]")
    named = re.search(r"headline|title", f"{h1.get('class') or ''} {h1.get('itemprop') or ''}")
    hidden = _HIDDEN.search(h1.get("class") or "")
    words = len(shown_text(h1).split())
    return (
        bool(articles)
        and len(list(articles[0].iter("h1"))) == 1
        and not hidden
        and (words >= _SECTION_WORDS or (words > 1 and bool(named)))
    )


def _about(text: str, other: str) -> bool:
    return fuzz.token_set_ratio(text.lower(), other.lower()) >= _SAME


def _headings(tree: etree._Element, *tags: str) -> list[etree._Element]:
    """Headings, those inside the article first."""
    headings = list(tree.iter(*tags))
    return sorted(headings, key=lambda h: not h.xpath("boolean(ancestor::article or ancestor::main)"))


def shown_text(element: etree._Element) -> str:
    """An element's text as a browser joins it: no space at a letter in italics, one between blocks."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            joint = "" if child.tag in _INLINE else " "
            parts += [joint, shown_text(child) if child.tag not in ("script", "style") else "", joint]
            if child.tag == "span" and child.get("class"):
                parts.append(" ")  # a label or kicker, set apart by its style
        parts.append(child.tail or "")
    return squeeze("".join(parts)) if element.tag not in _INLINE else "".join(parts)


def _polished(heading: etree._Element, declared: list[str]) -> str:
    """The heading's text without a kicker or counter that is an element of its own inside it.

    Where a declared headline is the same but for spaces or capitals, it is the better spelling.
    """
    text = shown_text(heading)
    extras = {compact("".join(e.itertext())) for e in heading.iter() if e is not heading} - {""}
    letters = compact(text)
    for other in declared:
        same = compact(other)
        if same == letters:
            shouted = text.isupper() and not other.isupper()
            spaced = _unspaced(text) == _unspaced(other) and text.split() != other.split()
            return other if shouted or (spaced and len(text) > len(other)) else text
    for other in declared:
        same = compact(other)
        rest = letters.removesuffix(same) if letters.endswith(same) else letters.removeprefix(same)
        if len(same) > 15 and rest != letters and rest in extras:
            return other
    return text


def _unspaced(text: str) -> str:
    return "".join(text.lower().replace("’", "'").replace("‘", "'").split())


def _completed(declared: list[str], tree: etree._Element) -> str:
    """The first declared headline: its longer form if it is cut, its shorter one if an element shows that."""
    first = declared[0]
    longer = [text for text in declared[1:] if text.startswith(first) and len(first) > 60]
    if longer and not _SEPARATOR.match(longer[0][len(first) :]):
        return longer[0]
    cuts = [first[: match.start()] for match in _SEPARATOR.finditer(first)]
    cuts += [first[match.end() :] for match in _SEPARATOR.finditer(first)]
    if cuts:
        titles = tree.xpath(
            "//h2 | //h3 | //h4 | //*[contains(@class, 'title') or contains(@class, 'headline')]"
        )
        seen = {compact(shown_text(element)) for element in titles[:60]}
        return next((cut for cut in cuts if compact(cut) in seen and len(cut) > 20), first)
    return first


def strip_site(title: str, site: str | None, host: str = "") -> str:
    """The title without the site's name at its end or begin: "Headline | The Paper" is "Headline"."""
    title = squeeze(title)
    pieces = _SEPARATOR.split(title)
    if len(pieces) < 2:
        prefix = _PREFIX.fullmatch(title)
        return prefix[2] if prefix and is_site(prefix[1], site, host) else title
    for piece, rest in ((pieces[-1], _before_last(title)), (pieces[0], _after_first(title))):
        if is_site(piece, site, host):
            return strip_site(_without_section(rest, title), site, host) if rest else title
    # Without a known name, only a short piece after a bar is one: dashes are common inside headlines.
    if not site and re.search(r"\s[|»]\s[^|»]{2,40}$", title) and len(pieces[-1]) * 2 < len(title):
        rest = _before_last(title)
        return strip_site(rest, site, host) if is_site(_SEPARATOR.split(rest)[-1], site, host) else rest
    return title


def _without_section(rest: str, title: str) -> str:
    """ "Headline | Opinion" of "Headline | Opinion | The Paper" is "Headline"."""
    before = _before_last(rest) if len(_SEPARATOR.split(rest)) > 1 else ""
    if title.startswith(rest) and before and is_generic(_SEPARATOR.split(rest)[-1]):
        return before
    pieces = rest.split(" | ")
    if title.startswith(rest) and len(pieces) > 1 and len(pieces[-1].split()) <= 2 < len(pieces[0].split()):
        return rest.rpartition(" | ")[0].strip()
    return rest


def is_site(piece: str, site: str | None, host: str) -> bool:
    """Whether a text is the site's name, as it calls itself or as its address does."""
    if site and fuzz.ratio(piece.lower(), site.lower()) > 80:
        return True
    name = compact(piece)
    labels = [
        compact(label) for label in host.lower().split(".")[:-1] if label not in ("www", "news", "blog")
    ]
    return len(name) > 2 and any(
        name in (label, f"the{label}")
        or label == f"the{name}"
        or (name.startswith(label) and len(label) > 4 and len(name) < len(label) + 12)
        for label in labels
        if len(label) > 2
    )


def _before_last(title: str) -> str:
    last = list(_SEPARATOR.finditer(title))[-1]
    return title[: last.start()].strip()


def _after_first(title: str) -> str:
    first = next(_SEPARATOR.finditer(title))
    return title[first.end() :].strip()
