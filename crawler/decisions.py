"""What a crawl decided on each page that it judged, and why, as plain records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from crawler.canonical import canonical_url, host_of
from crawler.discover.links import ARTICLE
from crawler.items import RelevanceDecision
from crawler.relevance import default_threshold
from crawler.sources import Source
from crawler.state import Remembered, archived_url, read_state


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
        if (known := state.get(url)) is not None and known.relevance is not None:
            yield _decision(url, known, known.relevance, threshold, source, headline or None)


def archive_decisions(
    sources: Iterable[Source], *, state_dir: Path, state_key: str, min_relevance: float = 0.0
) -> Iterator[RelevanceDecision]:
    """The same for the judged pages of all archives that were read; `sources` say whose they are."""
    at = {host_of(source.domain): source.id for source in sources}
    for key, known in read_state(state_dir, state_key).items():
        url = archived_url(key)
        if url is not None and known.relevance is not None:
            source = at.get(host_of(urlsplit(url).netloc))
            yield replace(
                _decision(url, known, known.relevance, min_relevance, source, None), is_fetched=True
            )


def _decision(
    url: str, known: Remembered, score: float, threshold: float, source: str | None, headline: str | None
) -> RelevanceDecision:
    is_read = not known.is_left_out(threshold)
    return RelevanceDecision(
        url=url,
        source=source,
        headline=headline,
        score=score,
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
