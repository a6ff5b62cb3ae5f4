"""Names and numbers of this machine and its network, wherever a public site leads to them: nothing is connected to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hostile_site import HostileSite, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch

# 127.0.0.2 stands for an address of the public internet; the names are of the publisher's own domain, so that
# nothing but where they lead speaks against them.
OUTSIDE = "127.0.0.2"
NAMES = {
    "news.example": [OUTSIDE],
    "own.news.example": ["127.0.0.1"],
    "ten.news.example": ["10.0.0.7"],
    "home.news.example": ["192.168.0.7"],
    "meta.news.example": ["169.254.169.254"],
    "zero.news.example": ["0.0.0.0"],
}
INNER_NAMES = [name for name in NAMES if name != "news.example"]
NUMBERS = ["127.0.0.1", "10.0.0.7", "169.254.169.254", "[::1]", "[::ffff:10.0.0.7]", "2130706433"]
MAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</urlset>"


@pytest.fixture
def outside() -> Iterator[HostileSite]:
    with serve_hostile(HostileSite(host="news.example"), bind=OUTSIDE) as running:
        yield running


@pytest.fixture
def inside(outside: HostileSite) -> Iterator[HostileSite]:
    """What must not be asked: it listens at the port that all these addresses name."""
    with serve_hostile(HostileSite(), port=outside.port) as running:
        yield running


def test_nothing_inside_is_asked_whatever_leads_there(
    outside: HostileSite, inside: HostileSite, tmp_path: Path
) -> None:
    targets = [f"http://{host}:{outside.port}/inside" for host in (*INNER_NAMES, *NUMBERS)]
    targets += ["file:///etc/passwd", "ftp://news.example/file"]
    hops = [f"/hop-{number}" for number in range(len(targets))]
    entries = "".join(f"<url><loc>{target}</loc></url>" for target in targets)
    outside.talks = {
        # A second hop, and a listing that has moved, are checked as the first.
        "/feed": answer(rss(*targets, *hops, "/fine", "/twice").body),
        "/map": answer(MAP.format(entries)),
        "/moved": answer("", f"Location: {targets[0]}", status="301 Moved"),
        "/fine": answer(
            article_page("A fine story", head="<link rel='canonical' href='http://10.0.0.7/inside'>")
        ),
        "/twice": answer("", "Location: /hop-1", status="302 Found"),
    }
    outside.talks |= {
        hop: answer("", f"Location: {target}", status="302 Found")
        for hop, target in zip(hops, targets, strict=True)
    }
    outcome = launch(
        tmp_path,
        "sources:\n" + outside.source("News", "feeds: [/feed, /moved], sitemaps: [/map, /moved]"),
        allow_loopback=False,
        settings={"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False},
        # As the system's own resolver reads a number.
        names=NAMES | {"2130706433": ["127.0.0.1"]},
    )
    assert (outcome.code, outcome.stderr) == (0, "")
    assert inside.asked == []
    (fine,) = articles(tmp_path)
    assert (fine["headline"], fine["canonical_url"]) == ("A fine story", f"{outside.origin}/fine")
    reasons = {problem["url"]: problem["message"] for problem in outcome.result["problems"]}
    left_out = reasons.pop(f"{outside.origin}/feed")
    assert left_out == f"{len(NUMBERS)} entries on other sites left out, such as {targets[len(INNER_NAMES)]}"
    assert {reason for reason in reasons.values() if not reason.startswith("refused: ")} == set()
    # Every name that the feed and the sitemap list, and every hop, is said once.
    assert {urlsplit(url).hostname for url in reasons} >= {*INNER_NAMES}
    assert {urlsplit(url).scheme for url in reasons} >= {"file", "ftp"}
    assert all(
        any(urlsplit(url).path == hop or url == target for url in reasons)
        for hop, target in zip(hops, targets, strict=True)
    )
