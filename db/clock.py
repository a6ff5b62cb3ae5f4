"""Time as the database writes it: UTC, ISO 8601, microseconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """The present moment."""
    return _text(datetime.now(UTC))


def as_utc(moment: str | None) -> str:
    """A moment as written by others, in our form; the present where it is missing or no date."""
    try:
        read = datetime.fromisoformat(moment or "")
    except ValueError:
        return now()
    return _text(read if read.tzinfo else read.replace(tzinfo=UTC))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
