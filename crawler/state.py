"""What the crawler remembers between runs: validators (ETag, Last-Modified), the links of listings, what is to come.

One JSON object a line, appended as it happens, so that a killed crawl loses at most its last line.
The first line carries the key of the knowledge base that the state belongs to: another key starts afresh.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sys import intern
from types import TracebackType
from typing import IO, Any

FORGET_AFTER = timedelta(days=180)
"""What was neither listed nor fetched for so long is known no longer."""

MAX_FAILED = 3
"""After so many runs in which it failed, an article is expected no longer."""

MAX_RECENT = 1000
"""Pages whose lines are not read again; one is asked for a few times in a row."""

_VERSION = 1
_CLOSED = "the state is open only inside its with block"
_FILE = "crawl.jsonl"
_ARCHIVED = "warc:"


class StateError(ValueError):
    """The state cannot be written; the message is one line. What it had before can be read still."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An article that is still to be fetched: whose it is (a source's id), and what the listing said of it.

    `failed`: in how many runs that failed; a run that ended before does not count.
    """

    source: str
    headline: str = ""
    summary: str = ""
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of one address: `fingerprint` of the article as handed on, `links` of a listing.

    `relevance` is what a page was judged (see crawler.relevance), `reasons` why; null for a listing and for a page that
    says too little to be judged. `read_by` is what read it (see crawler.read_by), `problem` what was
    reported of a listing, or why a page was refused. `expected` stands until the page has come; `fetched_at` and
    `first_fetched_at` are date-times as in ISO 8601, of a page that came whole or was told to be the same, `seen`
    is the day on which the address was last listed or fetched. `modified` is what its listing then said of its last
    change (see crawler.discover.links), `was_misled` that another date there once led to the same text.
    """

    etag: str | None = None
    last_modified: str | None = None
    fingerprint: str | None = None
    canonical: str | None = None
    links: tuple[tuple[str, ...], ...] | None = None
    relevance: float | None = None
    reasons: tuple[str, ...] | None = None
    read_by: str | None = None
    problem: str | None = None
    expected: Expected | None = None
    fetched_at: str | None = None
    first_fetched_at: str | None = None
    seen: str | None = None
    modified: str | None = None
    was_misled: bool | None = None

    @property
    def was_fetched(self) -> bool:
        """Whether the page has come once, whatever came of it."""
        return self.was_read or self.read_by is not None

    @property
    def was_read(self) -> bool:
        """Whether the page has come and was dealt with; one on which our parser failed is still to be."""
        return bool(self.fetched_at or self.etag or self.last_modified or self.was_parsed)

    @property
    def was_parsed(self) -> bool:
        """Whether the page was relevant enough to be parsed, whatever came of it."""
        return self.fingerprint is not None or self.canonical is not None

    def is_wanted_now(self, threshold: float) -> bool:
        """Whether the page was left out under a higher threshold: it must come again, changed or not."""
        was_left_out = self.relevance is not None and not self.was_parsed and self.problem is None
        return was_left_out and not self.is_left_out(threshold)

    def is_left_out(self, threshold: float) -> bool:
        """Whether the page is not relevant enough; one that was parsed stays followed."""
        return not self.was_parsed and self.relevance is not None and self.relevance < threshold


_NAMES = tuple(field.name for field in fields(Remembered))


def archive_key(url: str, retrieved_at: str | None) -> str:
    """What a page of an archive is kept by: nothing that is fetched has such an address."""
    return f"{_ARCHIVED}{retrieved_at} {url}"


def archived_url(key: str) -> str | None:
    """The address of a page of an archive by what it is kept by; None for what was fetched."""
    return key.partition(" ")[2] if key.startswith(_ARCHIVED) else None


def read_pages(folder: Path) -> dict[str, Remembered]:
    """The pages of a state that were judged, by address, in the order in which they came; empty if there is no state.

    A crawl may be writing to it at the same time.
    """
    return {url: known for url, known in read_state(folder).items() if known.relevance is not None}


def read_state(folder: Path, key: str | None = None) -> dict[str, Remembered]:
    """All that a state says, by address; nothing of one of another key, if one is given."""
    return dict(_last_told(folder / _FILE, key))


class CrawlState:
    """The state file of one knowledge base; a context manager that holds the file open. `now` is when the run began.

    Memory holds only where in the file each address is told of last, and the latest few pages. What cannot be written
    is a `failure` and no error: the crawl is to end, but in its own way.
    """

    def __init__(self, folder: Path, key: str, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self.failure: StateError | None = None
        self._today = self.now.date().isoformat()
        self._path = folder / _FILE
        self._key = key
        self._places: dict[int, int] = {}  # offset of the last line of an address, by the address's hash
        self._expected: dict[int, int] = {}  # the same of those that are still to be fetched
        self._unwritten: dict[str, Remembered] = {}  # since the failure
        self._recent: dict[str, Remembered] = {}
        self._file: IO[bytes] | None = None
        self._reader: IO[bytes] | None = None

    def __enter__(self) -> CrawlState:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._rewrite()
        except OSError as error:
            with contextlib.suppress(OSError):
                self._path.with_suffix(".new").unlink()
            raise self._error(error) from None
        self._file, self._reader = self._path.open("ab"), self._path.open("rb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            # What could not be written cannot be so now.
            with contextlib.suppress(OSError) if self.failure else contextlib.nullcontext():
                self._file.close()
            self._file = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def get(self, url: str) -> Remembered | None:
        """What is remembered of an address as it was requested."""
        for known in (self._unwritten, self._recent):
            if url in known:
                return known[url]
        place = self._places.get(hash(url))
        found = self._told_at(place) if place is not None else None
        if not found or found[0] != url:
            return None
        self._note_recent(*found)
        return found[1]

    def _note_recent(self, url: str, remembered: Remembered) -> None:
        if len(self._recent) >= MAX_RECENT:
            self._recent.clear()
        if remembered.links is None:  # a listing may have thousands
            self._recent[url] = remembered

    def _told_at(self, place: int) -> tuple[str, Remembered] | None:
        if self._reader is None:
            raise RuntimeError(_CLOSED)
        self._reader.seek(place)
        return _told(self._reader.readline())

    def remember(self, url: str, remembered: Remembered) -> None:
        """Keep what is known of an address; it survives a kill as soon as this returns, without a `failure`."""
        if self._file is None:
            raise RuntimeError(_CLOSED)
        before = self.get(url)
        first = before.first_fetched_at if before else None
        remembered = replace(remembered, first_fetched_at=first or remembered.fetched_at, seen=self._today)
        if before == remembered:
            return
        if self.failure is None:
            self._recent.pop(url, None)
            try:
                self._tell(self._file, url, remembered)
                self._file.flush()
                self._note_recent(url, remembered)
                return
            except OSError as error:
                self.failure = self._error(error)
        self._unwritten[url] = remembered

    def see(self, url: str) -> None:
        """An address is listed still, or was asked for: what is known of it is kept for longer."""
        known = self.get(url)
        if known is not None and known.seen != self._today:
            self.remember(url, known)

    def expected(self) -> list[tuple[str, Expected]]:
        """The articles that earlier runs did not get to, by address."""
        told = filter(None, map(self._told_at, self._expected.values()))
        return [(url, known.expected) for url, known in told if known.expected]

    def expect(self, url: str, source: str, headline: str, summary: str) -> None:
        """An article is to be fetched; it is kept in mind until it was, unless it was read before."""
        known = self.get(url) or Remembered()
        if not known.was_read:
            failed = known.expected.failed if known.expected else 0
            self.remember(url, replace(known, expected=Expected(source, headline, summary, failed)))

    def note_failure(self, url: str) -> None:
        """An article could not be had in this run. It is expected in the next ones, but not for ever."""
        known = self.get(url)
        if known is not None and known.expected is not None:
            failed = known.expected.failed + 1
            later = replace(known.expected, failed=failed) if failed < MAX_FAILED else None
            self.remember(url, replace(known, expected=later))

    def give_up(self, url: str) -> None:
        """An article cannot be had at all."""
        known = self.get(url)
        if known is not None and known.expected is not None:
            self.remember(url, replace(known, expected=None))

    def _tell(self, file: IO[bytes], url: str, remembered: Remembered) -> None:
        """Write a line, and note where it is."""
        place, name = file.tell(), hash(url)
        file.write(_line(url, remembered))
        self._places[name] = place
        self._expected.pop(name, None)
        if remembered.expected is not None:
            self._expected[name] = place

    def _error(self, error: OSError) -> StateError:
        reason = error.strerror or str(error)
        return StateError(
            f"{self._path} cannot be written ({reason}); make room and run again: nothing is lost"
        )

    def _rewrite(self) -> None:
        """Start from a clean file: no torn last line, one line an address."""
        oldest = (self.now - FORGET_AFTER).date().isoformat()
        fresh = self._path.with_suffix(".new")
        self._places, self._expected = {}, {}
        with fresh.open("wb") as file:
            file.write(_as_line({"key": self._key, "version": _VERSION}))
            for url, page in _last_told(self._path, self._key):
                # Those of a version that noted no day count from today.
                known = page if page.seen else replace(page, seen=self._today)
                if known.seen is not None and known.seen >= oldest:
                    self._tell(file, url, known)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def _last_told(path: Path, key: str | None = None) -> Iterator[tuple[str, Remembered]]:
    """What a file says of each address last, in the order in which they came first.

    Nothing of a file of another key, if one is given, or version.
    """
    try:
        file = path.open("rb")
    except OSError:
        return
    with file:
        head = _object(file.readline())
        if head.get("version") != _VERSION or (key is not None and head.get("key") != key):
            return
        places: dict[int, int] = {}
        place = file.tell()
        for line in file:
            told = _object(line).get("url")
            if isinstance(told, str):
                places[hash(told)] = place
            place += len(line)
        for place in places.values():
            file.seek(place)
            if (last := _told(file.readline())) is not None:
                yield last


def _told(line: bytes) -> tuple[str, Remembered] | None:
    record = _object(line)
    url = record.get("url")
    return (url, _remembered(record)) if isinstance(url, str) else None


def _line(url: str, remembered: Remembered) -> bytes:
    record = {name: value for name in _NAMES if (value := getattr(remembered, name)) is not None}
    if remembered.expected is not None:
        record["expected"] = astuple(remembered.expected)
    return _as_line({"url": url, **record})


def _as_line(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode("ascii") + b"\n"


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _expected(record: Any) -> Expected | None:
    match record:
        case [str(source), str(headline), str(summary), int(failed)]:
            return Expected(source, headline, summary, failed)
    return None


def _remembered(record: dict[str, Any]) -> Remembered:
    def text(name: str) -> str | None:
        value = record.get(name)
        return value if isinstance(value, str) else None

    reasons, links = record.get("reasons"), record.get("links")
    # Of a version that noted no dates each has four members.
    whole = isinstance(links, list) and all(isinstance(link, list) and len(link) in (4, 5) for link in links)
    return Remembered(
        etag=text("etag"),
        last_modified=text("last_modified"),
        fingerprint=text("fingerprint"),
        canonical=text("canonical"),
        read_by=text("read_by"),
        problem=text("problem"),
        fetched_at=text("fetched_at"),
        first_fetched_at=text("first_fetched_at"),
        # As the same few again and again.
        seen=intern(day) if (day := text("seen")) else None,
        expected=_expected(record.get("expected")),
        links=tuple(tuple(map(str, link)) for link in links) if whole and links is not None else None,
        relevance=float(score) if isinstance(score := record.get("relevance"), int | float) else None,
        reasons=tuple(intern(str(r)) for r in reasons) if isinstance(reasons, list) else None,
        modified=text("modified"),
        was_misled=True if record.get("was_misled") is True else None,
    )
