"""Scoring names of organisations on sets of named entities."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin, Span

from eval import entities
from eval.errors import EvaluationError
from eval.report import lines_of

TEXT = "Tesco and Walmart said on Monday that they would work together in Leeds."


def write_set(folder: Path, names: tuple[str, ...]) -> None:
    doc = spacy.blank("en")(TEXT)
    doc.ents = [
        span
        for name in names
        if (span := doc.char_span(TEXT.index(name), TEXT.index(name) + len(name), "ORG"))
    ]
    assert all(isinstance(span, Span) for span in doc.ents)
    folder.mkdir()
    DocBin(docs=[doc]).to_disk(folder / "dev.spacy")


def test_names_are_counted_by_exact_places(tmp_path: Path) -> None:
    write_set(tmp_path / "news", ("Tesco", "Walmart"))
    result = entities.score(tmp_path)
    ours = next(f for f in result.figures if f.field == "news tieup")
    assert (ours.precision, ours.recall, ours.n) == (1.0, 1.0, 2)
    assert any(line.startswith("news en_core_web_sm") for line in lines_of(result))


def test_a_name_that_is_not_found_costs_recall(tmp_path: Path) -> None:
    write_set(tmp_path / "news", ("Tesco", "Walmart", "Leeds"))
    result = entities.score(tmp_path)
    ours = next(f for f in result.figures if f.field == "news tieup")
    assert ours.recall == pytest.approx(2 / 3)


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"dev\.spacy"):
        entities.score(tmp_path)
