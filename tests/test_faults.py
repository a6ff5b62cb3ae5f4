"""docs/faults.md names a test for each case, and each test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
CASES = 45
LINES = re.findall(r"^\| (\d+) \| (.+?) \| (.+) \|$", (ROOT / "docs/faults.md").read_text("utf-8"), re.M)


def test_each_case_names_tests_that_are_there() -> None:
    assert [int(number) for number, _, _ in LINES] == list(range(1, CASES + 1))
    for number, case, tests in LINES:
        named = re.findall(r"`tests/([\w/]+\.py)` `(\w+)`", tests)
        assert named, (number, case)
        for file, name in named:
            text = (ROOT / "tests" / file).read_text("utf-8")
            assert re.search(rf"^(async )?def {name}\(", text, re.M), (number, file, name)
