"""One address for one article."""

import pytest

from crawler.canonical import canonical_of_page, canonical_url, same_article_key, same_site


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (
            "HTTPS://News.Example:443/a//b/?utm_source=x&b=2&a=1&fbclid=y#part",
            "https://news.example/a//b/?a=1&b=2",
        ),
        ("http://news.example:8080", "http://news.example:8080/"),
        ("https://n.example/story.amp", "https://n.example/story"),
        ("https://n.example/story.amp.html", "https://n.example/story.html"),
        ("https://n.example/amp/story", "https://n.example/story"),
        ("https://n.example/story/print/?outputType=amp", "https://n.example/story"),
        ("https://n.example/s;jsessionid=1A2B?sid=0123456789abcdef&id=7", "https://n.example/s?id=7"),
        ("https://n.example/?output=pdf&amp=thing", "https://n.example/?amp=thing&output=pdf"),
        ("https://n.example/story?sid=42&cid=7", "https://n.example/story?cid=7&sid=42"),
        ("https://n.example/café", "https://n.example/caf%C3%A9"),
        ("http://[::1]:8/x", "http://[::1]:8/x"),
        ("http://[bad/x", "http://[bad/x"),
        ("not an address", "not an address"),
    ],
)
def test_canonical_url(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


def test_same_article_key_ignores_scheme_www_and_slash() -> None:
    variants = (
        "https://www.n.example/a/",
        "http://n.example/a",
        "https://m.n.example/a?gclid=1",
        "http://n.example:80/a#x",
    )
    assert len({same_article_key(url) for url in variants}) == 1
    assert same_article_key("http://n.example/a?id=1") != same_article_key("http://n.example/a?id=2")
    assert same_article_key("http://127.0.0.1:1/a") != same_article_key("http://127.0.0.1:2/a")


def test_same_site() -> None:
    assert same_site("https://news.shop.co.uk/a", "http://www.shop.co.uk/b")
    assert not same_site("https://one.co.uk/a", "https://two.co.uk/a")
    assert same_site("http://127.0.0.1:1/a", "http://127.0.0.1:1/b")
    assert not same_site("http://127.0.0.1:1/a", "http://127.0.0.1:2/a")


@pytest.mark.parametrize(
    ("declared", "url", "canonical"),
    [
        ("/a?utm_medium=m", "https://n.example/a/amp", "https://n.example/a"),
        ("https://other.example/a", "https://n.example/a", "https://n.example/a"),
        (
            "https://n.example/a",
            "https://n-example.cdn.ampproject.org/c/s/n.example/a",
            "https://n.example/a",
        ),
        ("https://n.example/", "https://n.example/a", "https://n.example/a"),
        ("javascript:alert(1)", "https://n.example/a", "https://n.example/a"),
        ("http://[bad", "https://n.example/a", "https://n.example/a"),
        (None, "https://n.example/a?gclid=1", "https://n.example/a"),
        ("https://n.example/a", None, "https://n.example/a"),
        ("/a", None, None),
        (None, None, None),
    ],
)
def test_canonical_of_page(declared: str | None, url: str | None, canonical: str | None) -> None:
    assert canonical_of_page(declared, url) == canonical
