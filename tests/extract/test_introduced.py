"""Short names that a text gives a company behind its full one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.model import Extraction

Read = Callable[..., Extraction]


def spelt(extraction: Extraction) -> dict[str, list[str]]:
    return {c.id: [m.text for m in c.mentions] for c in extraction.companies}


@pytest.mark.parametrize(
    "introduced",
    [' ("KPG")', " (“KPG” or the “Company”)", " (known as KPG)", " (hereafter KPG)", ", or KPG,"],
)
def test_letters_that_a_text_introduces(introduced: str, read: Read) -> None:
    body = f"Kestrel Payments Group{introduced} has signed an agreement with Tesco. KPG will run its tills."
    found = spelt(read(body, "Tesco signs up payment firm"))
    assert found["kestrel-payments-group"] == ["Kestrel Payments Group", "KPG", "KPG"]
    assert "kpg" not in found


@pytest.mark.parametrize("introduced", ['(the "Group")', '("the Group")'])
def test_a_generic_word_that_a_text_defines_counts_only_as_it_is_defined(introduced: str, read: Read) -> None:
    body = (
        f"Kestrel Payments Group {introduced} has signed an agreement with Tesco. The Group will run its tills. "
        "A group of shoppers said that the group was welcome, as Group sales fell."
    )
    assert spelt(read(body, "Tesco signs up payment firm"))["kestrel-payments-group"] == [
        "Kestrel Payments Group",
        "Group",
    ]


def test_the_next_article_does_not_know_the_word(read: Read) -> None:
    found = spelt(
        read("Tesco has signed an agreement with Walmart. The Group will run its tills.", "Tesco signs")
    )
    assert all("Group" not in names for id, names in found.items() if id in ("tesco", "walmart"))
    assert "kestrel-payments-group" not in found
