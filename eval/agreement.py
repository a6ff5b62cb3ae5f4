"""How far two annotators of the gold articles agree: the second pass scored against the first, as a pipeline would be.

`eval/gold/<batch>/second-pass.yml` lists, by the number at the head of a file's name, the deals that the second
annotator read in the plain text, without the first one's answers. Recalled deals have parties only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from eval.article import F1_FIELDS, SHARE_FIELDS, score_predicted
from eval.figures import Counts
from eval.gold import FOLDER, read_gold
from eval.report import Result, figures_of

DATASET = "agreement"
# What the second annotator was not asked for.
_NOT_READ = frozenset(
    {"companies", "dates", "non_parties_made_parties", "exact_parties_of_all", "exact_parties_of_found"}
)
FIELDS = tuple(field for field in (*F1_FIELDS, *SHARE_FIELDS) if field not in _NOT_READ)


def score(folder: Path = FOLDER) -> Result:
    """The agreement per field over the articles that both annotators read."""
    second = read_second(folder)
    counts: list[Counts] = []
    differences = []
    for gold in read_gold(folder):
        batch, _, name = gold.key.partition("/")
        deals = second.get((batch, name.split("-")[0]))
        if deals is None:
            continue
        own, lines = score_predicted(gold.expected, _as_printed(deals))
        counts.append(own)
        differences += [f"{gold.key}: {line}" for line in lines]
    return Result(
        DATASET,
        f"{len(counts)} gold articles, second annotator against the first",
        figures_of(counts, FIELDS),
        [],
        differences,
    )


def read_second(folder: Path = FOLDER) -> dict[tuple[str, str], Sequence[Mapping[str, Any]]]:
    """The second annotator's deals by batch and number of the article."""
    found = {}
    for path in sorted(folder.glob("*/second-pass.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            found[path.parent.name, str(entry["article"])] = entry["deals"] or ()
    return found


def _as_printed(deals: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The deals in the shape of `tieup extract`."""
    return {
        "deals": [
            {
                "main": deal["main"],
                "parties": [{"name": str(name)} for name in deal["parties"]],
                "type": deal.get("type"),
                "instrument": deal.get("instrument"),
                "status": deal.get("status"),
                "announced": _day(deal.get("announced")),
                "areas": [
                    {"area": area, "commitment": commitment}
                    for area, commitment in (deal.get("areas") or {}).items()
                ],
            }
            for deal in deals
        ],
        "companies": [],
        "dates": [],
    }


def _day(stated: date | str | int | None) -> str | None:
    return None if stated is None else str(stated)
