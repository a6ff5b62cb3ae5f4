"""Small WARC archives, written by warcio as crawlers do."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2021-03-05T10:11:12Z"


@dataclass(frozen=True)
class Archived:
    """One record; `headers` are HTTP's, `warc` the record's own."""

    url: str | None = "https://news.example/a"
    body: bytes = b""
    content_type: str | None = "text/html; charset=utf-8"
    status: str = "200 OK"
    kind: str = "response"
    date: str = DATE
    headers: dict[str, str] = field(default_factory=dict)
    warc: dict[str, str] = field(default_factory=dict)


def packed_records(records: Iterable[Archived], *, gzip: bool = True) -> list[bytes]:
    """Each record as it stands in the archive."""
    return [_written(record, gzip) for record in records]


def write(path: Path, *records: Archived, gzip: bool = True) -> Path:
    path.write_bytes(b"".join(packed_records(records, gzip=gzip)))
    return path


def _written(record: Archived, gzip: bool) -> bytes:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=gzip)
    headers = [*record.headers.items()]
    if record.content_type:
        headers.append(("Content-Type", record.content_type))
    is_http = record.kind in ("response", "request", "revisit")
    http = StatusAndHeaders(record.status, headers, protocol="HTTP/1.1") if is_http else None
    writer.write_record(
        writer.create_warc_record(
            record.url,
            record.kind,
            payload=io.BytesIO(record.body),
            length=len(record.body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": record.date, **record.warc},
        )
    )
    return file.getvalue()
