"""The data files of cues: complete, of known ids only, and patterns that read any text to its end."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import extract
from extract.areas import details_of, load_area_rules
from extract.commitment import COMMITMENTS
from extract.company import Company
from extract.indicators import load_patterns
from extract.roles import base_role
from extract.triggers import find_triggers, load_triggers
from extract.vocabularies import load_vocabularies

FOLDER = Path(extract.__file__).parent
LENGTH = 100_000
KNOWN = load_vocabularies()


def _all_patterns() -> dict[str, re.Pattern[str]]:
    found = {f"triggers.yml {rule.id}": rule.pattern for rule in load_triggers()}
    for part in ("indicators", "instruments", "commitments", "stated", "recalled"):
        found |= {f"indicators.yml {part} {name}": pattern for name, pattern in load_patterns(part).items()}
    for rule in load_area_rules():
        found[f"area_cues.yml {rule.area} strong"] = rule.strong
        if rule.weak:
            found[f"area_cues.yml {rule.area} weak"] = rule.weak
        found |= {f"area_cues.yml {detail}": pattern for detail, pattern in rule.details.items()}
    return found


def test_every_area_but_other_has_cues_and_no_other_has() -> None:
    assert [rule.area for rule in load_area_rules() if rule.area == "other"] == []
    assert {rule.area for rule in load_area_rules()} == {area.id for area in KNOWN.areas} - {"other"}


def test_every_detail_is_one_of_its_area() -> None:
    details = {area.id: {detail for detail, _ in area.details} for area in KNOWN.areas}
    for rule in load_area_rules():
        assert set(rule.details) <= details[rule.area], rule.area


def test_triggers_have_ids_of_their_own_and_known_kinds() -> None:
    ids = [rule.id for rule in load_triggers()]
    assert len(ids) == len(set(ids))
    assert {rule.kind for rule in load_triggers()} == {
        "verb",
        "noun",
        "use",
        "stake",
        "talk",
        "end",
        "extend",
    }


def test_suggestions_are_ids_of_the_vocabularies() -> None:
    allowed = {
        "type": {entry.id for entry in KNOWN.deal_types},
        "instrument": {entry.id for entry in KNOWN.instruments},
        "status": {entry.id for entry in KNOWN.statuses},
    }
    for rule in load_triggers():
        for field, suggested in rule.suggests.items():
            assert suggested in allowed[field], rule.id


def _roles_file() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / "roles.yml").read_text(encoding="utf-8"))
    return content


def test_roles_cover_every_sector_with_roles_of_parties() -> None:
    content = _roles_file()
    parties = {entry.id for entry in KNOWN.party_roles if entry.is_party}
    assert set(content["sectors"]) == {entry.id for entry in KNOWN.sectors}
    assert set(content["sectors"].values()) <= parties
    assert {role for role, _ in content["descriptors"]} <= parties


@pytest.mark.parametrize("sector", [entry.id for entry in KNOWN.sectors])
def test_a_company_of_any_sector_has_a_role(sector: str) -> None:
    company = Company("brinkholt", "Brinkholt", "company", None, None, sector, True, 9.0)
    assert base_role(company, ()) in {entry.id for entry in KNOWN.party_roles if entry.is_party}


def test_commitments_are_those_of_the_vocabulary() -> None:
    assert set(COMMITMENTS) == {entry.id for entry in KNOWN.commitments}


@pytest.mark.parametrize(
    ("sentence", "trigger"),
    [
        ("Tesco teams up with Uber Eats", "team_up"),
        ("Tesco and Uber Eats have joined forces", "join_forces"),
        ("Tesco partnered with Uber Eats", "partner_with"),
        ("They signed a letter of intent", "letter_of_intent"),
        ("They signed a memorandum of understanding", "mou"),
        ("They formed a joint venture", "joint_venture"),
        ("Tesco is in talks with Uber Eats", "talks"),
        ("Tesco denied reports of a deal", "denied"),
        ("There is no truth in the report", "denied"),
        ("The two extend their partnership", "extended"),
        ("Tesco ended its partnership with Uber Eats", "ended"),
        ("Tesco takes a minority stake in Uber Eats", "stake"),
    ],
)
def test_plain_words_of_an_agreement_are_found(sentence: str, trigger: str) -> None:
    found = {t.rule.id: sentence[t.start : t.end] for t in find_triggers(sentence)}
    assert trigger in found
    assert found[trigger]


@pytest.mark.parametrize("sentence", ["The weather was warm in June.", "Sales rose by a fifth.", ""])
def test_other_sentences_have_no_trigger(sentence: str) -> None:
    assert list(find_triggers(sentence)) == []


def test_offsets_of_triggers_count_from_the_start_that_is_given() -> None:
    text = "\U0001f6d2 Cafés. Tesco teams up with Uber Eats"
    start = text.index("Tesco")
    spans = [text[t.start : t.end] for t in find_triggers(text[start:], start) if t.rule.id == "team_up"]
    assert spans == ["teams up"]


def test_details_keep_the_order_of_the_file() -> None:
    rule = next(rule for rule in load_area_rules() if len(rule.details) > 1)
    order = list(rule.details)
    found = details_of(rule.area, "Nothing of the kind.")
    assert found == ()
    for other in load_area_rules():
        named = details_of(
            other.area, "public cloud, big data, voice, flagship, concessions, click and collect"
        )
        assert list(named) == [detail for detail in other.details if detail in named]
    assert order == list(dict.fromkeys(order))


@pytest.mark.parametrize("unit", ["x", "-", "partner-", "a ", "take a stake "])
def test_every_pattern_reads_a_long_text_to_its_end(unit: str) -> None:
    text = unit * (LENGTH // len(unit))
    for name, pattern in _all_patterns().items():
        last = 0
        for match in pattern.finditer(text):
            assert match.start() >= last, name
            assert match.end() > match.start(), name
            last = match.end()


@pytest.mark.parametrize(
    ("clause", "commitment"),
    [
        ("Lumo will have the option to use the warehouses", "option"),
        ("it got the right to open ten more shops", "option"),
        ("the grocer will be able to tap the cloud", "option"),
        ("both will explore a joint card", "exploring"),
        ("the option was dropped", None),
    ],
)
def test_a_commitment_that_is_stated(clause: str, commitment: str | None) -> None:
    found = [name for name, pattern in load_patterns("stated").items() if pattern.search(clause)]
    assert found == ([commitment] if commitment else [])
