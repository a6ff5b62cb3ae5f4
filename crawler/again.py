"""When a page that was fetched before is asked for again, if nothing but its age can tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.state import Remembered

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
# A little less, so that a timer that starts a run each day at the same minute misses none.
_DAILY, _WEEKLY = timedelta(hours=22), timedelta(days=6, hours=22)
# Corrections come within hours, so a page is asked for again the less often the longer it is known.
_WHILE_NEW = timedelta(hours=6)


def is_due(known: Remembered, now: datetime) -> bool:
    """Whether a page is to be asked for again.

    One with a validator is, in every run: that costs the server next to nothing. One without costs it the whole page:
    for a day it is asked for every 6 hours, for a week daily, then weekly. One that was refused may have been
    mended: it is asked for after a day, then weekly.
    """
    last, first = _moment(known.fetched_at), _moment(known.first_fetched_at)
    if last is None or first is None or not first <= last <= now:
        return True
    if known.problem is not None:
        return now - last >= (_DAILY if last - first < _DAILY or known.was_parsed else _WEEKLY)
    if known.etag or known.last_modified:
        return True
    age = now - first
    return now - last >= (_WHILE_NEW if age < _DAY else _DAILY if age < _WEEK else _WEEKLY)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
