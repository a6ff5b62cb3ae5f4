"""Waiting as asked, and the state file."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.guard import RefusedAddress, check_ip
from crawler.middlewares.retry_later import seconds_to_wait
from crawler.process import run_spider
from crawler.settings import scrapy_settings, user_agent
from crawler.sources import Source
from crawler.state import CrawlState, Expected, Remembered

POLITE = {"DOWNLOAD_DELAY": 1.0, "AUTOTHROTTLE_ENABLED": True, "CONCURRENT_REQUESTS_PER_DOMAIN": 2}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("99999999999", 60.0),
        ("Wed, 03 Mar 2021 10:00:30 GMT", 30.0),
        ("Wed, 03 Mar 2021 09:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 60.0),
        ("soon", 0.0),
        ("", 0.0),
        ("-5", 0.0),
    ],
)
def test_retry_after_is_kept_within_a_bound(header: str, seconds: float) -> None:
    assert seconds_to_wait(header, now=1614765600.0) == seconds


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
     "::7f00:1", "::a00:1", "::5db8:d822", "fec0::1", "64:ff9b:1::1",
     "255.255.255.255"],
)  # fmt: skip
def test_addresses_inside_are_refused(ip: str) -> None:
    with pytest.raises(RefusedAddress):
        check_ip(ip)


def test_public_addresses_and_permitted_loopback_pass() -> None:
    for ip in ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"):
        check_ip(ip)
    check_ip("127.0.0.1", allow_loopback=True)
    with pytest.raises(RefusedAddress):
        check_ip("10.0.0.1", allow_loopback=True)


def test_only_a_crawl_of_this_machine_alone_is_in_a_hurry() -> None:
    def settings(only_loopback: bool) -> dict[str, Any]:
        known = scrapy_settings(loopback=["127.0.0.1:1"], only_loopback=only_loopback, contact=None)
        return {name: known[name] for name in POLITE}

    assert settings(False) == POLITE
    assert all(settings(True)[name] != polite for name, polite in POLITE.items())


def test_one_source_elsewhere_makes_a_crawl_polite(monkeypatch: pytest.MonkeyPatch) -> None:
    import scrapy.crawler

    asked: list[bool] = []

    class Asked(Exception):
        pass

    def process(settings: Mapping[str, Any]) -> None:
        asked.append(POLITE.items() <= settings.items())
        raise Asked

    monkeypatch.setattr(scrapy.crawler, "AsyncCrawlerProcess", process)
    local = Source(name="L", id="l", domain="127.0.0.1:8471", feeds=("/feed",))
    other = Source(name="O", id="o", domain="o.example", feeds=("/feed",))
    for sources, allowed in (([local], True), ([local], False), ([local, other], True), ([other], True)):
        with pytest.raises(Asked):
            run_spider("crawler.spiders.news.NewsSpider", sources, allow_loopback=allowed, contact=None)
    assert asked == [False, True, True, True]


def test_the_user_agent_names_a_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEUP_CONTACT", "https://desk.example\r\nX-Evil: 1")
    assert user_agent(None).endswith(" (+https://desk.exampleX-Evil: 1)")
    assert user_agent("me@example.org").endswith(" (+me@example.org)")


def test_an_article_that_fails_is_expected_in_three_runs(tmp_path: Path) -> None:
    url = "https://a.example/x"
    for failed in range(3):
        with CrawlState(tmp_path, "one") as state:
            if not failed:
                state.expect(url, "a", "Head", "line")
            assert state.expected() == [(url, Expected("a", "Head", "line", failed))]
            state.note_failure(url)
    with CrawlState(tmp_path, "one") as state:
        assert state.expected() == []
        state.expect(url, "a", "Head", "line")
        state.remember(url, Remembered(etag='"e"'))
        state.expect(url, "a", "Head", "line")
        assert state.expected() == []


def test_what_is_listed_no_longer_is_forgotten_after_half_a_year(tmp_path: Path) -> None:
    start = datetime(2024, 1, 1, 12, tzinfo=UTC)
    names = ("listed", "silent", "expected")
    for days in (0, 100, 180):
        with CrawlState(tmp_path, "one", start + timedelta(days=days)) as state:
            if not days:
                state.remember("listed", Remembered(fingerprint="l"))
                state.remember("silent", Remembered(fingerprint="s"))
                state.expect("expected", "a", "", "")
            assert [state.get(name) is not None for name in names] == [True, True, True]
            state.see("listed" if days == 100 else "elsewhere")
    with CrawlState(tmp_path, "one", start + timedelta(days=181)) as state:
        assert [state.get(name) is not None for name in names] == [True, False, False]
    assert "silent" not in (tmp_path / "crawl.jsonl").read_text()


def test_what_is_expected_is_told_in_its_order_whatever_else_is_known(tmp_path: Path) -> None:
    for _ in range(2):  # again from the file
        with CrawlState(tmp_path, "one") as state:
            for number in range(40):
                state.expect(f"https://a.example/{number}", "a", f"Head {number}", "é" * number)
            for number in range(0, 40, 2):
                state.remember(f"https://a.example/{number}", Remembered(etag=f'"{number}"'))
            assert [told.headline for _, told in state.expected()] == [f"Head {n}" for n in range(1, 40, 2)]
            found = [state.get(f"https://a.example/{number}") for number in range(40)]
            assert [known.etag for known in found if known and known.etag] == [
                f'"{n}"' for n in range(0, 40, 2)
            ]
            assert state.get("https://a.example/40") is None


def test_a_known_page_takes_little_memory(tmp_path: Path) -> None:
    """A watch of weeks knows a million pages; what is known of them lies in the file."""
    pages = 3_000
    with CrawlState(tmp_path, "one") as state:
        tracemalloc.start()
        for number in range(pages):
            known = Remembered(canonical=f"https://a.example/news/{number}", reasons=("deal +0.4", "body"))
            state.remember(f"https://a.example/news/of/today/{number}", known)
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert taken / pages < 250


def test_a_state_without_days_is_kept(tmp_path: Path) -> None:
    lines = [{"key": "one", "version": 1}, {"url": "old", "etag": '"e"'}]
    (tmp_path / "crawl.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for days in (0, 180, 181):
        now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=days)
        with CrawlState(tmp_path, "one", now) as state:
            assert (state.get("old") is not None) is (days < 181)


def test_state_survives_torn_lines_and_starts_afresh_under_another_key(tmp_path: Path) -> None:
    known = Remembered(
        '"e"', "Mon", "f", "https://a.example/", (("article", "u", "h", "s"),), 0.5, ("deal +0.4",)
    )
    with CrawlState(tmp_path, "one") as state:
        state.remember("https://a.example/x", Remembered("old"))
        state.remember("https://a.example/x", known)
    path = tmp_path / "crawl.jsonl"
    path.write_bytes(path.read_bytes() + b'{"url": "https://b.example/", "etag": "\xff\n[1]\n{"url": "torn')
    with CrawlState(tmp_path, "one") as state:
        found = state.get("https://a.example/x")
        assert found is not None
        assert found.seen is not None
        assert replace(found, seen=None) == known
        assert state.get("torn") is None
    assert path.read_text().count("\n") == 2
    with CrawlState(tmp_path, "two") as state:
        assert state.get("https://a.example/x") is None
    with pytest.raises(RuntimeError):
        state.remember("https://a.example/x", known)
