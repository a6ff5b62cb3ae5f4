"""The version of the pipeline: another one whenever something that decides what is read is another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import extract.version
from extract.version import digest_of, pipeline_version

PACKAGE = Path(extract.version.__file__).parent


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A few files of each kind that the package has."""
    folder = tmp_path / "extract"
    (folder / "trained").mkdir(parents=True)
    for name in ("deals.py", "cues.yml", "cities.txt", "weights.json", "trained/labels.json"):
        shutil.copy(PACKAGE / name, folder / name)
    (folder / "trained" / "reader.onnx").write_bytes(b"weights")
    return folder


def test_the_version_names_the_pipeline_its_number_and_its_content() -> None:
    assert re.fullmatch(r"tieup_en \d+\.\d+\.\d+\+[0-9a-f]{8}", pipeline_version())


@pytest.mark.parametrize(
    "name",
    ["deals.py", "cues.yml", "cities.txt", "weights.json", "trained/labels.json", "trained/reader.onnx"],
)
def test_a_change_of_rules_data_or_weights_is_another_version(name: str, package: Path) -> None:
    before = digest_of(package)
    with (package / name).open("ab") as file:
        file.write(b"\n")
    assert digest_of(package) != before


def test_a_file_more_or_by_another_name_is_another_version(package: Path) -> None:
    seen = {digest_of(package)}
    (package / "more.yml").write_text("a: 1\n", encoding="utf-8")
    seen.add(digest_of(package))
    (package / "more.yml").rename(package / "other.yml")
    seen.add(digest_of(package))
    assert len(seen) == 3


def test_what_decides_nothing_is_the_same_version(package: Path) -> None:
    """Passages, compiled files, what an editor leaves, and the place where the package is."""
    before = digest_of(package)
    for name in ("training/passages/a/1.txt", "training/fit.py", "__pycache__/deals.pyc", "deals.py~"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("x", encoding="utf-8")
    assert digest_of(package) == before
    assert digest_of(package.rename(package.with_name("elsewhere"))) == before
