"""The compare page: areas down, companies across, in each cell partner, status, year and the deal."""

from __future__ import annotations

import sqlite3

from db.pages.company import by_area, partners_of
from db.pages.reading import Record, one, records, scope
from db.pages.search import exact_company

MOST = 6
"""Companies side by side; further ones are left out and said so."""


def compare_page(conn: sqlite3.Connection, asked: str) -> Record:
    """Partners by area of the companies named with commas between; `mistakes` says what names none."""
    names = list(dict.fromkeys(name.strip() for name in asked.split(",") if name.strip()))
    found = {name: exact_company(conn, name) for name in names}
    ids = list(dict.fromkeys(id for id in found.values() if id))[:MOST]
    cells: dict[str | None, dict[str, Record]] = {}
    for id in ids:
        for area in by_area(partners_of(conn, id)):
            cells.setdefault(area["area"], {})[id] = area
    areas = [
        row for row in records(conn, "SELECT id, name FROM areas ORDER BY position") if row["id"] in cells
    ]
    if None in cells:
        areas.append({"id": None, "name": "Area not stated"})
    return {
        "asked": asked,
        "mistakes": [f"No single company is called {name}." for name, id in found.items() if not id],
        "most": MOST if len([id for id in found.values() if id]) > MOST else None,
        "companies": [
            {"id": id, "name": one(conn, "SELECT name FROM companies WHERE id = ?", id)} for id in ids
        ],
        "rows": [{**area, "cells": [cells[area["id"]].get(id) for id in ids]} for area in areas],
        "example": _example(conn),
        "scope": scope(conn),
    }


def _example(conn: sqlite3.Connection) -> str:
    """The grocers with most deals: the question that this page is made for."""
    sql = (
        "SELECT name FROM companies WHERE sector = 'grocery' AND deals > 0 ORDER BY deals DESC, name LIMIT 4"
    )
    return ", ".join(row["name"] for row in records(conn, sql))
