"""The pages: what a reader finds on them, and that hostile words stay words."""

from __future__ import annotations

import asyncio
import datetime
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from build import article, database, extraction, load, report, store
from datasette.app import Datasette
from pages_world import EXAMPLE, HOSTILE, build_world
from served import ask, get, served

from db.identity import article_id
from db.merge import merge
from db.runs import add_problem, finish_run, start_run


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """Datasette on the small knowledge base of pages_world."""
    path = tmp_path_factory.mktemp("pages") / "tieup.db"
    build_world(path)
    datasette = served(path)
    yield datasette
    datasette.get_database("tieup").close()


def page(site: Datasette, path: str) -> str:
    """The HTML of a page that is there."""
    answer = get(site, path)
    assert answer.status_code == 200, answer.text
    return answer.text


def words(html: str) -> str:
    """What a reader sees of a page: no tags, single spaces, entities as characters."""
    html = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    html = re.sub(r"</?(?:p|li|div|dd|dt|h\d|t[dhr]|caption|section|strong)\b[^>]*>", " ", html)
    text = re.sub(r"<[^>]*>", "", html)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return " ".join(text.split())


def section(html: str, heading: str) -> str:
    """The section of a page under the heading with this id."""
    match = re.search(rf'<section aria-labelledby="{heading}">.*?</section>', html, re.DOTALL)
    assert match, heading
    return match[0]


def test_home_comes_in_the_order_that_readers_need(site: Datasette) -> None:
    text = words(page(site, "/").partition("<main")[2])
    order = (
        "Who partners with whom in retail",
        "14 deals · 18 articles from 4 sources · 0 problems",
        "Search companies, deals and articles",
        "added in the last 7 days",
        "Latest deals",
        "Areas",
        "Retailers and other buyers",
        "Providers",
        "Partnerships announced per quarter",
        "Questions it answers",
        "About the data",
    )
    found = [text.find(part) for part in order]
    assert -1 not in found
    assert found == sorted(found)


def test_home_lists_the_ten_latest_deals_latest_first(site: Datasette) -> None:
    lines = re.findall(r"<li>.*?</li>", section(page(site, "/"), "latest"))
    assert len(lines) == 10
    assert (
        words(lines[0])
        == "10 Mar 2025 Carrefour – Google: technology agreement, last-mile delivery Announced"
    )


def test_home_asks_all_fifteen_questions_and_each_opens(site: Datasette) -> None:
    links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', section(page(site, "/"), "questions"))
    assert len(links) == 15
    for path, title in links:
        assert title.endswith("?")
        page(site, path)


def test_a_tile_counts_the_deals_that_its_link_lists(site: Datasette) -> None:
    tile = re.search(r'<a href="(/tieup/letters_gone_quiet[^"]*)"><strong>(\d+)</strong>', page(site, "/"))
    assert tile
    path = tile[1].replace("?", ".json?") + "&_shape=objects"
    assert len(get(site, path).json()["rows"]) == int(tile[2]) == 2


def test_home_says_when_data_are_samples(tmp_path: Path) -> None:
    db = database(tmp_path / "tieup.db")
    load(db, report("http://127.0.0.1:8471/one"))
    db.close()
    assert "Sample data: articles written for this project" in page(served(tmp_path / "tieup.db"), "/")


def test_home_says_how_the_last_run_went(tmp_path: Path) -> None:
    db = database(tmp_path / "tieup.db")
    run = start_run(db, "run", {})
    add_problem(db, run, level="error", source=None, url=None, message="The site does not answer.")
    finish_run(db, run, state="failed")
    db.close()
    site = served(tmp_path / "tieup.db")
    html = page(site, "/")
    assert re.search(r"Updated \d+ \w+ \d{4} \d\d:\d\d UTC", words(html))
    assert "1 problem · the last run was failed" in words(html)
    link = re.search(r'href="(/tieup/problems[^"]*)"', html)
    assert link
    assert "The site does not answer." in page(site, link[1])


def test_home_does_not_call_other_peoples_articles_samples(site: Datasette) -> None:
    assert "Sample data" not in page(site, "/")


def test_home_follows_the_data(tmp_path: Path) -> None:
    db = database(tmp_path / "tieup.db")
    site = served(tmp_path / "tieup.db")
    assert "No deals: none among 0 articles from 0 sources" in words(page(site, "/"))
    load(db, report("https://wire.example/one"))
    assert "1 deal · 1 article from 1 source" in words(page(site, "/"))
    db.close()


def test_an_exact_company_opens_its_page(site: Datasette) -> None:
    for asked in ("El Corte Inglés", "el corte ingles", "EL-CORTE-INGLES"):
        answer = get(site, f"/search?q={asked}")
        assert (answer.status_code, answer.headers["location"]) == (302, "/tieup/companies/el-corte-ingles")


def test_search_finds_companies_deals_and_articles(site: Datasette) -> None:
    html = page(site, "/search?q=goog")
    assert "/tieup/companies/google-cloud" in section(html, "companies")
    html = page(site, "/search?q=letter+of+intent")
    assert EXAMPLE in section(html, "deals")
    assert "Alibaba signs letter of intent" in section(html, "articles")


@pytest.mark.parametrize(
    "asked", ['"', "'; drop table deals --", "a AND", "NEAR(", "*", "%00", "<script>", "-"]
)
def test_search_and_news_take_any_words(site: Datasette, asked: str) -> None:
    for path in ("/search", "/news"):
        html = get(site, path, params={"q": asked.replace("%00", "\0")})
        assert html.status_code == 200
        assert "<script>alert" not in html.text
        assert f"<script>{asked}" not in html.text


def test_a_search_that_finds_nothing_says_what_was_searched(site: Datasette) -> None:
    for path in ("/search?q=zebra", "/news?q=zebra", "/news?q=%22"):
        assert "none among 18 articles from 4 sources since 17 May 2018; see coverage" in words(
            page(site, path)
        )


def test_a_deal_shows_its_facts(site: Datasette) -> None:
    html = page(site, f"/tieup/deals/{EXAMPLE}")
    text = words(html)
    for fact in (
        "Intent signed phase: intent",
        "Strategic alliance",
        "Letter of intent",
        "announced 30 Nov 2018",
    ):
        assert fact in text
    assert "Technology provider and platform operator" in words(section(html, "parties"))
    assert "AliExpress platform of Alibaba" in words(section(html, "parties"))
    assert "Stores & omnichannel Exploring" in words(section(html, "areas"))
    assert "China, Spain" in words(section(html, "facts"))
    assert "3 articles: 3 independent sources" in text
    assert "not heard of since 3 Dec 2018" in text


def test_every_fact_has_its_quote_marked_in_its_sentence(site: Datasette) -> None:
    html = page(site, f"/tieup/deals/{EXAMPLE}")
    quote = "<p>AliExpress will explore physical points in El Corte Inglés centres"
    assert "<mark>AliExpress will explore physical points in El Corte Inglés centres</mark>." in html
    assert quote not in html
    assert "Alibaba and El Corte Inglés <mark>signed a letter of intent</mark>, the two groups said" in html
    facts = re.findall(r'<li class="fact">.*?</li>', html, re.DOTALL)
    assert len(facts) > 15
    for fact in facts:
        assert "<mark>" in fact or "Not stated in 3 articles" in fact, fact
    assert "Wire, " in html
    assert 'href="https://wire.example/alibaba"' in html
    assert f"/tieup/articles/{article_id('https://wire.example/alibaba')}" in html


def test_dissent_stands_beside_the_fact(site: Datasette) -> None:
    facts = section(page(site, f"/tieup/deals/{EXAMPLE}"), "facts")
    text = words(facts)
    assert "2 sources say Letter of intent, 1 says Framework agreement." in text
    assert "2 sources say 30 Nov 2018, 1 says 29 Nov 2018." in text
    assert "Otherwise: Framework agreement" in text
    assert "<mark>a cooperation agreement</mark>" in facts
    assert "2 sources say Option, 1 says Committed." in words(page(site, f"/tieup/deals/{EXAMPLE}"))


def test_a_dissenting_article_is_no_support_of_what_it_denies(site: Datasette) -> None:
    areas = words(section(page(site, f"/tieup/deals/{EXAMPLE}"), "areas"))
    supporting, _, dissenting = areas.partition("Cloud & IT")[2].partition("Otherwise: Committed")
    assert "Trade" not in supporting
    assert "Trade" in dissenting


def test_what_is_not_stated_is_said_so(site: Datasette) -> None:
    text = words(section(page(site, f"/tieup/deals/{EXAMPLE}"), "facts"))
    assert "Exclusivity, value, term and scope Not stated in 3 articles." in text
    assert "How binding: not stated in 3 articles." in words(page(site, "/tieup/deals/google-tesco-2023"))


def test_copies_of_one_text_count_once(site: Datasette) -> None:
    text = words(page(site, "/tieup/deals/google-tesco-2023"))
    assert "3 articles: 1 independent source, 2 copies of the same text not counted" in text
    assert "value: 25 million GBP" in text
    assert "term: 5 years" in text


def test_an_ended_deal_names_what_replaced_it_and_the_other_way_round(site: Datasette) -> None:
    ended = words(page(site, "/tieup/deals/carrefour-uber-2021"))
    assert "Terminated phase: ended" in ended
    assert "Replaced by Carrefour – Google" in ended
    assert "Replaces Carrefour – Uber" in words(page(site, "/tieup/deals/carrefour-google-2025"))


def test_an_extension_and_the_deal_before_it_are_linked(site: Datasette) -> None:
    links = section(page(site, f"/tieup/deals/{EXAMPLE}"), "links")
    assert "Extends Alibaba – El Corte Inglés: service agreement" in words(links)
    assert "<mark>extends a deal of March 2018 on Alipay</mark>" in links


def test_timeline_shows_other_dates_as_such(site: Datasette) -> None:
    text = words(section(page(site, f"/tieup/deals/{EXAMPLE}"), "timeline"))
    assert "29 Nov 2018 Announced not the date shown: other sources say otherwise" in text
    assert "Reported by Wire, 30 Nov 2018" in text


def test_an_exclusive_deal_is_said_to_be_so(site: Datasette) -> None:
    assert '<li class="chip">exclusive</li>' in page(site, "/tieup/deals/kroger-ocado-2018")


def test_a_company_shows_partners_by_area_first(site: Datasette) -> None:
    html = page(site, "/tieup/companies/el-corte-ingles")
    partners = section(html, "partners")
    assert html.index('id="partners"') < html.index('id="deals"')
    assert "Cloud & IT Alibaba Technology provider Option Intent signed" in words(partners)
    assert "Digital payments Alibaba Payment provider Committed Signed" in words(partners)
    assert "30 Nov 2018" in section(html, "deals")
    assert "Department stores" in words(html)
    assert "Spain" in words(html)


def test_deals_of_a_unit_stand_on_its_own_page_and_its_parents(site: Datasette) -> None:
    html = page(site, "/tieup/companies/alipay")
    assert "the party is Alibaba" in words(section(html, "unit"))
    assert "Alibaba" in words(section(page(site, "/tieup/companies/alipay"), "unit"))
    assert "Alipay platform" in words(page(site, "/tieup/companies/alibaba"))


def test_a_company_that_is_no_party_says_why(site: Datasette) -> None:
    html = page(site, "/tieup/companies/ford")
    assert "Related link: named as related_link" in words(section(html, "named"))
    none = "Partners of Ford: none among 18 articles from 4 sources since 17 May 2018; see coverage."
    assert none in words(section(html, "partners"))


def test_news_lists_articles_with_and_without_a_deal(site: Datasette) -> None:
    text = words(page(site, "/news"))
    assert "18 articles, latest first" in text
    assert "Walmart opens stores Trade no deal" in text
    assert "announces: Carrefour – Google" in text


@pytest.mark.parametrize(
    ("asked", "headlines"),
    [
        ("company=Tesco+PLC&source=wire", ["Tesco moves to Google Cloud"]),
        ("area=physical_omnichannel&day=2018-11-30", ["Alibaba signs letter of intent with El Corte Inglés"]),
        ("q=stores+texas", ["Walmart opens stores"]),
        ("day=2024-02-01", ["Walmart opens stores"]),
        ("day=2024-02-02", []),
    ],
)
def test_news_is_narrowed_by_company_area_source_day_and_words(
    site: Datasette, asked: str, headlines: list[str]
) -> None:
    html = page(site, f"/news?{asked}")
    assert re.findall(r'<a href="/tieup/articles/\w+">([^<]*)</a>', html) == headlines
    feed = re.search(r'href="(/tieup/articles\.json[^"]*)"', html)
    assert feed
    rows = get(site, feed[1].replace("&amp;", "&")).json()["rows"]
    assert [row["headline"] for row in rows] == headlines


def test_news_says_what_it_cannot_filter_by(site: Datasette) -> None:
    text = words(page(site, "/news?company=Nobody&area=x&source=y&day=z"))
    for mistake in (
        "No company is called Nobody.",
        "There is no area x.",
        "There is no source y.",
        "z is no day",
    ):
        assert mistake in text


def test_news_goes_on_to_older_articles(tmp_path: Path) -> None:
    db = database(tmp_path / "tieup.db")
    stories = [article(f"https://wire.example/{n}", f"Item {n}.", headline=f"Item {n}") for n in range(35)]
    load(db, *((story, extraction(story)) for story in stories))
    db.close()
    site = served(tmp_path / "tieup.db")
    first = page(site, "/news?q=item")
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = page(site, older[1].replace("&amp;", "&"))
    shown = [set(re.findall(r"/tieup/articles/(\w+)\"", html)) for html in (first, second)]
    assert [len(each) for each in shown] == [30, 5]
    assert not shown[0] & shown[1]
    assert 'rel="prev"' in second


def test_an_article_shows_its_text_with_what_was_found_in_it(site: Datasette) -> None:
    html = page(site, f"/tieup/articles/{article_id('https://wire.example/alibaba')}")
    assert '<a class="span party quoted" href="/tieup/companies/alibaba"' in html
    assert 'title="Ford: Related link"' in html
    assert 'title="Earlier deal: 2018-03"' in html
    text = words(section(html, "text"))
    assert (
        "AliExpress will explore physical points in El Corte Inglés centres. Both groups will assess" in text
    )
    assert "announces Alibaba – El Corte Inglés" in words(section(html, "concluded"))
    html = page(site, f"/tieup/articles/{article_id('https://blog.example/tesco-google')}")
    copies = re.search(r"Copies of one text: (\w+), (\w+)", words(html))
    assert copies
    assert sorted(copies.groups()) == ["Daily", "Wire"]
    assert "count as one source; the original is probably that of Wire." in words(html)
    html = page(site, f"/tieup/articles/{article_id('https://wire.example/tesco-google')}")
    assert "count as one source; the original is probably this one." in words(html)
    html = page(site, "/tieup/deals/google-tesco-2023")
    articles = words(section(html, "articles"))
    assert articles.count("probably the original of copies") == 1
    assert articles.count("a copy, counts once with the original") == 2


def test_an_area_shows_deals_providers_and_trend(site: Datasette) -> None:
    html = page(site, "/tieup/areas/cloud_it")
    assert "Alibaba – El Corte Inglés" in words(section(html, "deals"))
    assert "Google 1 1 agreed or live" in words(section(html, "providers"))
    assert "2023 2" in words(section(html, "trend"))


def test_hostile_words_are_text_everywhere(site: Datasette) -> None:
    article_page = f"/tieup/articles/{article_id('https://blog.example/hostile')}"
    paths = ["/", "/news", "/search?q=onerror", "/tieup/deals/casino-uber-2024", article_page]
    paths += [
        f"/tieup/claims/{row['id']}" for row in ask(site, "claims", deal="casino-uber-2024", field="scope")
    ]
    paths += ["/tieup/companies/casino", "/tieup/deals", "/tieup/articles"]
    for path in paths:
        html = page(site, path)
        assert "<script>alert" not in html, path
        assert "<img" not in html, path
        assert 'href="javascript:' not in html, path
        assert len(re.findall("</title>", re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))) == 1, path
    assert HOSTILE in words(page(site, article_page).replace(" </h1>", "</h1>"))
    assert "javascript:alert(3)" in words(page(site, article_page))
    assert "original" not in section(page(site, "/tieup/deals/casino-uber-2024"), "articles")


def test_unknown_rows_are_404(site: Datasette) -> None:
    for table in ("deals", "companies", "articles", "areas"):
        assert get(site, f"/tieup/{table}/nobody").status_code == 404
        assert get(site, f"/tieup/{table}/nobody.json").status_code == 404


def test_every_page_names_its_json_and_it_is_json(site: Datasette) -> None:
    story = article_id("https://wire.example/alibaba")
    paths = ["/", "/news", "/search?q=corte", f"/tieup/deals/{EXAMPLE}", "/tieup/companies/alibaba"]
    paths += [f"/tieup/articles/{story}", "/tieup/areas/cloud_it"]
    for path in paths:
        foot = page(site, path).partition('<footer class="foot">')[2]
        links = re.findall(r'href="(/[^"]*\.json[^"]*)"', foot)
        assert links, path
        for link in links:
            answer = get(site, link.replace("&amp;", "&"))
            assert answer.status_code == 200, link
            assert isinstance(answer.json(), dict), link


def test_pages_can_be_found_about_by_their_landmarks(site: Datasette) -> None:
    for path in (
        "/",
        "/news",
        f"/tieup/deals/{EXAMPLE}",
        "/tieup/companies/alibaba",
        "/tieup/areas/cloud_it",
    ):
        html = page(site, path)
        assert '<html lang="en">' in html
        assert html.count("<h1") == 1
        assert html.count("<main") == 1
        assert html.index('href="#main"') < html.index("<header")
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), path
        for labelled in re.findall(r'aria-labelledby="([^"]+)"', html):
            assert labelled in ids
        for control in re.findall(r"<(?:input|select)[^>]*>", html):
            name = re.search(r'id="([^"]+)"', control)
            assert name, control
            assert f'for="{name[1]}"' in html, control


def test_pages_need_nothing_from_elsewhere(site: Datasette) -> None:
    html = page(site, "/") + page(site, f"/tieup/deals/{EXAMPLE}")
    for loaded in re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', html):
        assert not loaded.startswith(("http", "//")) or "application/json" in html, loaded
    style = get(site, "/static-tieup/tieup.css")
    assert style.status_code == 200
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_a_question_is_a_form_in_words(site: Datasette) -> None:
    html = page(site, "/tieup/current_partners?company=el-corte-ingles&area=cloud_it")
    assert '<label for="qp1">Company</label><input id="qp1" name="company" value="el-corte-ingles"' in html
    assert '<option value="cloud_it" selected>Cloud &amp; IT</option>' in html
    assert 'type="date"' in html
    assert re.search(r'<label for="qp\d">By</label><select', page(site, "/tieup/whats_new"))


def test_an_answer_links_names_and_leaves_their_ids_out(site: Datasette) -> None:
    html = page(site, "/tieup/current_partners?company=el-corte-ingles")
    assert '<a href="/tieup/companies/alibaba">Alibaba</a>' in html
    assert f'<a href="/tieup/deals/{EXAMPLE}">Alibaba – El Corte Inglés' in html
    assert '<th class="col-partner" ' not in html
    assert '<th class="col-partner_name" ' in html


def test_an_empty_answer_says_what_was_read(site: Datasette) -> None:
    text = words(page(site, "/tieup/current_partners?company=ford"))
    assert "Nothing found: none among 18 articles from 4 sources since 17 May 2018; see coverage." in text


def test_ones_own_sql_keeps_datasettes_form(site: Datasette) -> None:
    html = page(site, "/tieup?sql=select+count(*)+as+deals+from+deals+where+phase=:phase&phase=live")
    assert 'id="sql-editor"' in html
    assert '<td class="col-deals">2</td>' in html
    assert 'name="phase" value="live"' in html


def test_a_company_with_many_deals_shows_the_latest_and_links_the_rest(tmp_path: Path) -> None:
    db = database(tmp_path / "tieup.db")
    day = datetime.date(2020, 1, 1)
    names = ("Ocado", "Google", "Carrefour", "Casino")
    for number in range(104):
        when = (day + datetime.timedelta(days=40 * (number // 4))).isoformat()
        story = report(
            f"https://wire.example/{number}",
            f"Uber, {names[number % 4]}",
            published=when,
            areas={"cloud_it": "committed"},
        )
        store(db, story)
    merge(db)
    db.close()
    html = page(served(tmp_path / "tieup.db"), "/tieup/companies/uber")
    assert len(re.findall("<li", section(html, "deals"))) == 100
    assert "All of them: 104 deals with its subsidiaries" in words(section(html, "deals"))
    assert "92 more" in words(section(html, "partners"))


def test_every_link_of_home_leads_somewhere(site: Datasette) -> None:
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', page(site, "/"))}
    assert len(links) > 50
    assert {link for link in links if get(site, link, follow_redirects=True).status_code != 200} == set()


def test_home_is_read_only_and_its_json_is_datasettes(site: Datasette) -> None:
    assert asyncio.run(site.client.post("/")).status_code == 405
    assert "tieup" in get(site, "/.json").json()


def test_a_datasette_without_the_knowledge_base_keeps_a_home_page() -> None:
    other = Datasette([], memory=True)
    assert "/_memory" in page(other, "/")


def test_companies_stand_side_by_side_area_by_area(site: Datasette) -> None:
    html = page(site, "/compare?companies=Carrefour,+tesco+plc,casino,nobody")
    heads = [words(head) for head in re.findall(r'<th scope="col">(.*?)</th>', html)]
    assert heads == ["Area", "Carrefour", "Tesco", "Casino"]
    line = next(
        row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if "/areas/last_mile_delivery" in row
    )
    cells = [words(cell) for cell in re.findall(r"<td>(.*?)</td>", line, re.DOTALL)]
    assert "Google 2025 Announced" in cells[0]
    assert "Uber 2021 Terminated" in cells[0]
    assert cells[0].index("Tesco") < cells[0].index("Uber")
    assert "Carrefour 2019" in cells[1]
    assert cells[2] == "Casino–"
    assert "No single company is called nobody." in words(html)


def test_a_coarser_date_is_no_dissent(tmp_path: Path) -> None:
    db = database(tmp_path / "tieup.db")
    load(
        db,
        report("https://wire.example/1", published="2024-01-10", announced="2024-01-10"),
        report("https://daily.example/1", published="2024-01-10", announced="2024-01-10"),
        report("https://trade.example/1", published="2024-01-12", announced="2024-01"),
    )
    db.close()
    facts = words(section(page(served(tmp_path / "tieup.db"), "/tieup/deals/ocado-tesco-2024"), "facts"))
    assert "Announced 10 Jan 2024" in facts
    assert "Otherwise" not in facts
    assert " says " not in facts


def test_a_status_with_its_date_stands_once_in_the_timeline(tmp_path: Path) -> None:
    db = database(tmp_path / "tieup.db")
    facts = {"status": "launched", "dates": {"launched": "2024-01-10"}}
    load(db, report("https://wire.example/1", published="2024-01-10", **facts))
    db.close()
    html = page(served(tmp_path / "tieup.db"), "/tieup/deals/ocado-tesco-2024")
    assert words(section(html, "timeline")).count("Launched") == 1


def test_a_claim_has_a_page_to_cite(site: Datasette) -> None:
    rows = ask(site, "claims", deal=EXAMPLE, field="instrument", stated="framework_agreement")
    html = page(site, f"/tieup/claims/{rows[0]['id']}")
    assert "signed <mark>a cooperation agreement</mark> on 29 November" in html
    text = words(html)
    assert "Instrument: framework_agreement of Alibaba – El Corte Inglés" in text
    assert "Shown by the deal no" in text
    assert f"characters {rows[0]['start_char']} to {rows[0]['end_char']}" in text
    assert get(site, f"/tieup/claims/{rows[0]['id']}.json?_shape=objects").json()["rows"] == rows
