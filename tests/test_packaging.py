"""Three folders with plain names in one environment: nobody else's, light to import, whole in the wheel."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from processes import ROOT

from extract.version import pipeline_version

PACKAGES = ("crawler", "extract", "db", "commands")


@pytest.mark.parametrize("name", [*PACKAGES, "tieup"])
def test_no_other_distribution_owns_our_names(name: str) -> None:
    assert set(packages_distributions().get(name, ["tieup"])) == {"tieup"}


@pytest.mark.parametrize("path", [p for name in PACKAGES for p in (ROOT / name).rglob("__init__.py")])
def test_package_files_hold_a_docstring_only(path: Path) -> None:
    (statement,) = ast.parse(path.read_text(encoding="utf-8")).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert isinstance(statement.value.value, str)


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("db.plugin", "spacy scrapy twisted"),
        ("db.serve", "spacy scrapy twisted"),
        ("tieup", "spacy scrapy twisted datasette"),
        ("extract.pipeline", "scrapy twisted sqlite_utils datasette"),
        ("crawler.crawl", "spacy sqlite_utils datasette"),
    ],
)
def test_imports_stay_light(module: str, absent: str) -> None:
    code = f"import sys, {module}; sys.stdout.write(' '.join(set({absent.split()!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built without the network from a copy of the sources (of the passages, nothing is copied)."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in (*PACKAGES, "tieup.py", "metadata.yml", "pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=shutil.ignore_patterns("__pycache__", "passages"))
        elif place.exists():
            shutil.copy(place, folder / name)
    (folder / "tests").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = (folder / "dist").glob("tieup-*.whl")
    return zipfile.ZipFile(built)


def test_wheel_has_every_file_of_the_packages_but_those_of_training(wheel: zipfile.ZipFile) -> None:
    here = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and not {"__pycache__", "training"} & set(path.relative_to(ROOT).parts)
    }
    names = set(wheel.namelist())
    assert here - names == set()
    assert [name for name in names if name.startswith("extract/training")] == []
    assert {
        "tieup.py",
        "db/metadata.yml",
        "db/templates/base.html",
        "db/static/tieup.css",
        "db/schema.sql",
        "extract/companies.yml",
        "crawler/sources.yml",
        "crawler/newsroom/articles/retail-ledger/2018-11-30-alibaba-el-corte-ingles.md",
    } <= names
    assert [name for name in names if name.endswith("weights.json")]


def test_wheel_has_nothing_else_on_the_top_level(wheel: zipfile.ZipFile) -> None:
    top = {name.partition("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {*PACKAGES, "tieup.py"}


OFFLINE = """
import os, socket, sys

def refuse(*_):
    print("asked for the network", file=sys.stderr)
    os._exit(1)

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
import extract, tieup
assert [m.__file__.startswith(sys.argv[1]) for m in (extract, tieup)] == [True, True]
tieup.cli(["extract", "-"])
"""


def test_wheel_extracts_without_checkout_and_network(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    (tmp_path / "elsewhere").mkdir()
    body = "Tesco and Ocado have signed an agreement under which Ocado will deliver groceries from 40 Tesco stores."
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, tmp_path / "installed"],
        cwd=tmp_path / "elsewhere",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        input=json.dumps({"headline": "Tesco signs up Ocado", "article_body": body}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    extraction = json.loads(done.stdout)
    assert extraction["pipeline"] == pipeline_version()
    (deal,) = extraction["deals"]
    assert {party["company"] for party in deal["parties"]} == {"ocado", "tesco"}


def test_wheel_refuses_to_be_uploaded_and_registers_its_parts(wheel: zipfile.ZipFile) -> None:
    (info,) = {name.partition("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    assert "Classifier: Private :: Do Not Upload" in wheel.read(f"{info}/METADATA").decode()
    entry_points = wheel.read(f"{info}/entry_points.txt").decode()
    for group in ("console_scripts", "datasette", "spacy_factories"):
        assert f"[{group}]" in entry_points
