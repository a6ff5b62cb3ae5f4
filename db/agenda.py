"""What is ahead as a calendar: `/-/calendar.ics` has the ends of terms and the planned launches of deals.

A day stays a day wherever it is read: every event is a date without a time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from datasette.utils import tilde_encode
from datasette.utils.asgi import Response

from db.checks import check_query
from db.names import DATABASE

ROUTE = r"/-/calendar\.ics$"

_QUESTION = "terms_ending"
_PARAMETERS = ("company", "area")
_MONTHS = "1200"
_LAUNCHES = """
select d.id as deal, d.title, x.latest as day
from deal_dates x join deals d on d.id = x.deal
where x.role = 'launch_planned' and x.is_chosen and x.latest >= date('now')
  and d.phase in ('intent', 'agreed')
order by day, deal
"""
_MAX_OCTETS = 75  # of a line, RFC 5545


async def calendar(request: Any, datasette: Any) -> Response:
    """Ends of terms, and planned launches where neither company nor area is asked for.

    Raises BadRequest for a wrong parameter.
    """
    await datasette.ensure_permissions(
        request.actor, [("view-query", (DATABASE, _QUESTION)), ("view-database", DATABASE), "view-instance"]
    )
    query = await datasette.get_canned_query(DATABASE, _QUESTION, request.actor)
    check_query(
        request,
        {"name": "the calendar", "parameters": {name: query["parameters"][name] for name in _PARAMETERS}},
    )
    asked = {name: request.args.get(name) or "" for name in _PARAMETERS}
    ends = await datasette.execute(DATABASE, query["sql"], {**asked, "months": _MONTHS, "as_of": ""})
    events = [("Term ends", row["deal"], row["title"], row["last_day"]) for row in ends.rows]
    if not any(asked.values()):
        launches = await datasette.execute(DATABASE, _LAUNCHES)
        events += [("Planned launch", row["deal"], row["title"], row["day"]) for row in launches.rows]
    lines = list(_lines(datasette, request, sorted(events, key=lambda event: (event[3], event[1], event[0]))))
    return Response(
        "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)),
        headers={"cache-control": "no-cache"},
        content_type="text/calendar; charset=utf-8",
    )


def _lines(datasette: Any, request: Any, events: list[tuple[str, str, str, str]]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tieup//Deals//EN", "X-WR-CALNAME:Tieup")
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT000000Z")
    for what, deal, title, day in events:
        page = f"{datasette.urls.table(DATABASE, 'deals')}/{tilde_encode(deal)}"
        after = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
        yield "BEGIN:VEVENT"
        yield f"UID:{deal}/{what.lower().replace(' ', '-')}@tieup"
        yield f"DTSTAMP:{stamp}"
        yield f"DTSTART;VALUE=DATE:{day.replace('-', '')}"
        yield f"DTEND;VALUE=DATE:{after:%Y%m%d}"
        yield f"SUMMARY:{_escaped(f'{what}: {title}')}"
        yield f"URL:{datasette.absolute_url(request, page)}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _escaped(text: str) -> str:
    visible = "".join(char if char.isprintable() else " " for char in text)
    return visible.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> Iterator[str]:
    """A long line in pieces, each but the first with a space in front; no character is cut in two."""
    piece, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _MAX_OCTETS:
            yield piece
            piece, size = " ", 1
        piece += char
        size += octets
    yield piece
