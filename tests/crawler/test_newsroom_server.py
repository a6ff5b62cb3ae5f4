"""The sample newsroom's server: conditional requests, connections, ports; its sources, its own articles."""

from __future__ import annotations

import socket

import httpx
import pytest
from newsroom_samples import (
    PUBLISHERS,
    first,
    origin,
    url,
)

from crawler.newsroom.addresses import article_path
from crawler.newsroom.articles import load_articles
from crawler.newsroom.pages import FOOTER
from crawler.newsroom.server import Newsroom, NewsroomError, serve_newsroom
from crawler.newsroom.site import article_urls, newsroom_sources


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_conditional_requests(newsroom: Newsroom, client: httpx.Client, publisher: str) -> None:
    paths = [article_path(PUBLISHERS[publisher], first(publisher))]
    paths += [feed.path for feed in PUBLISHERS[publisher].feeds]
    for path in paths:
        address = origin(newsroom, publisher) + path
        full = client.get(address)
        names = {"etag": "ETag", "last_modified": "Last-Modified"}
        assert {key for key, name in names.items() if name in full.headers} == set(
            PUBLISHERS[publisher].validators
        )
        if etag := full.headers.get("ETag"):
            for value in (etag, f'"other", W/{etag}', "*"):
                response = client.get(address, headers={"If-None-Match": value})
                assert (response.status_code, response.content) == (304, b"")
                assert response.headers["ETag"] == etag
            # If-None-Match decides alone, whatever the date says.
            stale = {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 01 Jan 2038 00:00:00 GMT"}
            assert client.get(address, headers=stale).content == full.content
        if changed := full.headers.get("Last-Modified"):
            assert client.get(address, headers={"If-Modified-Since": changed}).status_code == 304
            for value in ("Thu, 01 Jan 2015 00:00:00 GMT", "yesterday", "99999"):
                assert client.get(address, headers={"If-Modified-Since": value}).status_code == 200


def test_head_gives_the_headers_alone_and_nothing_can_be_sent(
    newsroom: Newsroom, client: httpx.Client
) -> None:
    address = url(newsroom, first("retail-ledger"))
    got, head = client.get(address), client.head(address)
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(got.content))
    assert head.headers["ETag"] == got.headers["ETag"]
    assert client.post(address, content=b"x").status_code == 501


def test_connections_are_kept_alive(newsroom: Newsroom) -> None:
    with socket.create_connection(("127.0.0.1", newsroom.base_port), timeout=10) as connection:
        for _ in range(2):
            connection.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"\r\n\r\n"):
                received = connection.recv(4096)
                assert received
                answer += received
            assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_busy_port_is_named_and_nothing_stays_open() -> None:
    with serve_newsroom(0, []) as running:
        busy = running.base_port
    with socket.create_server(("127.0.0.1", busy + 3)):
        with pytest.raises(NewsroomError) as caught, serve_newsroom(busy, []):
            pass
        message = str(caught.value)
        assert f"127.0.0.1:{busy + 3} " in message
        assert "--newsroom-port" in message
        assert "\n" not in message
        socket.create_server(("127.0.0.1", busy)).close()
    with serve_newsroom(busy, []) as again:
        assert again == Newsroom(busy, tuple(f"http://127.0.0.1:{busy + k}" for k in range(5)))


@pytest.mark.parametrize("port", [-1, 65532, 70000])
def test_a_port_out_of_range_is_refused(port: int) -> None:
    with (
        pytest.raises(NewsroomError, match=r"--newsroom-port a number from 1 to 65531"),
        serve_newsroom(port, []),
    ):
        pass


def test_after_the_end_nobody_answers_on_kept_connections() -> None:
    with httpx.Client(trust_env=False) as client:
        with serve_newsroom(0, []) as running:
            address = running.addresses[0]
            assert client.get(address).status_code == 200
        with pytest.raises(httpx.TransportError):
            client.get(address)


def test_sources_move_with_the_base_port() -> None:
    usual, moved = newsroom_sources(), newsroom_sources(20000)
    assert [source.domain for source in usual] == [f"127.0.0.1:{8471 + k}" for k in range(5)]
    assert [source.domain for source in moved] == [f"127.0.0.1:{20000 + k}" for k in range(5)]
    assert [source.name for source in moved] == [publisher.name for publisher in PUBLISHERS.values()]
    assert {source.scheme for source in moved} == {"http"}


def test_the_bundled_newsroom_serves_all_its_articles(client: httpx.Client) -> None:
    with serve_newsroom(0) as running:
        addresses = article_urls(running.base_port)
        assert sorted(addresses) == sorted(article.key for article in load_articles())
        for address in addresses.values():
            response = client.get(address)
            assert response.status_code == 200, address
            assert FOOTER in response.text


@pytest.mark.parametrize("publisher", PUBLISHERS)
def test_listings_always_carry_an_etag(newsroom: Newsroom, client: httpx.Client, publisher: str) -> None:
    for path in ("/", PUBLISHERS[publisher].latest_path):
        address = origin(newsroom, publisher) + path
        full = client.get(address)
        assert "Last-Modified" not in full.headers
        assert client.get(address, headers={"If-None-Match": full.headers["ETag"]}).status_code == 304
