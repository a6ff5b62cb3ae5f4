"""Bytes to text: what the page says about its encoding, checked against its bytes."""

from __future__ import annotations

import codecs
import json
import re

from bs4.dammit import UnicodeDammit
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

from crawler.parse.text import drop_control

SIZE_LIMIT = 8_000_000

_MAGIC = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image or sound",
    b"PK\x03\x04": "an archive or office document",
    b"\x1f\x8b": "compressed data",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"OggS": "sound or film",
    b"ID3": "sound",
}
_MEDIA_TYPE = re.compile(
    r"(?:image|audio|video|font)/|application/(?:pdf|zip|gzip|octet-stream|msword|vnd\.)"
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_SEVEN_BIT = ("utf-7", "iso-2022", "iso2022", "hz")


class NotAnArticle(ValueError):
    """A page that is no news article; the message says in a few words what it is instead."""


def decode_page(page: bytes | str, content_type: str | None) -> str:
    """The page as text without control characters.

    `content_type` is the HTTP header's value. Raises NotAnArticle for what is no readable text of a page.
    """
    if len(page) > SIZE_LIMIT:
        raise NotAnArticle(f"larger than {SIZE_LIMIT // 1_000_000} MB")
    if content_type and _MEDIA_TYPE.match(content_type.strip().lower()):
        raise NotAnArticle(f"not a web page but {content_type.split(';')[0].strip()[:60]}")
    text = page if isinstance(page, str) else _decode_bytes(page, content_type)
    _refuse_data(text)
    return drop_control(text)


def _decode_bytes(page: bytes, content_type: str | None) -> str:
    start = page.lstrip()[:8]
    for magic, meaning in _MAGIC.items():
        if start.startswith(magic):
            raise NotAnArticle(f"not a web page but {meaning}")
    bom_encoding, bom = read_bom(page)
    if bom_encoding and bom:
        return page[len(bom) :].decode(bom_encoding, "replace")
    sample = page[:4096]
    if sample.count(0) > len(sample) // 4:
        little_endian = sample[1::2].count(0) > sample[::2].count(0)
        return page.decode("utf-16-le" if little_endian else "utf-16-be", "replace")
    declared = _declared(page, content_type)
    if declared and declared.startswith(_SEVEN_BIT):
        return page.decode(declared, "replace")
    # Bytes that are valid UTF-8 and not plain ASCII are UTF-8, whatever the page says.
    for encoding in ("utf-8", declared):
        try:
            if encoding:
                return page.decode(encoding)
        except UnicodeDecodeError:
            continue
    if declared in (None, "utf-8"):
        return _decode_mixed(page)
    text = page.decode(declared or "cp1252", "replace")
    if text.count("\ufffd") > len(text) // 100:
        raise NotAnArticle(f"its text does not fit the encoding {declared} that it declares")
    return text


def _declared(page: bytes, content_type: str | None) -> str | None:
    header = http_content_type_encoding(content_type)
    name = header or html_body_declared_encoding(page)
    resolved = resolve_encoding(name) if name else None
    return codecs.lookup(resolved).name if resolved else None


def _decode_mixed(page: bytes) -> str:
    """Windows-1252 that claims to be UTF-8, or UTF-8 with pieces of Windows-1252 pasted in."""
    if _is_not_western(page):
        raise NotAnArticle("its text is in an encoding that it does not declare")
    if len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]", page)) * 2 < len(re.findall(rb"[\x80-\xff]+", page)):
        return page.decode("cp1252", "replace")
    text = UnicodeDammit.detwingle(page).decode("utf-8", "replace")
    if text.count("\ufffd") > len(text) // 100:
        raise NotAnArticle("its text is in no encoding that it declares")
    return text


def _is_not_western(page: bytes) -> bool:
    """Whether whole words are beyond ASCII, as in Cyrillic, Greek or Chinese encodings of other names.

    In Windows-1252 such bytes are single letters with accents, quotes and dashes.
    """
    runs = [match for match in _BEYOND_ASCII.findall(page) if not _is_utf8(match)]
    return len(runs) > 10 and sum(len(run) >= 4 for run in runs) * 4 > len(runs)


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_data(text: str) -> None:
    start = text.lstrip("\ufeff \t\r\n\x00")[:200].lower()
    if not start:
        raise NotAnArticle("empty")
    if start[0] in "{[" and _is_json(text):
        raise NotAnArticle("not a web page but JSON")
    if re.match(
        r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(rss|feed|rdf:rdf|urlset|sitemapindex)\b", start, re.DOTALL
    ):
        raise NotAnArticle("not a web page but a feed or sitemap")
    if text[:2000].count("\x00") > 500 or text[:4000].count("\ufffd") > 400:
        raise NotAnArticle("not a web page but binary data")


def _is_json(text: str) -> bool:
    try:
        json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return text.lstrip("\ufeff \t\r\n")[:2] in ('{"', "[{", '["') and "<html" not in text[:5000].lower()
    return True
