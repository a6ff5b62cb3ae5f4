"""Reading a data file: what its values mean, where its entries stand, and what is refused with its line."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extract.plain_words import cities
from extract.records import DataFileError, Record, read_data


def read(tmp_path: Path, text: str) -> dict[str, Any]:
    path = tmp_path / "data.yml"
    path.write_text(text, encoding="utf-8")
    return read_data(path)


def test_values_mean_what_yaml_says(tmp_path: Path) -> None:
    content = read(
        tmp_path, "a: yes\nb: 'yes'\nc: 12\nd: '12'\ne: ~\nf: 1.5\ng: 2024-05-01\nh: !!str 12\ni: no.\n"
    )
    assert list(content.values()) == [True, "yes", 12, "12", None, 1.5, date(2024, 5, 1), "12", "no."]


def test_entries_of_lists_know_their_line(tmp_path: Path) -> None:
    content = read(
        tmp_path, "top: {inner: {x: 1}}\nlist:\n  - {id: a, more: [{id: b}]}\n\n  - id: c\n  - word\n"
    )
    assert content["top"] == {"inner": {"x": 1}}
    assert content["list"] == [
        Record("data.yml:3", {"id": "a", "more": [Record("data.yml:3", {"id": "b"})]}),
        Record("data.yml:5", {"id": "c"}),
        "word",
    ]


def test_an_alias_is_what_its_anchor_is(tmp_path: Path) -> None:
    content = read(tmp_path, "a: &list [1, &word b]\nc: *list\nd: *word\n")
    assert content == {"a": [1, "b"], "c": [1, "b"], "d": "b"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: {b: 1,\n  c: 2,\n  b: 3}", "data.yml:3: key 'b' stands already on line 1"),
        ("a: 1\n'a': 2", "data.yml:2: key 'a' stands already on line 1"),
        ("a: 1\n---\nb: 2", "but found another document"),
        ("a: *b", "found undefined alias"),
        ("a: !shop b", "could not determine a constructor"),
        ("a: [1", "line 1"),
        ("- a", "must be a mapping"),
        ("", "must be a mapping"),
    ],
)
def test_mistakes_are_refused_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read(tmp_path, text)
    assert says in str(caught.value)
    assert str(caught.value).startswith("data.yml:")
    assert "\n" not in str(caught.value)


def test_cities_are_found_without_case_and_accents() -> None:
    assert {"sao paulo", "malmo", "new york city"} <= cities()
    assert not any(name != name.lower() or name.startswith("#") for name in cities())
