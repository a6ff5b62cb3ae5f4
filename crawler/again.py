"""When a page that was fetched before is asked for again, if nothing but its age can tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from crawler.state import Remembered

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# A little less, so that a timer that starts a run each day at the same minute misses none.
_DAILY, _WEEKLY = timedelta(hours=22), timedelta(days=6, hours=22)
# Corrections come within hours, so a page is asked for again the less often the longer it is known.
_WHILE_NEW = timedelta(hours=6)


def is_due(known: Remembered, now: datetime, modified: str = "") -> bool:
    """Whether a page is to be asked for again; `modified` is when its listing says that it was last changed.

    One with a validator is, in every run: that costs the server next to nothing. One without costs it the whole page:
    for a day it is asked for every 6 hours, for a week daily, then weekly. One that was refused may have been
    mended: it is asked for after a day, then weekly.

    A listing that says the same as last time spares a page with a validator, too, and one that says it was changed
    since brings a page without at once. Neither is believed for ever: the first goes by age then, as publishers forget
    to tell, and the second not again once the text was the same, as others tell the time of day.
    """
    last, first = _moment(known.fetched_at), _moment(known.first_fetched_at)
    if last is None or first is None or not first <= last <= now:
        return True
    if known.problem is not None:
        return now - last >= (_DAILY if last - first < _DAILY or known.was_parsed else _WEEKLY)
    if known.etag or known.last_modified:
        if not modified or modified != known.modified:
            return True
    elif modified and modified != known.modified and known.was_parsed and not known.was_misled:
        changed = _moment(modified, UTC)
        if changed is not None and last < changed <= now:
            return True
    age = now - first
    return now - last >= (_WHILE_NEW if age < _DAY else _DAILY if age < _WEEK else _WEEKLY)


def _moment(text: str | None, zone: tzinfo | None = None) -> datetime | None:
    """A date-time as in ISO 8601, None if it is none; one that names no zone is of `zone`, if that is given."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=zone)
    return moment if moment.tzinfo else None
