"""WARC archives (ISO 28500), packed or not: the pages in them, one after the other, whatever is broken between them.

warcio reads the records. What stands around it here bounds what one record or one head can take, and finds the next
whole record after a broken one.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.bufferedreaders import (  # type: ignore[import-untyped]
    BufferedReader,
    ChunkedDataException,
    ChunkedDataReader,
)
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.limitreader import LimitReader  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeadersParser  # type: ignore[import-untyped]

from crawler.discover.unpacked import BrokenArchive, Unpacked
from crawler.middlewares.unpack import Unpack
from crawler.settings import MAX_PAGE_BYTES

_MAX_HEADS = 256_000  # bytes: of a record's head and the HTTP headers behind it
_MAX_HTTP_HEAD = 128_000
_MAX_BROKEN = 100
_HTML = ("text/html", "application/xhtml+xml")
_PACKED = ("gzip", "x-gzip", "deflate", "br", "zstd")
_CHUNK_HEAD = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_TOO_LARGE = f"larger than {MAX_PAGE_BYTES // 1_000_000} MB"
_HTTP = StatusAndHeadersParser([], verify=False)
# It would print what a record says.
logging.getLogger("warcio").setLevel(logging.ERROR)


class ArchiveError(ValueError):
    """A file that is no WARC archive; the message is one line."""


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A web page of an archive: `retrieved_at` is when it was archived (ISO, UTC), null if that is not readable."""

    url: str
    body: bytes
    content_type: str | None
    retrieved_at: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is no web page: why, in a few words that many records share.

    `is_problem` tells what is broken from what is merely something else. `url` is the record's address, if it has one.
    """

    reason: str
    url: str | None = None
    is_problem: bool = False


def read_warc(path: Path) -> Iterator[ArchivedPage | LeftOut]:
    """The records of an archive in its order. A broken one is left out and the next whole one is looked for.

    Memory is bounded, whatever the archive says of its sizes. Raises ArchiveError for a file in which no record can be
    found, and OSError for one that cannot be read.
    """
    found, broken = False, 0
    with path.open("rb") as file:
        start: int | None = 0
        while start is not None:
            unpacked = Unpacked(file, start)
            records = _Records(unpacked, start)
            try:
                for record in records:
                    if record.length is None:
                        raise BrokenArchive("a record without its length")
                    found = True
                    yield _read(record)
                    _skip_rest(record)
                break
            except (ArchiveLoadFailed, BrokenArchive) as error:
                start = unpacked.next_record(after=max(records.record_at, unpacked.broken_at))
                if not found and start is None:
                    break
                reason = str(error) if isinstance(error, BrokenArchive) else "what follows a record is none"
                yield LeftOut(reason, is_problem=True)
                broken += 1
                if broken == _MAX_BROKEN and start is not None:
                    yield LeftOut(f"broken in {_MAX_BROKEN} places: the rest is not read", is_problem=True)
                    break
    if not found:
        raise ArchiveError(f"{path}: not a WARC archive, or no whole record in it")


class _Records(ArchiveIterator):  # type: ignore[misc]
    """warcio's iterator over what is unpacked already: silent, with bounded heads, and it says where a record began."""

    def __init__(self, unpacked: Unpacked, start: int) -> None:
        super().__init__(unpacked, no_record_parse=True)
        self.known_format = "warc"
        self.record_at = start
        self.reader: _BoundedLines = _BoundedLines(unpacked)
        self._unpacked = unpacked

    def _consume_blanklines(self) -> tuple[bytes | None, int]:
        self.reader.in_heads = 0
        while line := self.reader.readline():
            if line.strip():
                # What is no record may be the rest of one that a record before it took for its own.
                if line.startswith(b"WARC/"):
                    self.record_at = self._unpacked.place_of(self.reader.rem_length() + len(line))
                return line, 0
        return None, 0


class _BoundedLines(BufferedReader):  # type: ignore[misc]
    """A reader that refuses lines without end: heads are read by lines, and kept in memory."""

    in_heads = 0

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or _MAX_HEADS, _MAX_HEADS))
        self.in_heads += len(line)
        if self.in_heads >= _MAX_HEADS:
            raise BrokenArchive(f"a record whose head is larger than {_MAX_HEADS // 1000} kB")
        return line


def _read(record: Any) -> ArchivedPage | LeftOut:
    kind, url = record.rec_type, record.rec_headers.get_header("WARC-Target-URI")
    if kind != "response":
        return LeftOut(
            "revisits, without a body" if kind == "revisit" else "other than answers of a server", url
        )
    if not url or not url.lower().startswith(("http://", "https://")) or not url.isprintable():
        return LeftOut("without a web address")
    if record.rec_headers.get_header("WARC-Truncated"):
        return LeftOut("was cut when it was archived", url, is_problem=True)
    block = _Digested(record)
    head = LimitReader(block, _MAX_HTTP_HEAD)
    try:
        http = _HTTP.parse(head)
    except EOFError:
        return LeftOut("an empty record", url, is_problem=True)
    if head.limit <= 0:
        return LeftOut(f"HTTP headers larger than {_MAX_HTTP_HEAD // 1000} kB", url, is_problem=True)
    status = str(http.get_statuscode())
    if status != "200":
        known = re.fullmatch("[1-9][0-9]{2}", status)
        return LeftOut(f"HTTP {status}" if known else "without an HTTP status", url)
    content_type = http.get_header("Content-Type")
    if content_type and content_type.partition(";")[0].strip().lower() not in _HTML:
        return LeftOut("not HTML", url)
    body = _body(block, http)
    if block.is_whole and not block.is_as_said():
        return LeftOut("not what its digest says", url, is_problem=True)
    if isinstance(body, str):
        return LeftOut(body, url, is_problem=True)
    if not content_type and not _is_markup(body):
        return LeftOut("not HTML", url)
    return ArchivedPage(url, body, content_type, _moment(record.rec_headers.get_header("WARC-Date")))


class _Digested(LimitReader):  # type: ignore[misc]
    """The block of a record, whose digest is made while it is read."""

    def __init__(self, record: Any) -> None:
        super().__init__(record.raw_stream, record.length)
        said: str = record.rec_headers.get_header("WARC-Block-Digest") or ""
        kind, _, self._said = said.strip().partition(":")
        self._hash = hashlib.new(kind.lower()) if kind.lower() in ("sha1", "sha256", "md5") else None

    def _update(self, buff: bytes) -> bytes:
        if self._hash is not None:
            self._hash.update(buff)
        read: bytes = super()._update(buff)
        return read

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read."""
        return bool(self.limit <= 0)

    def is_as_said(self) -> bool:
        """Whether it has the digest that its record gives, if it gives one, in base 32 or base 16."""
        if self._hash is None:
            return True
        made = (base64.b32encode(self._hash.digest()).decode(), self._hash.hexdigest().upper())
        return self._said.upper() in made


def _body(block: _Digested, http: Any) -> bytes | str:
    """The body without chunks and unpacked, or what is wrong with it.

    Archivers often keep a header and store the body as it was without chunks or packing: then it is taken as it is.
    """
    body = b""
    while len(body) <= MAX_PAGE_BYTES and (more := block.read(MAX_PAGE_BYTES + 1 - len(body))):
        body += more
    if len(body) > MAX_PAGE_BYTES:
        return _TOO_LARGE
    if not block.is_whole:
        raise BrokenArchive("the archive breaks off in a record")
    if "chunked" in (http.get_header("Transfer-Encoding") or "").lower() and _CHUNK_HEAD.match(body):
        try:
            body = ChunkedDataReader(io.BytesIO(body), raise_exceptions=True).read()
        except ChunkedDataException:
            return "broken off"
    for encoding in reversed((http.get_header("Content-Encoding") or "").lower().split(",")[:3]):
        name = encoding.strip()
        if name in ("", "identity") or _is_markup(body):
            continue
        if name not in _PACKED:
            return "packed in an unknown way"
        try:
            body = Unpack._decode(body, name.encode(), MAX_PAGE_BYTES)
        except ResponseDataLossError:
            return "broken off"
        except IgnoreRequest:
            return "not packed as it says"
        except ValueError:
            return f"{_TOO_LARGE} when unpacked"
    return body


def _is_markup(body: bytes) -> bool:
    return body[:100].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _skip_rest(record: Any) -> None:
    """Read what is left of a record. Raises BrokenArchive if the archive ends before."""
    while record.raw_stream.limit > 0:
        if not record.raw_stream.read(1 << 16):
            raise BrokenArchive("the archive breaks off in a record")


def _moment(date: str | None) -> str | None:
    try:
        moment = datetime.fromisoformat(date or "")
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="seconds")
