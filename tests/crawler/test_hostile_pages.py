"""Pages that lie about their encoding, their dates or themselves, and pages that are no article."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_site import HostileSite, answer, serve_hostile
from local_site import article_page, rss
from run_crawl import articles, launch, told

from crawler.pages import NotAnArticle, parse_page

NOW = "2021-06-01T00:00:00+00:00"
RUSSIAN = "Компании объявили о партнёрстве в розничной торговле продуктами"
OTHERS = {
    "windows-1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "iso-8859-7": "Οι εταιρείες ανακοίνωσαν συνεργασία στο λιανικό εμπόριο τροφίμων",
    "gbk": "两家公司宣布在零售业务方面建立新的合作伙伴关系",
    "shift_jis": "両社は小売事業における新たな提携を発表しました",
    "euc-kr": "두 회사는 소매 사업에서 새로운 제휴를 발표했습니다",
}


def in_language(text: str) -> str:
    """A page whose words are all of that language."""
    return f"<html><head><title>{text}</title></head><body><article><h1>{text}</h1>" + (
        f"<p>{(text + '. ') * 6}</p>" * 5 + "</article></body></html>"
    )


@pytest.mark.parametrize("encoding", OTHERS)
def test_other_alphabets_are_read_if_declared_and_else_refused(encoding: str) -> None:
    page = in_language(OTHERS[encoding]).encode(encoding)
    article = parse_page(page, url=None, content_type=f"text/html; charset={encoding}")
    assert article.headline == OTHERS[encoding]
    for header in (None, "text/html; charset=utf-8"):
        with pytest.raises(NotAnArticle, match="encoding"):
            parse_page(page, url=None, content_type=header)


def test_accents_and_quotes_are_western() -> None:
    headline = "Café Noël: “Ça va très bien…” – dit-elle à Malmö"
    assert parse_page(article_page(headline).encode("cp1252"), url=None).headline == headline


@pytest.mark.parametrize(
    "date",
    ["03/04/2021", "4.3.2021 or 3.4.2021", "2031-01-01", "1970-01-01T00:00:00Z", "0000-00-00", "2021-02-30",
     "2021-13-01", "1 Smarch 2021", "yesterday", "2 hours ago", "1612137600000000"],
)  # fmt: skip
def test_no_date_is_made_up(date: str) -> None:
    page = article_page("A story of some day").replace("2021-03-04", date).replace("4 March 2021", date)
    article = parse_page(page, url="https://a.example/x", retrieved_at=NOW)
    assert article.date_published is None
    if any(character.isdigit() for character in date):
        # The reason is there to be seen: what was found, and that it was not read.
        assert [c.date for c in article.date_candidates] == [None] * len(article.date_candidates)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("2021-03-04T23:30:00", "2021-03-04T23:30:00"),
        ("2021-03-04T23:30:00-08:00", "2021-03-04T23:30:00-08:00"),
        ("13/04/2021", "2021-04-13"),
        ("4 mars 2021", "2021-03-04"),
        ("4. März 2021", "2021-03-04"),
        ("4 de marzo de 2021", None),
    ],
)
def test_a_date_keeps_its_precision_and_its_zone(raw: str, read: str | None) -> None:
    meta = f"<meta property='article:published_time' content='{raw}'>"
    page = article_page("A story of some day", head=meta).replace(
        "<time datetime='2021-03-04'>4 March 2021</time>", ""
    )
    article = parse_page(page, url="https://a.example/x", retrieved_at=NOW)
    assert article.date_published == read
    assert article.date_candidates[0].raw == raw


HEADLINE = "Still a headline here"


@pytest.mark.parametrize(
    "json_ld",
    [
        "null", "[]", "[[[]]]", "42", '"text"', "{", '{"@type": "NewsArticle"', "<!-- x -->", "\x00",
        '{"@type": ["NewsArticle", 5, null], "headline": 5, "author": 7, "datePublished": {"x": []}}',
        '{"@type": "NewsArticle", "headline": ["a", {"b": 1}], "author": [[["x"]]], "publisher": []}',
        '[{"@type": "Recipe", "name": "Soup"}, null, 7, {"@graph": {"@type": "Person"}}]',
        '{"@graph": [{"@type": "NewsArticle", "mainEntityOfPage": {"@id": "#a"}, "@id": "#a"}]}',
        '{"@type": "NewsArticle", "datePublished": "9999999999999999-01-01", "headline": null}',
        '{"@type": "NewsArticle", "datePublished": 1e999, "author": {"name": {"name": {"name": []}}}}',
    ],
)  # fmt: skip
def test_json_ld_of_no_use_falls_back_to_the_page(json_ld: str) -> None:
    script = f"<script type='application/ld+json'>{json_ld}</script>"
    article = parse_page(article_page(HEADLINE, head=script), url="https://a.example/x", retrieved_at=NOW)
    assert article.headline in (HEADLINE, "a")
    assert article.date_published == "2021-03-04"


def test_contradicting_dates_are_all_kept_with_their_basis() -> None:
    script = (
        '<script type=\'application/ld+json\'>[{"@type": "NewsArticle", "datePublished": "2021-03-01"},'
        '{"@type": "NewsArticle", "datePublished": "2021-03-02"}]</script>'
        "<meta property='article:published_time' content='2021-03-03'>"
    )
    article = parse_page(article_page(HEADLINE, head=script), url="https://a.example/x", retrieved_at=NOW)
    assert [(c.basis, c.date) for c in article.date_candidates] == [
        ("json_ld", "2021-03-01"),
        ("json_ld", "2021-03-02"),
        ("open_graph", "2021-03-03"),
        ("time_element", "2021-03-04"),
    ]
    assert article.date_published == "2021-03-01"


@pytest.mark.parametrize(
    "middle",
    [
        "<p " + "a='b' " * 100_000 + ">x</p>",
        "<p class='" + "a " * 2_000_000 + "'>x</p>",
        "<div>\x00" * 30_000,
        "<p>" + "\x00" * 1_000_000 + "</p>",
        "<svg><math>" * 10_000,
        "<template><noscript><p>" * 5_000,
        "<p>" + "&#x41;" * 200_000 + "</p>",
        "<" * 200_000,
        "<p>" + "\u202e\u200b\u0301" * 100_000 + "</p>",
    ],
    ids=[
        "attributes",
        "classes",
        "nul-tags",
        "nul-text",
        "foreign",
        "templates",
        "references",
        "angles",
        "marks",
    ],
)
def test_heavy_pages_end_in_an_article_or_a_refusal(middle: str) -> None:
    page = article_page(HEADLINE).replace("</article>", middle + "</article>").encode()
    try:
        article = parse_page(page, url="https://a.example/x")
    except NotAnArticle:
        return
    assert article.headline == HEADLINE
    assert "\x00" not in article.article_body


def test_what_is_no_article_is_reported_by_a_crawl(tmp_path: Path) -> None:
    consent = (
        "<h1>We value your privacy</h1><p>We and our 842 vendors use cookies. Manage consent and cookies "
    )
    pages = {
        "/pdf": (answer(b"%PDF-1.7 x", kind="text/html"), "a PDF document"),
        "/image": (answer(b"\x89PNG\r\n\x1a\n", kind="image/png"), "image/png"),
        "/json": (answer('{"a": 1}', kind="application/json"), "JSON"),
        "/empty": (answer(""), "empty"),
        "/none": (answer("", status="204 No Content"), "empty"),
        "/shell": (answer("<html><body><div id=a></div><script>1</script></body></html>"), "JavaScript"),
        "/wall": (
            answer(f"<html><body>{consent} in the cookies settings.</p></body></html>"),
            "consent wall",
        ),
        "/russian": (answer(in_language(RUSSIAN).encode("koi8-r")), "an encoding that it does not declare"),
        "/lie": (
            answer(article_page("A").encode("utf-16-le")[1:], kind="text/html; charset=utf-16"),
            "article|data",
        ),
    }
    with serve_hostile(HostileSite()) as site:
        site.talks = {path: sent for path, (sent, _) in pages.items()}
        site.talks |= {
            "/feed": answer(rss(*pages, "/good", "/wide").body),
            "/good": answer(article_page("Good news for all shops")),
            "/wide": answer(
                article_page("Wide letters from Łódź").encode("utf-16"), kind="text/html; charset=utf-16"
            ),
        }
        result = launch(tmp_path, "sources:\n" + site.source("Local")).result
    report = told(result)
    assert set(report) == set(pages)
    for path, (_, reason) in pages.items():
        assert report[path].startswith("no article: ")
        assert any(word in report[path] for word in reason.split("|")), (path, report[path])
    assert {a["headline"] for a in articles(tmp_path)} == {
        "Good news for all shops",
        "Wide letters from Łódź",
    }
