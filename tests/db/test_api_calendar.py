"""The calendar of what is ahead."""

from __future__ import annotations

from pathlib import Path

import pytest
from build import database, load, report
from datasette.app import Datasette
from served import get, served

from extract.model import DealTerm

LONG = "Größe, Preis; und \\ " * 12


@pytest.fixture(scope="module")
def datasette(tmp_path_factory: pytest.TempPathFactory) -> Datasette:
    path: Path = tmp_path_factory.mktemp("calendar") / "tieup.db"
    db = database(path)
    load(
        db,
        report(
            "https://wire.example/1",
            "Tesco, Ocado",
            term=DealTerm(months=None, end="2090-06", text="to 2090"),
        ),
        report(
            "https://wire.example/2", "Kroger, Uber", term=DealTerm(months=None, end="2020", text="to 2020")
        ),
        report("https://wire.example/3", "Casino, Google", dates={"launch_planned": "2091-01-15"}),
    )
    with db.conn:
        db.conn.execute(
            "update deals set title = ? where id = 'ocado-tesco-2024'", [LONG + "\r\nEND:VCALENDAR"]
        )
    db.close()
    return served(path)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_ends_of_terms_and_planned_launches_are_days(datasette: Datasette) -> None:
    answer = get(datasette, "/-/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.text)
    assert [line for line in lines if line.startswith("DT") and "DTSTAMP" not in line] == [
        "DTSTART;VALUE=DATE:20900630",
        "DTEND;VALUE=DATE:20900701",
        "DTSTART;VALUE=DATE:20910115",
        "DTEND;VALUE=DATE:20910116",
    ]
    assert "URL:http://localhost/tieup/deals/ocado-tesco-2024" in lines
    assert any(line.startswith("SUMMARY:Planned launch: Casino") for line in lines)


def test_text_cannot_end_an_event_and_lines_are_short(datasette: Datasette) -> None:
    text = get(datasette, "/-/calendar.ics").text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert text.count("\r\nEND:VCALENDAR") == 1
    [summary] = [line for line in unfolded(text) if "Größe" in line]
    assert summary.startswith("SUMMARY:Term ends: Größe\\, Preis\\; und \\\\ ")


def test_the_calendar_narrows_by_company(datasette: Datasette) -> None:
    assert get(datasette, "/-/calendar.ics?company=Tesco").text.count("BEGIN:VEVENT") == 1
    assert get(datasette, "/-/calendar.ics?company=Kroger").text.count("BEGIN:VEVENT") == 0  # over
    assert get(datasette, "/-/calendar.ics?compny=Tesco").status_code == 400
