"""Pages become articles: each case is a page of our own with what must come out of it.

A case's JSON holds the page's address, options (retrieved_at, selectors) and the expected fields: the
article's own names, `kinds` (of the body's blocks) and `aside` (texts that must be in set-aside blocks of a
kind, and not in the body). Fields that a case does not name are not checked by it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from local_site import article_page

from crawler.items import BODY_KINDS, article_from_json, content_sha256
from crawler.pages import NotAnArticle, parse_page
from crawler.sources import Source

CASES = sorted(Path(__file__).with_name("cases").glob("*.html"))


@pytest.mark.parametrize("page", CASES, ids=lambda path: path.stem)
def test_case(page: Path) -> None:
    case = json.loads(page.with_suffix(".expected.json").read_text(encoding="utf-8"))
    selectors = case["options"].get("selectors")
    source = selectors and Source(
        name="The Trade Page", id="the-trade-page", domain="trade.example", selectors=selectors
    )
    article = parse_page(
        page.read_bytes(),
        url=case["url"],
        source=source or None,
        retrieved_at=case["options"].get("retrieved_at", "2021-06-01T00:00:00+00:00"),
    )
    record = json.loads(json.dumps(article.to_json()))
    record["date_candidates"] = [[c["basis"], c["raw"], c["date"]] for c in record["date_candidates"]]
    own = [block for block in article.blocks if block.kind in BODY_KINDS]
    record["kinds"] = [block.kind for block in own]
    expected = case["expected"]
    aside = expected.pop("aside", {})
    assert {name: record[name] for name in expected} == expected
    for kind, texts in aside.items():
        for text in texts:
            assert any(text in block.text for block in article.blocks if block.kind == kind), (kind, text)
            assert text not in article.article_body
    assert article.article_body == "\n\n".join(block.text for block in own)
    assert list(article.blocks[: len(own)]) == own
    assert article.content_sha256 == content_sha256(article.headline, article.article_body, article.blocks)
    assert article_from_json(json.loads(json.dumps(article.to_json()))) == article


ACCENTS = "Café Noël sells “El Corte Inglés” towels – at £5 – in Łódź"


@pytest.mark.parametrize(
    ("declared", "encoding", "header"),
    [
        ("utf-8", "utf-8", None),
        ("", "utf-8", None),
        ("utf-8", "utf-8-sig", "text/html; charset=iso-8859-1"),
        ("iso-8859-1", "utf-8", None),
        ("utf-16", "utf-16", None),
        ("", "utf-16-le", None),
        ("", "utf-16-be", None),
        ("iso-8859-2", "utf-8", "text/html; charset=utf-8"),
    ],
)
def test_text_is_readable_in_every_encoding(declared: str, encoding: str, header: str | None) -> None:
    meta = f"<meta charset='{declared}'>" if declared else ""
    page = article_page(ACCENTS, head=meta).encode(encoding)
    article = parse_page(page, url="https://a.example/x", content_type=header)
    assert article.headline == ACCENTS
    assert ACCENTS in article.article_body


@pytest.mark.parametrize("declared", ["utf-8", "windows-1252", "iso-8859-1", ""])
def test_windows_1252_is_read_whatever_it_is_called(declared: str) -> None:
    headline = ACCENTS.replace("Łódź", "Malmö")
    page = article_page(headline, head=f"<meta charset='{declared}'>" if declared else "").encode("cp1252")
    assert parse_page(page, url=None).headline == headline


def test_a_piece_of_windows_1252_in_utf_8_is_read_too() -> None:
    page = (
        article_page(ACCENTS)
        .encode()
        .replace(b"</article>", "<p>A “quoted” end – of it.</p>".encode("cp1252"))
    )
    article = parse_page(page, url=None)
    assert article.headline == ACCENTS
    assert "A “quoted” end – of it." in article.article_body


def test_control_characters_and_lone_surrogates_are_dropped() -> None:
    page = article_page("Alpha\x00 and \ud800Beta\x07 agree\ufffe")
    article = parse_page(page, url=None)
    assert article.headline == "Alpha and Beta agree"
    assert article.article_body.encode("utf-8")
    assert not set(article.article_body) & {"\x00", "\x07", "\ufffe"}


NO_SCRIPT = b"<html><body><noscript>Please enable JavaScript.</noscript><script>1</script></body></html>"
CONSENT = b"""<html><title>Hi</title><body><h1>We value your privacy</h1><p>We and our 842 vendors use cookies
and process personal data for personalised advertising. You can manage consent or object to legitimate
interest in the privacy settings at any time.</p><button>Accept cookies</button></body></html>"""
CHALLENGE = b"<html><title>Just a moment</title><body><p>Verify you are human by a click.</p></body></html>"


@pytest.mark.parametrize(
    ("page", "content_type", "reason"),
    [
        (b"", None, "empty"),
        (b" \n\t ", None, "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", None, "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", None, "an image"),
        (b"<html>", "application/pdf", "application/pdf"),
        (b"<html>", "image/png", "image/png"),
        (b'{"a": [1, 2]}', None, "JSON"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", None, "a feed or sitemap"),
        (b"<html><body><div id=root></div><script src=a.js></script></body></html>", None, "JavaScript"),
        (NO_SCRIPT, None, "JavaScript"),
        (CONSENT, None, "a cookie or consent wall"),
        (CHALLENGE, None, "a check for robots"),
        (b"<html><title>T</title><body><p>Short.</p></body></html>", None, "without the text of an article"),
        (b"x" * 8_000_001, None, "larger than 8 MB"),
    ],
)  # fmt: skip
def test_what_is_no_article_is_refused_with_its_reason(
    page: bytes, content_type: str | None, reason: str
) -> None:
    with pytest.raises(NotAnArticle, match=reason):
        parse_page(page, url="https://a.example/x", content_type=content_type)


def test_home_and_section_pages_are_refused() -> None:
    teasers = "".join(
        f"<article><h3><a href='/{n}'>Retailer {n} signs with a partner</a></h3><p>Two lines.</p></article>"
        for n in range(12)
    )
    listing = f"<html><head><title>News</title></head><body><main><h1>News</h1>{teasers}</main></body></html>"
    with pytest.raises(NotAnArticle, match="a home page"):
        parse_page(listing, url="https://a.example/")
    with pytest.raises(NotAnArticle, match="a list of articles"):
        parse_page(listing, url="https://a.example/news")


@pytest.mark.parametrize(
    "middle",
    [
        "<div>" * 50_000,
        "<b><p>" * 20_000,
        "<p>" + "word " * 600_000 + "</p>",
        "<a href='x'>" * 30_000,
        "<table><tr><td>" * 5_000,
        "<div itemscope itemprop=a>" * 5_000,
        "<script type='application/ld+json'>" + '{"@graph":[' * 20_000 + "</script>",
        "<p>" + "Photo by " * 50_000 + "</p>",
        "<!--" * 50_000,
        "&" * 500_000,
    ],
    ids=[
        "divs",
        "misnested",
        "long",
        "anchors",
        "tables",
        "scopes",
        "json",
        "cues",
        "comments",
        "ampersands",
    ],
)
def test_hostile_pages_end_in_an_article_or_a_refusal(middle: str) -> None:
    page = article_page("Still a headline here").replace("</article>", middle + "</article>")
    try:
        article = parse_page(page, url="https://a.example/x")
    except NotAnArticle:
        return
    assert article.headline == "Still a headline here"
