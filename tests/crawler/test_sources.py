"""sources.yml: what is allowed, and that everything else is one clear line."""

from pathlib import Path

import pytest

from crawler.items import SourceRecord
from crawler.sources import Source, SourcesError, load_sources, sources_from_text, to_record

MINIMAL = """
sources:
  - name: Café Trade & Co.
    domain: news.example:8080
    feeds: [/feed.xml]
"""


def test_a_minimal_source_gets_an_id_and_defaults() -> None:
    (source,) = sources_from_text(MINIMAL, "mine.yml")
    assert source == Source(
        name="Café Trade & Co.", id="cafe-trade-co", domain="news.example:8080", feeds=("/feed.xml",)
    )
    assert source.absolute("/feed.xml") == "https://news.example:8080/feed.xml"
    assert to_record(source) == SourceRecord("cafe-trade-co", "Café Trade & Co.", "news.example:8080")


def test_the_pages_that_show_addresses_are_one_or_several() -> None:
    one = entry(seen_in="https://example.org/list")
    several = entry(seen_in="[https://example.org/list, https://example.org/robots]")
    assert [sources_from_text(text, "s.yml")[0].seen_in for text in (one, several)] == [
        ("https://example.org/list",),
        ("https://example.org/list", "https://example.org/robots"),
    ]


def test_the_shipped_sources_are_valid() -> None:
    sources = load_sources()
    assert len(sources) >= 12
    assert all(source.licence and source.country and source.kind for source in sources)
    assert len({source.domain for source in sources}) == len(sources)


def test_a_source_that_lists_nothing_is_read_from_its_home_page() -> None:
    (source,) = sources_from_text("sources: [{name: One, domain: one.example}]", "mine.yml")
    assert (source.feeds, source.sitemaps, source.sections) == ((), (), ("/",))
    (source,) = sources_from_text(entry(), "mine.yml")
    assert source.sections == ()


def entry(**changes: str) -> str:
    lines = {"name": "One", "domain": "one.example", "feeds": "[/feed]"} | changes
    return "sources:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in lines.items())


BOMB = "a: &a [x, x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a]" for n in range(3))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.yml: empty; it must have the key 'sources'"),
        ("# only a comment", "mine.yml: empty"),
        ("sources: []", "'sources' must be a list of at least one publisher"),
        ("[1, 2]", "the only allowed key at the top is 'sources'"),
        ("source:\n  - name: x", "found 'source'; the only allowed key at the top is 'sources'"),
        ("sources:\n  - 3", "source 1: must be a mapping with the keys name, domain"),
        (entry(feed="[/x]"), "source 1 (One): has the unknown key 'feed'; allowed: name, domain, scheme"),
        (entry(domain="https://one.example"), "'domain' must be a host name in lower case"),
        (entry(domain="one.example:99999"), "'domain' has a port outside 1 to 65535"),
        (entry(scheme="ftp"), "'scheme' must be one of https, http"),
        (entry(country="Britain"), "'country' must be an ISO 3166-1 alpha-2 code"),
        (entry(country="no"), "'country' must be an ISO 3166-1 alpha-2 code such as GB, in quotes"),
        (entry(kind="gossip"), "'kind' must be one of wire, trade_press"),
        (entry(feeds="/feed"), "'feeds' must be a list of absolute paths"),
        (entry(feeds="[feed.xml]"), "'feeds' has a bad address 'feed.xml'; allowed: an absolute path"),
        (entry(feeds="['javascript:alert(1)']"), "'feeds' has a bad address 'javascript:alert(1)'"),
        (entry(feeds="['file:///etc/passwd']"), "'feeds' has a bad address"),
        (entry(feeds="['https://[bad/']"), "'feeds' has a bad address"),
        (entry(feeds="[]"), "nothing to read; give feeds, sitemaps or sections"),
        (entry(selectors="{title: h1}"), "'selectors' has the unknown key 'title'; allowed: headline"),
        (entry(selectors="{headline: 'h1['}"), "'selectors' has no valid CSS selector under 'headline'"),
        (entry(assertions="{min_articles: 5, max_articles: 2}"), "min_articles above max_articles"),
        (entry(assertions="{min_articles: many}"), "must give whole numbers"),
        (entry(name="''"), "'name' must be one line of text"),
        ("sources:\n  - name: A\n    feeds: [/x]", "the key 'domain' is missing"),
        (entry() + "\n    domain: two.example", "line 5: key 'domain' is given twice"),
        (
            entry() + entry(domain="two.example")[8:],
            "source 2: duplicate name 'One', already used by source 1",
        ),
        ("sources:\n\t- name: x", "line 2: a tab; YAML is indented with spaces"),
        (BOMB, "line 2: aliases (*name) are not allowed"),
        ("sources: [\n", "see the header of sources.yml"),
        ("sources: !!python/object/apply:os.system ['x']", "line 1"),
        (entry(seen_in="2020-13-45"), "quote the value"),
        ("[" * 5000, "nested too deeply"),
        ("sources: \x00", "not YAML"),
    ],
)
def test_bad_files_are_one_line_that_says_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(SourcesError) as caught:
        sources_from_text(text, "mine.yml")
    message = str(caught.value)
    assert message.startswith("mine.yml")
    assert said in message
    assert "\n" not in message


def test_missing_folder_and_wrongly_encoded_files_are_reported(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yml"
    latin.write_bytes("sources: [é]".encode("latin-1"))
    for path, said in [
        (tmp_path / "none.yml", "No such file"),
        (tmp_path, "Is a directory"),
        (latin, "not UTF-8 at byte 10"),
    ]:
        with pytest.raises(SourcesError, match=said):
            load_sources(path)
