"""The publishers of the sample newsroom, from publishers.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

PUBLISHERS_FILE = Path(__file__).with_name("publishers.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A feed or sitemap of a publisher: its address, its kind, and how many articles it holds at most."""

    path: str
    kind: str
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """One publisher; the header of publishers.yml explains the fields. `port_offset` is its place there."""

    id: str
    name: str
    tagline: str
    country: str
    language: str
    article_path: str
    latest_path: str
    section_path: str
    next_pages: str
    private_path: str
    validators: tuple[str, ...]
    port_offset: int
    paywall: bool = False
    copies: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    old_path: str | None = None
    feeds: tuple[Listing, ...] = ()
    sitemaps: tuple[Listing, ...] = ()

    def origin(self, base_port: int) -> str:
        """Scheme, host and port of its pages, without a slash at the end."""
        return f"http://127.0.0.1:{base_port + self.port_offset}"


@cache
def load_publishers() -> tuple[Publisher, ...]:
    """The bundled publishers, in the order of their ports."""
    entries = yaml.safe_load(PUBLISHERS_FILE.read_text(encoding="utf-8"))["publishers"]
    return tuple(_publisher(entry, offset) for offset, entry in enumerate(entries))


def _publisher(entry: dict[str, object], offset: int) -> Publisher:
    values = dict(entry)
    for key in ("feeds", "sitemaps"):
        listings = values.pop(key, None) or []
        assert isinstance(listings, list)
        values[key] = tuple(Listing(**listing) for listing in listings)
    validators = values.pop("validators")
    assert isinstance(validators, list)
    return Publisher(**values, validators=tuple(validators), port_offset=offset)  # type: ignore[arg-type]
