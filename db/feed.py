"""What is new as an Atom feed: `/-/feed.atom`, with `company=` and `area=` as in the question `whats_new`."""

from __future__ import annotations

import datetime
import re
from typing import Any
from xml.etree import ElementTree as ET

from datasette.utils import tilde_encode
from datasette.utils.asgi import Response

from db.checks import check_query
from db.names import DATABASE

ROUTE = r"/-/feed\.atom$"
MAX_ENTRIES = 100
DAYS = 60
"""How far back the feed reaches."""

_QUESTION = "whats_new"
_PARAMETERS = ("company", "area", "by")
_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def atom_feed(request: Any, datasette: Any) -> Response:
    """New deals and changes of status of the last weeks, newest first. BadRequest for a wrong parameter."""
    await datasette.ensure_permissions(
        request.actor, [("view-query", (DATABASE, _QUESTION)), ("view-database", DATABASE), "view-instance"]
    )
    query = await datasette.get_canned_query(DATABASE, _QUESTION, request.actor)
    parameters = {name: query["parameters"][name] for name in _PARAMETERS}
    check_query(request, {"name": "the feed", "parameters": parameters})
    since = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=DAYS)
    asked = {name: request.args.get(name) or "" for name in _PARAMETERS}
    rows = (await datasette.execute(DATABASE, query["sql"], {**asked, "since": since.isoformat()})).rows
    body = ET.tostring(
        _feed(datasette, request, rows[:MAX_ENTRIES]), encoding="unicode", xml_declaration=False
    )
    return Response(
        f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n',
        headers={
            "cache-control": "no-cache",
            **({"access-control-allow-origin": "*"} if datasette.cors else {}),
        },
        content_type="application/atom+xml; charset=utf-8",
    )


def _feed(datasette: Any, request: Any, rows: list[Any]) -> ET.Element:
    here = datasette.absolute_url(request, datasette.urls.path(request.full_path))
    question = datasette.absolute_url(request, datasette.urls.table(DATABASE, _QUESTION))
    feed = ET.Element("feed", xmlns=_ATOM)
    _text(feed, "title", "Tieup: new deals and changes of status")
    _text(feed, "id", here)
    _text(feed, "updated", _moment(rows[0]["day"] if rows else None))
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=here)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=question)
    _text(ET.SubElement(feed, "author"), "name", "Tieup")
    for row in rows:
        page = f"{datasette.urls.table(DATABASE, 'deals')}/{tilde_encode(row['deal'])}"
        entry = ET.SubElement(feed, "entry")
        _text(
            entry, "title", row["title"] if row["kind"] == "new deal" else f"{row['status']}: {row['title']}"
        )
        _text(
            entry,
            "id",
            f"tag:tieup,2024:{row['deal']}/{row['kind']}/{row['status']}/{row['day']}".replace(" ", "-"),
        )
        _text(entry, "updated", _moment(row["day"]))
        ET.SubElement(
            entry, "link", rel="alternate", type="text/html", href=datasette.absolute_url(request, page)
        )
        _text(
            entry,
            "summary",
            f"{row['type']}, {row['status']}" + (f", says {row['source']}" if row["source"] else ""),
        )
    return feed


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub("", text)


def _moment(day: str | None) -> str:
    return f"{day or '1970-01-01'}T00:00:00Z"
