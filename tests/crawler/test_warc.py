"""WARC archives: which records are pages, what is left out and why, and that nothing broken ends the reading."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import brotli
import pytest
from archive_file import Archived, packed_records, write
from local_site import article_page
from run_crawl import ParsesHere

from crawler.archives import ArchiveReport, read_archives
from crawler.decisions import archive_decisions
from crawler.discover.unpacked import Unpacked
from crawler.discover.warc import ArchivedPage, ArchiveError, LeftOut, read_warc
from crawler.items import NewsArticle, Problem
from crawler.settings import MAX_PAGE_BYTES
from crawler.sources import sources_from_text

PAGE = article_page("Alpha signs with Beta").encode()
HTML = Archived(body=PAGE)


def page(name: str, headline: str = "Alpha signs with Beta", **fields: Any) -> Archived:
    return Archived(f"https://news.example/{name}", article_page(f"{headline} {name}").encode(), **fields)


def chunked(body: bytes) -> bytes:
    parts = (body[n : n + 700] for n in range(0, len(body), 700))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def read(path: Path) -> list[ArchivedPage | LeftOut]:
    return list(read_warc(path))


def urls(path: Path) -> list[str]:
    return [record.url.rpartition("/")[2] for record in read(path) if isinstance(record, ArchivedPage)]


def reasons(path: Path) -> list[str]:
    return [record.reason for record in read(path) if isinstance(record, LeftOut)]


class Reading:
    """What reading archives into `folder` brought."""

    def __init__(
        self, folder: Path, *paths: Path, sources: str = "", min_relevance: float | None = None
    ) -> None:
        self.articles: list[NewsArticle] = []
        self.problems: list[Problem] = []
        self.report: ArchiveReport = read_archives(
            paths,
            self.articles.append,
            known=sources_from_text(sources, "my.yml") if sources else (),
            state_dir=folder / "state",
            state_key="one",
            on_problem=self.problems.append,
            pool=ParsesHere,
            **({} if min_relevance is None else {"min_relevance": min_relevance}),
        )


@pytest.mark.parametrize("packed", [True, False])
def test_pages_become_articles_with_address_and_date_of_the_record(packed: bool, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.warc",
        Archived(None, b"software: x\r\n", kind="warcinfo", content_type=None),
        page("a", date="2021-03-05T10:11:12.345Z"),
        Archived("https://news.example/a", b"", kind="request", status="GET /a HTTP/1.1"),
        page("b", content_type="application/xhtml+xml"),
        page("c", content_type=None),
        Archived("https://news.example/a.png", b"\x89PNG", content_type="image/png"),
        Archived("https://news.example/gone", PAGE, status="404 Not Found"),
        Archived("https://news.example/moved", b"", status="301 Moved", headers={"Location": "/a"}),
        Archived("https://news.example/a", b"", kind="revisit", warc={"WARC-Profile": "p"}),
        Archived("dns:news.example", b"127.0.0.1", content_type=None),
        Archived("https://news.example/empty", b""),
        gzip=packed,
    )
    reading = Reading(tmp_path, path)
    assert [(a.url, a.headline, a.retrieved_at, a.source) for a in reading.articles] == [
        ("https://news.example/a", "Alpha signs with Beta a", "2021-03-05T10:11:12+00:00", None),
        ("https://news.example/b", "Alpha signs with Beta b", "2021-03-05T10:11:12+00:00", None),
        ("https://news.example/c", "Alpha signs with Beta c", "2021-03-05T10:11:12+00:00", None),
    ]
    report = reading.report
    assert (report.pages, report.not_modified, report.articles, report.problems) == (4, 0, 3, 1)
    assert report.left_out == {
        "other than answers of a server": 2,
        "not HTML": 1,
        "HTTP 404": 1,
        "HTTP 301": 1,
        "revisits, without a body": 1,
        "without a web address": 1,
    }
    (problem,) = reading.problems
    assert (problem.level, problem.url) == ("warning", "https://news.example/empty")
    assert problem.message.startswith("no article: ")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(PAGE), {"Content-Encoding": "gzip"}),
        (zlib.compress(PAGE), {"Content-Encoding": "deflate"}),
        (brotli.compress(PAGE), {"Content-Encoding": "br"}),
        (chunked(PAGE), {"Transfer-Encoding": "chunked"}),
        (chunked(gzip.compress(PAGE)), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        # Stored without what their headers say, as many archivers do.
        (PAGE, {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}),
        (PAGE, {"Content-Encoding": "br"}),
    ],
    ids=["gzip", "deflate", "br", "chunked", "chunked gzip", "none of what it says", "not br as it says"],
)
def test_bodies_are_joined_and_unpacked(body: bytes, headers: dict[str, str], tmp_path: Path) -> None:
    (found,) = read(write(tmp_path / "a.warc.gz", Archived(body=body, headers=headers)))
    assert isinstance(found, ArchivedPage)
    assert found.body == PAGE


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Archived(body=gzip.compress(PAGE)[:-9], headers={"Content-Encoding": "gzip"}), "broken off"),
        (Archived(body=chunked(PAGE)[:900], headers={"Transfer-Encoding": "chunked"}), "broken off"),
        (Archived(body=b"\x00\x01 none", headers={"Content-Encoding": "gzip"}), "not packed as it says"),
        (Archived(body=b"\x00\x01 none", headers={"Content-Encoding": "exi"}), "packed in an unknown way"),
        (Archived(body=b"<p>" + b"x" * MAX_PAGE_BYTES), "larger than 8 MB"),
        (
            Archived(
                body=gzip.compress(b"<p>" + b"x" * MAX_PAGE_BYTES), headers={"Content-Encoding": "gzip"}
            ),
            "larger than 8 MB when unpacked",
        ),
        (
            Archived(body=brotli.compress(b"x" * 50_000_000, quality=1), headers={"Content-Encoding": "br"}),
            "larger than 8 MB when unpacked",
        ),
        (replace(HTML, warc={"WARC-Truncated": "length"}), "was cut when it was archived"),
        (replace(HTML, warc={"WARC-Block-Digest": "sha1:" + "A" * 32}), "not what its digest says"),
        (replace(HTML, headers={"X": "y" * 200_000}), "HTTP headers larger than 128 kB"),
        (replace(HTML, headers={"X": "y" * 2_000_000}), "HTTP headers larger than 128 kB"),
        (replace(HTML, warc={"X": "y" * 2_000_000}), "a record whose head is larger than 256 kB"),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_what_is_wrong_with_one_record_is_told_and_the_others_are_read(
    record: Archived, reason: str, packed: bool, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.warc", page("before"), record, page("after"), gzip=packed)
    assert urls(path) == ["before", "after"]
    assert [record for record in read(path) if isinstance(record, LeftOut)] == [
        LeftOut(reason, None if "head is" in reason else HTML.url, is_problem=True)
    ]


def damaged(how: str, records: list[bytes]) -> Iterable[bytes]:
    first, second, third = records
    middle = len(second) // 2
    yield first
    if how == "bytes changed":
        yield second[:middle] + bytes(200) + second[middle + 200 :]
    elif how == "bytes lost":
        yield second[:middle]
    elif how == "bytes between":
        yield second + b"\x00garbage\r\n" * 30
    elif how == "length wrong":
        yield second.replace(b"Content-Length: ", b"Content-Length: x", 1)
    elif how == "length missing":
        yield second.replace(b"Content-Length: ", b"X-Length: ", 1)
    yield third


@pytest.mark.parametrize("how", ["bytes changed", "bytes lost", "bytes between"])
def test_packed_archive_is_read_on_behind_what_is_broken(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(damaged(how, packed_records([page("a"), page("b"), page("c")]))))
    assert urls(path) == (["a", "b", "c"] if how == "bytes between" else ["a", "c"])
    assert len(reasons(path)) == 1
    assert read(path)[-2].is_problem  # type: ignore[union-attr]


@pytest.mark.parametrize("how", ["bytes lost", "bytes between", "length wrong", "length missing"])
def test_plain_archive_is_read_on_behind_what_is_broken(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    records = packed_records([page("a"), page("b"), page("c")], gzip=False)
    path.write_bytes(b"".join(damaged(how, records)))
    assert urls(path) == (["a", "b", "c"] if how == "bytes between" else ["a", "c"])
    assert all(isinstance(record, ArchivedPage) or record.is_problem for record in read(path))
    assert 1 <= len(reasons(path)) <= 2


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("left", [0.2, 0.5, 0.9])
def test_archive_that_breaks_off_gives_what_is_whole(left: float, packed: bool, tmp_path: Path) -> None:
    first, second = packed_records([page("a"), page("b")], gzip=packed)
    path = tmp_path / "a.warc"
    path.write_bytes(first + second[: int(len(second) * left)])
    assert urls(path) == ["a"]
    assert [record for record in read(path) if isinstance(record, LeftOut)][-1].is_problem


def test_archive_that_is_packed_as_a_whole_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(b"".join(packed_records([page("a"), page("b")], gzip=False))))
    assert (urls(path), reasons(path)) == (["a", "b"], [])


def test_archive_broken_everywhere_is_given_up(tmp_path: Path) -> None:
    bogus = b"WARC/1.0\r\nContent-Length: 99999999\r\n\r\n"
    path = tmp_path / "a.warc"
    path.write_bytes(packed_records([page("a")], gzip=False)[0] + bogus * 5000)
    assert urls(path) == ["a"]
    assert reasons(path)[-1] == "broken in 100 places: the rest is not read"
    assert len(read(path)) == 1 + 100 + 1 + 100  # each bogus record is a record that breaks off


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"\x1f\x8b\x08", gzip.compress(b"<html>"), bytes(10_000)],
    ids=["empty", "HTML", "broken gzip", "gzip of HTML", "zeros"],
)
def test_file_that_is_no_archive_is_refused_before_anything_is_read(content: bytes, tmp_path: Path) -> None:
    path, good = tmp_path / "no.warc", write(tmp_path / "a.warc.gz", page("a"))
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"no\.warc: not a WARC archive, or no whole record in it"):
        Reading(tmp_path, good, path)
    assert not (tmp_path / "state").exists()


def test_record_of_a_gigabyte_takes_little_memory(tmp_path: Path) -> None:
    # A gzip bomb of the archive's own packing: a megabyte that unpacks to a thousand.
    pack = zlib.compressobj(wbits=31)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/bomb\r\n"
    head += b"Content-Length: %d\r\n\r\n"
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    size = 150_000_000
    parts = [pack.compress(head % (len(body) + size) + body)]
    parts += [pack.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    parts.append(pack.compress(b"\r\n\r\n") + pack.flush())
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join((*packed_records([page("a")]), *parts, *packed_records([page("b")]))))
    tracemalloc.start()
    try:
        assert (urls(path), reasons(path)) == (["a", "b"], ["larger than 8 MB"])
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


def test_one_read_of_a_bomb_gives_what_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(bytes(5_000_000)))
    with path.open("rb") as file:
        unpacked = Unpacked(file, 0)
        sizes = [len(part) for part in iter(lambda: unpacked.read(1000), b"")]
    assert (sum(sizes), max(sizes)) == (5_000_000, 1000)


def test_the_same_article_is_handed_on_once_and_a_changed_one_again(tmp_path: Path) -> None:
    later = "2021-04-01T00:00:00Z"
    path = write(
        tmp_path / "a.warc.gz",
        page("a"),
        replace(page("a"), url="http://www.news.example/a?utm_source=x"),
        page("a", date=later),
        page("a", headline="Alpha does not sign with Beta", date=later),
    )
    reading = Reading(tmp_path, path)
    assert [a.headline for a in reading.articles] == [
        "Alpha signs with Beta a",
        "Alpha does not sign with Beta a",
    ]
    assert (reading.report.pages, reading.report.repeated) == (4, 2)


def test_reading_again_hands_nothing_on_and_a_failed_sink_loses_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", page("a"), page("b"))

    def full(article: NewsArticle) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        read_archives(
            [path],
            full,
            known=(),
            state_dir=tmp_path / "state",
            state_key="one",
            on_problem=print,
            pool=ParsesHere,
        )
    assert [a.url for a in Reading(tmp_path, path).articles] == [
        "https://news.example/a",
        "https://news.example/b",
    ]
    again = Reading(tmp_path, path)
    assert (again.articles, again.report.not_modified, again.report.problems) == ([], 2, 0)


def test_pages_that_are_not_relevant_enough_are_left_out_until_they_are(tmp_path: Path) -> None:
    cup = article_page(
        "Rovers win the cup", text="The football final went to extra time, and nobody minded the rain."
    )
    path = write(tmp_path / "a.warc.gz", page("deal"), Archived("https://news.example/cup", cup.encode()))

    def read_at(threshold: float | None) -> tuple[list[str], int, int]:
        reading = Reading(tmp_path, path, min_relevance=threshold)
        headlines = [article.headline for article in reading.articles]
        return headlines, reading.report.irrelevant, reading.report.not_modified

    assert read_at(0.5) == (["Alpha signs with Beta deal"], 1, 0)
    told = archive_decisions((), state_dir=tmp_path / "state", state_key="one", min_relevance=0.5)
    by_url = {decision.url: decision for decision in told}
    assert {url: (d.is_read, d.is_fetched) for url, d in by_url.items()} == {
        "https://news.example/deal": (True, True),
        "https://news.example/cup": (False, True),
    }
    assert by_url["https://news.example/cup"].reasons == ("football -0.1",)
    assert read_at(0.5) == ([], 1, 1)
    # Without a threshold all is read, and what was read stays so.
    assert read_at(None) == (["Rovers win the cup"], 0, 1)
    assert read_at(0.5) == ([], 0, 2)


def test_pages_of_known_sources_are_of_them(tmp_path: Path) -> None:
    sources = (
        """sources: [{name: Known News, domain: news.example, feeds: [/f], selectors: {headline: title}}]"""
    )
    path = write(
        tmp_path / "a.warc.gz",
        replace(page("a"), url="https://www.news.example/a"),
        replace(page("b"), url="https://other.example/b"),
        Archived("https://news.example/none", b"<html><title>Nothing</title></html>"),
    )
    reading = Reading(tmp_path, path, sources=sources)
    assert [(a.source, a.publisher) for a in reading.articles] == [("known-news", "Known News"), (None, None)]
    assert [problem.source for problem in reading.problems] == ["known-news"]


@pytest.mark.parametrize("date", ["", "yesterday", "20210305"])
def test_date_that_is_none_is_left_out(date: str, tmp_path: Path) -> None:
    (found,) = read(write(tmp_path / "a.warc.gz", replace(HTML, date=date)))
    assert isinstance(found, ArchivedPage)
    assert found.retrieved_at in (None, "2021-03-05T00:00:00+00:00")
