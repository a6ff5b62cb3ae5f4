"""The markup of annotated passages: exact offsets, clear errors, and that every committed passage keeps to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

import extract.training.passages
from extract.gazetteer import load_gazetteer
from extract.text import fold
from extract.training.passages import DateMark, NameMark, Passage, PassageError, read_passage, read_passages
from extract.vocabularies import load_vocabularies

FOLDER = Path(extract.training.passages.__file__).parent / "passages"
GOLD, PRESS = (Path(__file__).parents[2] / "eval" / name for name in ("gold", "press"))
EXAMPLE = """\
headline: Brinkholt brings [[nuvaPay]] to its tills
published: 2021-06-17
deal a: main; type=service_agreement; instrument=agreement_unspecified; value="5 EUR"; areas=digital_payments:committed
deal b: recalled; type=pilot_rnd
---
[[Brinkholt|a:retailer]], the Café \U0001f6d2 grocer, will accept [[nuvaPay|a:payment_provider b:supplier]], it said on
{{Thursday|2021-06-17 announced a}}. [[Nuva=nuvaPay]] was founded in {{2015|2015 founding}}. [[Lumo|competitor]] lags.
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "one.txt"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def example(tmp_path: Path) -> Passage:
    return read_passage(write(tmp_path, EXAMPLE))


def part(passage: Passage, name: str) -> str:
    return {"headline": passage.headline, "article_body": passage.body}[name]


def test_text_comes_without_its_markup(example: Passage) -> None:
    assert example.headline == "Brinkholt brings nuvaPay to its tills"
    assert example.published == "2021-06-17"
    assert example.body == (
        "Brinkholt, the Café \U0001f6d2 grocer, will accept nuvaPay, it said on\n"
        "Thursday. Nuva was founded in 2015. Lumo lags."
    )


def test_names_read_at_their_offsets(example: Passage) -> None:
    read = [(m.part, part(example, m.part)[m.start : m.end], m.name) for m in example.names]
    assert read == [
        ("headline", "nuvaPay", "nuvaPay"),
        ("article_body", "Brinkholt", "Brinkholt"),
        ("article_body", "nuvaPay", "nuvaPay"),
        ("article_body", "Nuva", "nuvaPay"),
        ("article_body", "Lumo", "Lumo"),
    ]


def test_dates_read_at_their_offsets(example: Passage) -> None:
    read = [(example.body[d.start : d.end], d.edtf, d.role, d.deal) for d in example.dates]
    assert read == [
        ("Thursday", "2021-06-17", "announced", "a"),
        ("2015", "2015", "founding", None),
    ]


def test_roles_of_parties_and_of_others(example: Passage) -> None:
    assert example.roles == {
        "Brinkholt": (("a", "retailer"),),
        "nuvaPay": (("a", "payment_provider"), ("b", "supplier")),
        "Lumo": ((None, "competitor"),),
    }


def test_deal_lines(example: Passage) -> None:
    assert [(d.letter, d.is_main, d.facts.get("type")) for d in example.deals] == [
        ("a", True, "service_agreement"),
        ("b", False, "pilot_rnd"),
    ]
    assert example.deals[0].facts["value"] == "5 EUR"


def test_a_passage_needs_neither_headline_nor_date(tmp_path: Path) -> None:
    passage = read_passage(write(tmp_path, "published:\n---\nNothing happened.\n"))
    assert (passage.headline, passage.published, passage.body) == ("", None, "Nothing happened.")
    assert (passage.names, passage.dates, passage.deals, passage.roles) == ((), (), (), {})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("headline: A\nText without a line.\n", "---"),
        ("", "---"),
        ("deal a: main; service_agreement\n---\nText.\n", "'service_agreement' is no key=value"),
    ],
)
def test_broken_passages_name_the_file_and_the_reason(text: str, says: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(PassageError) as caught:
        read_passage(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert says in message
    assert "\n" not in message


def test_the_first_broken_passage_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("---\n", encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "1.txt").write_text(EXAMPLE, encoding="utf-8")
    (tmp_path / "c.txt").write_text("no separator", encoding="utf-8")
    with pytest.raises(PassageError, match=r"a\.txt: "):
        list(read_passages(tmp_path))
    (tmp_path / "a.txt").write_text("headline: A\n---\nB\n", encoding="utf-8")
    with pytest.raises(PassageError, match=r"c\.txt: "):
        list(read_passages(tmp_path))


@pytest.fixture(scope="module", params=[FOLDER, GOLD, PRESS], ids=["training", "gold", "press"])
def committed(request: pytest.FixtureRequest) -> tuple[Passage, ...]:
    found = tuple(read_passages(request.param))
    assert len(found) > 50
    return found


def _pairs(folder: Path, *, only_news: bool = False) -> dict[frozenset[str], str]:
    """Every two parties of one deal, main or recalled, by the company that a name is known to mean, with a file."""
    known = {
        fold(name): company.id
        for company in load_gazetteer()
        for name in (company.name, *company.aliases, *company.context_aliases)
    }
    found = {}
    for passage in read_passages(folder):
        for deal in passage.deals:
            if only_news and not deal.is_main:
                continue
            parties = {
                known.get(fold(name), fold(name))
                for name, roles in passage.roles.items()
                if any(letter == deal.letter and role != "unit_of_party" for letter, role in roles)
            }
            found.update({frozenset(pair): passage.path.name for pair in combinations(parties, 2)})
    return found


def test_no_two_companies_have_a_deal_in_both_training_and_gold() -> None:
    training, gold = _pairs(FOLDER), _pairs(GOLD)
    assert {tuple(pair): training[pair] for pair in training.keys() & gold.keys()} == {}


def test_no_two_companies_are_news_in_both_training_and_press() -> None:
    """Articles of the press recall many deals of the same large companies, but what is news in one is in no passage."""
    training, press = (_pairs(folder, only_news=True) for folder in (FOLDER, PRESS))
    assert {tuple(pair): training[pair] for pair in training.keys() & press.keys()} == {}


def _written(passage: Passage) -> Iterator[tuple[str, str]]:
    """Part and surface of every mark as it stands in the file, read without the compiler."""
    head, _, body = passage.path.read_text(encoding="utf-8").partition("\n---\n")
    headline = re.search(r"^headline:(.*)$", head, re.M)
    for name, text in (("headline", headline[1] if headline else ""), ("article_body", body)):
        for mark in re.finditer(r"\[\[([^]]*)]]|\{\{([^}]*)}}", text):
            yield name, re.split(r"[=|]", mark[1])[0] if mark[1] is not None else mark[2].split("|")[0]


def test_committed_passages_re_read_every_mark(committed: tuple[Passage, ...]) -> None:
    for passage in committed:
        both: list[NameMark | DateMark] = [*passage.names, *passage.dates]
        marks = sorted(both, key=lambda m: (m.part != "headline", m.start))
        read = [(m.part, part(passage, m.part)[m.start : m.end]) for m in marks]
        assert read == list(_written(passage)), passage.path.name
        assert not re.search(r"\[\[|]]|\{\{|}}", passage.headline + passage.body), passage.path.name


def test_committed_passages_use_the_vocabularies(committed: tuple[Passage, ...]) -> None:
    known = load_vocabularies()
    party_roles = {entry.id for entry in known.party_roles}
    date_roles = {entry.id for entry in known.date_roles}
    facts = {
        "type": {entry.id for entry in known.deal_types},
        "instrument": {entry.id for entry in known.instruments},
        "status": {entry.id for entry in known.statuses},
    }
    areas = {area.id for area in known.areas}
    commitments = {entry.id for entry in known.commitments}
    for passage in committed:
        where = passage.path.name
        letters = {deal.letter for deal in passage.deals}
        for pairs in passage.roles.values():
            assert {role for _, role in pairs} <= party_roles, where
            assert {letter for letter, _ in pairs if letter} <= letters, where
        assert {date.role for date in passage.dates} <= date_roles, where
        assert {date.deal for date in passage.dates if date.deal} <= letters, where
        for deal in passage.deals:
            for name, allowed in facts.items():
                assert deal.facts[name] in allowed, where
            for entry in filter(None, deal.facts.get("areas", "").split(",")):
                area, _, commitment = entry.strip().partition(":")
                assert area in areas, where
                assert commitment in commitments, where
