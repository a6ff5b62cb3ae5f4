"""The lists of sources that come with Tieup, under names that need no path into an installed package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crawler.sources import DEFAULT_PATH

PUBLISHERS = "publishers"
UNCHECKED = "unchecked"
NEWSROOM = "newsroom"
"""The sample newsroom: served on this machine at the ports that are asked for, so that it is no mere file."""

LISTS: Mapping[str, Path] = {
    PUBLISHERS: DEFAULT_PATH,
    UNCHECKED: DEFAULT_PATH.with_name("sources-unchecked.yml"),
}
