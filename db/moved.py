"""Old ids of merged deals and companies: their pages and `.json` answer 301 to the id that took them over."""

from __future__ import annotations

import re
from typing import Any

from datasette.utils import tilde_encode
from datasette.utils.asgi import Response

from db.names import DATABASE

_ENTITIES = {"deals": "deal", "companies": "company"}
_ROW = re.compile(r"/(?P<table>deals|companies)/(?P<id>[a-z0-9-]+)(?:\.(?P<format>\w+))?$")


async def moved_to(datasette: Any, request: Any) -> Response | None:
    """The redirect for a row that was not found because it was merged into another, else None."""
    path = request.path.removeprefix(datasette.urls.database(DATABASE))
    match = _ROW.fullmatch(path) if path != request.path else None
    if match is None:
        return None
    rows = await datasette.get_database(DATABASE).execute(
        "select replaced_by from changes where entity = :entity and id = :id and op = 'merge'",
        {"entity": _ENTITIES[match["table"]], "id": match["id"]},
    )
    row = rows.first()
    if row is None or not row["replaced_by"]:
        return None
    target = f"{datasette.urls.table(DATABASE, match['table'])}/{tilde_encode(row['replaced_by'])}"
    if match["format"]:
        target += f".{match['format']}"
    if request.query_string:
        target += f"?{request.query_string}"
    return Response.redirect(target, status=301)
