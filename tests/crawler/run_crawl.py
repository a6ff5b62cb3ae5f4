"""Run one crawl in a process of its own, since Scrapy's reactor runs once: used by the tests as a program.

Reads a JSON object on standard input: sources (YAML), folder, key, allow_loopback, kill_after (articles, or null).
Appends the articles to folder/articles.jsonl and prints {"report": ..., "problems": [...], "progress": [...]}.
"""

import dataclasses
import json
import os
import signal
import sys
import warnings
from pathlib import Path

warnings.simplefilter("error")

from crawler.crawl import crawl  # noqa: E402
from crawler.items import NewsArticle, Problem  # noqa: E402
from crawler.sources import sources_from_text  # noqa: E402

order = json.load(sys.stdin)
folder = Path(order["folder"])
problems: list[Problem] = []
progress: list[tuple[int, int]] = []
delivered = 0


def sink(article: NewsArticle) -> None:
    global delivered
    if order.get("sink_fails"):
        raise OSError("the disk is full")
    with (folder / "articles.jsonl").open("a") as file:
        file.write(json.dumps(article.to_json()) + "\n")
    delivered += 1
    if delivered == order.get("kill_after"):
        os.kill(os.getpid(), signal.SIGKILL)
    if delivered == order.get("interrupt_after"):
        os.kill(os.getpid(), signal.SIGINT)


report = crawl(
    sources_from_text(order["sources"], "test"),
    sink,
    state_dir=folder / "state",
    state_key=order.get("key", "one"),
    on_problem=problems.append,
    allow_loopback=order.get("allow_loopback", True),
    progress=lambda done, waiting: progress.append((done, waiting)),
    contact="desk@example.org",
)
print(
    json.dumps(
        {
            "report": dataclasses.asdict(report),
            "problems": [dataclasses.asdict(problem) for problem in problems],
            "progress": progress,
        }
    )
)
