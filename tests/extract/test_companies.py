"""Which names of an article are companies, known ones and new ones, and where each is named."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from crawler.items import Block
from extract.model import CompanyMention, Extraction

Read = Callable[..., Extraction]


def ids(extraction: Extraction) -> set[str]:
    return {company.id for company in extraction.companies}


def company(extraction: Extraction, id: str) -> CompanyMention:
    (found,) = [company for company in extraction.companies if company.id == id]
    return found


def texts(extraction: Extraction, id: str) -> list[str]:
    return [mention.text for mention in company(extraction, id).mentions]


def test_a_company_of_the_gazetteer(read: Read) -> None:
    body = "Tesco said on Tuesday that sales had risen. The weather helped Tesco, it said."
    found = company(read(body, "Tesco sales rise"), "tesco")
    assert (found.name, found.kind, found.country, found.parent) == ("Tesco", "company", "GB", None)
    assert {(m.part, m.start_char) for m in found.mentions} == {
        ("headline", 0),
        ("article_body", 0),
        ("article_body", body.rindex("Tesco")),
    }
    assert found.roles
    assert found.reason


def test_aliases_and_units_are_told_apart(read: Read) -> None:
    extraction = read(
        "M&S sells on Tmall Global and Tmall, and it uses Alibaba Cloud. Marks & Spencer is British."
    )
    assert texts(extraction, "marks-and-spencer") == ["M&S", "Marks & Spencer"]
    assert texts(extraction, "tmall-global") == ["Tmall Global"]
    assert texts(extraction, "tmall") == ["Tmall"]
    assert company(extraction, "alibaba-cloud").parent == "alibaba"
    assert "alibaba" not in ids(extraction)


def test_an_unknown_company_is_seen_by_its_apposition(read: Read) -> None:
    extraction = read(
        "The Danish grocer Brinkholt said on Thursday it had signed an agreement with Lumora, a delivery company. "
        "Lumora will bring orders home.",
        "Brinkholt signs up Lumora",
    )
    assert ids(extraction) == {"brinkholt", "lumora"}
    assert company(extraction, "brinkholt").country == "DK"
    assert texts(extraction, "lumora") == ["Lumora", "Lumora", "Lumora"]


@pytest.mark.parametrize("mark", ["'", "’"])
def test_a_name_that_ends_in_s(mark: str, read: Read) -> None:
    name = f"Hartnell{mark}s"
    extraction = read(
        f"{name}, a British bakery chain, said on Thursday it had signed an agreement with Tesco. {name} will bake.",
        "Bakery chain signs with grocer",
    )
    assert texts(extraction, "hartnells") == [name, name]
    assert ids(extraction) == {"hartnells", "tesco"}


def test_a_possessive_is_no_part_of_a_name(read: Read) -> None:
    extraction = read(
        "Tesco's sales rose. The delivery company Lumora said Lumora's riders will serve Tesco's shops."
    )
    assert set(texts(extraction, "tesco")) == {"Tesco"}
    assert set(texts(extraction, "lumora")) == {"Lumora"}


def test_an_acronym_in_brackets_names_the_same_company(read: Read) -> None:
    extraction = read(
        "Tesco has signed an agreement with Kestrel Payments Group (KPG), a payment provider. KPG will run its tills.",
        "Tesco signs up payment firm",
    )
    assert texts(extraction, "kestrel-payments-group") == ["Kestrel Payments Group", "KPG", "KPG"]
    assert "kpg" not in ids(extraction)


def test_an_acronym_of_a_known_company(read: Read) -> None:
    extraction = read("Majid Al Futtaim (MAF) opened a mall on Monday. MAF runs shops in the region.")
    assert texts(extraction, "majid-al-futtaim") == ["Majid Al Futtaim", "MAF", "MAF"]


def test_a_name_that_begins_like_a_place_is_one_company(read: Read) -> None:
    extraction = read(
        "Norrland Grocers Association (NGA) said on Thursday it had signed an agreement with Tesco. NGA will use it.",
        "Deal",
    )
    assert texts(extraction, "norrland-grocers-association") == ["Norrland Grocers Association", "NGA", "NGA"]


@pytest.mark.parametrize(
    "body",
    [
        "The chain missed its target this year, and the gap between shops and website grew. Next, it will cut prices.",
        "Next year will be better. Gap years are popular.",
        "A shopper bought an apple, an orange and new boots. Express trains were late.",
    ],
)
def test_common_words_are_no_companies(body: str, read: Read) -> None:
    assert ids(read(body, "Sales gap grows")) == set()


def test_a_common_word_that_begins_a_sentence_is_no_company(read: Read) -> None:
    assert (
        ids(read("Target prices for the shares were lowered. Next year will be better.", "Sales fall"))
        == set()
    )


@pytest.mark.parametrize(
    ("body", "id"),
    [
        ("Sales at Target rose in May, and Target's shares gained 3%.", "target"),
        (
            "The fashion retailer Gap will close shops, and Gap's chief executive said it had no other choice.",
            "gap",
        ),
        ("The retailer Next said on Tuesday that sales had risen. Shares of Next rose.", "next"),
        ("Next plc said on Tuesday that sales had risen.", "next"),
        ("Gap Inc. said on Tuesday that sales had risen.", "gap"),
    ],
)
def test_common_words_are_companies_where_the_text_shows_one(body: str, id: str, read: Read) -> None:
    assert ids(read(body, "Sales rise")) == {id}


def test_persons_and_places_are_no_companies(read: Read) -> None:
    extraction = read(
        "Victor Marsh, chief executive of Tesco, said in Paris on Monday that sales in Germany and New York had grown. "
        "Marsh joined in 2019.",
        "Sales grow",
    )
    assert ids(extraction) == {"tesco"}
    extraction = read(
        "Anna Berg and Victor Marsh live in Lisbon. Berg buys bread; Marsh does not. They met in London."
    )
    assert ids(extraction) == set()


def test_a_person_whose_last_name_is_a_company(read: Read) -> None:
    extraction = read(
        "Victor Marsh, chief executive of Tesco, said in Paris on Monday that sales in Germany and New York had grown. "
        "Marsh joined in 2019. Harrison Ford opened the shop.",
        "Sales grow",
    )
    assert ids(extraction) == {"tesco"}


def test_a_shop_that_bears_the_name_of_its_owner(read: Read) -> None:
    extraction = read(
        "Hopes that Tuckwell's would get a floor of second-hand clothes have come to nothing. Tuckwell's and Rewoven, "
        'a website for used clothes, ended their talks on Monday. "We could not agree," said Charles Tuckwell, the '
        "fifth of his family to run the department store. Mr Tuckwell will now look for a gym.",
        "Tuckwell's and Rewoven end talks",
    )
    assert company(extraction, "tuckwells").name == "Tuckwell's"


def test_legal_forms_belong_to_the_mention_and_not_to_the_id(read: Read) -> None:
    extraction = read(
        "Kroger Co. and Alibaba Group Holding Ltd. signed an agreement. Brinkholt Ltd, a grocer, waits."
    )
    assert texts(extraction, "kroger") == ["Kroger Co."]
    assert texts(extraction, "alibaba") == ["Alibaba Group Holding Ltd."]
    assert texts(extraction, "brinkholt") == ["Brinkholt Ltd"]
    assert company(extraction, "brinkholt").name == "Brinkholt"


def _with_accents(form: str) -> str:
    return unicodedata.normalize(form, "El Corte Inglés")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        (_with_accents("NFC"), "el-corte-ingles"),
        (_with_accents("NFD"), "el-corte-ingles"),
        ("El Corte Ingles", "el-corte-ingles"),
        ("El\u00a0Corte Inglés", "el-corte-ingles"),
        ("Sainsbury's", "sainsburys"),
        ("Sainsbury’s", "sainsburys"),
        ("L’Oréal", "loreal"),
        ("L'Ore\u0301al", "loreal"),
        ("Kro\u200bger", "kroger"),
        ("Car\u2060refour", "carrefour"),
        ("Tes\u00adco", "tesco"),
    ],
)
def test_spellings_keep_the_id_and_the_text(name: str, id: str, read: Read) -> None:
    extraction = read(
        f"\U0001f6d2 Cafe\u0301s: {name} has signed an agreement with Walmart, \U0001f44d {name} said."
    )
    assert texts(extraction, id) == [name, name]
    assert ids(extraction) == {id, "walmart"}


def test_companies_of_blocks_set_aside(read: Read) -> None:
    blocks = (
        Block("paragraph", "Tesco said on Tuesday that sales had risen."),
        Block("related", "Starbucks opens a cafe. Tesco hires. The grocer Brinkholt closes."),
        Block("newsletter", "Walmart and the weather: sign up."),
    )
    extraction = read("Tesco said on Tuesday that sales had risen.", blocks=blocks)
    assert ids(extraction) == {"tesco", "starbucks"}
    assert company(extraction, "starbucks").roles == ("related_link",)
    assert [m.part for m in company(extraction, "starbucks").mentions] == ["blocks/1"]
    assert [m.part for m in company(extraction, "tesco").mentions] == ["article_body", "blocks/1"]
    assert company(extraction, "tesco").roles != ("related_link",)


def test_a_company_is_listed_once(read: Read) -> None:
    extraction = read("Tesco, TESCO and Tesco PLC are one. So are Alibaba and Alibaba Group.", "Tesco")
    assert sorted(c.id for c in extraction.companies) == sorted(ids(extraction)) == ["alibaba", "tesco"]
    assert texts(extraction, "tesco") == ["Tesco", "TESCO", "Tesco PLC", "Tesco"]


@pytest.mark.parametrize(
    "dateline",
    ["AUSTIN, Texas--(BUSINESS WIRE)--", "SAN JOSE, Calif.-(GLOBE NEWSWIRE)-", "LONDON (Reuters)—"],
)
def test_a_name_behind_a_dateline_begins_with_its_own_first_letter(dateline: str, read: Read) -> None:
    body = f"{dateline}Ridgeline Outfitters Inc. has signed an agreement with the grocer Brinkholt to sell tents."
    assert "ridgeline-outfitters" in ids(read(body, "Ridgeline Outfitters and Brinkholt partner"))
