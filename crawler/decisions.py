"""What a crawl decided on each page that it judged, and why, as plain records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from crawler.canonical import canonical_url
from crawler.discover.links import ARTICLE
from crawler.items import RelevanceDecision
from crawler.relevance import default_threshold
from crawler.sources import Source
from crawler.state import Remembered, read_state


def decisions(
    sources: Iterable[Source], *, state_dir: Path, state_key: str, min_relevance: float | None = None
) -> Iterator[RelevanceDecision]:
    """The decision on each judged page to which the sources' listings lead, or that the sources name.

    `sources`, `state_dir`, `state_key` and `min_relevance` are those of a crawl, which is over. Of a page that is
    listed several times the first listing says source and headline.
    """
    threshold = default_threshold() if min_relevance is None else min_relevance
    state = read_state(state_dir, state_key)
    for url, (source, headline) in _told(sources, state).items():
        if (known := state.get(url)) is None or known.relevance is None:
            continue
        is_read = not known.is_left_out(threshold)
        yield RelevanceDecision(
            url=url,
            source=source,
            headline=headline or None,
            score=known.relevance,
            is_read=is_read,
            is_fetched=is_read or known.was_fetched,
            reasons=known.reasons or (),
        )


def _told(sources: Iterable[Source], state: Mapping[str, Remembered]) -> Mapping[str, tuple[str | None, str]]:
    """Source and headline of the pages that a crawl may have asked for, by address."""
    told: dict[str, tuple[str | None, str]] = {}
    for source in sources:
        name = source.id if source.is_listed else None
        told |= {canonical_url(page): (name, "") for page in source.pages}
        waiting = [source.absolute(a) for a in (*source.feeds, *source.sitemaps, *source.sections)]
        seen = set(waiting)
        for address in waiting:  # which grows meanwhile
            known = state.get(address)
            for kind, url, headline, *_ in (known.links or ()) if known else ():
                if kind == ARTICLE:
                    told.setdefault(canonical_url(url), (name, headline))
                elif url not in seen:
                    seen.add(url)
                    waiting.append(url)
    return told
