"""The publication date that relative expressions count from."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def anchor_day(anchor: str) -> date:
    """The last day that an anchor (date-time, day, year-month or year) can mean. Raises ValueError for what is none."""
    if len(anchor) == 4:
        return date(int(anchor), 12, 31)
    if len(anchor) == 7:
        year, month = int(anchor[:4]), int(anchor[5:7])
        return date(year, month, monthrange(year, month)[1])
    return date.fromisoformat(anchor[:10])
