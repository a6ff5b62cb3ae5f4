"""How far two annotators agree: the second pass scored against the first, as a pipeline would be.

`make eval` does so for the gold articles, `python -m eval.agreement FOLDER` for those of any other folder of batches.

`<batch>/second-pass.yml` lists, by the number at the head of a file's name, the deals that the second
annotator read in the plain text, without the first one's answers. Recalled deals have parties only. Where a batch asked
for more, an article has `companies` (names) and `dates` (text, edtf, role), a deal `units` (names), `places`, `value`
("60000000 USD"), `term` (months) and `exclusive`, and parties are mappings with name and roles; what no article of a
batch has was not asked for and is not scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
import yaml

from eval.article import F1_FIELDS, SHARE_FIELDS, score_predicted
from eval.extras import EXTRA_FIELDS
from eval.figures import Counts, cohen_kappa, figure
from eval.gold import FOLDER, read_gold, term_of, value_of
from eval.matching import pair_deals
from eval.report import Result, lines_of

DATASET = "agreement"
LABELS = ("type", "instrument", "status")
# What the second annotator is not asked for, or only in some batches.
_NEVER = frozenset(
    {"mentions", "non_parties_made_parties", "exact_parties_of_all", "exact_parties_of_found", "links"}
)
_SOMETIMES = frozenset({"companies", "dates", *EXTRA_FIELDS}) - _NEVER
ALWAYS = tuple(f for f in (*F1_FIELDS, *SHARE_FIELDS) if f not in _NEVER | _SOMETIMES)
FIELDS = (*ALWAYS, *(f for f in (*F1_FIELDS, *EXTRA_FIELDS) if f in _SOMETIMES))


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What the second annotator read in an article, and the fields that the batch asked for besides the usual ones."""

    entry: Mapping[str, Any]
    asked: frozenset[str]


def score(folder: Path = FOLDER) -> Result:
    """The agreement per field over the articles that both annotators read, and kappa of the facts that are labels."""
    second = read_second(folder)
    counts: list[Counts] = []
    differences = []
    labels: dict[str, list[tuple[str, str]]] = {label: [] for label in LABELS}
    for gold in read_gold(folder):
        batch, _, name = gold.key.partition("/")
        reading = second.get((batch, name.split("-")[0]))
        if reading is None:
            continue
        predicted = _as_printed(reading.entry)
        own, lines = score_predicted(gold.expected, predicted)
        scored = {*ALWAYS, *reading.asked}
        counts.append({key: n for key, n in own.items() if key.rpartition("_")[0] in scored})
        differences += [f"{gold.key}: {line}" for line in lines]
        for label, pair in _label_pairs(gold.expected, predicted):
            labels[label].append(pair)
    return Result(
        DATASET,
        f"{len(counts)} articles, second annotator against the first",
        [f for field in FIELDS if (f := figure(counts, field)).n] if counts else [],
        [
            f"{f'kappa of {label}':26} {cohen_kappa(pairs):.3f} over {len(pairs)} deals that both read"
            for label, pairs in labels.items()
            if pairs
        ],
        differences,
    )


def read_second(folder: Path = FOLDER) -> dict[tuple[str, str], SecondReading]:
    """The second annotator's readings by batch and number of the article."""
    found = {}
    for path in sorted(folder.glob("*/second-pass.yml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        asked = frozenset(field for entry in entries for field in _fields_of(entry))
        for entry in entries:
            found[path.parent.name, str(entry["article"])] = SecondReading(entry, asked)
    return found


def _fields_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """The fields of _SOMETIMES that a reading has anything on."""
    deals = entry["deals"] or ()
    yield from (key for one in (entry, *deals) for key in one if key in _SOMETIMES)
    if any("role" in day for day in entry.get("dates") or ()):
        yield "date_roles"
    if any(isinstance(party, Mapping) for deal in deals for party in deal["parties"]):
        yield "party_roles"


def _label_pairs(
    gold: Mapping[str, Any], predicted: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Both annotators' labels of the main deals that both read."""
    main, other = ([d for d in one["deals"] if d["main"]] for one in (gold, predicted))
    for first, second in pair_deals(main, other, gold.get("aliases")):
        for label in LABELS:
            yield label, (str(first[label]), str(second[label]))


def _as_printed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A reading in the shape of `tieup extract`."""
    return {
        "deals": [_deal(deal) for deal in entry["deals"] or ()],
        "companies": [
            {"id": str(name), "name": str(name), "mentions": []} for name in entry.get("companies") or ()
        ],
        "dates": [{**day, "edtf": _day(day.get("edtf"))} for day in entry.get("dates") or ()],
    }


def _deal(deal: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "main": deal["main"],
        "parties": [p if isinstance(p, Mapping) else {"name": str(p)} for p in deal["parties"]],
        "type": deal.get("type"),
        "instrument": deal.get("instrument"),
        "status": deal.get("status"),
        "announced": _day(deal.get("announced")),
        "areas": [
            {"area": area, "commitment": commitment} for area, commitment in (deal.get("areas") or {}).items()
        ],
        "units": deal.get("units") or (),
        "places": deal.get("places") or (),
        "value": value_of(str(deal["value"])) if deal.get("value") else None,
        "term": term_of(str(deal["term"])) if deal.get("term") else None,
        "exclusive": {"is_exclusive": deal["exclusive"]} if deal.get("exclusive") is not None else None,
    }


def _day(stated: date | str | int | None) -> str | None:
    return None if stated is None else str(stated)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Print how far two annotators of the articles in FOLDER agree."""
    result = score(folder)
    if not result.figures:
        raise click.UsageError(
            f"{folder} has no second reading: no <batch>/second-pass.yml in it lists articles"
        )
    click.echo("\n".join(lines_of(result)))


if __name__ == "__main__":
    main()
