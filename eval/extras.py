"""Scores what a main deal has besides its main facts, where the text says so, and the roles of parties and dates.

Nothing of it has a target; the figures are precision, recall and F1 over what was expected, a missed deal's included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from eval.matching import Aliases, pair_names, pair_parties

Deal = Mapping[str, Any]
DEAL_FIELDS = ("units", "places", "value", "term", "exclusive", "links", "party_roles")
EXTRA_FIELDS = (*DEAL_FIELDS, "date_roles")


def score_extras(
    c: Counter[str],
    entry: Mapping[str, Any],
    predicted: Mapping[str, Any],
    pairs: Sequence[tuple[Deal, Deal]],
    recalled: Sequence[tuple[Deal, Deal]],
) -> None:
    """Count what main deals have; `pairs` and `recalled` are the expected deals that were found, with what was found.

    Places count only where they are expected: without any in the text the parties' home countries are a fair answer.
    """
    names = {company["id"]: company["name"] for company in predicted["companies"]}
    aliases: Aliases = entry.get("aliases", {})
    for gold in (d for d in entry["deals"] if d["main"]):
        found = next((f for g, f in pairs if g is gold), None)
        c["places_g"] += len(gold.get("places", ()))
        c["units_g"] += len(gold.get("units", ()))
        c["party_roles_g"] += sum(len(roles_of(p)) for p in gold["parties"])
        c["links_g"] += len(gold.get("links", ()))
        for field in ("value", "term", "exclusive"):
            c[f"{field}_g"] += gold.get(field) is not None
        if found is not None:
            _score_found(c, gold, found, names, aliases)
            linked = {id(f): g["key"] for g, f in recalled}
            c["links_tp"] += len(_links_of(gold) & _found_links(found, predicted["deals"], linked))
    for found in (d for d in predicted["deals"] if d["main"]):
        c["units_p"] += len(found.get("units", ()))
        c["party_roles_p"] += sum(len(roles_of(p)) for p in found["parties"])
        c["links_p"] += len(found.get("links", ()))
        for field in ("value", "term", "exclusive"):
            c[f"{field}_p"] += found.get(field) is not None
    _score_date_roles(c, entry, predicted)


def roles_of(party: Mapping[str, Any]) -> set[str]:
    """The roles of a party; a role by itself is one of them."""
    return {*party.get("roles", ()), *([party["role"]] if "role" in party else [])}


def _score_found(
    c: Counter[str], gold: Deal, found: Deal, names: Mapping[str, str], aliases: Aliases
) -> None:
    places, units = set(gold.get("places", ())), gold.get("units", ())
    if places:
        c["places_tp"] += len(places & set(found.get("places", ())))
        c["places_p"] += len(found.get("places", ()))
    c["units_tp"] += len(pair_names(units, [names.get(u, u) for u in found.get("units", ())], aliases))
    for i, j in pair_parties(gold, found, aliases).items():
        c["party_roles_tp"] += len(roles_of(gold["parties"][i]) & roles_of(found["parties"][j]))
    for field, is_right in (("value", _same_value), ("term", _same_term), ("exclusive", _same_exclusivity)):
        if gold.get(field) is not None and found.get(field) is not None:
            c[f"{field}_tp"] += is_right(gold[field], found[field])


def _same_value(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    return bool(gold["currency"] == found["currency"] and float(gold["amount"]) == float(found["amount"]))


def _same_term(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    return all(found.get(key) == stated for key, stated in gold.items())


def _same_exclusivity(gold: bool, found: Mapping[str, Any]) -> bool:
    return bool(gold == found["is_exclusive"])


def _links_of(deal: Deal) -> set[tuple[str, str]]:
    return {(link["kind"], link["key"]) for link in deal.get("links", ())}


def _found_links(deal: Deal, deals: Sequence[Deal], keys: Mapping[int, str]) -> set[tuple[str, str]]:
    """The links of a deal that was found, to the expected deals that the others are."""
    return {(link["kind"], keys.get(id(deals[link["deal"]]), "")) for link in deal.get("links", ())}


def _score_date_roles(c: Counter[str], entry: Mapping[str, Any], predicted: Mapping[str, Any]) -> None:
    gold, found = (
        Counter((d["text"].casefold(), d["edtf"], d["role"]) for d in dates if "role" in d)
        for dates in (entry.get("dates", ()), predicted["dates"])
    )
    c["date_roles_g"], c["date_roles_p"] = sum(gold.values()), sum(found.values())
    c["date_roles_tp"] = sum((gold & found).values())
