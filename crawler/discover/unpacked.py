"""The bytes of an archive, unpacked where it is gzip, a little at a time, and where in the file they stand."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

_CHUNK = 1 << 16
_GZIP = 31
_MAGIC = b"\x1f\x8b\x08"
# Not only at the beginning of a line: where a writer was killed, the next one went on in the middle of it.
_RECORD = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n[A-Za-z-]{2,40}:")
_MEMBER = re.compile(re.escape(_MAGIC))
_OVERLAP = 1024
"""Bytes in which the beginning of a record can be told."""


class BrokenArchive(Exception):
    """What follows in an archive is not as its format says; the message says what is wrong."""


class Unpacked:
    """A stream over `file` from the place `start` on. One read gives bytes of one gzip member only.

    `broken_at` is the place of what could not be unpacked, `start` if all could.
    """

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        self.broken_at = start
        self._given = 0
        file.seek(start)
        self._input = file.read(_CHUNK)
        self._next = start + len(self._input)
        self._member = self._start = start
        self._is_packed = self._input.startswith(_MAGIC)
        self._stream = zlib.decompressobj(_GZIP) if self._is_packed else None

    def tell(self) -> int:
        """How many bytes were read, unpacked."""
        return self._given

    def place_of(self, behind: int) -> int:
        """Where in the file stands what begins `behind` bytes before the end of what was read.

        Of a packed archive it is where the gzip member begins that was read last.
        """
        return self._member if self._is_packed else self._start + self._given - behind

    def read(self, size: int = _CHUNK) -> bytes:
        """At most `size` bytes, none at the end. Raises BrokenArchive."""
        data = self._read_packed(size) if self._is_packed else self._read_plain(size)
        self._given += len(data)
        return data

    def next_record(self, *, after: int) -> int | None:
        """The place of the first whole beginning of a record behind the place `after`, None if there is none."""
        at, tail = after + 1, b""
        self._file.seek(at)
        wanted = _MEMBER if self._is_packed else _RECORD
        is_last = False
        while not is_last:
            chunk = self._file.read(1 << 20)
            data, is_last = tail + chunk, not chunk
            for found in wanted.finditer(data):
                if found.start() > len(data) - _OVERLAP and not is_last:
                    break
                if not self._is_packed:
                    return at + found.start()
                if _begins_record(data[found.start() : found.start() + _OVERLAP]):
                    return at + found.start()
            tail = data[-_OVERLAP:]
            at += len(data) - len(tail)
        return None

    def _read_plain(self, size: int) -> bytes:
        if not self._input:
            self._fill()
        data, self._input = self._input[:size], self._input[size:]
        return data

    def _read_packed(self, size: int) -> bytes:
        while True:
            if self._stream is None and not self._begin_member():
                return b""
            assert self._stream is not None
            if not self._input:
                self._fill()
            is_over = not self._input
            try:
                data = self._stream.decompress(self._input, size)
            except zlib.error:
                self.broken_at = self._member
                raise BrokenArchive("a record that cannot be unpacked") from None
            self._input = self._stream.unconsumed_tail
            if self._stream.eof:
                self._input, self._stream = self._stream.unused_data, None
            elif is_over and not data:
                self.broken_at = self._member
                raise BrokenArchive("the archive breaks off in a record")
            if data:
                return data

    def _begin_member(self) -> bool:
        """Begin with the next gzip member; False at the end of the file."""
        if len(self._input) < len(_MAGIC):
            self._fill()
        if not self._input:
            return False
        if not self._input.startswith(_MAGIC):
            self.broken_at = self._next - len(self._input)
            raise BrokenArchive("what follows a record is not packed")
        self._member = self._next - len(self._input)
        self._stream = zlib.decompressobj(_GZIP)
        return True

    def _fill(self) -> None:
        more = self._file.read(_CHUNK)
        self._next += len(more)
        self._input += more


def _begins_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(_GZIP).decompress(data, 5) == b"WARC/"
    except zlib.error:
        return False
