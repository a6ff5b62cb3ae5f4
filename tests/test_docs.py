"""What README and docs say is so: commands, options, paths, links, addresses, answers and figures."""

from __future__ import annotations

import io
import json
import re
import shlex
import sqlite3
import struct
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from processes import LIMIT_S, NewsroomRun, run_tieup

from crawler import items
from crawler.sources import SourcesError, sources_from_text
from docs.examples import DOCUMENTS, ROOT, SERVED_AT, Answers, refreshed, with_figures
from extract import model
from extract.training.passages import read_passage
from extract.vocabularies import load_vocabularies
from tieup import cli

sys.path.insert(0, str(ROOT / "tests" / "crawler"))

from local_site import Answer, LocalSite, article_page, rss, serve

MEND = "the answers have changed; if that is right, run: .venv/bin/python docs/examples.py"
BY_HAND = {  # addresses that do not answer 200 on the plain newsroom, and why
    "/tieup/deals/marlby-stores-quillane-couriers-2024": 404,  # after `tieup add` only
    "/tieup/deals.json?anounced_year=2018": 400,  # the example of a mistake
}
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    return [body for found, body in FENCE.findall(text_of(name)) if found == kind]


def code(name: str) -> list[str]:
    """Code spans, and the lines of fenced blocks that are for a terminal."""
    text = text_of(name)
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    lines = [line for kind in ("", "ini") for body in blocks(name, kind) for line in body.splitlines()]
    return [*spans, *lines]


def prose(name: str) -> str:
    """The text without code."""
    return re.sub(r"`[^`\n]+`", "", FENCE.sub("", text_of(name)))


@pytest.fixture(scope="module")
def answers(newsroom_run: NewsroomRun) -> Iterator[Answers]:
    with closing(Answers(newsroom_run.path, newsroom_run.port)) as asked:
        yield asked


# Commands


def commands_in(name: str) -> list[list[str]]:
    """The words after `tieup` wherever a command stands in code."""
    found = (re.search(r"(?:^|[\s/])tieup ([a-z].*)", line) for line in code(name))
    return [shlex.split(match[1].split(" >")[0], comments=True) for match in found if match]


@pytest.mark.parametrize("name", NAMES)
def test_named_commands_and_options_exist(name: str) -> None:
    for command, *words in commands_in(name):
        assert command in cli.commands, f"{name}: there is no command `tieup {command}`"
        meant = cli.commands[command]
        if isinstance(meant, click.Group) and words and words[0] in meant.commands:
            meant = meant.commands[words[0]]
        known = {option for parameter in meant.params for option in parameter.opts}
        assert {word for word in words if word.startswith("-") and word != "-"} <= known, (
            name,
            command,
            words,
        )


def test_each_command_is_documented() -> None:
    named = {words[0] for name in NAMES for words in commands_in(name)}
    assert set(cli.commands) - named == set(), "say in README.md or docs/ what the command is for"


def test_named_make_targets_exist() -> None:
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.M))
    named = {target for name in NAMES for line in code(name) for target in re.findall(r"^make (\w+)", line)}
    assert named <= targets
    assert {"run", "test"} <= named


# Links and paths


def anchors(text: str) -> set[str]:
    """The anchors of headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", NAMES)
def test_relative_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(name)):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), f"{name}: {target}"
        assert not anchor or anchor in anchors(file.read_text(encoding="utf-8")), f"{name}: {target}"


@pytest.mark.parametrize("name", NAMES)
def test_named_paths_exist(name: str) -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    for span in code(name):
        for word in re.findall(r"(?<![\w/.:-])[\w.*-]+(?:/[\w.*-]+)*/?(?![\w:/<])", span):
            is_path = word.split("/")[0] in folders and "/" in word
            is_module = re.fullmatch(r"(?:crawler|extract|db)(?:\.\w+)+", word)
            if is_path:
                assert list(ROOT.glob(word.rstrip("/"))), f"{name}: {word} does not exist"
            elif is_module and not (ROOT / f"{word.replace('.', '/')}.py").exists():
                owner, _, attribute = word.rpartition(".")
                file = ROOT / f"{owner.replace('.', '/')}.py"
                assert file.exists(), f"{name}: {word} does not exist"
                assert attribute in file.read_text(encoding="utf-8"), f"{name}: {word} does not exist"


# Answers


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_answered_as_printed(name: str, answers: Answers) -> None:
    assert text_of(name).splitlines() == refreshed(text_of(name), answers).splitlines(), MEND


@pytest.mark.parametrize("name", NAMES)
def test_addresses_answer(name: str, answers: Answers) -> None:
    for address in re.findall(rf"{re.escape(SERVED_AT)}(/[^\s>'\")`]*)", text_of(name)):
        if address in BY_HAND:
            with pytest.raises(ValueError, match=f"answers {BY_HAND[address]}"):
                answers.get(address)
        else:
            answers.get(address)


def test_run_reads_as_much_as_the_readme_says(newsroom_run: NewsroomRun) -> None:
    said = re.search(r"stores (\d+)\s+articles", text_of("README.md"))
    assert said
    assert f" {said[1]} articles new or changed" in newsroom_run.stdout


def test_figures_are_those_of_the_last_evaluation() -> None:
    assert text_of("README.md") == with_figures(text_of("README.md")), MEND
    assert re.findall(r"<!-- eval:begin (\w+) -->\n\w", text_of("README.md")) == ["gold", "press", "newsroom"]


def test_questions_are_listed(answers: Answers) -> None:
    questions = yaml.safe_load(text_of("metadata.yml"))["databases"]["tieup"]["queries"]
    listed = re.findall(r"^## \d+\. (.+)\n\n`/tieup/(\w+)`", text_of("docs/questions.md"), re.M)
    assert listed == [(question["title"], name) for name, question in questions.items()], (
        "list it in docs/questions.md"
    )
    for name, question in questions.items():
        section = text_of("docs/questions.md").partition(f"`/tieup/{name}`")[2].partition("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.M) == question["params"], name


def test_refused_filter_is_answered_as_shown(answers: Answers) -> None:
    with pytest.raises(
        ValueError, match="anounced_year: deals has no such column; there are amount, amount_text"
    ):
        answers.get("/tieup/deals.json?anounced_year=2018")


# Code


def test_replica_copies_every_deal(
    answers: Answers, newsroom_run: NewsroomRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = (body for body in blocks("docs/api.md", "python") if body.startswith("# replica\n"))
    asked: list[str] = []

    def urlopen(address: str) -> io.BytesIO:
        asked.append(address)
        return io.BytesIO(answers.get(address.removeprefix(SERVED_AT)).encode())

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        exec(compile(program, "docs/api.md", "exec"), {})
    assert len(asked) == 3, "one page of rows and an empty one; then nothing new"
    with closing(sqlite3.connect(newsroom_run.path)) as db, closing(sqlite3.connect("replica.db")) as replica:
        copied = dict(replica.execute("SELECT id, document FROM deals"))
        assert {name: json.loads(document)["title"] for name, document in copied.items()} == dict(
            db.execute("SELECT id, title FROM deals")
        )


def test_pipeline_runs_from_python(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = blocks("docs/data-format.md", "python")
    monkeypatch.chdir(ROOT)
    exec(compile(program, "docs/data-format.md", "exec"), {})
    assert "['Alibaba', 'El Corte Inglés']" in capsys.readouterr().out


# A source is added as docs/adding-a-source.md says


def publisher() -> LocalSite:
    """What stands in for news.example.com: a feed, a section and three articles, one without a date."""
    head = "<meta name='author' content='Ada Byron'><meta property='article:section' content='Partnerships'>"
    titles = {
        "/2024/03/a-deal": "Marlby Stores and Quillane Couriers sign a delivery deal",
        "/news/another": "Brinkholt signs a partnership agreement with Tannock on self-checkouts",
        "/2024/01/a-third": "Dunmore and Ashgrove sign a partnership for warehouses",
    }
    pages: dict[str, Answer] = {"/feed/": rss(*titles)}
    for path, title in titles.items():
        day = "-".join([*re.findall(r"\d+", path), "04"])
        dated = f"<time datetime='{day}'>{day}</time>" if day != "04" else ""
        page = article_page(title, head=head)
        pages[path] = Answer(page.replace("<time datetime='2021-03-04'>4 March 2021</time>", dated))
    listed = "".join(f"<h2><a href='{path}'>{title}</a></h2>" for path, title in titles.items())
    pages["/partnerships/"] = Answer(f"<html><body>{listed}</body></html>")
    return LocalSite(pages=dict(pages))


def test_adding_a_source_works_as_it_is_told(tmp_path: Path) -> None:
    name = "docs/adding-a-source.md"
    (example,) = (body for body in blocks(name, "yaml") if body.startswith("# my.yml\n"))
    (tmp_path / "my.yml").write_text(example, encoding="utf-8")
    commands = [line for body in blocks(name, "") for line in body.splitlines() if line.startswith("tieup ")]
    assert [" ".join(shlex.split(line)[1:3]) for line in commands] == [
        "sources --sources",
        "sources check",
        "parse saved.html",
        "run --sources",
        "sources stats",
        "coverage --db",
        "serve --db",
    ]
    printed = []
    with serve(publisher()) as site:
        (tmp_path / "saved.html").write_text(str(site.pages["/2024/03/a-deal"].body), encoding="utf-8")
        program = (sys.executable, str(ROOT / "tests" / "local_tieup.py"), str(site.port))
        for line in commands[:-1]:
            done = run_tieup(*shlex.split(line)[1:], cwd=tmp_path, program=program)
            assert done.returncode == 0, (line, done.stderr)
            printed.append(done.stdout)
        address, options = "http://127.0.0.1:8010", shlex.split(commands[-1])[1:]
        with subprocess.Popen(
            [*program, *options[:-1], "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                assert server.stdout is not None
                (served,) = re.findall(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
                for page in re.findall(rf"{address}(/[^\s>)]*)", text_of(name)):
                    with urllib.request.urlopen(served + page, timeout=LIMIT_S) as answer:
                        assert answer.status == 200
            finally:
                server.kill()
    assert printed[0].startswith("example-retail-news ")
    assert "0 without entries; 2 addresses: 2 answer" in printed[1]
    assert json.loads(printed[2])["headline"] == "Marlby Stores and Quillane Couriers sign a delivery deal"
    assert printed[3].startswith("5 pages fetched (0 not modified), 3 articles new or changed, ")
    shown = blocks(name, "text")
    for told in (printed[3].partition("\n")[2], *printed[4:]):
        assert told in shown, told


# Formats


TYPES = (
    *(items.NewsArticle, items.DateCandidate, items.Block),
    *(model.Extraction, model.CompanyMention, model.Span, model.DateMention, model.Claim, model.Deal),
    *(model.Party, model.DealArea, model.DealValue, model.DealTerm, model.Exclusivity, model.DealLink),
)


@pytest.mark.parametrize("type_", TYPES)
def test_each_field_of_the_format_is_explained(type_: Any) -> None:
    explained = set(re.findall(r"`(\w+)`", FENCE.sub("", text_of("docs/data-format.md"))))
    assert {field.name for field in fields(type_)} - explained == set()


def test_examples_of_sources_are_valid() -> None:
    examples = [
        body for name in NAMES for body in blocks(name, "yaml") if re.search(r"^sources:", body, re.M)
    ]
    assert len(examples) == 2
    for example in examples:
        (source,) = sources_from_text(example, "my.yml")
        assert source.id == "example-retail-news"
    selectors = next(body for body in blocks("docs/adding-a-source.md", "yaml") if "selectors:" in body)
    assert sources_from_text(examples[1] + selectors, "my.yml")[0].selectors
    with pytest.raises(SourcesError) as refused:
        sources_from_text(examples[1].replace("feeds", "feds"), "my.yml")
    assert f"Error: {refused.value}" in text_of("docs/adding-a-source.md")


def test_annotation_guide_uses_the_markup_and_the_vocabularies(tmp_path: Path) -> None:
    guide = text_of("docs/annotation-guide.md")
    (example,) = blocks("docs/annotation-guide.md", "text")
    (tmp_path / "example.txt").write_text(example, encoding="utf-8")
    passage = read_passage(tmp_path / "example.txt")
    assert [(deal.letter, deal.is_main) for deal in passage.deals] == [("a", True), ("b", False)]
    assert {name for name, roles in passage.roles.items() if ("a", "retailer") in roles} == {"Brinkholt"}
    vocabularies = load_vocabularies()
    known = {
        kind: {entry.id for entry in getattr(vocabularies, kind)}
        for kind in ("deal_types", "instruments", "statuses", "party_roles", "date_roles", "commitments")
    }
    for deal in passage.deals:
        facts = deal.facts
        assert facts["type"] in known["deal_types"]
        assert facts["instrument"] in known["instruments"]
        assert facts["status"] in known["statuses"]
    assert {role for roles in passage.roles.values() for _, role in roles} <= known["party_roles"]
    assert {date.role for date in passage.dates} <= known["date_roles"]
    outsiders = {entry.id for entry in vocabularies.party_roles if not entry.is_party}
    named = set(re.findall(r"`(\w+)`", guide))
    assert outsiders | known["commitments"] <= named


def test_screenshot_is_small_and_as_wide_as_a_page() -> None:
    picture = (ROOT / "docs" / "screenshot.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (1280,)
    assert len(picture) < 300_000


def test_changes_of_this_version_are_told() -> None:
    version = re.search(r'^version = "(.+)"$', text_of("pyproject.toml"), re.M)
    assert version
    assert f"\n## {version[1]}\n" in text_of("CHANGELOG.md")
