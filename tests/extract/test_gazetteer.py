"""The gazetteer: who is in it, how names are compared, and what it refuses."""

from pathlib import Path

import pytest

from extract.gazetteer import GazetteerError, load_gazetteer
from extract.linking import tokens_of
from extract.model import GazetteerCompany
from extract.pipeline import load_pipeline
from extract.text import fold, slug

ALPHA = "{id: alpha, name: Alpha, sector: grocery, country: ES}"


def load(tmp_path: Path, *lines: str) -> tuple[GazetteerCompany, ...]:
    path = tmp_path / "companies.yml"
    path.write_text("companies:\n" + "".join(f"  - {line}\n" for line in lines), encoding="utf-8")
    return load_gazetteer(path)


def error(tmp_path: Path, *lines: str) -> str:
    with pytest.raises(GazetteerError) as caught:
        load(tmp_path, *lines)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_knows_the_companies_of_the_trade_and_their_units() -> None:
    companies = {company.id: company for company in load_gazetteer()}
    assert len(companies) > 500
    assert companies["el-corte-ingles"].name == "El Corte Inglés"
    for unit in ("tmall", "aliexpress", "alibaba-cloud", "alipay"):
        assert companies[unit].parent == "alibaba"
    assert companies["argos"].parent == "sainsburys"
    assert companies["zara"].parent == "inditex"
    assert companies["amazon-web-services"].aliases == ("AWS",)
    assert (companies["alibaba-cloud"].kind, companies["alibaba-cloud"].country) == ("business_unit", "CN")


def test_wikidata_ids_are_given_once() -> None:
    """Ids are only those of public lists whose name and country are the company's; most companies have none there."""
    companies = load_gazetteer()
    ids = [company.wikidata for company in companies if company.wikidata]
    assert len(ids) == len(set(ids)) >= 1370
    assert len(companies) >= 4090


def test_names_that_are_words_count_only_in_context() -> None:
    companies = {company.id: company for company in load_gazetteer()}
    for word in ("target", "gap", "next", "boots", "express", "ford", "visa", "apple", "orange", "metro-ag"):
        company = companies[word]
        assert company.context_aliases, word
        assert company.name in company.context_aliases or word == "metro-ag"


def test_names_are_compared_without_case_accents_and_kinds_of_quotes() -> None:
    assert fold("El Corte INGLÉS") == "el corte ingles"
    assert fold("Macy’s") == fold("macy's") == "macy's"
    assert fold("Żabka") == "zabka"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("El Corte Inglés", "el-corte-ingles"),
        ("Macy’s", "macys"),
        ("Marks & Spencer", "marks-and-spencer"),
        ("JD.com", "jd-com"),
        ("Disney+", "disney-plus"),
        ("Yum! Brands", "yum-brands"),
    ],
)
def test_an_id_is_the_slug_of_the_name(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_an_entry_needs_little_and_keeps_its_order(tmp_path: Path) -> None:
    assert load(tmp_path, ALPHA, "{id: b-and-o, name: B&O, sector: other, country: 'NO', aliases: [Bo]}") == (
        GazetteerCompany(id="alpha", name="Alpha", sector="grocery", country="ES"),
        GazetteerCompany(id="b-and-o", name="B&O", sector="other", country="NO", aliases=("Bo",)),
    )


def test_an_id_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    message = error(tmp_path, ALPHA, "{id: alpha, name: Alpha, sector: beauty, country: FR}")
    assert message == "companies.yml:3: id 'alpha' stands already at companies.yml:2"


def test_a_name_of_two_companies_is_refused_with_both_places(tmp_path: Path) -> None:
    beta = "{id: beta, name: Beta, sector: grocery, country: ES, aliases: [ÁLPHA]}"
    message = error(tmp_path, ALPHA, beta)
    assert "'alpha' of Beta names already Alpha at companies.yml:2" in message
    assert message.startswith("companies.yml:3:")


def test_two_companies_may_share_a_name_that_needs_context(tmp_path: Path) -> None:
    beta = "{id: beta, name: Beta, sector: grocery, country: ES, context_aliases: [Alpha]}"
    assert len(load(tmp_path, ALPHA, beta)) == 2


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{id: beta, name: Beta, sector: grocery, country: ES, parent: gamma}", "unknown parent 'gamma'"),
        (
            "{id: beta, name: Beta, sector: grocery, country: ES, parent: beta}",
            "parents go round: beta -> beta",
        ),
        ("{id: beta, name: Beta, sector: groceries, country: ES}", "unknown sector 'groceries'"),
        ("{id: beta, name: Beta, sector: grocery, country: UK}", "unknown country 'UK'"),
        ("{id: beta, name: Beta, sector: grocery, country: NO}", "country must be a text"),
        ("{id: beta, name: Beta, sector: grocery, country: ES, kind: shop}", "unknown kind 'shop'"),
        ("{id: beta, name: Beta, sector: grocery, country: ES, owner: alpha}", "unknown key 'owner'"),
        (
            "{id: beta, name: Beta, sector: grocery, country: ES, aliases: Bee}",
            "aliases must be a list of texts",
        ),
        ("{id: beta, name: Beta, sector: grocery, country: ES, wikidata: 42}", "wikidata must be a text"),
        ("{id: beta, name: Beta, sector: grocery, country: ES, wikidata: P42}", "'P42' is no Wikidata id"),
        ("{id: beta, name: Better, sector: grocery, country: ES}", "is not the slug of 'Better' ('better')"),
        ("{id: beta, name: Beta, country: ES}", "missing sector"),
        (
            "{id: beta, name: Beta, id: beta, sector: grocery, country: ES}",
            "key 'id' stands already on line 3",
        ),
        ("Beta", "an entry must be a mapping"),
    ],
)
def test_mistakes_are_refused_in_one_line(tmp_path: Path, entry: str, says: str) -> None:
    message = error(tmp_path, ALPHA, entry)
    assert says in message
    assert message.startswith("companies.yml")


def test_parents_that_go_round_are_refused(tmp_path: Path) -> None:
    message = error(
        tmp_path,
        "{id: beta, name: Beta, sector: grocery, country: ES, parent: gamma}",
        "{id: gamma, name: Gamma, sector: grocery, country: ES, parent: beta}",
    )
    assert "beta -> gamma -> beta" in message
    assert message.count("companies.yml:") == 2


def test_a_file_that_is_no_gazetteer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "companies.yml"
    for text in ("", "companies: 3", "shops: []", "companies: [", "- a"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(GazetteerError, match=r"companies\.yml"):
            load_gazetteer.__wrapped__(path)


def test_names_are_cut_as_the_text_that_they_are_looked_for_in() -> None:
    nlp = load_pipeline()
    names = {name for company in load_gazetteer() for name in (company.name, *company.aliases)}
    names |= {"cannot", "Im there", "St Ives", "Dont Stop", "A  B", "P&G Co.", "Dont & I'm", "24/7 Mart !"}
    for name in sorted(names):
        assert tokens_of(name, nlp) == [token.text for token in nlp.tokenizer(name)], name
