"""Runs the examples of the documents and writes their answers: `.venv/bin/python docs/examples.py`.

An example is a comment `<!-- answer: ... -->` and the fenced block that follows it. After the colon stands
    GET /address    what the server answers
    sql             what the ```sql block before it answers, as CSV
    tieup ...       what the command prints
A JSON block shows as much of the answer as its author wants: `"..."` as the last member of an object or
entry of a list stands for what is left out, and so does `...` at the end of a text. What differs from one
knowledge base to the next (moments, cursors, ids made from addresses, versions, scores) is compared by its form.
What stands between the marks eval:begin and eval:end is the first block of figures of the report that the mark names.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from click.testing import CliRunner

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.newsroom.server import serve_newsroom  # noqa: E402
from crawler.newsroom.site import DEFAULT_BASE_PORT  # noqa: E402
from db.serve import build_datasette  # noqa: E402
from tieup import cli  # noqa: E402

MORE = "..."
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
REPORTS = ROOT / "eval"
SERVED_AT = "http://127.0.0.1:8001"
WIDTH = 100

_EXAMPLE = re.compile(
    r"<!-- answer: (?P<asked>[^\n]+) -->\n+```(?P<kind>\w+)\n(?P<printed>.*?)^```$", re.S | re.M
)
_SQL = re.compile(r"^```sql\n(.*?)^```$", re.S | re.M)
_FIGURES = re.compile(r"(<!-- eval:begin (?P<dataset>\w+) -->\n).*?(?=<!-- eval:end -->)", re.S)
# Title and line of origin of a report, and its first table or block of code.
_REPORT = re.compile(
    r"# (?P<title>[^\n]+)\n\n(?P<made>[^\n]+)\n\n(?:## [^\n]+\n\n)?(?P<figures>```\n.*?\n```|\|.*?(?=\n\n))\n",
    re.S,
)
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"[0-9a-f]{16}(?:-\d+)?",
        r"[0-9a-f]{64}",
        r"\d{4}-\d\d-\d\dT[\d:]+\.\d+Z",
        r"tieup_en [\d.]+\+[0-9a-f]{8}",
    )
)
# Scores differ from one processor to the next: rounding to int8 makes more of a difference in the last place, layer by
# layer. Of the scores printed here the farthest apart were .63 and .74.
_SCORE = re.compile(r"model:\w+ [01]\.\d+")
_TOLERANCE = 0.15


class Answers:
    """Asks one knowledge base of the sample newsroom, whose first port is `base_port`."""

    def __init__(self, path: Path, base_port: int) -> None:
        self._path = path
        self._base_port = base_port
        self._datasette = build_datasette(path)

    def close(self) -> None:
        """Close the knowledge base."""
        self._datasette.get_database("tieup").close()

    def get(self, address: str) -> str:
        """What the server answers; raises ValueError where that is not 200."""
        response = asyncio.run(self._datasette.client.get(address))
        if response.status_code != 200:
            raise ValueError(f"{address} answers {response.status_code}: {response.text[:300]}")
        text: str = response.text
        return self._as_documented(text.replace("http://localhost", SERVED_AT))

    def sql(self, statement: str) -> str:
        """What SQL answers, as CSV."""
        return self.get("/tieup.csv?" + urlencode({"sql": statement.strip()}))

    @cache  # noqa: B019  # one object a run
    def tieup(self, arguments: str) -> str:
        """What a command prints; one with a knowledge base works on a copy of it."""
        words = shlex.split(arguments)
        with tempfile.TemporaryDirectory() as folder:
            if words[0] in ("add", "digest"):
                copy = Path(folder) / "tieup.db"
                shutil.copyfile(self._path, copy)
                words += ["--db", str(copy)]
            with contextlib.chdir(ROOT):
                done = CliRunner().invoke(cli, words)
        if done.exit_code:
            raise ValueError(f"tieup {arguments} failed: {done.stderr or done.exception!r}")
        return self._as_documented(done.stdout)

    def _as_documented(self, text: str) -> str:
        for number in range(5):
            text = text.replace(
                f"127.0.0.1:{self._base_port + number}", f"127.0.0.1:{DEFAULT_BASE_PORT + number}"
            )
        return text.replace("\r\n", "\n")


def refreshed(document: str, answers: Answers, *, exact: bool = False) -> str:
    """The text of a document with the answers that are given now; scores are replaced only if `exact`.

    Raises ValueError for an example that is not answered.
    """

    def answer(example: re.Match[str]) -> str:
        asked, printed = example["asked"], example["printed"]
        kind, _, rest = asked.partition(" ")
        if kind == "sql":
            given = answers.sql(_SQL.findall(document[: example.start()])[-1])
        else:
            asks: dict[str, Callable[[str], str]] = {"GET": answers.get, "tieup": answers.tieup}
            given = asks[kind](rest)
        text = (
            _json_shown(printed, given, exact) if example["kind"] == "json" else _text_shown(printed, given)
        )
        return (
            example[0].replace(f"\n{printed}```", f"\n{text}```")
            if printed
            else example[0][:-3] + text + "```"
        )

    return _EXAMPLE.sub(answer, document)


def with_figures(document: str) -> str:
    """The text of a document with the figures of the last `make eval`."""

    def figures(match: re.Match[str]) -> str:
        path = REPORTS / f"{match['dataset']}-report.md"
        report = _REPORT.match(path.read_text(encoding="utf-8"))
        assert report, f"{path} does not begin as a report does"
        return f"{match[1]}{report['title']}. {report['made']}\n\n{report['figures']}\n"

    return _FIGURES.sub(figures, document)


def shown(printed: Any, given: Any, exact: bool) -> Any:
    """As much of `given` as `printed` shows."""
    if isinstance(printed, dict) and isinstance(given, dict):
        names = [name for name in printed if name in given]
        if MORE not in printed:
            names += [name for name in given if name not in printed]
        rest = {MORE: MORE} if MORE in printed and len(names) < len(given) else {}
        return {name: shown(printed.get(name), given[name], exact) for name in names} | rest
    if isinstance(printed, list) and isinstance(given, list):
        is_cut = printed[-1:] == [MORE]
        count = len(printed) - 1 if is_cut else len(given)
        entries = [
            shown(printed[i] if i < len(printed) else None, given[i], exact)
            for i in range(min(count, len(given)))
        ]
        return entries + ([MORE] if is_cut and count < len(given) else [])
    if isinstance(printed, str) and isinstance(given, str):
        is_score = _SCORE.fullmatch(printed) and _SCORE.fullmatch(given)
        return printed if is_score and not exact else _text_shown(printed, given)
    if isinstance(printed, float) and isinstance(given, float) and abs(printed - given) <= _TOLERANCE:
        return given if exact else printed
    return given


def _text_shown(printed: str, given: str) -> str:
    if any(form.fullmatch(printed) and form.fullmatch(given) for form in _FORMS):
        return printed
    kept = printed.rstrip("\n").removesuffix(MORE)
    if printed.rstrip("\n").endswith(MORE) and len(kept) < len(given.rstrip("\n")):
        if "\n" in printed:  # whole lines
            return "".join(given.splitlines(keepends=True)[: kept.count("\n")]) + f"{MORE}\n"
        return given[: len(kept)] + MORE
    return given


def _json_shown(printed: str, given: str, exact: bool) -> str:
    return laid_out(shown(json.loads(printed or "null"), json.loads(given), exact)) + "\n"


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON with what fits on a line on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + laid_out(v, indent + 2) for v in value) + "\n" + " " * indent + "]"
    lines = [inner]
    for number, (name, member) in enumerate(value.items(), 1):
        part = f"{json.dumps(name, ensure_ascii=False)}: {laid_out(member, indent + 2)}"
        part += "," if number < len(value) else ""
        if lines[-1].strip() and ("\n" in part or "\n" in lines[-1] or len(lines[-1]) + len(part) >= WIDTH):
            lines.append(inner)
        lines[-1] += (" " if lines[-1].strip() else "") + part
    return "{\n" + "\n".join(lines) + "\n" + " " * indent + "}"


def main() -> None:
    """Rewrite the documents."""
    parser = argparse.ArgumentParser(description="Write the answers of the documents' examples anew.")
    parser.add_argument("--db", type=Path, help="A knowledge base of the newsroom; else one is made.")
    parser.add_argument(
        "--newsroom-port", type=int, default=DEFAULT_BASE_PORT, help="The port it was read at."
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, port = options.db, options.newsroom_port
        if path is None:
            with serve_newsroom(0, []) as newsroom:
                port = newsroom.base_port
            path = Path(folder) / "tieup.db"
            run = [
                sys.executable,
                str(ROOT / "tieup.py"),
                "run",
                "--db",
                str(path),
                "--newsroom-port",
                str(port),
            ]
            subprocess.run(run, check=True)
        with contextlib.closing(Answers(path, port)) as answers:
            for document in DOCUMENTS:
                text = document.read_text(encoding="utf-8")
                fresh = with_figures(refreshed(text, answers, exact=True))
                if fresh != text:
                    document.write_text(fresh, encoding="utf-8")
                    sys.stdout.write(f"{document.relative_to(ROOT)} changed\n")


if __name__ == "__main__":
    main()
