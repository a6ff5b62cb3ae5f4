"""Things that hang on a row through a link table: `_area=`, `_company=` and `_country=` on table pages.

Analysts narrow deals by area, company and country, which sit in tables of their own. One entry of LINKS says
how to get from a row to them; the filters here and the facets (`db.facets`) read nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasette.filters import FilterArguments


@dataclass(frozen=True, slots=True)
class Link:
    """How rows of one table reach another: `through.row` is a row's id, `through.target` one of `labels`.

    `through` is a table, or a query in brackets.

    `repeats` says that one pair of the two may stand in several rows of `through`.
    """

    through: str
    row: str
    target: str
    labels: str
    repeats: bool = False


_CURRENT_MENTIONS = (
    "(select m.article, m.company from mentions m"
    " join article_versions v on v.id = m.version and v.is_current)"
)

LINKS: Mapping[str, Mapping[str, Link]] = {
    "deals": {
        "area": Link("deal_areas", "deal", "area", "areas"),
        "company": Link("deal_parties", "deal", "company", "companies"),
        "country": Link("deal_places", "deal", "country", "countries"),
    },
    "articles": {
        "company": Link(_CURRENT_MENTIONS, "article", "company", "companies", repeats=True),
    },
}


def link_filters(request: Any, table: str) -> FilterArguments | None:
    """The WHERE clauses of a request's link parameters; one that is repeated must hold each time.

    A company that was merged into another is still found under its old id.
    """
    clauses: list[str] = []
    params: dict[str, str] = {}
    descriptions: list[str] = []
    for name, link in LINKS.get(table, {}).items():
        for number, wanted in enumerate(request.args.getlist(f"_{name}")):
            param = f"link_{name}_{number}"
            clauses.append(
                f"id in (select {link.row} from {link.through} where {link.target} = coalesce("
                "(select replaced_by from changes "
                f"where op = 'merge' and entity = '{name}' and id = :{param}), :{param}))"
            )
            params[param] = wanted
            descriptions.append(f'{name} is "{wanted}"')
    return FilterArguments(clauses, params, descriptions) if clauses else None
