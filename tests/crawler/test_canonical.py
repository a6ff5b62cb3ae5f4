"""One address for one article, and never one address for two."""

from __future__ import annotations

import pytest

from crawler.canonical import canonical_of_page, canonical_url, same_article_key, same_site

STORY = "https://n.example/story"

CANONICAL = [
    # case, ports, dots, users, fragments: as the standards say
    (
        "HTTPS://News.Example:443/a//b/?utm_source=x&b=2&a=1&fbclid=y#part",
        "https://news.example/a//b/?a=1&b=2",
    ),
    ("HTTPS://N.EXAMPLE/Story", "https://n.example/Story"),
    ("https://n.example:443/story", STORY),
    ("http://n.example:80/story", "http://n.example/story"),
    ("http://n.example:443/story", "http://n.example:443/story"),
    ("http://news.example:8080", "http://news.example:8080/"),
    ("https://n.example./story", STORY),
    ("https://user:secret@n.example/story", STORY),
    ("https://n.example/story#comments", STORY),
    ("https://n.example/a/../story", STORY),
    ("https://n.example/./story", STORY),
    ("  https://n.example/story\n", STORY),
    # percent-encoding and IDN
    ("https://n.example/café", "https://n.example/caf%C3%A9"),
    ("https://n.example/caf%c3%a9", "https://n.example/caf%C3%A9"),
    ("https://n.example/%7euser/%73tory", "https://n.example/~user/story"),
    ("https://n.example/a%2fb", "https://n.example/a%2Fb"),
    ("https://n.example/find?q=%E9t%E9", "https://n.example/find?q=%E9t%E9"),
    ("https://Bücher.example/story", "https://xn--bcher-kva.example/story"),
    ("https://xn--bcher-kva.example/story", "https://xn--bcher-kva.example/story"),
    # how a reader came
    (f"{STORY}?utm_source=a&utm_medium=b&UTM_Campaign=c&utm_id=4", STORY),
    (f"{STORY}?gclid=1&fbclid=2&msclkid=3&gbraid=4&dclid=5", STORY),
    (f"{STORY}?mc_cid=1&mc_eid=2", STORY),
    (f"{STORY}?CMP=share_btn_tw", STORY),
    (f"{STORY}?smid=tw-share&smtyp=cur", STORY),
    (f"{STORY}?partner=rss&emc=rss", STORY),
    (f"{STORY}?at_medium=RSS&at_campaign=KARANGA", STORY),
    (f"{STORY}?__twitter_impression=true", STORY),
    (f"{STORY}?guccounter=1&guce_referrer=aHR0&.tsrc=rss", STORY),
    (f"{STORY}?ref=rss", STORY),
    (f"{STORY}?ref=hvper.com", STORY),
    (f"{STORY}?source=twitter&via=newsletter&from=Homepage", STORY),
    (f"{STORY}?a=1&amp;utm_source=x&amp;b=2", f"{STORY}?a=1&b=2"),
    (f"{STORY}?id=7&utm_source=", f"{STORY}?id=7"),
    # AMP
    (f"{STORY}/amp", STORY),
    (f"{STORY}/amp/", STORY),
    (f"{STORY}?amp", STORY),
    (f"{STORY}?amp=1", STORY),
    (f"{STORY}?outputType=amp", STORY),
    (f"{STORY}.amp", STORY),
    (f"{STORY}.amp.html", f"{STORY}.html"),
    (f"{STORY}?amp_js_v=0.1&usqp=mq331AQ", STORY),
    ("https://n.example/amp/story", STORY),
    ("https://www.google.com/amp/s/n.example/story/amp/", STORY),
    ("https://www.google.co.uk/amp/n.example/story?usqp=mq331", "http://n.example/story"),
    ("https://n-example.cdn.ampproject.org/c/s/n.example/story?amp=1", STORY),
    ("https://n-example.cdn.ampproject.org/v/s/www.n.example/a/b", "https://www.n.example/a/b"),
    ("https://www.bing.com/amp/s/n.example/story", STORY),
    # print
    (f"{STORY}/print", STORY),
    (f"{STORY}/print/?outputType=amp", STORY),
    (f"{STORY}?print=1", STORY),
    (f"{STORY}?view=print", STORY),
    (f"{STORY}?pagewanted=all", STORY),
    # index files and sessions
    ("https://n.example/story/index.html", "https://n.example/story/"),
    ("https://n.example/Index.HTML", "https://n.example/"),
    ("https://n.example/default.aspx?utm_source=x", "https://n.example/"),
    ("https://n.example/story/amp/index.html", STORY),
    ("https://n.example/s;jsessionid=1A2B?sid=0123456789abcdef&id=7", "https://n.example/s?id=7"),
    (f"{STORY}?PHPSESSID=ab12&sessionid=9", STORY),
]

KEPT = [
    # what chooses a page stays
    "https://n.example/story?id=20391",
    "https://n.example/story?page=2",
    "https://n.example/?p=123",
    "https://n.example/story?cid=7&sid=42",
    "https://n.example/story?ref=20391",
    "https://n.example/story?source=annual-report",
    "https://n.example/story?from=2018-11-30&to=2018-12-01",
    "https://n.example/search?s=google",
    "https://n.example/?amp=thing&output=pdf",
    "https://n.example/story?print=edition",
    "https://n.example/story?format=pdf",
    "https://n.example/index.php?id=7",
    "https://n.example/index.php/2018/story",
    # words that only look like variants
    "https://n.example/clamp",
    "https://n.example/champ/",
    "https://n.example/what-is-amp",
    "https://n.example/amplifier/story",
    "https://n.example/print-is-not-dead",
    "https://n.example/blueprint/",
    "https://n.example/print/4711",
    "https://n.example/story/index-of-prices.html",
    "https://google.com/amplify/s/n.example/story",
    "https://n.example/c/s/other.example/story",
    # hosts, slash and case of the path are the publisher's
    "https://m.n.example/story",
    "https://www.n.example/story",
    "https://n.example/story/",
    "https://n.example/Story",
    "http://[::1]:8/x",
    # what cannot be read
    "http://[bad/x",
    "http://n.example:port/x",
    "not an address",
    "mailto:desk@n.example",
    "",
]


@pytest.mark.parametrize(("url", "canonical"), CANONICAL)
def test_canonical_url(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical
    assert same_article_key(url) == same_article_key(canonical)


@pytest.mark.parametrize("url", KEPT)
def test_what_may_choose_a_page_stays(url: str) -> None:
    assert canonical_url(url) == url
    assert same_article_key(url) == same_article_key(canonical_url(url))


def test_there_are_enough_cases() -> None:
    cases = [url for url, _ in CANONICAL] + KEPT
    assert len(set(cases)) == len(cases) >= 60


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://n.example/a", "http://n.example/a"),
        ("https://n.example/a", "https://www.n.example/a/"),
        ("https://n.example/a", "https://m.n.example/a?gclid=1"),
        ("https://n.example/a", "https://mobile.n.example/a"),
        ("https://n.example/a", "https://amp.n.example/a"),
        ("https://n.example/a", "https://amp.www.n.example/a"),
        ("https://n.example/a", "http://n.example:80/a#x"),
        ("https://www.n.co.uk/a", "https://m.n.co.uk/a/amp/"),
        ("https://n.example/a/index.html", "https://n.example/a"),
        ("https://n.example", "http://www.n.example/"),
    ],
)
def test_one_article(one: str, other: str) -> None:
    assert same_article_key(one) == same_article_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://n.example/a?id=1", "http://n.example/a?id=2"),
        ("https://n.example/a", "https://n.example/A"),
        ("https://n.example/a", "https://n.example/a/2"),
        ("https://n.example/a", "https://shop.n.example/a"),
        ("https://n.example/a", "https://n.test/a"),
        ("https://amp.co.uk/a", "https://m.co.uk/a"),
        ("https://m.com/a", "https://mobile.com/a"),
        ("https://n.example/a", "https://n.example:8080/a"),
        ("http://127.0.0.1:1/a", "http://127.0.0.1:2/a"),
        ("https://n.example/a?page=1", "https://n.example/a?page=2"),
        ("http://[bad/x", "http://[bad/y"),
    ],
)
def test_two_articles(one: str, other: str) -> None:
    assert same_article_key(one) != same_article_key(other)


def test_same_site() -> None:
    assert same_site("https://news.shop.co.uk/a", "http://www.shop.co.uk/b")
    assert not same_site("https://one.co.uk/a", "https://two.co.uk/a")
    assert same_site("http://127.0.0.1:1/a", "http://127.0.0.1:1/b")
    assert not same_site("http://127.0.0.1:1/a", "http://127.0.0.1:2/a")
    assert not same_site("http://10.0.0.1/a", "http://11.0.0.1/a")
    assert same_site("https://m.n.example/a", "https://n.example/a")
    assert not same_site("https://one.blogspot.com/a", "https://two.blogspot.com/a")
    assert not same_site("https://n.example.evil.test/a", "https://n.example/a")
    assert not same_site("https://n.example@evil.test/a", "https://n.example/a")


@pytest.mark.parametrize(
    ("declared", "url", "canonical"),
    [
        ("/a?utm_medium=m", "https://n.example/a/amp", "https://n.example/a"),
        ("https://www.n.example/a", "https://m.n.example/a", "https://www.n.example/a"),
        ("https://n.example/a-new-name", "https://n.example/the-old-name", "https://n.example/a-new-name"),
        ("//n.example/a", "https://m.n.example/b", "https://n.example/a"),
        (
            "https://n.example/a",
            "https://n-example.cdn.ampproject.org/c/s/n.example/a",
            "https://n.example/a",
        ),
        ("/a", "https://www.google.com/amp/s/n.example/a/amp", "https://n.example/a"),
        ("https://n.example/story", "https://n.example/story/2", "https://n.example/story"),
        (
            "https://n.example/news/4711234",
            "https://n.example/2018/tesco-and-ocado-agree",
            "https://n.example/news/4711234",
        ),
        (
            "https://n.example/news?id=4",
            "https://n.example/tesco-and-ocado-agree",
            "https://n.example/news?id=4",
        ),
        ("https://n.example/", "https://n.example/", "https://n.example/"),
        ("https://n.example/a", None, "https://n.example/a"),
        (None, "https://n.example/a?gclid=1", "https://n.example/a"),
        ("/a", None, None),
        (None, None, None),
    ],
)
def test_canonical_of_page(declared: str | None, url: str | None, canonical: str | None) -> None:
    assert canonical_of_page(declared, url) == canonical


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        ("https://other.example/a", "https://n.example/a"),
        ("https://two.blogspot.com/a", "https://one.blogspot.com/a"),
        ("https://other.example/a", "https://n-example.cdn.ampproject.org/c/s/n.example/a"),
        ("https://n.example/", "https://n.example/a"),
        ("https://n.example", "https://n.example/?p=123"),
        ("/index.html", "https://n.example/a"),
        ("https://n.example/business/", "https://n.example/business/tesco-and-ocado-agree"),
        ("https://n.example/en/retail-news", "https://n.example/en/retail-news/4711234"),
        ("https://n.example/2018/11/", "https://n.example/2018/11/tesco-and-ocado-agree"),
        ("javascript:alert(1)", "https://n.example/a"),
        ("ftp://n.example/b", "https://n.example/a"),
        ("http://[bad", "https://n.example/a"),
        ("http://n.example:port/", "https://n.example/a"),
        ("", "https://n.example/a"),
    ],
)
def test_a_declared_address_that_cannot_be_the_pages_own_is_not_believed(declared: str, url: str) -> None:
    assert canonical_of_page(declared, url) == canonical_url(url)
