"""Refuse XML that grows as it is read."""

from __future__ import annotations


def defines_entities(body: bytes) -> bool:
    """Whether a document has entities of its own, in any encoding and however far from its beginning.

    An entity can stand for thousands of others, or for a file; neither feeds nor sitemaps need one.
    """
    # Without NUL bytes UTF-16 and UTF-32 read as ASCII.
    upper = body.replace(b"\x00", b"").upper()
    return b"<!DOCTYPE" in upper and b"<!ENTITY" in upper
