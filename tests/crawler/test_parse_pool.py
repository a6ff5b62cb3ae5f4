"""Pages are parsed by other processes: what happens when one of them dies, hangs or is left alone."""

from __future__ import annotations

import asyncio
import fcntl
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from local_site import Answer, LocalSite, article_page, rss, source
from run_crawl import articles, launch, told

from crawler.parse_pool import ParsePool
from crawler.parse_worker import PageToParse


def crawl(site: LocalSite, folder: Path, feeds: tuple[str, ...] = ("/feed",), **order: Any) -> dict[str, Any]:
    env = {"FRAGILE_WORKERS": str(folder / "workers")}
    listed = "sources:\n" + source(site, f"feeds: [{', '.join(feeds)}]")
    outcome = launch(folder, listed, worker="fragile_worker.py", env=env, **order)
    if not order.get("kill_after"):
        assert outcome.code == 0, outcome.stderr
    return outcome.result | {"stderr": outcome.stderr}


def workers(folder: Path) -> list[str]:
    """The ids of all workers that there were, once they have ended."""
    with (folder / "workers").open() as notes:
        fcntl.flock(notes, fcntl.LOCK_EX)
        return notes.read().split()


def many(site: LocalSite, number: int = 40) -> None:
    paths = [f"/story-{n}" for n in range(number)]
    site.pages = {"/feed": rss(*paths)}
    site.pages |= {path: Answer(article_page(f"News from {path}"), etag=f'"{path}"') for path in paths}


def long_feed(words: str, *links: str) -> Answer:
    feed = rss(*links)
    assert isinstance(feed.body, str)
    return replace(feed, body=f"{feed.body}<!-- {words} {'and so on ' * 6000} -->", etag=f'"{words}"')


def test_a_page_or_listing_that_harms_its_worker_is_reported_and_the_others_arrive(
    site: LocalSite, tmp_path: Path
) -> None:
    words = {"kills": "signal 9", "hangs": "took too long", "breaks": "ZeroDivisionError: a bug in two lines"}
    paths = [f"/{word}" for word in (*words, "prints", "works")]
    lists = {f"/{word}.xml": f"a list that {word}" for word in (*words, "prints")}
    site.pages = {"/feed": rss(*paths[:-1])}
    site.pages |= {path: Answer(article_page(f"A page that {path[1:]}"), etag=f'"{path}"') for path in paths}
    site.pages |= {path: long_feed(words, paths[-1]) for path, words in lists.items()}
    feeds = ("/feed", *lists)
    result = crawl(site, tmp_path, feeds)
    messages = told(result)
    harmful = (*paths, *lists)
    assert set(messages) == {path for path in harmful if path[1:].partition(".")[0] in words}
    for path, message in messages.items():
        assert message.startswith("parsing failed: ")
        assert words[path[1:].partition(".")[0]] in message
    assert {problem["level"] for problem in result["problems"]} == {"error"}
    assert {a["headline"] for a in articles(tmp_path)} == {"A page that prints", "A page that works"}
    assert "a library that prints" in result["stderr"]
    # What failed is fetched again by the next run: it may have been the fault of this version.
    site.asked.clear()
    crawl(site, tmp_path, feeds)
    assert {asked.path for asked in site.asked if asked.status == 200} == set(messages)


def test_a_crawl_without_articles_starts_no_worker(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {"/feed": rss("/gone")}
    crawl(site, tmp_path)
    assert not (tmp_path / "workers").exists()


ENDS: dict[str, dict[str, Any]] = {
    "Ctrl-C": {"interrupt_after": 2},
    "Ctrl-C twice": {"interrupt_after": 2, "interrupts": 2},
    "kill -9": {"kill_after": 2},
    "disk full": {"sink_fails": True},
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_no_worker_outlives_its_crawl(end: dict[str, Any], site: LocalSite, tmp_path: Path) -> None:
    many(site)
    env = {"FRAGILE_WORKERS": str(tmp_path / "workers")}
    ended = launch(tmp_path, "sources:\n" + source(site), worker="fragile_worker.py", env=env, **end)
    assert ended.result.get("report", {}).get("interrupted", True)
    assert workers(tmp_path)
    assert len(articles(tmp_path)) < 40
    crawl(site, tmp_path)
    assert {a["headline"] for a in articles(tmp_path)} == {f"News from /story-{n}" for n in range(40)}
    assert len(articles(tmp_path)) <= 41


def test_a_worker_is_replaced_after_so_many_pages(site: LocalSite, tmp_path: Path) -> None:
    many(site, 12)
    crawl(site, tmp_path, pages_each=3)
    assert len(workers(tmp_path)) >= 4
    assert len(articles(tmp_path)) == 12


def test_a_bug_in_another_step_is_a_problem_of_its_page(site: LocalSite, tmp_path: Path) -> None:
    many(site, 2)
    result = launch(tmp_path, "sources:\n" + source(site), broken_step=True)
    assert told(result.result) == {
        f"/story-{n}": "not handled: ZeroDivisionError: a bug in two lines" for n in range(2)
    }


def test_a_worker_leaves_signals_to_the_crawl() -> None:
    page = PageToParse(
        article_page("Alpha signs with Beta").encode(), "https://n.example/a", None, None, None
    )

    async def parse_twice() -> list[str]:
        pool = ParsePool(1)
        headlines = []
        for number in (signal.SIGINT, signal.SIGTERM):
            async with pool.worker() as worker:
                parsed = await worker.parse(page)
                headlines.append(parsed.article.headline if parsed.article else parsed.refused)
                worker.process.send_signal(number)
        async with pool.worker() as worker:
            assert worker.pages == 2
        await pool.close()
        return headlines

    assert asyncio.run(parse_twice()) == ["Alpha signs with Beta"] * 2
