"""A list of addresses: what is a line of it, whose pages they are, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from crawler.discover import addresses
from crawler.discover.addresses import AddressesError, AddressList, read_addresses
from crawler.discover.links import ARTICLE, Link
from crawler.parse_pool import ParsePool
from crawler.session import MAX_ARTICLES, Session, Task
from crawler.sources import sources_from_text
from crawler.state import CrawlState

KNOWN = sources_from_text(
    """sources:
  - {name: Known News, domain: www.known.example, feeds: [/f], assertions: {min_articles: 3}}
  - {name: Local News, domain: '127.0.0.1:8471', scheme: http, feeds: [/f]}""",
    "my.yml",
)


def read(text: str | bytes) -> AddressList:
    content = text.encode() if isinstance(text, str) else text
    return read_addresses(io.BytesIO(content), name="list.txt", known=KNOWN)


def test_lines_are_pages_of_their_sources_once_each() -> None:
    listed = read(
        "\ufeff# from a mail\r\n\r\n  https://known.example/a?utm_source=mail  \r\n"
        "https://www.known.example/a#top\nhttp://other.example/x\nhttp://known.example/b"
    )
    known, other = listed.sources
    assert (known.id, known.is_listed, known.pages) == (
        "known-news",
        True,
        ("https://known.example/a", "http://known.example/b"),
    )
    # Its lists are not read, so what it asserts of them says nothing here.
    assert (known.feeds, known.assertions) == ((), {})
    assert (other.is_listed, other.domain, other.pages) == (
        False,
        "other.example",
        ("http://other.example/x",),
    )
    assert (listed.pages, listed.repeated, listed.problems) == (3, 1, ())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("known.example/a", "no address that begins with http:// or https://"),
        ("ftp://known.example/a", "no address that begins with http:// or https://"),
        ("javascript:alert(1)", "no address that begins with http:// or https://"),
        ("https://known.example/a https://known.example/b", "not one address and nothing else"),
        ("https://known.example/\u202ea", "not one address and nothing else"),
        ("https://[bad/", "not a valid address"),
        ("https://known.example:99999/", "refused: not a valid address"),
        ("https://", "refused: only http and https are fetched"),
        ("https://me:secret@other.example/", "refused: an address with a user name"),
        ("http://127.0.0.1:22/", "refused: 127.0.0.1 is not an address of the public internet"),
        ("http://169.254.169.254/latest", "refused: 169.254.169.254 is not an address"),
        ("http://[::1]/", "refused: ::1 is not an address of the public internet"),
        ("http://localhost:8471/", "refused: an address of this machine"),
        pytest.param("https://known.example/" + "a" * 5000, "longer than 4,000 bytes", id="long"),
    ],
)
def test_bad_line_is_told_with_its_number(line: str, said: str) -> None:
    listed = read(f"https://known.example/a\n{line}\nhttp://127.0.0.1:8471/b")
    assert [source.pages for source in listed.sources] == [
        ("https://known.example/a",),
        ("http://127.0.0.1:8471/b",),
    ]
    (problem,) = listed.problems
    assert (problem.level, problem.source) == ("error", None)
    assert problem.message.startswith(f"list.txt, line 2: {said}")
    assert len(problem.url or "") <= 200


def test_hosts_that_look_alike_are_not_mixed_up() -> None:
    listed = read("https://a-b.example/1\nhttps://a.b.example/1\nhttps://a.b.example:8443/1")
    assert [source.domain for source in listed.sources] == ["a-b.example", "a.b.example", "a.b.example:8443"]


def test_list_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MAX_ADDRESSES", 5)
    with pytest.raises(AddressesError, match=r"list\.txt: more than 5 addresses; split it"):
        read("".join(f"https://known.example/{n}\n" for n in range(6)))


def test_each_named_page_is_fetched_however_many_there_are(tmp_path: Path) -> None:
    (source,) = read("".join(f"https://known.example/{n}\n" for n in range(MAX_ARTICLES + 5))).sources
    with CrawlState(tmp_path, "one") as state:
        session = Session({source.id: source}, lambda article: None, state, lambda problem: None, ParsePool())
        tasks = [Task(source, Link(ARTICLE, page)) for page in source.pages]
        assert all(map(session.admit, tasks))
        assert not session.admit(Task(source, Link(ARTICLE, "https://known.example/more")))
