"""Fetching one named page: the same guard and limits as a crawl."""

from __future__ import annotations

import gzip

import pytest
from local_site import Answer, LocalSite, article_page

from crawler.fetch import FetchError, fetch


def test_a_page_comes_with_its_last_address_and_content_type(site: LocalSite) -> None:
    site.pages = {
        "/old": Answer("", 301, {"Location": "/new"}),
        "/new": Answer(
            gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"}, content_type="text/plain"
        ),
    }
    page = fetch(f"{site.origin}/old", allow_loopback=True)
    assert (page.url, page.body, page.content_type) == (f"{site.origin}/new", b"hello", "text/plain")
    assert site.asked[0].headers["User-Agent"].startswith("Tieup/")


def test_a_host_name_is_resolved_and_checked(site: LocalSite) -> None:
    site.pages = {"/a": Answer(article_page("By name"))}
    by_name = f"http://localhost:{site.port}/a"
    assert b"By name" in fetch(by_name, allow_loopback=True).body
    site.asked.clear()
    with pytest.raises(FetchError, match=r"refused: .* is not an address of the public internet"):
        fetch(by_name)
    assert site.asked == []


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://10.1.2.3/", "refused: 10.1.2.3 is not"),
        ("http://169.254.169.254/latest", "refused: 169.254.169.254 is not"),
        ("http://[::1]/", "refused: ::1 is not"),
        ("file:///etc/passwd", "refused: only http and https are fetched, not file:"),
        ("ftp://example.org/", "refused: only http and https are fetched, not ftp:"),
        ("not an address", "refused: only http and https are fetched"),
        ("http://user:secret@example.org/", "refused: an address with a user name"),
        ("http://[bad/", "refused: not a valid address"),
        ("http://0x7f.1/", "refused: 127.0.0.1 is not"),
        ("http://name.invalid/", "the host name name.invalid cannot be found"),
    ],
)
def test_what_is_not_public_is_refused_in_one_line(site: LocalSite, target: str, said: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(target)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_hop_is_checked(site: LocalSite) -> None:
    site.pages = {"/a": Answer("", 302, {"Location": "http://10.0.0.1/inside"})}
    with pytest.raises(FetchError, match=r"http://10\.0\.0\.1/inside: refused"):
        fetch(f"{site.origin}/a", allow_loopback=True)


def test_limits_and_errors_are_one_line(site: LocalSite) -> None:
    site.pages = {
        "/large": Answer(b"x" * 8_100_000),
        "/bomb": Answer(gzip.compress(b"x" * 50_000_000), headers={"Content-Encoding": "gzip"}),
        "/odd": Answer(b"x", headers={"Content-Encoding": "br"}),
        "/loop": Answer("", 302, {"Location": "/loop"}),
        "/lies": Answer(b"not gzip", headers={"Content-Encoding": "gzip"}),
    }
    for path, said in {
        "/large": "larger than 8 MB",
        "/bomb": "larger than 8 MB",
        "/odd": "compressed as br",
        "/loop": "more than 5 redirects",
        "/none": "the server answered HTTP 404",
        "/lies": "Error -3",
    }.items():
        with pytest.raises(FetchError, match=said):
            fetch(f"{site.origin}{path}", allow_loopback=True)
    with pytest.raises(FetchError, match="refused"):
        fetch("http://127.0.0.1:1/", allow_loopback=True)
