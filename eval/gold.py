"""Gold articles as extraction reads them and as scoring expects them: eval/gold and eval/press, marked as passages are.

Those of eval/gold were written for hard cases and variety; those of eval/press retell articles of the press, each in
other words but in the order of the original and with all that stood around it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.items import NewsArticle
from eval.article import F1_FIELDS, SHARE_FIELDS, score_article
from eval.calibration import judged_by_field, reliability
from eval.error_classes import Error, errors_of
from eval.extras import EXTRA_FIELDS
from eval.figures import Counts
from eval.report import Result, figures_of
from extract.calibration import Judged
from extract.gazetteer import load_gazetteer
from extract.model import Extraction
from extract.pipeline import extract
from extract.text import fold
from extract.training.passages import DealMark, Passage, read_passages

FOLDER, PRESS = (Path(__file__).parent / name for name in ("gold", "press"))
NO_GENRE = "unsorted"
UNIT = "unit_of_party"
# What the articles of each folder are called.
_TOLD = {FOLDER.name: "gold articles", PRESS.name: "articles retold from the press"}
Reader = Callable[[Iterable[NewsArticle]], Iterator[Extraction]]
SLICE_FIELDS = ("deals", "parties", "areas", "type_of_all", "status_of_all", "no_deal_right")


def score(folder: Path = FOLDER, read: Reader = extract) -> Result:
    """The figures of a folder of gold articles, read as text; the set has the folder's name."""
    articles = list(read_gold(folder))
    counts, differences = [], []
    errors: list[Error] = []
    by_slice: defaultdict[str, list[Counts]] = defaultdict(list)
    judged: defaultdict[str, list[Judged]] = defaultdict(list)
    for gold, extraction in zip(articles, read(a.article for a in articles), strict=True):
        own, lines = score_article(gold.expected, extraction)
        counts.append(own)
        differences += [f"{gold.key}: {line}" for line in lines]
        errors += errors_of(gold.key, gold.expected, extraction.to_json())
        for field, verdicts in judged_by_field(gold.expected, extraction).items():
            judged[field] += verdicts
        for name in gold.slices:
            by_slice[name].append(own)
    digest = digest_of(folder)
    return Result(
        folder.name,
        f"{len(articles)} {_TOLD.get(folder.name, 'articles')}, from their text",
        figures_of(counts, (*F1_FIELDS, *SHARE_FIELDS, *EXTRA_FIELDS)),
        [f"gold {digest[:16]}"],
        differences,
        {name: figures_of(by_slice[name], SLICE_FIELDS) for name in sorted(by_slice)},
        calibration=tuple(reliability(field, verdicts) for field, verdicts in judged.items()),
        errors=errors,
        digest=digest,
        has_targets=folder.name == FOLDER.name,
    )


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One article of the gold set: its key (path below the folder), text, expected results and slices."""

    key: str
    article: NewsArticle
    expected: dict[str, Any]
    slices: tuple[str, ...]


def read_gold(folder: Path = FOLDER) -> Iterator[GoldArticle]:
    """All gold articles in path order. Raises PassageError at the first file that breaks the markup."""
    known = {fold(name) for c in load_gazetteer() for name in (c.name, *c.aliases)}
    for passage in read_passages(folder):
        key = passage.path.relative_to(folder).with_suffix("").as_posix()
        yield GoldArticle(key, article_of(passage), expected_of(passage), slices_of(passage, known))


def digest_of(folder: Path = FOLDER) -> str:
    """Hex sha256 over names and contents of the gold files: which gold a figure was measured on."""
    state = hashlib.sha256()
    for path in sorted(folder.rglob("*.txt")):
        state.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()


def article_of(passage: Passage) -> NewsArticle:
    """The plain text of a passage as an article."""
    return NewsArticle(
        url=None,
        canonical_url=None,
        headline=passage.headline,
        article_body=passage.body,
        date_published=passage.published,
    )


def expected_of(passage: Passage) -> dict[str, Any]:
    """What must come out of a passage, in the shape that scoring reads (see eval/newsroom.yml)."""
    letters = {d.letter for d in passage.deals}
    in_deal: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for name, roles in passage.roles.items():
        for letter, role in roles:
            if letter in letters:
                in_deal[letter].setdefault(name, []).append(role)
    deals = [_deal(passage, mark, in_deal[mark.letter]) for mark in passage.deals]
    of_deals = {name for roles_of in in_deal.values() for name in roles_of}
    outsiders = {
        name: next((role for letter, role in passage.roles.get(name, ()) if letter is None), "mentioned")
        for name in dict.fromkeys(mark.name for mark in passage.names)
        if name not in of_deals
    }
    dates = [
        {"text": _text_of(passage, d.part)[d.start : d.end], "edtf": d.edtf, "role": d.role}
        for d in passage.dates
    ]
    return {
        "deals": deals,
        "not_parties": outsiders,
        "aliases": _aliases(passage),
        "mentions": [(mark.part, mark.start, mark.end) for mark in passage.names],
        "dates": dates,
    }


def _aliases(passage: Passage) -> dict[str, list[str]]:
    """What the text calls an organisation besides its canonical name."""
    surfaces: defaultdict[str, list[str]] = defaultdict(list)
    for mark in passage.names:
        surface = _text_of(passage, mark.part)[mark.start : mark.end]
        if surface != mark.name and surface not in surfaces[mark.name]:
            surfaces[mark.name].append(surface)
    return {name: own for name, own in surfaces.items() if own}


def _text_of(passage: Passage, part: str) -> str:
    return passage.headline if part == "headline" else passage.body


def _deal(passage: Passage, mark: DealMark, roles: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    facts = mark.facts
    areas = [a.partition(":") for a in _listed(facts.get("areas"))]
    deal = {
        "key": f"{passage.path.stem}/{mark.letter}",
        "main": mark.is_main,
        "parties": [{"name": name, "roles": own} for name, own in roles.items() if own != [UNIT]],
        "units": [name for name, own in roles.items() if own == [UNIT]],
        "type": facts.get("type"),
        "instrument": facts.get("instrument"),
        "status": facts.get("status"),
        "announced": facts.get("announced"),
        "areas": {area: commitment for area, _, commitment in areas},
        "places": _listed(facts.get("places")),
        "links": [
            {"kind": kind, "key": f"{passage.path.stem}/{letter}"}
            for kind, _, letter in (link.partition(":") for link in _listed(facts.get("link")))
        ],
    }
    if "value" in facts:
        deal["value"] = value_of(facts["value"])
    if "term" in facts:
        deal["term"] = term_of(facts["term"])
    if "exclusive" in facts:
        deal["exclusive"] = facts["exclusive"] == "true"
    return deal


def value_of(stated: str) -> dict[str, Any]:
    """Money as annotators write it: "60000000 USD"."""
    amount, _, currency = stated.partition(" ")
    return {"amount": float(amount.replace(",", "")), "currency": currency}


def term_of(stated: str) -> dict[str, Any]:
    """A term as annotators write it: a number of months, or the day on which it ends."""
    return {"months": int(stated)} if stated.isdigit() else {"end": stated}


def _listed(stated: str | None) -> list[str]:
    return [part.strip() for part in (stated or "").split(",") if part.strip()]


def slices_of(passage: Passage, known: set[str]) -> tuple[str, ...]:
    """The parts of the set that an article counts in: genre, hard cases, whether its parties are in the gazetteer."""
    slices = [f"genre: {passage.notes.get('genre', NO_GENRE)}"]
    slices += [f"hard: {case.strip()}" for case in passage.notes.get("hard", "").split(",") if case.strip()]
    main = {d.letter for d in passage.deals if d.is_main}
    parties = [n for n, roles in passage.roles.items() if any(letter in main for letter, _ in roles)]
    if parties:
        unknown = sum(fold(name) not in known for name in parties)
        slices.append(
            "parties: "
            + ("all known" if not unknown else "all unknown" if unknown == len(parties) else "some known")
        )
    else:
        slices.append("no main deal")
    return tuple(slices)
