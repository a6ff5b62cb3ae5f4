"""Parsing goes on beside fetching: a page that takes long to read keeps no other page from being asked for."""

from __future__ import annotations

import threading
from pathlib import Path

from local_site import Answer, LocalSite, article_page, rss, source
from run_crawl import articles, launch

# More than are under way at a time, and than a crawl has workers.
STORIES = tuple(f"/story-{n}" for n in range(40))


def test_a_page_that_holds_its_worker_up_keeps_no_other_from_being_asked_for(
    site: LocalSite, tmp_path: Path
) -> None:
    held_up, all_asked = threading.Event(), threading.Event()
    in_time: list[bool] = []

    def feed(before: int) -> Answer:
        # Not there before the worker is held up, so that all of its stories are asked for meanwhile.
        assert held_up.wait(20)
        return rss(*STORIES)

    def story(path: str) -> Answer:
        if set(STORIES) <= set(site.paths()):
            all_asked.set()
        return Answer(article_page(f"News from {path}"))

    def release(before: int) -> Answer:
        held_up.set()
        in_time.append(all_asked.wait(10))
        return Answer("go on")

    site.pages = {"/first": rss("/long"), "/feed": feed, "/held-up": release}
    site.pages["/long"] = Answer(article_page("A page that holds its reader up"))
    site.pages |= {path: lambda before, path=path: story(path) for path in STORIES}
    listed = "sources:\n" + source(site, "feeds: [/first, /feed]")
    outcome = launch(tmp_path, listed, worker="patient_worker.py", env={"HELD_UP_AT": site.netloc})
    assert (outcome.code, outcome.stderr, outcome.result["problems"]) == (0, "", [])
    assert in_time == [True]
    assert len(articles(tmp_path)) == 1 + len(STORIES)
