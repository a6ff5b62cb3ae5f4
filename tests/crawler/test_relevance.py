"""Pages that can hardly report a deal are left out unread; a report of a deal is not."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from local_site import Answer, LocalSite, article_page, rss, source
from run_crawl import articles, launch, told

from crawler.glance import Glance, glance
from crawler.newsroom.articles import load_articles
from crawler.newsroom.publishers import load_publishers
from crawler.newsroom.site import DEFAULT_BASE_PORT, article_urls, build_site, newsroom_sources, respond
from crawler.relevance import Relevance, default_threshold, says_enough, score, threshold_of_listings
from crawler.state import read_pages
from extract.training.passages import read_passages

ROOT = Path(__file__).parents[2]
DEAL = "Harrow Stores signs a delivery deal with Pellow Couriers"
IDLE = "Heron nests on the roof of the town hall again"


def page(headline: str) -> Answer:
    """An article of enough words about nothing that matters, but for its headline."""
    words = (
        "The birds had been away for a year, and people brought chairs to watch them from the square below."
    )
    html = f"<html lang=en><head><title>{headline}</title></head><body><article><h1>{headline}</h1>"
    html += f"<time datetime='2021-03-04'>4 March 2021</time>{f'<p>{words} {words}</p>' * 4}</article></body></html>"
    return Answer(html, etag=f'"{headline}"')


def crawl(site: LocalSite, folder: Path, min_relevance: float | None = None) -> dict[str, Any]:
    # A newspaper: in a trade paper every page is near enough.
    keys = "feeds: [/feed], kind: newspaper"
    outcome = launch(folder, "sources:\n" + source(site, keys), min_relevance=min_relevance)
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome.result


def test_a_score_is_explained() -> None:
    deal = score(
        "Tesco partners with Uber Eats",
        "Grocery delivery from 50 stores",
        "https://n.example/2021/tesco-uber",
    )
    assert deal.score == 1.0
    assert deal.reasons == ("partners +0.5", "grocery +0.2", "delivery +0.2")
    assert score("Rain expected", "", "https://n.example/x") == Relevance(0.2, ())
    assert score("Rain expected", "", "", "trade_press").reasons == ("trade press +0.2",)
    assert score("Your horoscope", "", "").score == 0.0


@cache
def pattern_of(phrase: str) -> re.Pattern[str]:
    words = r"[\s-]+".join(re.escape(word).replace(r"\*", r"\w*") for word in phrase.split())
    return re.compile(rf"(?<!\w){words}(?!\w)")


def search(phrase: str, text: str) -> tuple[int, str] | None:
    """Where a phrase of relevance.yml first stands in a text, and how it reads there."""
    if phrase.split()[0].removesuffix("*") not in text:
        return None
    match = pattern_of(phrase).search(text)
    return (match.start(), " ".join(re.findall(r"\w+", match[0]))) if match else None


def test_the_cues_of_a_text_are_those_that_a_plain_search_finds() -> None:
    listed = yaml.safe_load((ROOT / "crawler" / "relevance.yml").read_text(encoding="utf-8"))
    cues = [(entry["words"], entry["weight"]) for entry in listed["cues"] + listed["topics"]]
    # All words of the cues themselves, joined and torn: each of them is found somewhere.
    phrases = [phrase.replace("*", "ing") for words, _ in cues for phrase in words]
    texts = [article.body.lower()[:1500] for article in load_articles()[::3]]
    for joint in (" ", "-", ". ", "s ", "_"):
        texts += [joint.join(phrases[n : n + 40]).replace(" ", joint) for n in range(0, len(phrases), 40)]
    for text in texts:
        expected = []
        for words, weight in cues:
            found = [at for word in words if (at := search(word, text))]
            if found:
                first = min(found)[0]
                expected.append((weight, {reads for start, reads in found if start == first}))
        reasons = [reason.rpartition(" ") for reason in score("", text, "").reasons]
        assert [weight for _, _, weight in reasons] == [f"{weight:+.1f}" for weight, _ in expected]
        assert all(reads in possible for (reads, _, _), (_, possible) in zip(reasons, expected, strict=True))


def test_no_report_of_a_deal_in_the_newsroom_is_left_out() -> None:
    listed = yaml.safe_load((ROOT / "eval" / "newsroom.yml").read_text(encoding="utf-8"))
    reports = {entry["article"] for entry in listed if any(deal["main"] for deal in entry.get("deals") or ())}
    assert len(reports) > 40
    all_articles = load_articles()
    sites = {p.id: build_site(p, all_articles, DEFAULT_BASE_PORT) for p in load_publishers()}
    kinds = {s.domain: s.kind for s in newsroom_sources(DEFAULT_BASE_PORT)}
    for key, url in article_urls(DEFAULT_BASE_PORT).items():
        if key in reports:
            _, _, netloc, path = url.split("/", 3)
            seen = glance(respond(sites[key.split("/")[0]], f"/{path}").body, "text/html; charset=utf-8")
            assert seen.is_enough, key
            judged = score(seen.headline, seen.summary, url, kinds[netloc])
            assert judged.score >= default_threshold(), (key, judged)


def test_few_reports_of_deals_that_avoid_the_usual_words_are_left_out() -> None:
    folders = (ROOT / "eval" / "gold", ROOT / "extract" / "training" / "passages")
    texts = [passage for folder in folders for passage in read_passages(folder)]
    reports = [text for text in texts if any(deal.is_main for deal in text.deals)]
    lost = [t for t in reports if score(t.headline, t.body[:700], "").score < default_threshold()]
    assert len(reports) > 1000
    assert len(lost) < 0.02 * len(reports), [text.headline for text in lost]


def test_what_else_a_newspaper_prints_is_mostly_left_out() -> None:
    printed = yaml.safe_load((ROOT / "tests" / "crawler" / "irrelevant.yml").read_text(encoding="utf-8"))
    kept = [h for h, summary in printed if score(h, summary, "").score >= default_threshold()]
    assert len(kept) <= 0.1 * len(printed), kept


def is_fetched(headline: str, summary: str, kind: str | None) -> bool:
    """Whether an article is fetched of which a listing says this much."""
    judged = score(headline, summary, "", kind)
    return not says_enough(headline, summary, kind) or judged.score >= threshold_of_listings(
        default_threshold()
    )


KINDS = (None, "newspaper", "wire", "blog", "press_release_service", "trade_press", "company_newsroom")


def test_a_deal_told_in_everyday_words_is_fetched_whatever_its_listing_says() -> None:
    deals = yaml.safe_load((ROOT / "tests" / "crawler" / "everyday_deals.yml").read_text(encoding="utf-8"))
    assert len(deals) >= 60
    for kind in KINDS:
        assert [h for h, summary in deals if not is_fetched(h, summary, kind)] == []
        assert [h for h, _ in deals if not is_fetched(h, "", kind)] == []


def test_most_of_what_else_a_newspaper_prints_is_not_fetched() -> None:
    printed = yaml.safe_load((ROOT / "tests" / "crawler" / "irrelevant.yml").read_text(encoding="utf-8"))
    for kind in ("newspaper", "wire"):
        assert sum(is_fetched(h, summary, kind) for h, summary in printed) <= 0.2 * len(printed)
        assert sum(is_fetched(h, "", kind) for h, _ in printed) <= 0.3 * len(printed)
    # Too little is said, or the source writes of one trade.
    assert is_fetched("Goalkeeper banned", "", "newspaper")
    for kind in ("trade_press", "company_newsroom"):
        assert all(is_fetched(h, summary, kind) for h, summary in printed)
        assert all(is_fetched(h, "", kind) for h, _ in printed)


def test_decisions_are_kept_and_follow_another_threshold(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {"/feed": rss("/deal", "/idle"), "/deal": page(DEAL), "/idle": page(IDLE)}
    first = crawl(site, tmp_path)
    assert (first["report"]["articles"], first["report"]["irrelevant"]) == (1, 1)
    assert [a["headline"] for a in articles(tmp_path)] == [DEAL]
    judged = {url.rpartition("/")[2]: known for url, known in read_pages(tmp_path / "state").items()}
    assert {"signs +0.2", "deal +0.4"} <= set(judged["deal"].reasons or ())
    assert (judged["idle"].relevance or 0) < default_threshold() <= (judged["deal"].relevance or 0)
    assert [judged[name].is_left_out(default_threshold()) for name in ("deal", "idle")] == [False, True]

    site.asked.clear()
    assert crawl(site, tmp_path)["report"]["not_modified"] == 3
    assert {asked.status for asked in site.asked if asked.path in ("/deal", "/idle")} == {304}

    # Unchanged, but wanted now.
    assert crawl(site, tmp_path, 0.1)["report"]["articles"] == 1
    assert [a["headline"] for a in articles(tmp_path)] == [DEAL, IDLE]

    # What was read is followed, whatever is asked for later.
    site.pages["/idle"] = page("Heron leaves the roof of the town hall")
    crawl(site, tmp_path)
    assert len(articles(tmp_path)) == 3


def test_a_silent_source_is_not_one_whose_pages_are_left_out(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {"/feed": rss("/idle"), "/idle": page(IDLE)}
    keys = "feeds: [/feed], kind: newspaper, assertions: {min_articles: 1}"
    outcome = launch(tmp_path, "sources:\n" + source(site, keys), min_relevance=None)
    assert outcome.result["problems"] == []


def test_what_a_feed_shows_to_be_of_another_subject_is_not_fetched(site: LocalSite, tmp_path: Path) -> None:
    summary = (
        "Rovers beat Athletic after extra time in the last match of the football season, watched by nobody"
    )
    item = f"<item><title>Football: {{}}</title><link>{{}}</link><description>{summary}</description></item>"
    feed = "<rss version='2.0'><channel><title>F</title>{}</channel></rss>"
    site.pages = {
        "/feed": Answer(feed.format(item.format("cup", "/cup") + item.format("deal", "/deal-with-a-shop"))),
        "/cup": page(DEAL),
        "/deal-with-a-shop": page(DEAL),
    }
    result = crawl(site, tmp_path)
    assert "/cup" not in site.paths()
    assert "/deal-with-a-shop" in site.paths()
    assert result["report"]["irrelevant"] == 1
    assert any(url.endswith("/cup") for url in read_pages(tmp_path / "state"))


def test_a_page_that_says_too_little_is_read(site: LocalSite, tmp_path: Path) -> None:
    site.pages = {"/feed": rss("/bare"), "/bare": Answer("<title>Heron</title><p>Too little to say.</p>")}
    result = crawl(site, tmp_path)
    assert list(told(result)) == ["/bare"]
    assert result["report"]["irrelevant"] == 0


SUMMARY = 'One two three four five six seven "eight"'
HEADS = {
    "title": f"<title>Alpha &amp; Beta</title><meta name=description content='{SUMMARY}'>",
    "open graph": "<meta property='og:title' content='Alpha &amp; Beta'>"
    f"<meta content='{SUMMARY}' property=og:description>",
    "json-ld": '<script type="application/ld+json">{"headline": "Alpha \\u0026 Beta", "description": '
    + json.dumps(SUMMARY)
    + "}</script>",
    "first paragraph": "<title>Alpha &amp; Beta</title></head><body><p>Short.</p><h1>Alpha</h1><p class=x>"
    + SUMMARY.replace("four", "<b>four</b>"),
}
BODIES = (
    *(b"", b"\0" * 1000, b"\xff\xfe", b"<p" * 200_000, b"<p>" * 200_000, b"<p><div>" * 100_000),
    *(b'"headline":"' * 50_000, b'"headline":"' + b"\\" * 400_000, b"<title>" * 60_000, b"<meta " * 60_000),
)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_glance_finds_title_and_summary(head: str) -> None:
    seen = glance(f"<html><head>{head}</head></html>".encode(), "text/html")
    assert seen.headline == "Alpha & Beta"
    assert seen.summary == SUMMARY
    assert seen.is_enough


def test_a_glance_reads_other_encodings() -> None:
    text = "<html><head><title>Käse für El Corte Inglés</title></head></html>"
    assert (
        glance(text.encode("cp1252"), "text/html; charset=windows-1252").headline
        == "Käse für El Corte Inglés"
    )
    assert glance(text.encode("utf-16"), None).headline == "Käse für El Corte Inglés"


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_hostile_page_is_glanced_at_and_says_nothing(body: bytes) -> None:
    assert not glance(body, "text/html; charset=bogus").is_enough
    assert isinstance(glance(body, None), Glance)


def test_article_pages_of_the_tests_say_enough() -> None:
    assert glance(article_page(DEAL).encode(), None).is_enough
