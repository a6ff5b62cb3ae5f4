"""What holds a source, as whoever watches the crawl sees it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from hostile_site import HostileSite, answer, serve_hostile
from local_site import article_page, rss
from rich.console import Console
from run_crawl import launch

from crawler.progress import Hold, Progress, Reached, SourceReached

LEFT_ALONE = "left alone: the site asked to wait for more than 0.3 seconds"


def reached(record: dict[str, Any]) -> Reached:
    """How far a crawl in another process was."""
    sources = {
        name: SourceReached(
            **source | {"holds": {host: Hold(**hold) for host, hold in source["holds"].items()}}
        )
        for name, source in record["sources"].items()
    }
    return Reached(**record | {"sources": sources})


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Reached]:
    """What a crawl told of five sites: one is as any other, the others hold it up."""
    story = answer(article_page("A story worth the wait"))
    busy = answer("", "Retry-After: 9", status="429 Too Many Requests")
    first = iter([busy])
    talks: dict[str, dict[str, Any]] = {
        "Plain": {"/story": story},
        "Busy": {"/story": lambda talk: talk.send(next(first, story))},
        "Tired": {"/story": busy},
        "Closed": {"/robots.txt": answer("", status="503 Later")},
        "Strict": {"/robots.txt": answer("User-agent: *\nDisallow: /story\nCrawl-delay: 0.1\n")},
    }
    with ExitStack() as stack:
        # Of hosts of their own: what one asks for does not hold up the others.
        hosts = {name: f"127.0.0.{number}" for number, name in enumerate(talks, 1)}
        sites = {
            name: stack.enter_context(serve_hostile(HostileSite(host=host), bind=host))
            for name, host in hosts.items()
        }
        for name, site in sites.items():
            site.talks = {"/feed": answer(rss("/story").body), **talks[name]}
        entries = "".join(site.source(name) for name, site in sites.items())
        settings = {"TIEUP_MAX_WAIT": 0.25, "TIEUP_MAX_WAIT_PER_HOST": 0.3, "RETRY_TIMES": 1}
        result = launch(tmp_path_factory.mktemp("holds"), "sources:\n" + entries, settings=settings).result
    return [reached(record) for record in result["progress"]]


def only_hold(source: SourceReached) -> Hold:
    (hold,) = source.holds.values()
    return hold


def test_a_crawl_tells_what_holds_its_sources(told: list[Reached]) -> None:
    last = told[-1].sources
    assert not last["plain"].holds
    assert only_hold(last["tired"]) == Hold(LEFT_ALONE)
    assert only_hold(last["closed"]) == Hold("robots.txt cannot be read (HTTP 503): left alone")
    assert (last["strict"].forbidden, last["strict"].holds, last["strict"].delay) == (1, {}, 0.1)
    assert {name for name, source in last.items() if source.forbidden} == {"strict"}
    # It is told while it waits, when nothing else happens there, and the story comes after that.
    waiting = next(now.sources["busy"] for now in told if now.sources["busy"].holds)
    assert (waiting.done, waiting.articles) == (1, 0)
    assert only_hold(waiting).until is not None
    assert last["busy"].articles == 1


def test_a_log_gets_a_line_for_each_source_that_is_held_and_they_stand_at_the_end(
    told: list[Reached],
) -> None:
    out, moment = StringIO(), 0.0
    with Progress(Console(file=out, width=40), now=lambda: moment) as progress:
        for now in told:
            progress.update(now)
        # Long after that.
        moment = 4e9
        progress.update(told[-1])
        before = out.getvalue()
        # Fifty pages on, what held them was told long ago.
        progress.update(replace(told[-1], done=told[-1].done + 50))
    lines = before.splitlines()
    assert sum(line.startswith("busy: waits, as the server asked, until ") for line in lines) == 1
    assert lines[-1] == "busy: goes on"
    assert [line for line in lines if line.startswith("closed: ")] == [
        "closed: robots.txt cannot be read (HTTP 503): left alone"
    ]
    assert [line for line in lines if line.startswith("strict: ")] == [
        "strict: 1 forbidden by robots.txt, 0.1 s from request to request"
    ]
    assert lines.count(f"tired: {LEFT_ALONE}") == 1
    assert not any(line.startswith("plain: ") for line in lines)
    assert sorted(out.getvalue()[len(before) :].splitlines()[-3:]) == [
        "closed: robots.txt cannot be read (HTTP 503): left alone",
        "strict: 1 forbidden by robots.txt, 0.1 s from request to request",
        f"tired: {LEFT_ALONE}",
    ]


def test_a_terminal_shows_it_beside_the_bar_and_at_the_end(told: list[Reached]) -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=200, highlight=False, _environ={"TERM": "xterm"})
    with Progress(console, now=lambda: 0.0) as progress:
        progress.update(next(now for now in told if now.sources["busy"].holds))
        progress._live.refresh()  # type: ignore[union-attr]  # what its clock does four times a second
        assert "1 of 2 pages, 0 articles, waits, as the server asked, until " in out.getvalue()
        progress.update(told[-1])
        progress._live.refresh()  # type: ignore[union-attr]
        assert f", {LEFT_ALONE}" in out.getvalue()
    assert "\ntired: " + LEFT_ALONE in out.getvalue()


def test_a_server_that_changes_its_mind_with_every_answer_fills_no_log() -> None:
    out = StringIO()
    source = SourceReached(known=9)
    with Progress(Console(file=out, width=200), now=lambda: 0.0) as progress:
        for n in range(100):
            source.holds = {} if n % 2 else {"busy.example": Hold("waits\x1b[2J", until=n + 1.0)}
            progress.update(Reached(0, 9, sources={"busy": source}))
    assert 2 <= len(out.getvalue().splitlines()) <= 20
    assert "\x1b" not in out.getvalue()
