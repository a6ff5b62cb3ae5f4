"""The vocabularies: complete, consistent, and refused with the place of the mistake."""

import shutil
from pathlib import Path

import pytest

from extract.vocabularies import FOLDER, VocabulariesError, load_places, load_vocabularies


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data files that a test may spoil."""
    for name in ("vocabularies.yml", "areas.yml", "countries.yml"):
        shutil.copy(FOLDER / name, tmp_path)
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def error(folder: Path) -> str:
    with pytest.raises(VocabulariesError) as caught:
        load_vocabularies(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_list_is_there_in_order() -> None:
    v = load_vocabularies()
    assert [area.id for area in v.areas][:3] == ["cloud_it", "data_analytics", "ai_ml"]
    expected = {
        "areas": 22, "deal_types": 16, "instruments": 9, "statuses": 18, "party_roles": 41, "date_roles": 19,
        "commitments": 4, "sectors": 20, "countries": 249,
    }  # fmt: skip
    assert {name: len(getattr(v, name)) for name in expected} == expected
    assert [entry.position for entry in v.commitments] == [1, 2, 3, 4]
    entries = [
        *v.deal_types,
        *v.instruments,
        *v.statuses,
        *v.party_roles,
        *v.date_roles,
        *v.commitments,
        *v.sectors,
    ]
    assert all(entry.name and entry.definition.endswith(".") for entry in entries)


def test_entries_carry_what_their_list_needs() -> None:
    v = load_vocabularies()
    assert [t.id for t in v.deal_types if not t.is_partnership] == ["acquisition"]
    assert {s.phase for s in v.statuses} == {"talks", "intent", "agreed", "live", "ended"}
    roles = {role.id: role for role in v.party_roles}
    assert (roles["technology_provider"].is_party, roles["technology_provider"].side) == (True, "provider")
    assert (roles["unit_of_party"].is_party, roles["unit_of_party"].side) == (False, None)
    assert v.countries["NO"] == "Norway"


def test_areas_have_their_second_level_and_cues() -> None:
    areas = {area.id: area for area in load_vocabularies().areas}
    assert areas["financial_services"].cues[0] == "buy now, pay later"
    assert areas["digital_payments"].details[0] == ("wallet_qr", "Wallet and QR code")
    assert areas["other"].details == ()


def test_places_name_countries_by_what_news_calls_them() -> None:
    places = load_places()
    assert {places[name] for name in ("Spain", "Spanish", "Madrid")} == {"ES"}
    assert (places["U.S."], places["Bentonville"], places["British"], places["Chinese"]) == (
        "US",
        "US",
        "GB",
        "CN",
    )
    assert "Georgia" not in places
    assert "Jordan" not in places


def test_an_id_that_stands_twice_is_refused_with_both_places(folder: Path) -> None:
    spoil(folder, "vocabularies.yml", "{id: option,", "{id: planned,")
    message = error(folder)
    assert "'planned' in commitments" in message
    assert message.count("vocabularies.yml:") == 2


def test_an_area_detail_that_stands_twice_is_refused(folder: Path) -> None:
    spoil(folder, "areas.yml", "[big_data,", "[public_cloud,")
    assert error(folder).count("areas.yml:") == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("vocabularies.yml", "name: Option,", "label: Option,", "unknown key 'label'"),
        ("vocabularies.yml", "phase: talks,", "phase: talking,", "phase 'talking' is none of"),
        ("vocabularies.yml", "side: buyer,", "side: both,", "side 'both' is none of"),
        ("vocabularies.yml", "is_party: true,", "", "missing is_party"),
        ("vocabularies.yml", "is_party: true,", 'is_party: "yes",', "is_party 'yes' is no bool"),
        ("vocabularies.yml", "name: Option,", "name: Option, name: Choice,", "key 'name' stands already"),
        ("vocabularies.yml", "sectors:", "branches:", "unknown key 'branches'"),
        ("vocabularies.yml", "sectors:", "sectors: [", "vocabularies.yml: "),
        ("areas.yml", "[big_data, Big data]", "big_data", "details must be pairs"),
        ("countries.yml", '"NO": Norway', "NO: Norway", 'quote "NO"'),
        ("countries.yml", "Madrid: ES", "Madrid: XX", "place 'Madrid': no country has the code 'XX'"),
        ("countries.yml", "[Georgia,", "[Atlantis,", "'Atlantis' in not_places is no country's name"),
    ],
)
def test_mistakes_are_refused_in_one_line(folder: Path, name: str, old: str, new: str, says: str) -> None:
    spoil(folder, name, old, new)
    message = error(folder)
    assert says in message
    assert message.startswith(name)
